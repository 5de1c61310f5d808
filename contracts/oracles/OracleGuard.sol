// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IOracleGuard} from "../interfaces/IOracleGuard.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {OraclePrices} from "../libraries/OraclePrices.sol";
import {
    GuardLimits,
    GuardParams,
    GuardState,
    Moment,
    PackedGuardState,
    Reading,
    ScheduledSource,
    Source,
    SourceRole
} from "../types/OracleTypes.sol";
import {GuardRules} from "./libraries/GuardRules.sol";
import {PackedPrice} from "./libraries/PackedPrice.sol";

/// @title OracleGuard
/// @notice See {IOracleGuard}.
/// @dev While both sources are available and have not been replaced, `prices` reads one slot and
/// the two sources, and a poke writes that slot.
contract OracleGuard is IOracleGuard, AccessManaged {
    using PackedPrice for uint256;
    using PackedPrice for uint88;

    /// @notice Length of an outage after which a source may be replaced by one that agrees with no
    /// other price, seconds.
    uint256 public constant REPLACEABLE_AFTER = 3 days;

    /// @dev A scheduled source expires after a week, so that a stale replacement can't be applied.
    uint256 private constant EXPIRATION = 1 weeks;

    /// @inheritdoc IOracleGuard
    uint256 public immutable maxDeviation;
    /// @inheritdoc IOracleGuard
    uint256 public immutable maxRisePerHour;
    /// @inheritdoc IOracleGuard
    uint256 public immutable maxFallPerHour;
    /// @inheritdoc IOracleGuard
    uint256 public immutable gracePeriod;
    /// @inheritdoc IOracleGuard
    uint256 public immutable sourceGas;
    /// @inheritdoc IOracleGuard
    uint256 public immutable replacementDelay;

    /// @dev The sources until they are replaced: reading code is cheaper than reading storage.
    address private immutable FIRST_PRIMARY;
    address private immutable FIRST_SECONDARY;

    PackedGuardState private _state;
    mapping(SourceRole role => Source) private _sources;
    mapping(SourceRole role => ScheduledSource) private _scheduled;

    /// @param params See `GuardParams`. Both sources must be available and agree
    /// ({SourcesDisagree}).
    constructor(GuardParams memory params) AccessManaged(params.authority) {
        _require(params.maxDeviation > 0 && params.maxDeviation <= 0.2e18, "maxDeviation", params.maxDeviation);
        uint256 rise = params.maxRisePerHour;
        _require(rise >= 0.01e18 && rise <= 1e18, "maxRisePerHour", rise);
        uint256 fall = params.maxFallPerHour;
        _require(fall >= 0.1e18 && fall <= 1e18, "maxFallPerHour", fall);
        // Three spans: even if an attacker forces the state at one poke, at least one pair of close
        // pokes still counts. Twice the grace period fits the 16 bits of its count.
        _require(
            params.gracePeriod >= 3 * GuardRules.MAX_SPAN && params.gracePeriod <= 8 hours,
            "gracePeriod",
            params.gracePeriod
        );
        _require(params.sourceGas > 0 && params.sourceGas <= 5_000_000, "sourceGas", params.sourceGas);
        uint256 delay = params.replacementDelay;
        _require(delay >= 2 days && delay <= 365 days, "replacementDelay", delay);
        (maxDeviation, maxRisePerHour, maxFallPerHour) = (params.maxDeviation, rise, fall);
        gracePeriod = params.gracePeriod;
        (sourceGas, replacementDelay) = (params.sourceGas, delay);

        _checkDistinct(params.primary, params.secondary);
        (FIRST_PRIMARY, FIRST_SECONDARY) = (params.primary, params.secondary);
        _sources[SourceRole.Primary].oracle = params.primary;
        _sources[SourceRole.Secondary].oracle = params.secondary;
        uint256 primary = _liquidationPrice(params.primary, params.sourceGas);
        uint256 secondary = _liquidationPrice(params.secondary, params.sourceGas);
        if (!GuardRules.agree(primary, secondary, params.maxDeviation)) revert SourcesDisagree(primary, secondary);
        uint88 ceiling = Math.min(primary, secondary).packDown();
        _state = PackedGuardState(ceiling, primary.packDown(), uint40(block.timestamp), 0, 0, false, 0);
    }

    /// @inheritdoc IOracleGuard
    function prices() external view returns (uint256 openPrice, uint256 liquidationPrice) {
        Moment memory moment;
        _look(moment);
        return
            GuardRules.prices(
                moment.state,
                moment.primary,
                moment.secondary,
                moment.primaryUnavailableFor,
                gracePeriod
            );
    }

    /// @inheritdoc IOracleGuard
    function poke() external {
        _poke();
    }

    /// @inheritdoc IOracleGuard
    function scheduleSource(SourceRole role, IPriceOracle source) external restricted {
        uint256 validFrom = block.timestamp + replacementDelay;
        _scheduled[role] = ScheduledSource(address(source), uint40(validFrom));
        emit SourceScheduled(role, source, validFrom);
    }

    /// @inheritdoc IOracleGuard
    function cancelSource(SourceRole role) external restricted {
        ScheduledSource memory scheduled = _scheduled[role];
        if (scheduled.validFrom == 0) revert NothingScheduled(role);
        delete _scheduled[role];
        emit SourceCancelled(role, IPriceOracle(scheduled.oracle));
    }

    /// @inheritdoc IOracleGuard
    function applySource(SourceRole role) external {
        ScheduledSource memory scheduled = _scheduled[role];
        if (scheduled.validFrom == 0 || block.timestamp > scheduled.validFrom + EXPIRATION)
            revert NothingScheduled(role);
        if (block.timestamp < scheduled.validFrom) revert SourceNotReady(role, scheduled.validFrom);
        SourceRole other = role == SourceRole.Primary ? SourceRole.Secondary : SourceRole.Primary;
        _checkDistinct(scheduled.oracle, _sources[other].oracle);
        Moment memory moment = _poke();
        (uint256 unavailableFor, uint256 staying) = role == SourceRole.Primary
            ? (moment.primaryUnavailableFor, moment.secondary.liquidation)
            : (moment.secondaryUnavailableFor, moment.primary.liquidation);
        _checkNew(scheduled.oracle, unavailableFor, staying, moment.state.ceiling);

        address old = _sources[role].oracle;
        delete _scheduled[role];
        _sources[role] = Source(scheduled.oracle, 0);
        _state.replaced |= _bit(role);
        // Only the state of the source that stays is still valid from the last poke.
        (_state.disagreement, _state.wasBelow) = (0, false);
        _state.seen &= role == SourceRole.Primary ? GuardRules.SECONDARY_UNAVAILABLE : GuardRules.PRIMARY_UNAVAILABLE;
        emit SourceReplaced(role, IPriceOracle(old), IPriceOracle(scheduled.oracle));
    }

    /// @inheritdoc IOracleGuard
    function sourceOf(SourceRole role) external view returns (IPriceOracle source, uint256 unavailableFor) {
        return (IPriceOracle(_sources[role].oracle), _sources[role].unavailableFor);
    }

    /// @inheritdoc IOracleGuard
    function scheduledSource(SourceRole role) external view returns (IPriceOracle source, uint256 validFrom) {
        return (IPriceOracle(_scheduled[role].oracle), _scheduled[role].validFrom);
    }

    /// @inheritdoc IOracleGuard
    function state() external view returns (uint256 ceiling, uint256 floor, uint256 disagreement, uint256 lastPoke) {
        GuardState memory last;
        _load(last);
        return (last.ceiling, last.floor, last.disagreement, last.lastPoke);
    }

    function _poke() private returns (Moment memory moment) {
        uint8 before = _state.seen;
        _look(moment);
        _store(moment.state);
        uint8 seen = before | moment.state.seen;
        _storeOutage(SourceRole.Primary, seen, moment.primaryUnavailableFor);
        _storeOutage(SourceRole.Secondary, seen, moment.secondaryUnavailableFor);
        uint256 ceiling = moment.state.ceiling;
        emit Poked(moment.primary.liquidation, moment.secondary.liquidation, ceiling, moment.state.disagreement);
    }

    function _load(GuardState memory state_) private view {
        PackedGuardState storage packed = _state;
        state_.ceiling = uint192(packed.ceiling.unpack());
        state_.floor = uint192(packed.floor.unpack());
        (state_.lastPoke, state_.disagreement, state_.seen) = (packed.lastPoke, packed.disagreement, packed.seen);
        (state_.wasBelow, state_.replaced) = (packed.wasBelow, packed.replaced);
    }

    function _store(GuardState memory state_) private {
        _state = PackedGuardState(
            uint256(state_.ceiling).packDown(),
            uint256(state_.floor).packDown(),
            state_.lastPoke,
            state_.disagreement,
            state_.seen,
            state_.wasBelow,
            state_.replaced
        );
    }

    /// @dev Without an outage at this poke or the one before, the stored value is zero already.
    function _storeOutage(SourceRole role, uint8 seen, uint256 unavailableFor) private {
        if (seen & _flag(role) == 0) return;
        if (_sources[role].unavailableFor != unavailableFor) _sources[role].unavailableFor = uint32(unavailableFor);
    }

    /// @dev Fills in the prices of the sources and the state that a poke would leave. Returning a
    /// struct would cost more gas.
    function _look(Moment memory moment) private view {
        GuardState memory state_ = moment.state;
        _load(state_);
        _read(moment.primary, _oracle(SourceRole.Primary, state_.replaced));
        _read(moment.secondary, _oracle(SourceRole.Secondary, state_.replaced));

        (uint8 before, uint256 span) = (state_.seen, block.timestamp - state_.lastPoke);
        uint8 seen = GuardRules.look(moment.primary, moment.secondary, maxDeviation);
        GuardLimits memory limits = GuardLimits(maxDeviation, maxRisePerHour, maxFallPerHour, gracePeriod);
        GuardRules.advance(state_, seen, moment.primary, moment.secondary, block.timestamp, limits);
        // Rounded as a poke stores them, so that the answer equals that after a poke. If both
        // agree, the floor is the price itself.
        state_.ceiling = uint192(uint256(state_.ceiling).cutDown());
        if (seen != 0) state_.floor = uint192(uint256(state_.floor).cutDown());
        moment.primaryUnavailableFor = _outage(SourceRole.Primary, before, seen, span);
        moment.secondaryUnavailableFor = _outage(SourceRole.Secondary, before, seen, span);
    }

    /// @dev The stored length of an outage counts only if the last poke saw the outage too;
    /// otherwise it need not be read.
    function _outage(SourceRole role, uint8 before, uint8 seen, uint256 span) private view returns (uint256) {
        uint8 flag = _flag(role);
        if (before & seen & flag == 0) return 0;
        return GuardRules.countOutage(_sources[role].unavailableFor, before, seen, flag, span);
    }

    function _oracle(SourceRole role, uint8 replaced) private view returns (address) {
        if (replaced & _bit(role) != 0) return _sources[role].oracle;
        return role == SourceRole.Primary ? FIRST_PRIMARY : FIRST_SECONDARY;
    }

    function _checkNew(address source, uint256 unavailableFor, uint256 staying, uint256 ceiling) private view {
        uint256 price = _liquidationPrice(source, sourceGas);
        if (price == 0) revert NewSourceUnavailable(IPriceOracle(source));
        // The ceiling may lag behind a rise, so it counts only if no source that stays is
        // available.
        uint256 voucher = staying != 0 ? staying : ceiling;
        if (unavailableFor < REPLACEABLE_AFTER && !GuardRules.agree(price, voucher, maxDeviation))
            revert NewSourceDisagrees(IPriceOracle(source), price, ceiling, staying);
    }

    function _read(Reading memory reading, address source) private view {
        (reading.open, reading.liquidation) = OraclePrices.tryRead(IPriceOracle(source), sourceGas);
    }

    function _liquidationPrice(address source, uint256 gasBound) private view returns (uint256 price) {
        (, price) = OraclePrices.tryRead(IPriceOracle(source), gasBound);
    }

    function _flag(SourceRole role) private pure returns (uint8) {
        return role == SourceRole.Primary ? GuardRules.PRIMARY_UNAVAILABLE : GuardRules.SECONDARY_UNAVAILABLE;
    }

    /// @dev The bit of a role in `GuardState.replaced`.
    function _bit(SourceRole role) private pure returns (uint8) {
        return uint8(1 << uint8(role));
    }

    function _checkDistinct(address one, address other) private pure {
        if (one == other) revert SameSource(IPriceOracle(one));
    }

    function _require(bool fulfilled, string memory parameter, uint256 value) private pure {
        if (!fulfilled) revert InvalidParameter(parameter, value);
    }
}
