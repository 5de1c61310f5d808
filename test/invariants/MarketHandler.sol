// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {GovernanceActions} from "./GovernanceActions.sol";
import {LenderActions} from "./LenderActions.sol";
import {MistakenActions} from "./MistakenActions.sol";
import {TransactionActions} from "./TransactionActions.sol";

/// @notice All actions on a market while its oracle's price stays the same.
abstract contract MarketHandler is LenderActions, TransactionActions, GovernanceActions, MistakenActions {
    /// @notice The functions to draw from; one that is listed twice is drawn twice as often.
    function selectors() public view virtual returns (bytes4[] memory chosen) {
        bytes4[29] memory all = [
            this.deposit.selector,
            this.deposit.selector,
            this.mintShares.selector,
            this.withdraw.selector,
            this.redeem.selector,
            this.transferShares.selector,
            this.donate.selector,
            this.supplyCollateral.selector,
            this.withdrawCollateral.selector,
            this.open.selector,
            this.open.selector,
            this.open.selector,
            this.borrow.selector,
            this.repay.selector,
            this.close.selector,
            this.reduce.selector,
            this.setOperator.selector,
            this.adjustAsAnother.selector,
            this.adjustAsAnother.selector,
            this.openThroughSwapper.selector,
            this.openThroughActor.selector,
            this.closeThroughSwapper.selector,
            this.flashLoan.selector,
            this.severalCalls.selector,
            this.liquidate.selector,
            this.liquidate.selector,
            this.liquidate.selector,
            this.accrue.selector,
            this.lowerLimit.selector
        ];
        bytes4[15] memory more = [
            this.scheduleRaise.selector,
            this.scheduleRaise.selector,
            this.applyRaise.selector,
            this.applyRaise.selector,
            this.startRamp.selector,
            this.acrossMarkets.selector,
            this.mistakenLender.selector,
            this.mistakenBorrower.selector,
            this.mistakenLiquidator.selector,
            this.mistakenGovernance.selector,
            this.bankRun.selector,
            this.wait_.selector,
            this.wait_.selector,
            this.wait_.selector,
            this.wait_.selector
        ];
        chosen = new bytes4[](all.length + more.length);
        for (uint256 i = 0; i < all.length; ++i) chosen[i] = all[i];
        for (uint256 i = 0; i < more.length; ++i) chosen[all.length + i] = more[i];
    }
}
