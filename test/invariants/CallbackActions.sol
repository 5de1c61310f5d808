// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {BorrowerActions} from "./BorrowerActions.sol";

/// @notice Actions with callbacks: swaps, flash loans, and reentrant calls.
abstract contract CallbackActions is BorrowerActions {
    function openThroughSwapper(uint256 who, uint256 debt, uint256 leverage) external observed {
        if (_oracleBroken) return;
        address account = _actor(who);
        uint256 amount;
        (amount, debt) = _opening(debt, leverage);
        _fund(account, amount, 0);
        bytes memory call = abi.encodeCall(
            market.adjust,
            (account, int256(amount), int256(debt), swapper, amount, 0, "swap")
        );
        model.setCallbackDelivery((debt * 1e36) / price, 0);
        _adjust("openThroughSwapper", account, account, call, OPENING);
    }

    function closeThroughSwapper(uint256 who) external observed {
        if (_oracleBroken) return;
        address account = _actor(who);
        uint256 debt = market.debtOf(account);
        _fund(account, 0, debt);
        bytes memory call = abi.encodeCall(market.adjust, (account, ALL, ALL, swapper, 0, debt, "swap"));
        model.setCallbackDelivery(0, (_collateralOf(account) * price) / 1e36);
        _adjust("closeThroughSwapper", account, account, call, 0);
    }

    /// @notice The callback tries to reenter every function and sends the market too much, which
    /// the caller gets back.
    function openThroughActor(uint256 who, uint256 debt, uint256 leverage) external observed {
        address account = _actor(who);
        uint256 amount;
        (amount, debt) = _opening(debt, leverage);
        _fund(address(scriptedActor), 2 * amount, 0);
        Call[] memory inside = new Call[](6);
        inside[0] = _call(abi.encodeCall(market.deposit, (1, address(scriptedActor))), false);
        inside[1] = _call(abi.encodeCall(market.redeem, (1, address(scriptedActor), address(scriptedActor))), false);
        inside[2] = _call(abi.encodeCall(market.repay, (1, account)), false);
        inside[3] = _call(abi.encodeCall(market.liquidate, (actors, 1, 0, account, "")), false);
        inside[4] = _call(abi.encodeCall(market.flashLoan, (scriptedActor, address(loan), 1, "")), false);
        inside[5] = Call(
            address(collateral),
            abi.encodeCall(collateral.transfer, (address(market), amount + amount / 2)),
            true
        );
        bytes memory call = abi.encodeCall(
            market.adjust,
            (account, int256(amount), int256(debt), address(scriptedActor), 0, 0, abi.encode(inside))
        );
        model.setCallbackDelivery(amount + amount / 2, 0);
        uint256 done = successes["openThroughActor"];
        _adjustWithActor(account, call);
        if (successes["openThroughActor"] == done) return;
        ScriptedActor.Outcome[] memory outcomes = scriptedActor.outcomes();
        for (uint256 i = 0; i < 5; ++i) {
            _expect(
                4,
                !outcomes[i].success &&
                    bytes4(outcomes[i].returned) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector,
                "a callback came in again"
            );
        }
    }

    /// @notice A flash loan, with a donation and an attempt to reenter in between.
    function flashLoan(uint256 who, uint256 amount) external observed {
        (uint256 cash, , ) = market.totals();
        amount = bound(amount, 0, cash);
        Call[] memory inside = new Call[](2);
        inside[0] = _call(abi.encodeCall(market.deposit, (amount, address(scriptedActor))), false);
        inside[1] = Call(address(loan), abi.encodeCall(loan.transfer, (address(market), amount / 2)), true);
        _fund(address(scriptedActor), 0, amount);
        int256 worth = _worth(actors);
        model.setCallbackDelivery(0, amount / 2);
        int256 actorWorth = _worth(_group(address(scriptedActor), address(scriptedActor)));
        _must(
            _actor(who),
            abi.encodeCall(market.flashLoan, (scriptedActor, address(loan), amount, abi.encode(inside)))
        );
        _expectNoGain(actors, worth);
        _expectNoGain(_group(address(scriptedActor), address(scriptedActor)), actorWorth);
        _count("flashLoan");
    }

    function _adjustWithActor(address account, bytes memory call) private {
        address[] memory group = _group(address(scriptedActor), account);
        Position memory was = _position(account);
        was.worth = _exactWorth(group);
        (bool success, bytes memory returned) = _attempt(account, call);
        if (!success) {
            _justify(returned, OPENING);
            return;
        }
        _count("openThroughActor");
        _checkPosition(account, was);
        _expectNoExactGain(group, was.worth, 0);
    }

    function _call(bytes memory data, bool mustSucceed) internal view returns (Call memory) {
        return Call(address(market), data, mustSucceed);
    }
}
