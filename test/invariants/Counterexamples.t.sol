// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {MarketTest} from "../support/MarketTest.sol";

/// @dev Every counterexample to an invariant that was ever found is kept as a test with fixed
/// numbers. Most are in the suite of the rule that they broke; the others are here. By number of
/// the invariant:
///
/// - 3, 7: A withdrawal earlier in the transaction raised the baseline leverage of an opening.
///       market/SystemCap: test_SystemCap_RevertWhen_IdleCollateralLeavesBeforeTheOpening
/// - 4: A flash loan exhausted a day's allowance at the cost of gas only.
///       attacks/Limits: test_DebtAllowance_ExhaustedLocksNobodyIn
/// - 4: An unnecessary rescue made room for a pure borrow beyond the collateral cap.
///       market/DebtAndCollateralCaps: test_CollateralCap_RevertWhen_BorrowingAboveIt
/// - 4: Shares given to the buffer filled it, which ended the fee on interest that had been earned
///   already.
///       attacks/ShareInflation: testFuzz_Transfer_RevertWhen_ReceiverIsTheBuffer
/// - 5: A borrower's call turned a full buffer into a short one, so that a fee on past interest
///   fell due.
///       here: test_Borrow_DoesNotLowerTheSharePrice
/// - 5: A withdrawal of zero shares blocked the loss that its transaction was to book.
///       attacks/BadDebt: test_Withdraw_OfZeroDelaysNoLoss
/// - 6: Liquidating a part of an insolvent position whose collateral rounds to zero wrote off debt
///   for nothing.
///       market/LiquidationProperties: test_Liquidate_BudgetBelowOneUnitOfCollateralBurnsNoDebt
/// - 6: At C/D = 1.04, where half of the excess bounded the bonus, parts earned 58% more than the
///   whole.
///       invariants/LiquidationSplit: test_LiquidateInParts_ManySmallOnesNearInsolvency
/// - 6: A first part of a liquidation, or a lender's action after it, filled the buffer, and the
///   rest paid no fee.
///       here: test_LiquidateInParts_PaysTheFeeOfTheWhole
/// - 7: Parked collateral covered a withdrawal from under a debt, and left after it, since no debt
///   had been added.
///       attacks/Limits: test_SystemCap_RevertWhen_ParkedCollateralCoversAWithdrawal
/// - 8: A ramp of 2^40 seconds wrapped to a duration of zero, and the limit jumped.
///       market/LiquidationRamp: test_Ramp_DurationAsLongAsTheClockDoesNotJump
/// - 8: A raise that nobody applied stayed applicable for years.
///       market/Governance: test_ApplyRaise_RevertWhen_MoreThanAWeekLate
/// - 9: The logarithm below one was wrong, and so was a rate that falls to its bound.
///       libraries/Exponential: test_Ln_BelowOne
/// - 10: A few shares left by rounding closed an emptied market to its lenders.
///       market/LenderVault: test_Withdraw_DustOfTheLastLenderDoesNotCloseTheMarket
contract CounterexamplesTest is MarketTest {
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.config.bufferTarget = 0.00014e18;
    }

    /// @notice A borrower must not be able to decide afterwards whether the buffer was full, at
    /// which the fee on interest stops.
    /// @dev A buffer that has just exceeded its target, with a debt of 3.9 million, in a market of
    /// 6 million.
    function test_Borrow_DoesNotLowerTheSharePrice() public {
        vm.prank(lender);
        market.withdraw(4_000_000e6, lender, lender);
        open(alice, 3_000e18, 3_900_000e6);
        skipTime(30 days);
        lend(bob, 1e6);
        skipTime(60 days);
        uint256 sharePrice = market.convertToAssets(1e30);
        open(bob, 3_000e18, 1_900_000e6);
        assertGe(market.convertToAssets(1e30), sharePrice);
    }

    /// @notice No action between two parts may save the second part its fee.
    /// @dev A first part with a loss turns the fees due into shares, and so does a lender's action.
    function test_LiquidateInParts_PaysTheFeeOfTheWhole() public {
        open(alice, 2_500e18, 3_900_000e6);
        fund(liquidator, 0, 20_000_000e6);
        moveToBuffer(lender, (market.totalSupply() * 139) / 1_000_000);
        skipTime(60 days);
        oracle.setPrice((market.debtOf(alice) * 101 * 1e36) / (100 * 2_500e18));
        uint256 snapshot = vm.snapshotState();
        (uint256 seized, uint256 payment) = liquidateOne(alice, 1e30);
        assertEq(debtSharesOf(alice), 0);
        vm.revertToState(snapshot);

        (uint256 seizedFirst, uint256 paidFirst) = liquidateOne(alice, 150e6);
        market.deposit(0, address(this));
        assertGe(market.balanceOf(address(market)) * WAD, market.totalSupply() * _params().config.bufferTarget);
        (uint256 seizedRest, uint256 paidRest) = liquidateOne(alice, 1e30);
        assertEq(debtSharesOf(alice), 0);
        assertEq(seizedFirst + seizedRest, seized);
        // Payment, fee and their sum are rounded up, once more for the second part.
        assertGe(paidFirst + paidRest, payment);
        assertLe(paidFirst + paidRest, payment + 3);
    }
}
