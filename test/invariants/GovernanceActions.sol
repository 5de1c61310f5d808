// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Limit, Ramp} from "../../contracts/types/MarketTypes.sol";
import {LIMITS, LimitValues} from "../support/LimitValues.sol";
import {LiquidationActions} from "./LiquidationActions.sol";

/// @notice Actions of governance, and the passage of time.
abstract contract GovernanceActions is LiquidationActions {
    mapping(uint256 marketId => mapping(Limit limit => uint256)) private _limitsAtStart;

    constructor() {
        for (uint256 i = 0; i < markets.length; ++i) {
            _turnTo(i);
            for (uint256 j = 0; j < LIMITS; ++j) _limitsAtStart[i][Limit(j)] = _limit(Limit(j));
        }
    }

    function lowerLimit(uint256 which, uint256 part) external observed {
        Limit limit = Limit(which % LIMITS);
        uint256 value = (_limit(limit) * bound(part, 95, 100)) / 100;
        // Not below nine tenths: a market without leverage would test nothing. The present value is
        // a tightening as well.
        if (value < (_limitsAtStart[marketId][limit] * 9) / 10) value = _limit(limit);
        bool[] memory before = _liquidatable();
        (bool success, bytes memory reason) = _attempt(guardian, abi.encodeCall(market.lowerLimit, (limit, value)));
        if (limit == Limit.LiquidationLeverage) {
            bytes memory refusal = abi.encodeWithSelector(ILeverageMarket.InvalidLimit.selector, limit, value);
            _expect(8, !success && keccak256(reason) == keccak256(refusal), "the liquidation limit was lowered");
            return;
        }
        if (!success) _justify(reason, 0);
        _expect(8, _isSet(limit, value), "a limit was not lowered");
        _checkTightening(before);
        _count("lowerLimit");
    }

    function startRamp(uint256 part, uint256 duration) external observed {
        // Every second time near the target of a running ramp: a higher target is refused.
        Ramp memory running = market.ramp();
        uint256 from = duration % 2 == 0 && running.to != 0 ? running.to : _limit(Limit.LiquidationLeverage);
        uint256 target = (from * bound(part, 97, 99)) / 100;
        duration = bound(duration, 2 days, 6 days);
        bool[] memory before = _liquidatable();
        (bool success, bytes memory reason) = _attempt(
            riskManager,
            abi.encodeCall(market.rampLiquidationLeverage, (target, duration))
        );
        if (!success) {
            _justify(reason, LIMIT | RAMP);
            return;
        }
        _checkTightening(before);
        if (running.end > vm.getBlockTimestamp()) {
            _expect(8, _isAsLow(market.ramp(), running), "a running ramp was relaxed");
        }
        _count("startRamp");
    }

    function scheduleRaise(uint256 which, uint256 part) external observed {
        Limit limit = Limit(which % LIMITS);
        uint256 value = _limit(limit) + (_limit(limit) * bound(part, 1, 10)) / 100;
        bool[] memory before = _liquidatable();
        (bool success, bytes memory reason) = _attempt(
            riskManager,
            abi.encodeCall(market.scheduleRaise, (limit, value))
        );
        if (!success) {
            _justify(reason, LIMIT);
            return;
        }
        _expectSame(before);
        _count("scheduleRaise");
    }

    /// @notice Anyone may call it; never before its time. Sometimes the handler waits for that
    /// time, or beyond the expiry.
    function applyRaise(uint256 who, uint256 which, uint256 delay) external observed {
        Limit limit = _scheduled(which);
        (uint256 value, uint256 validFrom) = market.scheduledRaise(limit);
        uint256 time = vm.getBlockTimestamp();
        if (delay % 2 == 0 && validFrom > time) _elapse(validFrom - time + (delay % 8 == 0 ? 8 days : 0));
        (value, validFrom) = market.scheduledRaise(limit);
        (bool success, bytes memory reason) = _attempt(_actor(who), abi.encodeCall(market.applyRaise, (limit)));
        if (!success) {
            _justify(reason, LIMIT | NOT_SCHEDULED);
            return;
        }
        _expect(8, validFrom != 0 && vm.getBlockTimestamp() >= validFrom, "a raise came before its time");
        _expect(8, _isSet(limit, value), "another value than the scheduled one was set");
        _count("applyRaise");
    }

    function accrue(uint256 who) external observed {
        _must(_actor(who), abi.encodeCall(market.accrue, ()));
        _count("accrue");
    }

    /// @notice Mostly hours and days, sometimes weeks.
    function wait_(uint256 duration, uint256 kind) external observed {
        _elapse(bound(duration, 1, kind % 8 == 0 ? 30 days : 2 days));
        _count("wait_");
    }

    /// @notice A bank run: the lenders withdraw all the cash, and interest rises until some
    /// positions reach their limit.
    function bankRun(uint256 duration) external observed {
        for (uint256 i = 0; i < actors.length; ++i) {
            bytes memory call = abi.encodeCall(market.redeem, (market.maxRedeem(actors[i]), actors[i], actors[i]));
            _must(actors[i], call);
        }
        _elapse(bound(duration, 1 days, 10 days));
        _count("bankRun");
    }

    /// @dev Rounding lowers a supply cap by less than a hundredth.
    function _isSet(Limit limit, uint256 value) private view returns (bool) {
        uint256 actual = _limit(limit);
        return limit == Limit.SupplyCap ? actual <= value && actual > (value / 100) * 99 : actual == value;
    }

    /// @dev Whether a ramp, at the end of the one that it has replaced, is at that one's target or
    /// below.
    function _isAsLow(Ramp memory ramp, Ramp memory replaced) private pure returns (bool) {
        if (ramp.end <= replaced.end) return ramp.to <= replaced.to;
        uint256 fall = uint256(ramp.from - ramp.to) * (replaced.end - ramp.start);
        return fall >= uint256(ramp.from - replaced.to) * (ramp.end - ramp.start);
    }

    /// @dev A limit with a scheduled raise, if there is any.
    function _scheduled(uint256 first) private view returns (Limit limit) {
        for (uint256 i = 0; i < LIMITS; ++i) {
            limit = Limit(((first % LIMITS) + i) % LIMITS);
            (, uint256 validFrom) = market.scheduledRaise(limit);
            if (validFrom != 0) return limit;
        }
    }

    function _elapse(uint256 duration) private {
        for (uint256 i = 0; i < markets.length; ++i) {
            uint256 debtCap = markets[i].market.limits().debtCap;
            refilled[i] += ((debtCap * markets[i].config.dailyAllowance) / WAD) * duration;
        }
        skipTime(duration);
    }

    function _checkTightening(bool[] memory before) private {
        _expectSame(before);
        for (uint256 i = 0; i < LIMITS; ++i) {
            (uint256 value, uint256 validFrom) = market.scheduledRaise(Limit(i));
            _expect(8, value == 0 && validFrom == 0, "a scheduled raise survived a tightening");
        }
    }

    function _expectSame(bool[] memory before) private {
        bool[] memory afterwards = _liquidatable();
        for (uint256 i = 0; i < before.length; ++i) {
            _expect(8, before[i] == afterwards[i], "a change of limits made somebody liquidatable");
        }
    }

    function _liquidatable() private view returns (bool[] memory result) {
        address[] memory all = accounts();
        result = new bool[](all.length);
        if (_oracleBroken) return result;
        for (uint256 i = 0; i < all.length; ++i) result[i] = _isLiquidatable(all[i]);
    }

    function _limit(Limit limit) private view returns (uint256) {
        return LimitValues.get(market.limits(), limit);
    }
}
