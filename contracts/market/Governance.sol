// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {DebtCeilings} from "../libraries/DebtCeilings.sol";
import {DecimalFloat} from "../libraries/DecimalFloat.sol";
import {LimitRules} from "../libraries/LimitRules.sol";
import {Ramps} from "../libraries/Ramps.sol";
import {DebtCeiling, ScheduledRaise} from "../types/MarketBooks.sol";
import {Limit, Limits, MarketParams, Ramp} from "../types/MarketTypes.sol";
import {LeverageLimits} from "./LeverageLimits.sol";

/// @title Governance
/// @notice Limits tighten at once and loosen after a delay. The authority assigns the roles; the
/// rules here hold however it is configured.
abstract contract Governance is AccessManaged, LeverageLimits {
    using DebtCeilings for DebtCeiling;

    uint256 private constant MIN_RAMP = 2 days;
    uint256 private constant MAX_RAMP = 365 days;

    mapping(Limit limit => ScheduledRaise) private _raises;
    /// @dev Each tightening starts a new epoch, which clears every scheduled raise.
    uint32 private _epoch = 1;

    constructor(MarketParams memory params) AccessManaged(params.authority) {}

    /// @inheritdoc ILeverageMarket
    function lowerLimit(Limit limit, uint256 value) external restricted {
        uint256 current = _limit(limit);
        if (value > current) revert NotATightening(limit, current, value);
        if (limit == Limit.LiquidationLeverage || !LimitRules.isInRange(limit, value))
            revert InvalidLimit(limit, value);
        _clearRaises();
        _setLimit(limit, value);
    }

    /// @inheritdoc ILeverageMarket
    function scheduleRaise(Limit limit, uint256 value) external restricted {
        _checkRaise(limit, value);
        uint256 validFrom = block.timestamp + _config.raiseDelay;
        _raises[limit] = ScheduledRaise(uint128(value), uint40(validFrom), _epoch);
        emit RaiseScheduled(limit, value, validFrom);
    }

    /// @inheritdoc ILeverageMarket
    function applyRaise(Limit limit) external {
        ScheduledRaise memory raise = _raises[limit];
        if (!LimitRules.isPending(raise, _epoch)) revert NothingScheduled(limit);
        if (block.timestamp < raise.validFrom) revert RaiseNotReady(limit, raise.validFrom);
        // A pending raise should still be valid, because every tightening clears it. It is checked
        // again all the same.
        _checkRaise(limit, raise.value);
        delete _raises[limit];
        _setLimit(limit, raise.value);
    }

    /// @inheritdoc ILeverageMarket
    function rampLiquidationLeverage(uint256 target, uint256 duration) external restricted {
        if (duration < MIN_RAMP) revert RampTooShort(duration, MIN_RAMP);
        if (duration > MAX_RAMP) revert RampTooLong(duration, MAX_RAMP);
        uint256 from = _limit(Limit.LiquidationLeverage);
        if (target >= from) revert NotATightening(Limit.LiquidationLeverage, from, target);
        if (!LimitRules.keepsGap(Math.max(_state.maxLeverage, _config.targetLeverage), target, _config.entryGap))
            revert InvalidLimit(Limit.LiquidationLeverage, target);
        // Both lines start at the same value now, so it is enough to compare them at the end of the
        // running ramp.
        (uint256 end, uint256 fraction) = (block.timestamp + duration, 0);
        if (_state.liquidationLeverage == 0) {
            uint256 value = Ramps.reachedAtEndUp(_ramp, from, target, duration);
            if (value > _ramp.to) revert NotATightening(Limit.LiquidationLeverage, _ramp.to, value);
            fraction = from * Ramps.FRACTIONS - Ramps.exactUp(_ramp);
        }
        _clearRaises();
        _ramp = Ramp(uint24(from), uint24(target), uint40(block.timestamp), uint40(end), uint40(fraction));
        _state.liquidationLeverage = 0;
        emit RampStarted(from, target, block.timestamp, end, fraction);
    }

    /// @inheritdoc ILeverageMarket
    function limits() external view returns (Limits memory) {
        return
            Limits({
                maxLeverage: _state.maxLeverage,
                liquidationLeverage: _liquidationLeverage(),
                systemLeverageCap: _state.systemLeverageCap,
                debtCap: _ceiling.cap,
                collateralCap: _collateral.cap,
                supplyCap: DecimalFloat.decode(_state.supplyCap)
            });
    }

    /// @inheritdoc ILeverageMarket
    function debtAllowance() external view returns (uint256) {
        return _ceiling.available(DAILY_ALLOWANCE);
    }

    /// @inheritdoc ILeverageMarket
    function scheduledRaise(Limit limit) external view returns (uint256 value, uint256 validFrom) {
        ScheduledRaise memory raise = _raises[limit];
        return LimitRules.isPending(raise, _epoch) ? (raise.value, raise.validFrom) : (0, 0);
    }

    /// @inheritdoc ILeverageMarket
    function ramp() external view returns (Ramp memory current) {
        if (_state.liquidationLeverage == 0) current = _ramp;
    }

    function _limit(Limit limit) private view returns (uint256) {
        if (limit == Limit.MaxLeverage) return _state.maxLeverage;
        if (limit == Limit.LiquidationLeverage) return _liquidationLeverage();
        if (limit == Limit.SystemLeverageCap) return _state.systemLeverageCap;
        if (limit == Limit.DebtCap) return _ceiling.cap;
        if (limit == Limit.CollateralCap) return _collateral.cap;
        return DecimalFloat.decode(_state.supplyCap);
    }

    /// @dev Callers have checked that the value fits. A supply cap is stored and emitted with three
    /// digits, rounded down.
    function _setLimit(Limit limit, uint256 value) private {
        if (limit == Limit.MaxLeverage) {
            _state.maxLeverage = uint24(value);
        } else if (limit == Limit.LiquidationLeverage) {
            _state.liquidationLeverage = uint24(value);
        } else if (limit == Limit.SystemLeverageCap) {
            _state.systemLeverageCap = uint24(value);
        } else if (limit == Limit.CollateralCap) {
            _collateral.cap = uint128(value);
        } else if (limit == Limit.SupplyCap) {
            _state.supplyCap = uint16(DecimalFloat.encodeDown(value));
            value = DecimalFloat.decode(_state.supplyCap);
        } else {
            _ceiling.setCap(value, DAILY_ALLOWANCE);
        }
        emit LimitSet(limit, value);
    }

    function _checkRaise(Limit limit, uint256 value) private view {
        uint256 current = _limit(limit);
        if (value <= current) revert NotALoosening(limit, current, value);
        // While a ramp is running, its target counts.
        uint256 liquidation = _state.liquidationLeverage == 0 ? _ramp.to : _state.liquidationLeverage;
        if (!LimitRules.isRaiseValid(limit, value, liquidation, _config)) revert InvalidLimit(limit, value);
    }

    function _clearRaises() private {
        ++_epoch;
        emit RaisesCleared();
    }
}
