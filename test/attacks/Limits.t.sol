// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {Call} from "../../contracts/mocks/ScriptedActor.sol";
import {Limit, MarketParams} from "../../contracts/types/MarketTypes.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice Attacks on the limits of the whole market: exceeding them, and exhausting them so that
/// others are blocked. The system leverage cap is 3x.
contract LimitAttackTest is AttackTest {
    function setUp() public override {
        super.setUp();
        stockFlashPool(100_000e18, 0);
        fund(liquidator, 0, 10_000_000e6);
    }

    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.limits.systemLeverageCap = 30_000;
    }

    /// @notice Platypus, February 2023: the attacker borrowed against collateral from a flash loan
    /// and withdrew the collateral through a function whose check ignored the debt.
    /// @dev Here collateral can't leave from under a debt.
    function test_WithdrawCollateral_RevertWhen_FlashLoanedUnderADebt() public {
        plan(
            abi.encodeCall(
                ILeverageMarket.adjust,
                (address(attacker), 10_000e18, 3_000_000e6, address(attacker), type(uint256).max, 0, "")
            )
        );
        plan(
            abi.encodeCall(
                ILeverageMarket.withdrawCollateral,
                (type(uint256).max, address(attacker), address(attacker))
            )
        );
        vm.expectPartialRevert(ILeverageMarket.LeverageAboveMaximum.selector);
        runWithFlashLoan(collateral, 10_000e18);
    }

    /// @notice The same for the system cap: idle collateral from a flash loan is parked in the
    /// market while a position is opened.
    /// @dev Before or after the opening, in the same account or in another one: the market would be
    /// left at 5x.
    function testFuzz_SystemCap_RevertWhen_FlashLoanedCollateralIsParked(uint256 parked, bool elsewhere) public {
        parked = bound(parked, 1_000e18, 90_000e18);
        address parkedAt = elsewhere ? bob : address(attacker);
        vm.prank(bob);
        market.setOperator(address(attacker), true);
        fund(address(attacker), 100e18, 0);
        plan(abi.encodeCall(ILeverageMarket.supplyCollateral, (parked, parkedAt)));
        plan(
            abi.encodeCall(
                ILeverageMarket.adjust,
                (address(attacker), 100e18, 160_000e6, address(attacker), type(uint256).max, 0, "")
            )
        );
        plan(abi.encodeCall(ILeverageMarket.withdrawCollateral, (parked, parkedAt, address(attacker))));
        vm.expectRevert(
            abi.encodeWithSelector(
                ILeverageMarket.SystemLeverageAboveCap.selector,
                uint256(160_000e6),
                uint256(200_000e6),
                30_000
            )
        );
        runWithFlashLoan(collateral, parked);
    }

    /// @notice The same without new debt: parked collateral covers a withdrawal from under an old
    /// debt, and leaves after it.
    /// @dev In one transaction the market would go from 2.95x to 4.89x, the attacker from 2.97x to
    /// 4.996x.
    function test_SystemCap_RevertWhen_ParkedCollateralCoversAWithdrawal() public {
        openBelowTheCap();
        thenPark(bob, 4_000e18);
        thenWithdraw(address(attacker), 170.7e18);
        thenWithdraw(bob, 4_000e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILeverageMarket.SystemLeverageAboveCap.selector,
                uint256(1_335_000e6),
                uint256(1_678_600e6),
                30_000
            )
        );
        runWithFlashLoan(collateral, 4_000e18);
    }

    /// @notice Collateral is parked in any account, any account's risk is raised, at once or in
    /// parts, and the parked collateral leaves in any order: at the end the market's leverage is
    /// within the cap or where it began.
    /// @param where Parked in an account without debt, in the indebted one itself, or in another
    /// indebted account.
    /// @param how Collateral withdrawn by `withdrawCollateral` or by `adjust`, by an operator from
    /// under another account's debt, or more of it against a partial repayment.
    function testFuzz_SystemCap_ParkedCollateralRaisesNoRiskAboveIt(
        uint256 parked,
        uint256 first,
        uint8 where,
        uint8 how
    ) public {
        openBelowTheCap();
        parked = bound(parked, 1e18, 90_000e18);
        first = bound(first, 0, parked);
        address[3] memory places = [bob, address(attacker), alice];
        address parkedAt = places[where % 3];
        thenPark(parkedAt, parked);
        planTry(withdrawal(parkedAt, first));
        if (how % 4 == 0) planTry(withdrawal(address(attacker), 170.7e18));
        if (how % 4 == 1) planTry(adjustment(address(attacker), -170.7e18, 0));
        if (how % 4 == 2) planTry(withdrawal(alice, 4e18));
        if (how % 4 == 3) planTry(adjustment(address(attacker), -300e18, -100_000e6));
        planTry(withdrawal(parkedAt, parked - first));
        // The attacker repays the loan out of its own tokens, wherever the parked collateral stays.
        fund(address(attacker), 100_000e18, 0);
        runWithFlashLoan(collateral, parked);
        assertTrue(isSystemWithinOrNotAbove(1_335_000e6, 1_010e18), "above the cap");
    }

    /// @notice Parked collateral can't leave during a callback of `adjust`, and after the callback
    /// the same baseline applies.
    function test_SystemCap_RevertWhen_ParkedCollateralLeavesAfterACallback() public {
        openBelowTheCap();
        thenPark(bob, 4_000e18);
        Call[] memory inside = new Call[](1);
        inside[0] = marketTry(withdrawal(bob, 4_000e18));
        plan(
            abi.encodeCall(
                ILeverageMarket.adjust,
                (address(attacker), -170.7e18, 0, address(attacker), 0, 0, abi.encode(inside))
            )
        );
        thenWithdraw(bob, 4_000e18);
        vm.expectPartialRevert(ILeverageMarket.SystemLeverageAboveCap.selector);
        runWithFlashLoan(collateral, 4_000e18);
    }

    /// @notice Idle collateral can be withdrawn by its owner, above the cap too.
    function test_SystemCap_IdleCollateralLeavesIfNobodyRaisesRisk() public {
        openBelowTheCap();
        open(bob, 10e18, 0);
        oracle.setPrice(priceOf(1900));
        thenWithdraw(bob, 10e18);
        run();
        assertEq(collateralOf(bob), 0);
    }

    /// @notice Solend, June 2022: one account had most of the market, at a leverage that left no
    /// room for anybody else.
    /// @dev A whale that takes the market to its cap locks nobody in: the others can repay, close,
    /// be rescued, be liquidated, and open positions that don't raise the market's leverage.
    function test_SystemCap_WhaleAtTheCapLocksNobodyIn() public {
        open(alice, 100e18, 100_000e6);
        fund(alice, 0, 100_000e6);
        open(bob, 100e18, 50_000e6);
        fund(bob, 10e18, 0);
        fund(address(attacker), 1_000e18, 0);
        // Collateral of 2,400,000 supports a debt of 1,600,000.
        vm.prank(address(attacker));
        market.adjust(address(attacker), 1_000e18, 1_450_000e6, address(attacker), 1_000e18, 0, "");

        vm.startPrank(bob);
        vm.expectPartialRevert(ILeverageMarket.SystemLeverageAboveCap.selector);
        market.borrow(100_000e6, bob, bob);
        market.adjust(bob, 10e18, 10_000e6, bob, 10e18, 0, "");
        vm.stopPrank();
        vm.startPrank(alice);
        market.adjust(alice, -50e18, -50_000e6, alice, 0, 50_000e6, "");
        market.adjust(alice, ALL, ALL, alice, 0, type(uint256).max, "");
        vm.stopPrank();
        assertEq(collateral.balanceOf(alice), 100e18);
        oracle.setPrice(priceOf(1650));
        liquidateOne(address(attacker), type(uint256).max);
        assertFalse(isLiquidatable(address(attacker), priceOf(1650)));
    }

    /// @notice The daily allowance is exhausted for the price of gas, to keep others from
    /// borrowing.
    /// @dev By 30 pairs of borrowing and repaying, in separate transactions, on collateral of
    /// 12,600: each repayment returns the draw to the allowance, so only outstanding debt uses it.
    function test_DebtAllowance_PairsOfBorrowAndRepayUseNone() public {
        lowerDebtCap();
        assertEq(market.debtAllowance(), 300_000e6);
        fund(address(attacker), 6.3e18, 1e6);
        thenPark(address(attacker), 6.3e18);
        run();
        for (uint256 i = 0; i < 30; ++i) {
            thenDraw(10_000e6);
            run();
            thenRepay(type(uint256).max);
            run();
        }
        assertEq(market.debtAllowance(), 300_000e6);
        // The opening that was blocked: 1.7x.
        open(alice, 200e18, 164_000e6);
    }

    /// @dev The same with many accounts, in separate blocks, before and after midnight.
    function test_DebtAllowance_ManyAccountsUseNoMoreThanTheyOwe() public {
        lowerDebtCap();
        skipTime(1 days - 60 - (vm.getBlockTimestamp() % 1 days));
        for (uint256 i = 0; i < 10; ++i) {
            address account = vm.addr(1000 + i);
            open(account, 6.3e18, 10_000e6);
            skipTime(12);
            fund(account, 0, 1e6);
            vm.prank(account);
            market.repay(type(uint256).max, account);
        }
        // Each account owed 10,000 for 12 seconds, which costs at most 1.39 of the allowance;
        // meanwhile the allowance refills faster.
        assertEq(market.debtAllowance(), 300_000e6);
    }

    /// @dev A flash loan makes a debt as large as the bucket. A draw and its repayment may lose
    /// 1/256 of a second's refill.
    function test_DebtAllowance_PairsOnAnOldDebtUseNextToNone() public {
        lowerDebtCap();
        fund(address(attacker), 1_000e18, 10_000e6);
        thenPark(address(attacker), 1_000e18);
        thenDraw(100e6);
        run();
        skipTime(7 days);
        for (uint256 i = 0; i < 30; ++i) {
            thenDraw(290_000e6);
            run();
            thenRepay(290_000e6);
            run();
        }
        // 290,100 / 86,400 / 256 are 0.0132 for each of the 60 changes.
        assertGe(market.debtAllowance(), 300_000e6 - 60 * 13_200);
    }

    /// @dev An attacker that owes the debt for a day exhausts the day's allowance; new debt has to
    /// wait, and nobody is kept from leaving.
    function test_DebtAllowance_ExhaustedLocksNobodyIn() public {
        open(alice, 100e18, 100_000e6);
        fund(alice, 10e18, 100_000e6);
        fund(address(attacker), 3_000e18, 4_000_000e6);
        uint256 allowance = market.debtAllowance();
        thenBorrow(allowance);
        run();
        assertEq(market.debtAllowance(), 0);
        vm.startPrank(alice);
        market.supplyCollateral(10e18, alice);
        market.withdrawCollateral(10e18, alice, alice);
        market.adjust(alice, ALL, ALL, alice, 0, type(uint256).max, "");
        vm.stopPrank();
        // Half a day later half of the allowance has refilled, and a repayment returns half of the
        // draw.
        skipTime(12 hours);
        assertApproxEqAbs(market.debtAllowance(), 2_000_000e6 + 50_000e6, 60_000e6);
        thenClose();
        run();
        assertEq(market.debtAllowance(), 4_000_000e6);
    }

    /// @notice A borrower that owes a day's allowance anyway repays it once a day by a flash loan
    /// and draws it again.
    /// @dev A known limit: apart from gas this costs the debt's interest and its locked collateral
    /// for as long as it goes on.
    function test_DebtAllowance_RedrawnDailyByABorrowerStaysExhausted() public {
        lowerDebtCap();
        stockFlashPool(0, 300_000e6);
        fund(address(attacker), 1_000e18, 100e6);
        thenPark(address(attacker), 1_000e18);
        thenDraw(299_000e6);
        run();
        for (uint256 i = 0; i < 3; ++i) {
            skipTime(1 days);
            assertEq(market.debtAllowance(), 300_000e6);
            thenRepay(298_000e6);
            thenDraw(298_000e6);
            runWithFlashLoan(loan, 298_000e6);
            assertEq(market.debtAllowance(), 2_000e6);
        }
        // Half a day later half has refilled and is used in the same way: a repayment returns half
        // of the draw, and all of it is drawn.
        skipTime(12 hours);
        thenRepay(298_000e6);
        thenDraw(298_000e6);
        runWithFlashLoan(loan, 298_000e6);
        assertLe(market.debtAllowance(), 2_000e6);
    }

    /// @notice At a forged price, honest debt is repeatedly swapped for debt that nobody will
    /// repay, beyond the allowance.
    /// @dev Repaying a debt older than a day returns nothing to the allowance, so only the day's
    /// allowance leaves.
    function test_DebtAllowance_HonestDebtIsNotSwappedForForgedBeyondIt() public {
        fund(address(attacker), 3_000e18, 0);
        thenPark(address(attacker), 3_000e18);
        thenDraw(3_900_000e6);
        run();
        skipTime(1 days);
        (address forger, uint256 before) = (vm.addr(77), loan.balanceOf(lender));
        fund(forger, 1_000e18, 0);
        vm.prank(forger);
        market.supplyCollateral(1_000e18, forger);
        assertEq(market.debtAllowance(), 4_000_000e6);
        oracle.setPrice(priceOf(2_000_000));

        uint256 taken = 0;
        for (uint256 i = 0; i < 5; ++i) {
            uint256 amount = market.debtAllowance();
            if (amount == 0) break;
            vm.prank(forger);
            market.borrow(amount, forger, forger);
            taken += amount;
            vm.prank(forger);
            loan.transfer(address(attacker), amount);
            thenRepay(700_000e6);
            run();
        }
        assertEq(taken, 4_000_000e6);
        assertEq(market.debtAllowance(), 0);
        assertEq(loan.balanceOf(lender), before);
    }

    /// @notice The same with a stranger's debt of the same day, which returns its draw to the
    /// allowance whoever repays it.
    /// @dev A known limit: the lenders then lose more than the allowance, by the forger's repayment
    /// of the stranger's debt. The forger itself gains no more than the allowance.
    function test_DebtAllowance_SwappingAStrangersDebtCostsTheForger() public {
        open(alice, 1_000e18, 1_000_000e6);
        (address forger, uint256 allowance) = (vm.addr(77), market.debtAllowance());
        assertEq(allowance, 3_000_000e6);
        fund(forger, 1_000e18, 0);
        vm.startPrank(forger);
        market.supplyCollateral(1_000e18, forger);
        oracle.setPrice(priceOf(2_000_000));
        market.borrow(allowance, forger, forger);
        market.repay(type(uint256).max, alice);
        assertEq(market.debtAllowance(), 1_000_000e6);
        market.borrow(1_000_000e6, forger, forger);
        vm.stopPrank();
        assertEq(market.debtAllowance(), 0);
        assertEq(loan.balanceOf(forger), allowance);
        assertEq(market.debtOf(forger), allowance + 1_000_000e6);
        assertEq(market.debtOf(alice), 0);
    }

    /// @notice A large number of debts too small to be worth liquidating.
    /// @dev None can be opened, and none can be left over: by its owner, a stranger, or a
    /// liquidator.
    function testFuzz_MinDebt_NoDustIsLeft(uint256 amount, uint256 budget) public {
        fund(address(attacker), 100e18, 10_000e6);
        amount = bound(amount, 1, 100e6 - 1);
        vm.startPrank(address(attacker));
        market.supplyCollateral(1e18, address(attacker));
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.DebtBelowMinimum.selector, amount, uint256(100e6)));
        market.borrow(amount, address(attacker), address(attacker));
        market.borrow(1_330e6, address(attacker), address(attacker));
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.DebtBelowMinimum.selector, 100e6 - amount, uint256(100e6))
        );
        market.repay(1_230e6 + amount, address(attacker));
        vm.stopPrank();

        oracle.setPrice(priceOf(1500));
        tryLiquidate(address(attacker), bound(budget, 0, 2_000e6));
        uint256 debt = market.debtOf(address(attacker));
        assertTrue(debt == 0 || debt >= 100e6, "dust");
    }

    /// @dev The market at 2.95x: the attacker with collateral of 2,000,000 at 2.97x, Alice with
    /// 20,000 at 1.72x. Alice and Bob have made the attacker their operator.
    function openBelowTheCap() private {
        open(alice, 10e18, 8_400e6);
        open(address(attacker), 1_000e18, 1_326_600e6);
        vm.prank(alice);
        market.setOperator(address(attacker), true);
        vm.prank(bob);
        market.setOperator(address(attacker), true);
    }

    /// @dev Whether the market is within its cap, or its leverage is at most that of this debt on
    /// this collateral.
    function isSystemWithinOrNotAbove(uint256 debt, uint256 held) private view returns (bool) {
        (, , uint256 total) = market.totals();
        uint256 value = LeverageMath.valueDown(total, startPrice);
        return LeverageMath.isWithin(market.totalDebt(), value, 30_000) || market.totalDebt() * held <= debt * total;
    }

    function withdrawal(address account, uint256 amount) private view returns (bytes memory) {
        return abi.encodeCall(ILeverageMarket.withdrawCollateral, (amount, account, address(attacker)));
    }

    function adjustment(address account, int256 collateralDelta, int256 debtDelta) private view returns (bytes memory) {
        return
            abi.encodeCall(
                ILeverageMarket.adjust,
                (account, collateralDelta, debtDelta, address(attacker), 0, type(uint256).max, "")
            );
    }

    function thenPark(address account, uint256 amount) private {
        plan(abi.encodeCall(ILeverageMarket.supplyCollateral, (amount, account)));
    }

    function thenWithdraw(address account, uint256 amount) private {
        plan(withdrawal(account, amount));
    }

    function thenBorrow(uint256 amount) private {
        plan(
            abi.encodeCall(
                ILeverageMarket.adjust,
                (address(attacker), 3_000e18, int256(amount), address(attacker), type(uint256).max, 0, "")
            )
        );
    }

    /// @dev Borrows against collateral that is supplied already.
    function thenDraw(uint256 amount) private {
        plan(abi.encodeCall(ILeverageMarket.borrow, (amount, address(attacker), address(attacker))));
    }

    function thenRepay(uint256 amount) private {
        plan(abi.encodeCall(ILeverageMarket.repay, (amount, address(attacker))));
    }

    /// @dev Sets a daily allowance of 300,000, in a market far below its cap.
    function lowerDebtCap() private {
        open(vm.addr(999), 1_000e18, 0);
        vm.prank(guardian);
        market.lowerLimit(Limit.DebtCap, 600_000e6);
    }

    function thenClose() private {
        plan(
            abi.encodeCall(
                ILeverageMarket.adjust,
                (address(attacker), ALL, ALL, address(attacker), 0, type(uint256).max, "")
            )
        );
    }
}
