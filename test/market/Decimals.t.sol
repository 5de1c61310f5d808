// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {OracleSwapper} from "../../contracts/mocks/OracleSwapper.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";

/// @notice The life of a position, with various decimals of the two tokens.
abstract contract DecimalsTest is BorrowerTest {
    constructor(uint8 ofLoan, uint8 ofCollateral) {
        (loanDecimals, collateralDecimals) = (ofLoan, ofCollateral);
    }

    function test_Decimals_OpeningLimitIsExact() public {
        fund(alice, 10 * collateralUnit, 0);

        vm.expectRevert(
            abi.encodeWithSelector(
                ILeverageMarket.LeverageAboveMaximum.selector,
                16_000 * loanUnit + 1,
                20_000 * loanUnit,
                50_000
            )
        );
        move(alice, int256(10 * collateralUnit), int256(16_000 * loanUnit + 1));
        move(alice, int256(10 * collateralUnit), int256(16_000 * loanUnit));

        assertPosition(alice, 16_000 * loanUnit, 10 * collateralUnit);
        assertEq(loan.balanceOf(alice), 16_000 * loanUnit);
        assertBacked(0, 0);
    }

    function test_Decimals_AdjustOpensAndClosesInOneCallEach() public {
        OracleSwapper swapper = newSwapper();
        fund(alice, 10 * collateralUnit, 0);

        move(alice, alice, int256(50 * collateralUnit), int256(80_000 * loanUnit), address(swapper), "x");
        assertPosition(alice, 80_000 * loanUnit, 50 * collateralUnit);
        skipTime(30 days);
        uint256 debt = market.debtOf(alice);
        assertEq(debt, (80_000 * loanUnit * borrowIndex() + WAD - 1) / WAD);
        move(alice, alice, ALL, ALL, address(swapper), "x");

        assertPosition(alice, 0, 0);
        assertEq(loan.balanceOf(alice), 100_000 * loanUnit - debt);
        assertBacked(0, 0);
    }

    function test_Decimals_LiquidateAndCloseAreExactToTheUnit() public {
        open(alice, 10 * collateralUnit, 16_000 * loanUnit);
        uint256 price = priceOf(1800);
        oracle.setPrice(price);
        fund(liquidator, 0, 100_000 * loanUnit);

        (uint256 seized, uint256 payment) = liquidateOne(alice, type(uint256).max);

        assertEq(collateral.balanceOf(liquidator), seized);
        assertEq(loan.balanceOf(liquidator), 100_000 * loanUnit - payment);
        // To 4.5x, as closely as a unit of either token allows.
        uint256 debt = market.debtOf(alice);
        uint256 value = ((10 * collateralUnit - seized) * price) / 1e36;
        uint256 unit = 1 + price / 1e36;
        assertApproxEqAbs(debt * 45_000, value * 35_000, 2 * 45_000 * unit);
        // At most 1.08 times the payment.
        assertLe((seized * price) / 1e36, (payment * 108) / 100);

        move(alice, ALL, ALL);
        assertEq(collateral.balanceOf(alice), 10 * collateralUnit - seized);
        assertEq(loan.balanceOf(alice), 16_000 * loanUnit - debt);
        assertBacked(0, 0);
    }

    function testFuzz_Decimals_BorrowAndRepayAreExactToTheUnit(uint256 amount, uint256 repaid) public {
        amount = bound(amount, 100 * loanUnit, 16_000 * loanUnit);
        open(alice, 10 * collateralUnit, amount);
        repaid = bound(repaid, 0, amount - 100 * loanUnit);

        vm.startPrank(alice);
        assertEq(market.repay(repaid, alice), repaid);
        assertEq(market.debtOf(alice), amount - repaid);
        assertEq(market.repay(type(uint256).max, alice), amount - repaid);
        assertEq(market.withdrawCollateral(type(uint256).max, alice, alice), 10 * collateralUnit);
        vm.stopPrank();

        assertEq(loan.balanceOf(alice), 0);
        assertBacked(0, 0);
    }
}

contract Loan6Collateral6Test is DecimalsTest(6, 6) {}
contract Loan6Collateral8Test is DecimalsTest(6, 8) {}
contract Loan8Collateral6Test is DecimalsTest(8, 6) {}
contract Loan8Collateral18Test is DecimalsTest(8, 18) {}
contract Loan18Collateral6Test is DecimalsTest(18, 6) {}
contract Loan18Collateral8Test is DecimalsTest(18, 8) {}
contract Loan18Collateral18Test is DecimalsTest(18, 18) {}
