// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {CallbackActions} from "./CallbackActions.sol";
import {ModelTransaction} from "./model/ModelTransaction.sol";
import {TestMarket} from "./Environment.sol";

/// @notice Several calls of the scripted actor in one transaction, in any order: parked collateral, an opening (its own or,
/// as an operator, that of an actor), the withdrawal of what is parked, a repayment, a lender's coming and going, the
/// liquidation of others.
abstract contract TransactionActions is CallbackActions {
    uint256 private constant CALLS = 7;
    uint256 private constant OPEN = 2;
    uint256 private constant REPAY = 4;
    uint256 private constant LIQUIDATE = 6;

    /// @dev What is to be done and in which order, the debt it tries to add and for whom, and what was before.
    struct Transaction {
        address account;
        Call[] made;
        uint256[] order;
        uint256 debt;
        bool isClosed;
        bool isLiquidatable;
        Position was;
    }

    function severalCalls(uint256 parked, uint256 debt, uint256 leverage, uint256 taken) external observed {
        Transaction memory planned = _plan(parked, debt, leverage, taken);
        ModelTransaction.Step[] memory steps = new ModelTransaction.Step[](CALLS);
        for (uint256 i = 0; i < CALLS; ++i) steps[i] = ModelTransaction.Step(model, planned.made[i].data);
        ModelTransaction.Outcome[] memory predicted = modelTransaction.run(address(scriptedActor), steps);
        scriptedActor.execute(planned.made);
        _check(planned, _compareOutcomes(planned.made, predicted));
        _count("severalCalls");
    }

    /// @notice The same with what a flash loan of another market lends, which may be this one's collateral.
    function acrossMarkets(uint256 amount, uint256 debt, uint256 leverage, uint256 taken) external observed {
        TestMarket storage lending = markets[(marketId + 1 + (taken % (markets.length - 1))) % markets.length];
        (uint256 cash, , ) = lending.market.totals();
        amount = bound(amount, 0, cash);
        Transaction memory planned = _plan(amount, debt, leverage, taken);
        ModelTransaction.Step[] memory steps = new ModelTransaction.Step[](CALLS + 2);
        bytes memory half = abi.encodeCall(model.lendFlash, (address(scriptedActor), amount));
        steps[0] = ModelTransaction.Step(lending.model, half);
        for (uint256 i = 0; i < CALLS; ++i) steps[i + 1] = ModelTransaction.Step(model, planned.made[i].data);
        half = abi.encodeCall(model.takeBackFlash, (address(scriptedActor), amount));
        steps[CALLS + 1] = ModelTransaction.Step(lending.model, half);
        ModelTransaction.Outcome[] memory predicted = modelTransaction.run(address(scriptedActor), steps);
        lending.market.flashLoan(scriptedActor, address(lending.loan), amount, abi.encode(planned.made));
        for (uint256 i = 0; i < CALLS; ++i) predicted[i] = predicted[i + 1];
        _check(planned, _compareOutcomes(planned.made, predicted));
        _count("acrossMarkets");
    }

    function _plan(
        uint256 parked,
        uint256 debt,
        uint256 leverage,
        uint256 taken
    ) private returns (Transaction memory planned) {
        planned.account = _accountOf(uint256(keccak256(msg.data)) >> 64);
        uint256 amount;
        (amount, planned.debt) = _opening(debt, leverage);
        parked = bound(parked, 1, 200 * collateralUnit);
        // Enough for the deposit, the repayment and the liquidation together, should the opening be refused: what a flash loan
        // lent has to be there in the end.
        _fund(address(scriptedActor), amount + parked, planned.debt * 3);
        uint256 held = _collateralOf(address(scriptedActor)) + parked;
        if (taken % 3 == 0) taken = held;
        else taken = taken % 3 == 1 ? held - parked : bound(taken, 0, held + amount);
        Call[] memory made = _calls(planned, parked, amount, taken);
        planned.order = _shuffled(uint256(keccak256(msg.data)));
        planned.made = new Call[](CALLS);
        for (uint256 i = 0; i < CALLS; ++i) planned.made[i] = made[planned.order[i]];
        planned.isClosed = market.maxDeposit(address(this)) == 0;
        planned.isLiquidatable = !_oracleBroken && _isLiquidatable(planned.account);
        planned.was = _position(address(scriptedActor));
        planned.was.worth = _exactWorth(_group(address(scriptedActor), planned.account));
    }

    /// @dev The scripted actor, or an actor who lets it open: nearly always.
    function _accountOf(uint256 seed) private returns (address account) {
        account = _borrower(seed);
        if (account == address(scriptedActor)) return account;
        _must(account, abi.encodeCall(market.setOperator, (address(scriptedActor), seed % 16 != 0)));
    }

    function _calls(
        Transaction memory planned,
        uint256 parked,
        uint256 amount,
        uint256 taken
    ) private view returns (Call[] memory made) {
        address self = address(scriptedActor);
        uint256 debt = planned.debt;
        made = new Call[](CALLS);
        made[0] = _call(abi.encodeCall(market.deposit, (debt / 3, self)), false);
        made[1] = _call(abi.encodeCall(market.supplyCollateral, (parked, self)), false);
        bytes memory opening = abi.encodeCall(
            market.adjust,
            (planned.account, int256(amount), int256(debt), self, amount, 0, "")
        );
        made[OPEN] = _call(opening, false);
        made[3] = _call(abi.encodeCall(market.withdrawCollateral, (taken, self, self)), false);
        made[REPAY] = _call(
            abi.encodeCall(market.repay, (taken % 4 == 0 ? debt * 2 : debt / 5, planned.account)),
            false
        );
        made[5] = _call(abi.encodeCall(market.redeem, (market.balanceOf(self) / 2, self, self)), false);
        made[LIQUIDATE] = _call(abi.encodeCall(market.liquidate, (actors, debt / 2, 0, self, "")), false);
    }

    /// @dev As they are, what is parked taken out before the opening and parked after it, or in any order.
    function _shuffled(uint256 seed) private pure returns (uint256[] memory order) {
        order = new uint256[](CALLS);
        for (uint256 i = 0; i < CALLS; ++i) {
            order[i] = i;
            uint256 with = seed % 2 == 0 ? i : (seed >> (8 * i + 8)) % (i + 1);
            (order[i], order[with]) = (order[with], order[i]);
        }
        if (seed % 4 == 0) (order[1], order[3]) = (order[3], order[1]);
    }

    function _check(Transaction memory done, ScriptedActor.Outcome[] memory outcomes) private {
        ScriptedActor.Outcome[] memory inOrder = new ScriptedActor.Outcome[](CALLS);
        uint256[] memory place = new uint256[](CALLS);
        for (uint256 i = 0; i < CALLS; ++i) {
            (inOrder[done.order[i]], place[done.order[i]]) = (outcomes[i], i);
            if (outcomes[i].success) _count("in several calls");
            else if (done.order[i] != 0 || !done.isClosed) {
                _justify(outcomes[i].returned, OPENING | BALANCE | NOTHING | EXIT | OPERATOR);
            }
        }
        _checkDebt(done, inOrder, place[REPAY] > place[OPEN]);
        // Shares are bought and sold at assets rounded down: less than a unit for each of the two.
        uint256 tolerance = 2 * WAD;
        if (inOrder[LIQUIDATE].success) {
            // What is liquidated of the account itself is no longer owed.
            if (done.isLiquidatable) return;
            // Of others a liquidation earns its bonus. What they pay is rounded up, for all lenders.
            (uint256 seized, uint256 paid) = abi.decode(inOrder[LIQUIDATE].returned, (uint256, uint256));
            uint256 profit = Math.saturatingSub(LeverageMath.valueUp(seized, price), paid);
            tolerance += (profit + 2 * actors.length) * WAD;
            _count("in several calls, with a liquidation");
        }
        _expectNoExactGain(_group(address(scriptedActor), done.account), done.was.worth, tolerance);
    }

    /// @dev The system cap at the transaction's end, whatever came before or after the debt. A repayment in the transaction that
    /// has borrowed gives the allowance back.
    function _checkDebt(Transaction memory done, ScriptedActor.Outcome[] memory outcomes, bool givesBack) private {
        uint256 added = 0;
        if (outcomes[OPEN].success) {
            _expect(7, !done.was.systemWithin || _isSystemWithin(), "a transaction broke the system cap");
            added = done.debt;
            if (givesBack && outcomes[REPAY].success) {
                added -= Math.min(added, abi.decode(outcomes[REPAY].returned, (uint256)));
            }
        }
        _addNewDebt(done.was, added);
    }
}
