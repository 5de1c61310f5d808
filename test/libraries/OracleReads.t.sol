// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {BoundedRead} from "../../contracts/libraries/BoundedRead.sol";
import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {OraclePrices} from "../../contracts/libraries/OraclePrices.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {OddSource} from "../../contracts/mocks/OddSource.sol";
import {Test} from "../utils/Test.sol";

/// @notice The prices that a market uses, and reads that don't revert if the oracle does.
contract OracleReadsTest is Test {
    uint256 private constant MOST = LeverageMath.MAX_PRICE;
    uint256 private constant GAS = 100_000;

    MockOracle private oracle = new MockOracle(1);
    OddSource private odd = new OddSource(7);

    // ------------------------------------------------------------------ prices of a market

    function test_Prices_OpensAtTheOpenPriceAndLiquidatesAtTheHigher() public {
        oracle.setPrices(7, 11);
        assertEq(this.openPrice(oracle), 7);
        assertEq(this.liquidationPrice(oracle), 11);
        oracle.setPrices(11, 7);
        assertEq(this.openPrice(oracle), 11);
        assertEq(this.liquidationPrice(oracle), 11);
        assertEq(OraclePrices.forLiquidation(7, 11), 11);
        assertEq(OraclePrices.forLiquidation(11, 7), 11);
    }

    function test_LiquidationPrice_NeedsNoOpenPrice() public {
        oracle.setPrices(0, 1);
        expectInvalid(0);
        this.openPrice(oracle);
        assertEq(this.liquidationPrice(oracle), 1);
        oracle.setPrices(0, 0);
        expectInvalid(0);
        this.liquidationPrice(oracle);
    }

    function test_Prices_UpToTheGreatestAreAccepted() public {
        oracle.setPrice(MOST);
        assertEq(this.openPrice(oracle), MOST);
        assertEq(this.liquidationPrice(oracle), MOST);
        oracle.setPrices(1, MOST + 1);
        assertEq(this.openPrice(oracle), 1);
        expectInvalid(MOST + 1);
        this.liquidationPrice(oracle);
        oracle.setPrices(MOST + 1, 1);
        expectInvalid(MOST + 1);
        this.openPrice(oracle);
        expectInvalid(MOST + 1);
        this.liquidationPrice(oracle);
    }

    // ---------------------------------------------------- reads that don't revert with the oracle

    function test_TryRead_ReturnsThePricesOfAMarket() public {
        oracle.setPrices(7, 11);
        checkTried(oracle, 7, 11);
        oracle.setPrices(11, 7);
        checkTried(oracle, 11, 11);
        oracle.setPrices(0, 11);
        checkTried(oracle, 0, 11);
        oracle.setPrices(7, MOST + 1);
        checkTried(oracle, 7, 0);
        oracle.setPrices(MOST + 1, 7);
        checkTried(oracle, 0, 0);
        oracle.setPrice(MOST);
        checkTried(oracle, MOST, MOST);
        oracle.setPrice(0);
        checkTried(oracle, 0, 0);
    }

    function test_TryRead_IsZeroWithoutAnAnswer() public {
        oracle.fail();
        checkTried(oracle, 0, 0);
        checkTried(IPriceOracle(makeAddr("nobody")), 0, 0);
        bytes[3] memory answers = [bytes(""), abi.encode(7), new bytes(63)];
        for (uint256 i = 0; i < answers.length; ++i) {
            vm.mockCall(address(oracle), abi.encodeCall(IPriceOracle.prices, ()), answers[i]);
            checkTried(oracle, 0, 0);
        }
        vm.mockCall(address(oracle), abi.encodeCall(IPriceOracle.prices, ()), abi.encode(7, 11, 13));
        checkTried(oracle, 7, 11);
    }

    function test_TryRead_OddOracleCostsNoMoreThanTheBound() public {
        checkTried(IPriceOracle(address(odd)), 7, 7);
        odd.setKind(OddSource.Kind.Endless);
        uint256 before = gasleft();
        (uint256 open, uint256 liquidation) = this.tryBounded(IPriceOracle(address(odd)), GAS);
        assertLt(before - gasleft(), GAS + 100_000);
        assertEq(open + liquidation, 0);
    }

    function test_TryRead_RevertWhen_TheGasDoesNotCoverTheBound() public {
        vm.expectPartialRevert(BoundedRead.NotEnoughGas.selector);
        this.tryBounded{gas: GAS}(oracle, GAS);
        // A 63rd more, which the caller retains, and the steps around the call.
        (uint256 open, ) = this.tryBounded{gas: GAS + GAS / 63 + 60_000}(oracle, GAS);
        assertEq(open, 1);
    }

    function test_TryRead_NotEnoughGasReportsTheGasNeeded() public view {
        try this.tryBounded{gas: GAS}(oracle, GAS) {
            assertTrue(false, "too little gas was enough");
        } catch (bytes memory reason) {
            assertEq(bytes32(bytes4(reason)), bytes32(BoundedRead.NotEnoughGas.selector));
            uint256 needed;
            assembly ("memory-safe") {
                needed := mload(add(reason, 0x44))
            }
            assertEq(needed, GAS + GAS / 63 + 10_000);
        }
    }

    // ------------------------------------------------------------------ helpers

    function openPrice(IPriceOracle source) external view returns (uint256) {
        return OraclePrices.openPrice(source);
    }

    function liquidationPrice(IPriceOracle source) external view returns (uint256) {
        return OraclePrices.liquidationPrice(source);
    }

    function tryBounded(IPriceOracle source, uint256 gasBound) external view returns (uint256, uint256) {
        return OraclePrices.tryRead(source, gasBound);
    }

    function checkTried(IPriceOracle source, uint256 open, uint256 liquidation) private view {
        (uint256 actualOpen, uint256 actualLiquidation) = OraclePrices.tryRead(source, GAS);
        assertEq(actualOpen, open, "open");
        assertEq(actualLiquidation, liquidation, "liquidation");
    }

    function expectInvalid(uint256 price) private {
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidPrice.selector, price));
    }
}
