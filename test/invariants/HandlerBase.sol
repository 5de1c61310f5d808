// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {Config} from "../../contracts/types/MarketTypes.sol";
import {MarketStorageSlots} from "../support/MarketStorageSlots.sol";
import {Vm} from "../utils/Vm.sol";
import {PredictedOutcomes} from "./PredictedOutcomes.sol";
import {TestMarket, Environment} from "./Environment.sol";

/// @notice The accounts of a stateful test, their assets, and the observations around each of their
/// calls. Violations are recorded under the number of the invariant, and the suite asserts that
/// there are none. Every call draws one of the markets: variables without an index refer to the
/// drawn market.
abstract contract HandlerBase is PredictedOutcomes {
    /// @dev Values that are compared before and after a call.
    struct Observation {
        uint256 index;
        uint256 sharePrice;
        uint256 bookedAssets;
        uint256 bookedShares;
    }

    uint256 internal constant WAD = 1e18;
    uint256 internal constant ONE_X = 10_000;
    int256 internal constant ALL = type(int256).min;

    address internal swapper;
    address internal guardian;
    address internal riskManager;
    /// @dev Loan tokens worth a dollar, and collateral tokens worth 2,000 dollars at the start.
    uint256 internal loanUnit;
    uint256 internal collateralUnit;
    Config internal config;

    uint256 internal startPrice;
    /// @notice The last usable open price of the first market; the others' prices follow from it.
    uint256 public basePrice;
    /// @dev The price of the drawn market; values are measured with it.
    uint256 internal price;
    /// @dev One more than the number of the market that every call uses; zero if calls draw it.
    uint256 private _pinned;

    /// @notice How often each action has succeeded, by its name.
    mapping(string action => uint256) public successes;
    uint256 public calls;
    /// @notice Calls with at least one success, apart from expected refusals.
    uint256 public effectiveCalls;

    /// @notice How an invariant was broken, by its number; empty if it holds.
    mapping(uint256 id => string) public violation;

    /// @dev Debt that an account has drawn and not repaid; the last draws are repaid first.
    struct Draw {
        uint256 amount;
        uint256 time;
        uint256 index;
    }

    /// @notice Debt added since the start, allowance restored by repayments, and allowance at the
    /// start, in loan token units, by market.
    mapping(uint256 marketId => uint256) public newDebt;
    mapping(uint256 marketId => uint256) public restored;
    mapping(uint256 marketId => uint256) public allowanceAtStart;
    mapping(uint256 marketId => mapping(address account => Draw[])) private _draws;
    /// @notice The sum of bucket times seconds since the start: the refill times a day.
    mapping(uint256 marketId => uint256) public refilled;

    bool private _lossBooked;
    bool private _hasSucceeded;
    Observation private _before;

    constructor(Environment memory environment) PredictedOutcomes(environment) {
        (guardian, riskManager) = (environment.guardian, environment.riskManager);
        (startPrice, basePrice) = (environment.startPrice, environment.startPrice);
        for (uint256 i = 0; i < markets.length; ++i) allowanceAtStart[i] = markets[i].market.debtAllowance();
        _turnTo(0);
    }

    /// @dev Runs around every action. Every second time the fees due are turned into shares first,
    /// since only then can a gain of the caller be told from a fee that falls due.
    modifier observed() {
        ++calls;
        _turnTo(_pinned == 0 ? uint256(keccak256(msg.data)) % markets.length : _pinned - 1);
        if (_takesFeesFirst()) _must(address(this), abi.encodeCall(market.deposit, (0, address(this))));
        (_lossBooked, _hasSucceeded) = (false, false);
        _before = _observe();
        vm.recordLogs();
        _;
        _noteLoss(vm.getRecordedLogs());
        if (_hasSucceeded) ++effectiveCalls;
        _compare(_observe());
        _compareAll(calls);
    }

    /// @notice Uses one market for all calls from now on, for set-ups.
    /// @param which One more than its number; zero lets calls draw it again.
    function pin(uint256 which) external {
        _pinned = which;
    }

    function _turnTo(uint256 which) internal {
        TestMarket storage here = markets[which];
        marketId = which;
        (market, model, loan, collateral) = (here.market, here.model, here.loan, here.collateral);
        (oracle, swapper) = (here.oracle, here.swapper);
        (loanUnit, collateralUnit) = (here.loanUnit, here.collateralUnit);
        config = here.config;
        price = _priceAt(which);
    }

    /// @dev A market whose tokens are swapped has the inverse price.
    function _priceAt(uint256 which) internal view returns (uint256) {
        return markets[which].isSwapped ? 1e72 / basePrice : basePrice;
    }

    // ------------------------------------------------------------------ accounts

    function _actor(uint256 seed) internal view returns (address) {
        return actors[seed % actors.length];
    }

    /// @dev An account that can have a position: an actor or the scripted actor.
    function _borrower(uint256 seed) internal view returns (address) {
        uint256 i = seed % (actors.length + 1);
        return i == actors.length ? address(scriptedActor) : actors[i];
    }

    // ------------------------------------------------------------------ records

    function _count(string memory action) internal {
        _tally(action);
        _hasSucceeded = true;
    }

    /// @dev Counts events that are no success of a call: expected refusals, and states of the
    /// market.
    function _tally(string memory action) internal {
        ++successes[action];
    }

    /// @dev Every action that reads its logs passes them on here.
    function _noteLoss(Vm.Log[] memory logs) internal {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != address(market) || logs[i].topics[0] != ILeverageMarket.LossBooked.selector)
                continue;
            _lossBooked = true;
            _count("loss");
        }
    }

    function _expect(uint256 id, bool holds, string memory otherwise) internal {
        if (!holds && bytes(violation[id]).length == 0) violation[id] = otherwise;
    }

    // ------------------------------------------------------------------ values

    function _debtSharesOf(address account) internal view returns (uint256 shares) {
        (shares, , ) = market.position(account);
    }

    function _collateralOf(address account) internal view returns (uint256 amount) {
        (, amount, ) = market.position(account);
    }

    function _isLiquidatable(address account) internal view returns (bool) {
        uint256 limit = market.limits().liquidationLeverage;
        uint256 value = LeverageMath.valueDown(_collateralOf(account), _liquidationPrice());
        return !LeverageMath.isWithin(market.debtOf(account), value, limit);
    }

    function _liquidationPrice() internal view returns (uint256) {
        (uint256 openPrice, uint256 liquidationPrice) = oracle.prices();
        return Math.max(openPrice, liquidationPrice);
    }

    function _group(address first, address second) internal pure returns (address[] memory group) {
        group = new address[](first == second ? 1 : 2);
        group[0] = first;
        if (first != second) group[1] = second;
    }

    /// @dev Everything that accounts own less their debt, in loan token units at the last usable
    /// price, as the market would pay it out. A lender's action, which changes no debt, must gain
    /// nothing by this measure.
    function _worth(address[] memory group) internal view returns (int256) {
        uint256 owed = 0;
        for (uint256 i = 0; i < group.length; ++i) owed += market.debtOf(group[i]);
        (uint256 owned, uint256 shares) = _owned(group);
        return int256(owned + market.convertToAssets(shares)) - int256(owed);
    }

    /// @dev The same in WAD, without rounding debt and total assets: a market rounds each account's
    /// debt up and total debt down, so that a borrower who is a lender too may gain a unit by the
    /// other measure, but nothing by this one.
    function _exactWorth(address[] memory group) internal view returns (int256) {
        (uint256 index, , , ) = market.interest();
        (uint256 cash, uint256 totalDebtShares, ) = market.totals();
        uint256 owed = 0;
        for (uint256 i = 0; i < group.length; ++i) owed += _debtSharesOf(group[i]) * index;
        (uint256 owned, uint256 shares) = _owned(group);
        // Fees of liquidations belong to the buffer, although they aren't shares yet.
        uint256 pendingFees = MarketStorageSlots.pendingFees(market);
        uint256 assets = (cash + 1 - pendingFees) * WAD + totalDebtShares * index;
        return int256(owned * WAD + Math.mulDiv(shares, assets, market.totalSupply() + 1e6)) - int256(owed);
    }

    /// @dev Tokens and collateral of accounts in loan token units, and their shares.
    function _owned(address[] memory group) private view returns (uint256 owned, uint256 shares) {
        uint256 amount = 0;
        for (uint256 i = 0; i < group.length; ++i) {
            owned += loan.balanceOf(group[i]);
            shares += market.balanceOf(group[i]);
            amount += collateral.balanceOf(group[i]) + _collateralOf(group[i]);
        }
        owned += LeverageMath.valueDown(amount, price);
    }

    /// @dev No free lunch: at constant prices nothing is gained within a block.
    function _expectNoGain(address[] memory group, int256 worthBefore) internal {
        if (_takesFeesFirst()) _expect(4, _worth(group) <= worthBefore, "a caller gained value");
    }

    function _expectNoExactGain(address[] memory group, int256 worthBefore, uint256 tolerance) internal {
        if (!_takesFeesFirst()) return;
        _expect(4, _exactWorth(group) <= worthBefore + int256(tolerance), "a borrower gained value");
    }

    function _takesFeesFirst() private view returns (bool) {
        return calls % 2 == 0 && market.maxDeposit(address(this)) != 0;
    }

    // ------------------------------------------------------------------ observation

    function _observe() private view returns (Observation memory seen) {
        (seen.index, , , ) = market.interest();
        seen.sharePrice = market.convertToAssets(1e40);
        seen.bookedAssets = MarketStorageSlots.lastTotalAssets(market);
        seen.bookedShares = market.totalSupply();
    }

    function _compare(Observation memory seen) private {
        _expect(9, seen.index >= _before.index, "the borrow index fell");
        uint256 target = markets[marketId].config.bufferTarget;
        if (market.balanceOf(address(market)) * WAD >= seen.bookedShares * target) _tally("full buffer");
        // The fee due is rounded down to a whole share unit: the price may differ by that much
        // between calls.
        uint256 shareUnit = seen.sharePrice / (seen.bookedShares + 1e6) + 1;
        bool hasFallen = seen.sharePrice + shareUnit < _before.sharePrice;
        if (_lossBooked) {
            _expect(5, !hasFallen || market.balanceOf(address(market)) == 0, "a loss passed the buffer by");
            return;
        }
        _expect(5, !hasFallen, "the share price fell");
        _expect(
            5,
            (seen.bookedAssets + 1) * (_before.bookedShares + 1e6) >=
                (_before.bookedAssets + 1) * (seen.bookedShares + 1e6),
            "the booked share price fell"
        );
    }

    function _noteDraw(address account, uint256 amount) internal {
        (uint256 index, , , ) = market.interest();
        newDebt[marketId] += amount;
        _draws[marketId][account].push(Draw(amount, block.timestamp, index));
    }

    /// @dev Takes a repayment from the account's last draws.
    /// @return most The most it may restore of the allowance: at most the payment, and of each
    /// draw, with its interest, the part that has not aged; plus a unit per draw for debt that was
    /// rounded up.
    function _noteRepayment(address account, uint256 paid) internal returns (uint256 most) {
        Draw[] storage draws = _draws[marketId][account];
        (uint256 index, , , ) = market.interest();
        for (uint256 i = 0; i < draws.length; ++i) {
            uint256 age = Math.min(block.timestamp - draws[i].time, 1 days);
            most += (draws[i].amount * index * (1 days - age)) / draws[i].index / 1 days + 2;
        }
        most = Math.min(most, paid);
        while (paid != 0 && draws.length != 0) {
            Draw storage last = draws[draws.length - 1];
            uint256 owed = (last.amount * index) / last.index;
            if (owed > paid) {
                (last.amount, last.time, last.index) = (owed - paid, last.time, index);
                break;
            }
            paid -= owed;
            draws.pop();
        }
    }
}
