// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {Test} from "../utils/Test.sol";

contract LeverageMathTest is Test {
    uint256 private constant WAD = 1e18;

    function test_IsWithin_LeverageAtTheLimit() public pure {
        // A collateral value of 100 and a debt of 80 are 5x.
        assertTrue(LeverageMath.isWithin(80, 100, 50_000));
        assertFalse(LeverageMath.isWithin(81, 100, 50_000));
        assertFalse(LeverageMath.isWithin(80, 99, 50_000));
        assertFalse(LeverageMath.isWithin(80, 100, 49_999));
    }

    function test_IsWithin_WithoutDebtAlways() public pure {
        assertTrue(LeverageMath.isWithin(0, 0, 10_000));
        assertTrue(LeverageMath.isWithin(0, 100, 10_000));
        assertFalse(LeverageMath.isWithin(1, 100, 10_000));
        assertFalse(LeverageMath.isWithin(1, 0, 50_000));
    }

    function test_Rounding_SmallestRemainderRoundsUp() public pure {
        assertEq(LeverageMath.debtUp(1, WAD + 1), 2);
        assertEq(LeverageMath.debtDown(1, WAD + 1), 1);
        assertEq(LeverageMath.sharesUp(2, 2 * WAD - 1), 2);
        assertEq(LeverageMath.sharesDown(2, 2 * WAD - 1), 1);
    }

    function test_IsWithin_LargestBooksDoNotOverflow() public pure {
        uint256 debt = LeverageMath.debtUp(type(uint128).max, type(uint96).max);
        uint256 value = LeverageMath.valueUp(type(uint128).max, LeverageMath.MAX_PRICE);
        assertTrue(LeverageMath.isWithin(debt, value, type(uint24).max));
        assertFalse(LeverageMath.isWithin(debt, 1, type(uint24).max));
    }

    /// @dev `L = C / (C - D)`, four decimals, compared as a fraction.
    function testFuzz_IsWithin_IsTheDefinition(uint256 debt, uint256 value, uint256 leverage) public pure {
        debt = bound(debt, 0, 2 ** 165);
        value = bound(value, 0, 2 ** 200);
        leverage = bound(leverage, 10_000, type(uint24).max);
        bool expected = debt == 0 || (value > debt && value * 10_000 <= leverage * (value - debt));
        assertTrue(LeverageMath.isWithin(debt, value, leverage) == expected);
    }

    function testFuzz_Value_RoundsAsItsNameSays(uint256 collateral, uint256 price) public pure {
        collateral = bound(collateral, 0, type(uint128).max);
        price = bound(price, 1, type(uint120).max);
        uint256 product = collateral * price;
        assertEq(LeverageMath.valueDown(collateral, price), product / 1e36);
        assertEq(LeverageMath.valueUp(collateral, price), (product + 1e36 - 1) / 1e36);
    }

    function testFuzz_CollateralDown_IsWorthAtMostTheValue(uint256 value, uint256 price) public pure {
        value = bound(value, 0, type(uint128).max);
        price = bound(price, 1e12, type(uint112).max);
        uint256 collateral = LeverageMath.collateralDown(value, price);
        assertLe(LeverageMath.valueUp(collateral, price), value);
        assertGt(LeverageMath.valueDown(collateral + 1, price) + 1, value);
    }

    function testFuzz_Debt_RoundsAsItsNameSays(uint256 shares, uint256 index) public pure {
        shares = bound(shares, 0, type(uint128).max);
        index = bound(index, WAD, type(uint96).max);
        uint256 down = LeverageMath.debtDown(shares, index);
        uint256 up = LeverageMath.debtUp(shares, index);
        assertLe(down * WAD, shares * index);
        assertGe(up * WAD, shares * index);
        assertLe(up - down, 1);
    }

    function testFuzz_Shares_RoundAsTheirNameSays(uint256 debt, uint256 index) public pure {
        debt = bound(debt, 0, 2 ** 165);
        index = bound(index, WAD, type(uint96).max);
        uint256 down = LeverageMath.sharesDown(debt, index);
        uint256 up = LeverageMath.sharesUp(debt, index);
        assertLe(LeverageMath.debtUp(down, index), debt);
        assertGe(LeverageMath.debtDown(up, index), debt);
        assertLe(up - down, 1);
        assertLe(up, debt);
    }
}
