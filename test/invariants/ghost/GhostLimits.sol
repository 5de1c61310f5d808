// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../../../contracts/interfaces/ILeverageMarket.sol";
import {LimitRules} from "../../../contracts/libraries/LimitRules.sol";
import {Limit} from "../../../contracts/types/MarketTypes.sol";
import {GhostBooks} from "./GhostBooks.sol";

/// @notice The limits, how governance moves them, and the allowance for new debt.
abstract contract GhostLimits is GhostBooks {
    struct Raise {
        uint256 value;
        uint256 validFrom;
    }

    /// @dev In the order of `Limit`; that of liquidation is where its ramp ends, if there was one.
    uint256[5] internal _limits;
    uint256 internal _rampFrom;
    uint256 internal _rampStart;
    uint256 internal _rampEnd;
    Raise[5] internal _raises;
    uint256 internal _allowance;
    uint256 internal _lastRefill = block.timestamp;

    constructor() {
        _limits = subject.limits;
        _allowance = (subject.limits[3] * subject.config[9]) / WAD;
    }

    modifier onlyGuardians() {
        if (_caller != subject.guardian && _caller != subject.riskManager) {
            revert IAccessManaged.AccessManagedUnauthorized(_caller);
        }
        _;
    }

    modifier onlyRiskManager() {
        if (_caller != subject.riskManager) revert IAccessManaged.AccessManagedUnauthorized(_caller);
        _;
    }

    function lowerLimit(Limit limit, uint256 value) external onlyGuardians {
        uint256 current = _limit(limit);
        if (value > current) revert ILeverageMarket.NotATightening(limit, current, value);
        bool isLeverage = uint256(limit) < 3;
        if (limit == Limit.LiquidationLeverage || (isLeverage && value < 10_000)) {
            revert ILeverageMarket.InvalidLimit(limit, value);
        }
        delete _raises;
        _setLimit(limit, value);
    }

    function scheduleRaise(Limit limit, uint256 value) external onlyRiskManager {
        _checkRaise(limit, value);
        _raises[uint256(limit)] = Raise(value, block.timestamp + subject.config[11]);
    }

    function applyRaise(Limit limit) external {
        Raise memory raise = _pending(limit);
        if (raise.validFrom == 0) revert ILeverageMarket.NothingScheduled(limit);
        if (raise.validFrom > block.timestamp) revert ILeverageMarket.RaiseNotReady(limit, raise.validFrom);
        _checkRaise(limit, raise.value);
        delete _raises[uint256(limit)];
        _setLimit(limit, raise.value);
    }

    function rampLiquidationLeverage(uint256 target, uint256 duration) external onlyRiskManager {
        if (duration < 2 days) revert ILeverageMarket.RampTooShort(duration, 2 days);
        if (duration > 365 days) revert ILeverageMarket.RampTooLong(duration, 365 days);
        uint256 from = _limit(Limit.LiquidationLeverage);
        if (target >= from) revert ILeverageMarket.NotATightening(Limit.LiquidationLeverage, from, target);
        uint256 floor = Math.max(_limits[0], subject.config[0]);
        if (!LimitRules.keepsGap(floor, target, subject.config[1])) {
            revert ILeverageMarket.InvalidLimit(Limit.LiquidationLeverage, target);
        }
        delete _raises;
        (_rampFrom, _rampStart, _rampEnd) = (from, block.timestamp, block.timestamp + duration);
        _limits[1] = target;
    }

    /// @dev The limit now; on a ramp rounded up.
    function _limit(Limit limit) internal view returns (uint256 value) {
        value = _limits[uint256(limit)];
        if (limit == Limit.LiquidationLeverage && block.timestamp < _rampEnd) {
            uint256 left = (_rampFrom - value) * (_rampEnd - block.timestamp);
            value += Math.ceilDiv(left, _rampEnd - _rampStart);
        }
    }

    /// @dev A raise that nobody has applied is forgotten a week after its time.
    function _pending(Limit limit) internal view returns (Raise memory raise) {
        raise = _raises[uint256(limit)];
        if (block.timestamp > raise.validFrom + 1 weeks) return Raise(0, 0);
    }

    function _allowanceNow() internal view returns (uint256) {
        uint256 daily = (_limits[3] * subject.config[9]) / WAD;
        return Math.min(daily, _allowance + (daily * (block.timestamp - _lastRefill)) / 1 days);
    }

    function _setAllowance(uint256 allowance) internal {
        (_allowance, _lastRefill) = (allowance, block.timestamp);
    }

    function _setLimit(Limit limit, uint256 value) private {
        if (limit == Limit.DebtCap) _setAllowance(_allowanceNow());
        _limits[uint256(limit)] = value;
        if (limit == Limit.DebtCap) _setAllowance(_allowanceNow());
        if (limit == Limit.LiquidationLeverage) (_rampFrom, _rampStart, _rampEnd) = (0, 0, 0);
    }

    function _checkRaise(Limit limit, uint256 value) private view {
        uint256 current = _limit(limit);
        if (value <= current) revert ILeverageMarket.NotALoosening(limit, current, value);
        if (!_isRaiseValid(limit, value)) revert ILeverageMarket.InvalidLimit(limit, value);
    }

    function _isRaiseValid(Limit limit, uint256 value) private view returns (bool) {
        if (limit == Limit.CollateralCap) return value < 2 ** 128;
        if (limit == Limit.DebtCap) return value < 2 ** 112;
        if (value >= 2 ** 24) return false;
        if (limit == Limit.MaxLeverage) return LimitRules.keepsGap(value, _limits[1], subject.config[1]);
        if (limit == Limit.SystemLeverageCap) return true;
        return LimitRules.isPayable(value, subject.config[3], subject.config[4], subject.config[2]);
    }
}
