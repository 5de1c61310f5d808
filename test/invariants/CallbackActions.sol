// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Call, Puppet} from "../../contracts/mocks/Puppet.sol";
import {BorrowerActions} from "./BorrowerActions.sol";
import {Replay} from "./ghost/Replay.sol";
import {Venue} from "./World.sol";

/// @notice What goes through callbacks: swaps, flash loans, calls from inside; and several calls in one transaction.
abstract contract CallbackActions is BorrowerActions {
    /// @dev Before several calls in one transaction, and the debt that they try to add.
    struct Several {
        uint256 debt;
        bool isClosed;
        Position position;
    }

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
        ghost.foretellDelivery((debt * 1e36) / price, 0);
        _adjust("openThroughSwapper", account, account, call, OPENING);
    }

    function closeThroughSwapper(uint256 who) external observed {
        if (_oracleBroken) return;
        address account = _actor(who);
        uint256 debt = market.debtOf(account);
        _fund(account, 0, debt);
        bytes memory call = abi.encodeCall(market.adjust, (account, ALL, ALL, swapper, 0, debt, "swap"));
        ghost.foretellDelivery(0, (_collateralOf(account) * price) / 1e36);
        _adjust("closeThroughSwapper", account, account, call, 0);
    }

    /// @notice The callback tries to come in again by every door, gives the market too much, and the caller gets it back.
    function openThroughPuppet(uint256 who, uint256 debt, uint256 leverage) external observed {
        address account = _actor(who);
        uint256 amount;
        (amount, debt) = _opening(debt, leverage);
        _fund(address(puppet), 2 * amount, 0);
        Call[] memory inside = new Call[](6);
        inside[0] = _call(abi.encodeCall(market.deposit, (1, address(puppet))), false);
        inside[1] = _call(abi.encodeCall(market.redeem, (1, address(puppet), address(puppet))), false);
        inside[2] = _call(abi.encodeCall(market.repay, (1, account)), false);
        inside[3] = _call(abi.encodeCall(market.liquidate, (actors, 1, 0, account, "")), false);
        inside[4] = _call(abi.encodeCall(market.flashLoan, (puppet, address(loan), 1, "")), false);
        inside[5] = Call(
            address(collateral),
            abi.encodeCall(collateral.transfer, (address(market), amount + amount / 2)),
            true
        );
        bytes memory call = abi.encodeCall(
            market.adjust,
            (account, int256(amount), int256(debt), address(puppet), 0, 0, abi.encode(inside))
        );
        ghost.foretellDelivery(amount + amount / 2, 0);
        uint256 done = successes["openThroughPuppet"];
        _adjustWithPuppet(account, call);
        if (successes["openThroughPuppet"] == done) return;
        Puppet.Outcome[] memory outcomes = puppet.outcomes();
        for (uint256 i = 0; i < 5; ++i) {
            _expect(
                4,
                !outcomes[i].success &&
                    bytes4(outcomes[i].returned) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector,
                "a callback came in again"
            );
        }
    }

    /// @notice A flash loan, with a donation and a way in tried meanwhile.
    function flashLoan(uint256 who, uint256 amount) external observed {
        (uint256 cash, , ) = market.totals();
        amount = bound(amount, 0, cash);
        Call[] memory inside = new Call[](2);
        inside[0] = _call(abi.encodeCall(market.deposit, (amount, address(puppet))), false);
        inside[1] = Call(address(loan), abi.encodeCall(loan.transfer, (address(market), amount / 2)), true);
        _fund(address(puppet), 0, amount);
        int256 worth = _worth(actors);
        ghost.foretellDelivery(0, amount / 2);
        int256 puppetWorth = _worth(_group(address(puppet), address(puppet)));
        _must(_actor(who), abi.encodeCall(market.flashLoan, (puppet, address(loan), amount, abi.encode(inside))));
        _expectNoGain(actors, worth);
        _expectNoGain(_group(address(puppet), address(puppet)), puppetWorth);
        _count("flashLoan");
    }

    /// @notice A transaction that parks collateral, borrows against it by another account, takes it out again, lends and leaves.
    function severalCalls(uint256 parked, uint256 debt, uint256 leverage, uint256 taken) external observed {
        Call[] memory made;
        (made, debt) = _severalCalls(parked, debt, leverage, taken);
        Several memory was = _beforeSeveral(debt);
        Replay.Step[] memory steps = new Replay.Step[](made.length);
        for (uint256 i = 0; i < made.length; ++i) steps[i] = Replay.Step(ghost, made[i].data);
        Replay.Foretold[] memory foretold = replay.run(address(puppet), steps);
        puppet.execute(made);
        _checkSeveral(was, _compareOutcomes(made, foretold));
        _count("severalCalls");
    }

    /// @notice The same with what a flash loan of another market lends, which may be this one's collateral.
    function acrossMarkets(uint256 amount, uint256 debt, uint256 leverage, uint256 taken) external observed {
        Venue storage lending = venues[(venue + 1 + (taken % (venues.length - 1))) % venues.length];
        (uint256 cash, , ) = lending.market.totals();
        amount = bound(amount, 0, cash);
        Call[] memory made;
        (made, debt) = _severalCalls(amount, debt, leverage, taken);
        Several memory was = _beforeSeveral(debt);
        Replay.Step[] memory steps = new Replay.Step[](made.length + 2);
        bytes memory first = abi.encodeCall(ghost.lendFlash, (address(puppet), amount));
        bytes memory last = abi.encodeCall(ghost.takeBackFlash, (address(puppet), amount));
        steps[0] = Replay.Step(lending.ghost, first);
        for (uint256 i = 0; i < made.length; ++i) steps[i + 1] = Replay.Step(ghost, made[i].data);
        steps[made.length + 1] = Replay.Step(lending.ghost, last);
        Replay.Foretold[] memory foretold = replay.run(address(puppet), steps);
        lending.market.flashLoan(puppet, address(lending.loan), amount, abi.encode(made));
        for (uint256 i = 0; i < made.length; ++i) foretold[i] = foretold[i + 1];
        _checkSeveral(was, _compareOutcomes(made, foretold));
        _count("acrossMarkets");
    }

    function _severalCalls(
        uint256 parked,
        uint256 debt,
        uint256 leverage,
        uint256 taken
    ) private returns (Call[] memory made, uint256) {
        uint256 amount;
        (amount, debt) = _opening(debt, leverage);
        parked = bound(parked, 1, 200 * collateralUnit);
        _fund(address(puppet), amount + parked, debt * 2);
        address self = address(puppet);
        taken = bound(taken, 0, _collateralOf(self) + parked + amount);
        made = new Call[](6);
        made[0] = _call(abi.encodeCall(market.deposit, (debt / 3, self)), false);
        made[1] = _call(abi.encodeCall(market.supplyCollateral, (parked, self)), false);
        made[2] = _call(
            abi.encodeCall(market.adjust, (self, int256(amount), int256(debt), self, amount, 0, "")),
            false
        );
        made[3] = _call(abi.encodeCall(market.withdrawCollateral, (taken, self, self)), false);
        made[4] = _call(abi.encodeCall(market.repay, (debt / 5, self)), false);
        made[5] = _call(abi.encodeCall(market.redeem, (market.balanceOf(self) / 2, self, self)), false);
        return (made, debt);
    }

    function _beforeSeveral(uint256 debt) private view returns (Several memory was) {
        was.debt = debt;
        was.isClosed = market.maxDeposit(address(this)) == 0;
        was.position = _position(address(puppet));
        was.position.worth = _exactWorth(_group(address(puppet), address(puppet)));
    }

    function _checkSeveral(Several memory was, Puppet.Outcome[] memory outcomes) private {
        for (uint256 i = was.isClosed ? 1 : 0; i < outcomes.length; ++i) {
            if (!outcomes[i].success) _justify(outcomes[i].returned, OPENING | BALANCE);
            else _count("in several calls");
        }
        // The system cap at the transaction's end, whatever came after the debt.
        if (outcomes[2].success) {
            _expect(7, !was.position.systemWithin || _isSystemWithin(), "parked collateral broke the cap");
        }
        _addNewDebt(was.position, outcomes[2].success ? was.debt - _repaidOf(was.debt, outcomes[4]) : 0);
        // Shares are bought and sold at assets rounded down: less than a unit for each of the two.
        _expectNoExactGain(_group(address(puppet), address(puppet)), was.position.worth, 2 * WAD);
    }

    /// @dev A repayment in the transaction that borrowed gives the allowance back.
    function _repaidOf(uint256 debt, Puppet.Outcome memory repayment) private pure returns (uint256) {
        return repayment.success ? Math.min(debt, abi.decode(repayment.returned, (uint256))) : 0;
    }

    function _adjustWithPuppet(address account, bytes memory call) private {
        address[] memory group = _group(address(puppet), account);
        Position memory was = _position(account);
        was.worth = _exactWorth(group);
        (bool success, bytes memory returned) = _attempt(account, call);
        if (!success) {
            _justify(returned, OPENING);
            return;
        }
        _count("openThroughPuppet");
        _checkPosition(account, was);
        _expectNoExactGain(group, was.worth, 0);
    }

    function _call(bytes memory data, bool mustSucceed) private view returns (Call memory) {
        return Call(address(market), data, mustSucceed);
    }
}
