// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../../../contracts/interfaces/ILeverageMarket.sol";
import {LimitRules} from "../../../contracts/libraries/LimitRules.sol";
import {Limit} from "../../../contracts/types/MarketTypes.sol";
import {LIMITS, LimitValues} from "../../support/LimitValues.sol";
import {ModelBooks} from "./ModelBooks.sol";

/// @notice The limits, their changes by governance, and the allowance for new debt.
abstract contract ModelLimits is ModelBooks {
    struct Raise {
        uint256 value;
        uint256 validFrom;
    }

    /// @dev For the liquidation limit, the ramp's target, if there was a ramp.
    mapping(Limit limit => uint256) internal _limits;
    uint256 internal constant RAMP_UNIT = 2 ** 40;
    /// @dev In units of 1/`RAMP_UNIT`.
    uint256 internal _rampFrom;
    uint256 internal _rampStart;
    uint256 internal _rampEnd;
    mapping(Limit limit => Raise) private _raises;
    /// @dev Loan token units times the seconds of a day; each second refills a day's number of
    /// units.
    uint256 private _allowance;
    uint256 private _lastRefill = block.timestamp;

    constructor() {
        for (uint256 i = 0; i < LIMITS; ++i) _limits[Limit(i)] = LimitValues.get(params.limits, Limit(i));
        _limits[Limit.SupplyCap] = _threeDigits(_limits[Limit.SupplyCap]);
        _allowance = _daily() * 1 days;
    }

    modifier onlyGuardians() {
        if (_caller != params.guardian && _caller != params.riskManager) {
            revert IAccessManaged.AccessManagedUnauthorized(_caller);
        }
        _;
    }

    modifier onlyRiskManager() {
        if (_caller != params.riskManager) revert IAccessManaged.AccessManagedUnauthorized(_caller);
        _;
    }

    function lowerLimit(Limit limit, uint256 value) external onlyGuardians {
        uint256 current = _limit(limit);
        if (value > current) revert ILeverageMarket.NotATightening(limit, current, value);
        bool isCap = limit == Limit.DebtCap || limit == Limit.CollateralCap || limit == Limit.SupplyCap;
        if (limit == Limit.LiquidationLeverage || (!isCap && value < ONE_X)) {
            revert ILeverageMarket.InvalidLimit(limit, value);
        }
        _clearRaises();
        _setLimit(limit, value);
    }

    function scheduleRaise(Limit limit, uint256 value) external onlyRiskManager {
        _checkRaise(limit, value);
        _raises[limit] = Raise(value, block.timestamp + params.config.raiseDelay);
    }

    function applyRaise(Limit limit) external {
        Raise memory raise = _pending(limit);
        if (raise.validFrom == 0) revert ILeverageMarket.NothingScheduled(limit);
        if (raise.validFrom > block.timestamp) revert ILeverageMarket.RaiseNotReady(limit, raise.validFrom);
        _checkRaise(limit, raise.value);
        delete _raises[limit];
        _setLimit(limit, raise.value);
    }

    function rampLiquidationLeverage(uint256 target, uint256 duration) external onlyRiskManager {
        if (duration < 2 days) revert ILeverageMarket.RampTooShort(duration, 2 days);
        if (duration > 365 days) revert ILeverageMarket.RampTooLong(duration, 365 days);
        uint256 from = _limit(Limit.LiquidationLeverage);
        if (target >= from) revert ILeverageMarket.NotATightening(Limit.LiquidationLeverage, from, target);
        uint256 floor = Math.max(_limits[Limit.MaxLeverage], params.config.targetLeverage);
        if (!LimitRules.keepsGap(floor, target, params.config.entryGap)) {
            revert ILeverageMarket.InvalidLimit(Limit.LiquidationLeverage, target);
        }
        if (block.timestamp < _rampEnd) _checkEndOfRamp(from, target, duration);
        _clearRaises();
        (_rampFrom, _rampStart, _rampEnd) = (_exactLimit(), block.timestamp, block.timestamp + duration);
        _limits[Limit.LiquidationLeverage] = target;
    }

    /// @dev The present limit; rounded up during a ramp.
    function _limit(Limit limit) internal view returns (uint256 value) {
        value = limit == Limit.LiquidationLeverage ? Math.ceilDiv(_exactLimit(), RAMP_UNIT) : _limits[limit];
    }

    /// @dev The present liquidation limit in units of 1/`RAMP_UNIT`; rounded up during a ramp.
    function _exactLimit() internal view returns (uint256 value) {
        value = _limits[Limit.LiquidationLeverage] * RAMP_UNIT;
        if (block.timestamp < _rampEnd) {
            uint256 left = (_rampFrom - value) * (_rampEnd - block.timestamp);
            value += Math.ceilDiv(left, _rampEnd - _rampStart);
        }
    }

    /// @dev A raise that nobody has applied expires a week after its time.
    function _pending(Limit limit) internal view returns (Raise memory raise) {
        raise = _raises[limit];
        if (block.timestamp > raise.validFrom + 1 weeks) return Raise(0, 0);
    }

    function _allowanceNow() internal view returns (uint256) {
        return _refilled() / 1 days;
    }

    /// @param change Loan token units times seconds.
    function _moveAllowance(int256 change) internal {
        (_allowance, _lastRefill) = (uint256(int256(_refilled()) + change), block.timestamp);
    }

    function _refilled() private view returns (uint256) {
        return Math.min(_daily() * 1 days, _allowance + _daily() * (block.timestamp - _lastRefill));
    }

    function _daily() private view returns (uint256) {
        return (_limits[Limit.DebtCap] * params.config.dailyAllowance) / WAD;
    }

    function _setLimit(Limit limit, uint256 value) private {
        if (limit == Limit.DebtCap) _moveAllowance(0);
        _limits[limit] = limit == Limit.SupplyCap ? _threeDigits(value) : value;
        if (limit == Limit.DebtCap) _moveAllowance(0);
        if (limit == Limit.LiquidationLeverage) (_rampFrom, _rampStart, _rampEnd) = (0, 0, 0);
    }

    /// @dev Sets the other digits to zero.
    function _threeDigits(uint256 value) private pure returns (uint256) {
        uint256 unit = 1;
        while (value / unit > 999) unit *= 10;
        return value - (value % unit);
    }

    /// @dev At the running ramp's end a new ramp must be at least as low.
    function _checkEndOfRamp(uint256 from, uint256 target, uint256 duration) private view {
        uint256 remaining = _rampEnd - block.timestamp;
        uint256 fallen = Math.min(from - target, ((from - target) * remaining) / duration);
        uint256 promised = _limits[Limit.LiquidationLeverage];
        if (from - fallen > promised) {
            revert ILeverageMarket.NotATightening(Limit.LiquidationLeverage, promised, from - fallen);
        }
    }

    function _clearRaises() private {
        for (uint256 i = 0; i < LIMITS; ++i) delete _raises[Limit(i)];
    }

    function _checkRaise(Limit limit, uint256 value) private view {
        uint256 current = _limit(limit);
        if (value <= current) revert ILeverageMarket.NotALoosening(limit, current, value);
        if (!_isRaiseValid(limit, value)) revert ILeverageMarket.InvalidLimit(limit, value);
    }

    function _isRaiseValid(Limit limit, uint256 value) private view returns (bool) {
        if (limit == Limit.CollateralCap || limit == Limit.SupplyCap) return value < 2 ** 128;
        if (limit == Limit.DebtCap) return value <= uint256(type(uint120).max) / 1 days;
        if (value >= 2 ** 24) return false;
        if (limit == Limit.MaxLeverage)
            return LimitRules.keepsGap(value, _limits[Limit.LiquidationLeverage], params.config.entryGap);
        if (limit == Limit.SystemLeverageCap) return true;
        return LimitRules.isPayable(value, params.config.bonusMin, params.config.bonusMax, params.config.safetyMargin);
    }
}
