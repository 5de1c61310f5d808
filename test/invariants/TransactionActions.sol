// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {CallbackActions} from "./CallbackActions.sol";
import {ModelTransaction} from "./model/ModelTransaction.sol";
import {TestMarket} from "./Environment.sol";

/// @notice Several calls of the scripted actor in one transaction, in any order: collateral that is
/// parked and withdrawn again; every way to raise risk (an opening, more debt, a withdrawal of
/// collateral from under a debt), on its own position or, as an operator, on those of two actors; a
/// repayment; a lender's deposit and exit; the liquidation of others.
abstract contract TransactionActions is CallbackActions {
    uint256 private constant CALLS = 10;
    uint256 private constant DEPOSIT = 0;
    uint256 private constant PARK = 1;
    uint256 private constant OPEN = 2;
    uint256 private constant UNPARK = 3;
    uint256 private constant REPAY = 4;
    uint256 private constant REDEEM = 5;
    uint256 private constant LIQUIDATE = 6;
    uint256 private constant BORROW = 7;
    uint256 private constant WITHDRAW = 8;
    uint256 private constant WITHDRAW_OTHER = 9;

    /// @dev The planned calls and their order, the debt to add and for whom, and the state before.
    struct Transaction {
        address account;
        address other;
        Call[] made;
        uint256[] order;
        bool[] hasSucceeded;
        uint256 debt;
        bool isClosed;
        bool isLiquidatable;
        Position was;
        Position[] all;
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

    /// @notice The same with a flash loan from another market, possibly of this market's
    /// collateral.
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
        uint256 seed = uint256(keccak256(msg.data));
        planned.account = _accountOf(seed >> 64);
        planned.other = _accountOf(seed >> 72);
        uint256 amount;
        (amount, planned.debt) = _opening(debt, leverage);
        parked = bound(parked, 1, 200 * collateralUnit);
        // Enough for the deposit, the repayment and the liquidation together, even if the opening
        // is refused: a flash loan must be repaid in the end.
        _fund(address(scriptedActor), amount + parked, planned.debt * 3);
        address parkedAt = seed & (1 << 80) == 0 ? address(scriptedActor) : planned.other;
        uint256 held = _collateralOf(parkedAt) + parked;
        if (taken % 3 == 0) taken = held;
        else taken = taken % 3 == 1 ? held - parked : bound(taken, 0, held + amount);
        Call[] memory made = _calls(planned, parkedAt, parked, amount);
        made[UNPARK] = _withdrawal(parkedAt, taken);
        made[REPAY] = _call(
            abi.encodeCall(market.repay, (taken % 4 == 0 ? planned.debt * 2 : planned.debt / 5, planned.account)),
            false
        );
        _leaveSomeOut(made, seed >> 96);
        planned.order = _shuffled(seed);
        planned.made = new Call[](CALLS);
        planned.hasSucceeded = new bool[](CALLS);
        for (uint256 i = 0; i < CALLS; ++i) planned.made[i] = made[planned.order[i]];
        _notePresent(planned);
    }

    function _notePresent(Transaction memory planned) private view {
        planned.isClosed = market.maxDeposit(address(this)) == 0;
        planned.isLiquidatable = !_oracleBroken && (_isLiquidatable(planned.account) || _isLiquidatable(planned.other));
        planned.was = _position(address(scriptedActor));
        planned.was.worth = _exactWorth(_groupOf(planned));
        address[] memory all = accounts();
        planned.all = new Position[](all.length);
        for (uint256 i = 0; i < all.length; ++i) planned.all[i] = _position(all[i]);
    }

    /// @dev The scripted actor, or an actor whose operator it is, with few exceptions.
    function _accountOf(uint256 seed) private returns (address account) {
        account = _borrower(seed);
        if (account == address(scriptedActor)) return account;
        _must(account, abi.encodeCall(market.setOperator, (address(scriptedActor), seed % 16 != 0)));
    }

    function _calls(
        Transaction memory planned,
        address parkedAt,
        uint256 parked,
        uint256 amount
    ) private view returns (Call[] memory made) {
        address self = address(scriptedActor);
        uint256 debt = planned.debt;
        made = new Call[](CALLS);
        made[DEPOSIT] = _call(abi.encodeCall(market.deposit, (debt / 3, self)), false);
        made[PARK] = _call(abi.encodeCall(market.supplyCollateral, (parked, parkedAt)), false);
        bytes memory opening = abi.encodeCall(
            market.adjust,
            (planned.account, int256(amount), int256(debt), self, amount, 0, "")
        );
        made[OPEN] = _call(opening, false);
        made[REDEEM] = _call(abi.encodeCall(market.redeem, (market.balanceOf(self) / 2, self, self)), false);
        made[LIQUIDATE] = _call(abi.encodeCall(market.liquidate, (actors, debt / 2, 0, self, "")), false);
        made[BORROW] = _call(abi.encodeCall(market.borrow, (_borrowed(debt), planned.other, self)), false);
        made[WITHDRAW] = _withdrawal(planned.account, _spare(planned.account));
        made[WITHDRAW_OTHER] = _withdrawal(planned.other, _spare(planned.other));
    }

    function _withdrawal(address account, uint256 amount) private view returns (Call memory) {
        address self = address(scriptedActor);
        return _call(abi.encodeCall(market.withdrawCollateral, (amount, account, self)), false);
    }

    /// @dev The amount of the separate borrow: a tenth of the opening.
    function _borrowed(uint256 debt) private pure returns (uint256) {
        return debt / 10 + 1;
    }

    /// @dev The collateral that an account doesn't need for the opening limit at present.
    function _spare(address account) private view returns (uint256) {
        uint256 maxLeverage = market.limits().maxLeverage;
        uint256 value = (market.debtOf(account) * maxLeverage) / (maxLeverage - ONE_X);
        return Math.saturatingSub(_collateralOf(account), LeverageMath.collateralDown(value, price) + 1);
    }

    /// @dev Omits each call that raises risk half of the time, so that each of them also occurs
    /// alone.
    function _leaveSomeOut(Call[] memory made, uint256 seed) private view {
        Call memory nothing = _call(abi.encodeCall(market.accrue, ()), false);
        uint256[4] memory raising = [OPEN, BORROW, WITHDRAW, WITHDRAW_OTHER];
        for (uint256 i = 0; i < raising.length; ++i) if ((seed >> i) & 1 == 0) made[raising[i]] = nothing;
    }

    /// @dev Deposit, parking, all calls that raise risk, unparking, and the rest; or unparking
    /// first and parking last; or any order.
    function _shuffled(uint256 seed) private pure returns (uint256[] memory order) {
        uint256[10] memory plain = [
            DEPOSIT,
            PARK,
            OPEN,
            BORROW,
            WITHDRAW,
            WITHDRAW_OTHER,
            UNPARK,
            REPAY,
            REDEEM,
            LIQUIDATE
        ];
        order = new uint256[](CALLS);
        for (uint256 i = 0; i < CALLS; ++i) {
            order[i] = plain[i];
            uint256 with = seed % 2 == 0 ? i : (seed >> (8 * i + 8)) % (i + 1);
            (order[i], order[with]) = (order[with], order[i]);
        }
        if (seed % 4 == 0) (order[PARK], order[6]) = (order[6], order[PARK]);
    }

    function _check(Transaction memory done, ScriptedActor.Outcome[] memory outcomes) private {
        ScriptedActor.Outcome memory liquidation;
        uint256[3] memory allowance;
        bool hasBorrowed = false;
        for (uint256 i = 0; i < CALLS; ++i) {
            uint256 kind = done.order[i];
            ScriptedActor.Outcome memory outcome = outcomes[i];
            if (kind == LIQUIDATE) liquidation = outcome;
            done.hasSucceeded[i] = outcome.success;
            if (outcome.success) {
                _count("in several calls");
                hasBorrowed = _noteDebt(kind, done, i, outcome.returned, allowance) || hasBorrowed;
            } else if (kind != DEPOSIT || !done.isClosed) {
                _justify(outcome.returned, OPENING | BALANCE | NOTHING | EXIT | OPERATOR | SUPPLY_CAP);
            }
        }
        _expectAllowance(done.was, allowance[0], allowance[1], allowance[2]);
        if (hasBorrowed || _hasRaisedRisk(done)) {
            _expectSystemCap(done.was);
            _count(hasBorrowed ? "in several calls, with new debt" : "in several calls, with collateral withdrawn");
        }
        // Shares are bought and sold at assets rounded down: less than a unit for each of the two.
        uint256 tolerance = 2 * WAD;
        if (liquidation.success) {
            // Debt of the account itself that is liquidated is no longer owed.
            if (done.isLiquidatable) return;
            // A liquidation of others earns its bonus. Its payment is rounded up, in favour of all
            // lenders.
            (uint256 seized, uint256 paid) = abi.decode(liquidation.returned, (uint256, uint256));
            uint256 profit = Math.saturatingSub(LeverageMath.valueUp(seized, price), paid);
            tolerance += (profit + 2 * actors.length) * WAD;
            _count("in several calls, with a liquidation");
        }
        _expectNoExactGain(_groupOf(done), done.was.worth, tolerance);
    }

    /// @param sums The debt drawn, and the least and the most that repayments restore.
    /// @return Whether the call added debt.
    function _noteDebt(
        uint256 kind,
        Transaction memory done,
        uint256 i,
        bytes memory returned,
        uint256[3] memory sums
    ) private returns (bool) {
        if (kind == REPAY) {
            uint256 paid = abi.decode(returned, (uint256));
            sums[2] += _noteRepayment(done.account, paid);
            sums[1] = _leastRestored(done, i, paid);
            return false;
        }
        uint256 drawn = _debtAddedBy(kind, done, i);
        if (drawn == 0) return false;
        _noteDraw(_drawsFor(kind, done), drawn);
        sums[0] += drawn;
        return true;
    }

    /// @dev Debt that the same transaction has drawn for the account is restored in full, except
    /// for 1/256 of a second of the debt per draw; unless a liquidation has reduced it.
    function _leastRestored(Transaction memory done, uint256 i, uint256 paid) private view returns (uint256 least) {
        uint256 dropped = 2;
        for (uint256 j = 0; j < i; ++j) {
            if (!done.hasSucceeded[j]) continue;
            if (done.order[j] == LIQUIDATE) return 0;
            if (_drawsFor(done.order[j], done) != done.account) continue;
            least += _debtAddedBy(done.order[j], done, j);
            dropped += (market.debtOf(done.account) + paid) / (256 * 1 days) + 2;
        }
        return Math.saturatingSub(Math.min(least, paid), dropped);
    }

    function _drawsFor(uint256 kind, Transaction memory done) private pure returns (address) {
        if (kind == OPEN) return done.account;
        return kind == BORROW ? done.other : address(0);
    }

    function _debtAddedBy(uint256 kind, Transaction memory done, uint256 i) private view returns (uint256) {
        if (bytes4(done.made[i].data) == market.accrue.selector) return 0;
        if (kind == OPEN) return done.debt;
        return kind == BORROW ? _borrowed(done.debt) : 0;
    }

    /// @dev Whether an account has more debt than before the transaction, or a higher LTV; judged
    /// by the positions only, whatever calls caused it.
    function _hasRaisedRisk(Transaction memory done) private view returns (bool) {
        address[] memory all = accounts();
        for (uint256 i = 0; i < all.length; ++i) if (_isRiskier(all[i], done.all[i])) return true;
        return false;
    }

    function _groupOf(Transaction memory planned) private view returns (address[] memory group) {
        group = _group(address(scriptedActor), planned.account);
        if (planned.other == address(scriptedActor) || planned.other == planned.account) return group;
        address[] memory larger = new address[](group.length + 1);
        for (uint256 i = 0; i < group.length; ++i) larger[i] = group[i];
        larger[group.length] = planned.other;
        return larger;
    }
}
