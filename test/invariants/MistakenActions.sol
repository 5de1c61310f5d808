// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Limit} from "../../contracts/types/MarketTypes.sol";
import {LIMITS} from "../support/LimitValues.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @notice Calls for too large amounts, by a wrong caller, or with wrong arguments. Most must fail,
/// with the error that the model predicts.
abstract contract MistakenActions is HandlerBase {
    function mistakenLender(uint256 who, uint256 whose, uint256 excess, uint256 kind) external observed {
        (address caller, address owner) = (_actor(who), _actor(whose));
        excess = bound(excess, 0, 1_000 * loanUnit);
        uint256 shares = market.balanceOf(owner) + excess;
        bytes[8] memory all = [
            abi.encodeCall(market.withdraw, (market.maxWithdraw(caller) + excess, caller, caller)),
            abi.encodeCall(market.redeem, (market.maxRedeem(owner), caller, owner)),
            abi.encodeCall(market.withdraw, (excess, kind % 2 == 0 ? address(0) : address(market), owner)),
            abi.encodeCall(market.transfer, (owner, market.balanceOf(caller) + excess)),
            abi.encodeCall(market.redeem, (shares, owner, owner)),
            abi.encodeCall(market.deposit, (loan.balanceOf(caller) + 1 + excess, owner)),
            abi.encodeCall(market.transfer, (address(market), excess % 2)),
            abi.encodeCall(market.deposit, (0, address(market)))
        ];
        _mistake(caller, all[kind % 8]);
    }

    function mistakenBorrower(uint256 who, uint256 whose, uint256 excess, uint256 kind) external observed {
        (address caller, address account) = (_actor(who), _actor(whose));
        excess = bound(excess, 0, collateralUnit);
        address nobody = kind % 2 == 0 ? address(0) : address(market);
        bytes[7] memory all = [
            abi.encodeCall(market.withdrawCollateral, (_collateralOf(account) + excess, account, caller)),
            abi.encodeCall(market.withdrawCollateral, (excess, account, nobody)),
            abi.encodeCall(market.borrow, (excess, account, nobody)),
            abi.encodeCall(market.supplyCollateral, (collateral.balanceOf(caller) + 1 + excess, account)),
            abi.encodeCall(market.repay, (type(uint256).max, account)),
            abi.encodeCall(market.adjust, (account, int256(excess), 0, account, excess / 2, 0, "")),
            abi.encodeCall(market.adjust, (account, 0, ALL, account, 0, market.debtOf(account) / 2, ""))
        ];
        _mistake(caller, all[kind % 7]);
    }

    function mistakenLiquidator(uint256 who, uint256 excess, uint256 kind) external observed {
        address caller = _actor(who);
        excess = bound(excess, 0, 1_000 * collateralUnit);
        (uint256 cash, , ) = market.totals();
        model.setCallbackDelivery(0, 0);
        bytes[4] memory all = [
            abi.encodeCall(market.liquidate, (actors, market.totalDebt(), excess, caller, "")),
            abi.encodeCall(market.liquidate, (actors, market.totalDebt(), 0, address(market), "")),
            abi.encodeCall(market.liquidate, (new address[](3), excess, 0, caller, "")),
            abi.encodeCall(market.flashLoan, (scriptedActor, address(loan), cash + excess, ""))
        ];
        _mistake(caller, all[kind % 4]);
    }

    function mistakenGovernance(uint256 who, uint256 value, uint256 limit, uint256 kind) external observed {
        address[3] memory callers = [guardian, riskManager, _actor(who)];
        address caller = callers[(who >> 8) % 3];
        Limit which = Limit(limit % LIMITS);
        // Below any leverage, or above 24 bits: the limits stay such that the market can continue.
        value = kind % 3 == 0 ? bound(value, 0, 9_999) : bound(value, 2 ** 24, 2 ** 25);
        if (kind % 4 == 0) _mistake(caller, abi.encodeCall(market.scheduleRaise, (which, value)));
        else if (kind % 4 == 1) {
            _mistake(caller, abi.encodeCall(market.rampLiquidationLeverage, (value, who % 400 days)));
        } else if (kind % 4 == 2) _mistake(_actor(who), abi.encodeCall(market.lowerLimit, (which, value)));
        else if (which != Limit.DebtCap && which != Limit.CollateralCap && which != Limit.SupplyCap)
            _mistake(caller, abi.encodeCall(market.lowerLimit, (which, value)));
    }

    function _mistake(address caller, bytes memory call) private {
        (bool success, ) = _attempt(caller, call);
        if (success) _count("mistake passed");
        else _tally("mistake refused");
    }
}
