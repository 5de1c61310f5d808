// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {OraclePrices} from "../../contracts/libraries/OraclePrices.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Test} from "../utils/Test.sol";

contract OraclePricesTest is Test {
    MockOracle private oracle = new MockOracle(1);

    function test_Read_TheOpenPriceIsFirst() public {
        oracle.setPrices(7, 11);
        check(7, 11);
        oracle.setPrices(0, type(uint256).max);
        check(0, type(uint256).max);
    }

    function test_Read_IgnoresWhatFollowsThePrices() public {
        vm.mockCall(address(oracle), abi.encodeCall(IPriceOracle.prices, ()), abi.encode(7, 11, 13));
        check(7, 11);
    }

    function test_Read_RevertWhen_TheAnswerIsShorterThanTwoPrices() public {
        bytes[3] memory answers = [bytes(""), abi.encode(7), new bytes(63)];
        for (uint256 i = 0; i < answers.length; ++i) {
            vm.mockCall(address(oracle), abi.encodeCall(IPriceOracle.prices, ()), answers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(ILeverageMarket.InvalidOracleAnswer.selector, address(oracle), answers[i])
            );
            this.read(oracle);
        }
    }

    function test_Read_RevertWhen_TheOracleReverts() public {
        oracle.fail();
        vm.expectRevert(abi.encodeWithSelector(MockOracle.OracleFailure.selector));
        this.read(oracle);
    }

    function test_Read_RevertWhen_ThereIsNoOracle() public {
        address nobody = makeAddr("nobody");
        vm.expectRevert(abi.encodeWithSelector(Address.AddressEmptyCode.selector, nobody));
        this.read(IPriceOracle(nobody));
    }

    function read(IPriceOracle source) external view returns (uint256, uint256) {
        return OraclePrices.read(source);
    }

    function check(uint256 openPrice, uint256 liquidationPrice) private view {
        (uint256 actualOpen, uint256 actualLiquidation) = OraclePrices.read(oracle);
        assertEq(actualOpen, openPrice);
        assertEq(actualLiquidation, liquidationPrice);
    }
}
