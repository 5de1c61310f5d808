// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {GuardParams, IOracleGuard, SourceRole} from "../interfaces/IOracleGuard.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {BoundedRead} from "../libraries/BoundedRead.sol";
import {GuardRules, GuardState, Reading} from "../libraries/GuardRules.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";

/// @title OracleGuard
/// @notice See {IOracleGuard}.
/// @dev `prices` reads three slots and the two sources; an ordinary poke writes one slot.
contract OracleGuard is IOracleGuard, AccessManaged {
    struct Source {
        IPriceOracle oracle;
        uint32 deadFor;
    }

    struct ScheduledSource {
        IPriceOracle oracle;
        uint40 validFrom;
    }

    /// @dev What the sources say at a moment, and what a poke would make of it.
    struct Moment {
        Reading primary;
        Reading secondary;
        uint256 primaryDeadFor;
        uint256 secondaryDeadFor;
        GuardState state;
    }

    /// @notice Death for which a source may be replaced by one that agrees with nothing.
    uint256 public constant REPLACEABLE_AFTER = 3 days;

    /// @dev A source that nobody applied must not wait for a day on which it harms.
    uint256 private constant EXPIRATION = 1 weeks;

    /// @inheritdoc IOracleGuard
    uint256 public immutable bound;
    /// @inheritdoc IOracleGuard
    uint256 public immutable slew;
    /// @inheritdoc IOracleGuard
    uint256 public immutable grace;
    /// @inheritdoc IOracleGuard
    uint256 public immutable sourceGas;
    /// @inheritdoc IOracleGuard
    uint256 public immutable replacementDelay;

    GuardState private _state;
    mapping(SourceRole role => Source) private _sources;
    mapping(SourceRole role => ScheduledSource) private _scheduled;

    constructor(GuardParams memory params) AccessManaged(params.authority) {
        _require(params.bound > 0 && params.bound <= 0.2e18, "bound", params.bound);
        _require(params.slew > 0 && params.slew <= 1e18, "slew", params.slew);
        // Twice the grace fits the 16 bits of its count.
        _require(params.grace >= GuardRules.MAX_SPAN && params.grace <= 8 hours, "grace", params.grace);
        _require(params.sourceGas > 0 && params.sourceGas <= 5_000_000, "sourceGas", params.sourceGas);
        uint256 delay = params.replacementDelay;
        _require(delay >= 2 days && delay <= 365 days, "replacementDelay", delay);
        (bound, slew, grace) = (params.bound, params.slew, params.grace);
        (sourceGas, replacementDelay) = (params.sourceGas, delay);

        _checkDistinct(params.primary, params.secondary);
        _sources[SourceRole.Primary].oracle = params.primary;
        _sources[SourceRole.Secondary].oracle = params.secondary;
        uint256 primary = _read(params.primary, params.sourceGas).liquidation;
        uint256 secondary = _read(params.secondary, params.sourceGas).liquidation;
        if (!GuardRules.agree(primary, secondary, params.bound)) revert SourcesDisagree(primary, secondary);
        _state = GuardState(uint192(Math.min(primary, secondary)), uint40(block.timestamp), 0, 0);
    }

    /// @inheritdoc IOracleGuard
    function prices() external view returns (uint256 openPrice, uint256 liquidationPrice) {
        Moment memory moment = _look();
        return GuardRules.prices(moment.state, moment.primary, moment.secondary, moment.primaryDeadFor, grace);
    }

    /// @inheritdoc IOracleGuard
    function poke() external {
        _poke();
    }

    /// @inheritdoc IOracleGuard
    function scheduleSource(SourceRole role, IPriceOracle source) external restricted {
        uint256 validFrom = block.timestamp + replacementDelay;
        _scheduled[role] = ScheduledSource(source, uint40(validFrom));
        emit SourceScheduled(role, source, validFrom);
    }

    /// @inheritdoc IOracleGuard
    function cancelSource(SourceRole role) external restricted {
        ScheduledSource memory scheduled = _scheduled[role];
        if (scheduled.validFrom == 0) revert NothingScheduled(role);
        delete _scheduled[role];
        emit SourceCancelled(role, scheduled.oracle);
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
        (uint256 deadFor, uint256 staying) = role == SourceRole.Primary
            ? (moment.primaryDeadFor, moment.secondary.liquidation)
            : (moment.secondaryDeadFor, moment.primary.liquidation);
        _checkNew(scheduled.oracle, deadFor, staying, moment.state.ceiling);

        IPriceOracle old = _sources[role].oracle;
        delete _scheduled[role];
        _sources[role] = Source(scheduled.oracle, 0);
        // Of the last poke only what it saw of the source that stays still holds.
        _state.disagreement = 0;
        _state.seen &= role == SourceRole.Primary ? GuardRules.SECONDARY_DEAD : GuardRules.PRIMARY_DEAD;
        emit SourceReplaced(role, old, scheduled.oracle);
    }

    /// @inheritdoc IOracleGuard
    function sourceOf(SourceRole role) external view returns (IPriceOracle source, uint256 deadFor) {
        return (_sources[role].oracle, _sources[role].deadFor);
    }

    /// @inheritdoc IOracleGuard
    function scheduledSource(SourceRole role) external view returns (IPriceOracle source, uint256 validFrom) {
        return (_scheduled[role].oracle, _scheduled[role].validFrom);
    }

    /// @inheritdoc IOracleGuard
    function state() external view returns (uint256 ceiling, uint256 disagreement, uint256 lastPoke) {
        return (_state.ceiling, _state.disagreement, _state.lastPoke);
    }

    function _poke() private returns (Moment memory moment) {
        moment = _look();
        _state = moment.state;
        _storeDeath(SourceRole.Primary, moment.primaryDeadFor);
        _storeDeath(SourceRole.Secondary, moment.secondaryDeadFor);
        uint256 ceiling = moment.state.ceiling;
        emit Poked(moment.primary.liquidation, moment.secondary.liquidation, ceiling, moment.state.disagreement);
    }

    function _storeDeath(SourceRole role, uint256 deadFor) private {
        if (_sources[role].deadFor != deadFor) _sources[role].deadFor = uint32(deadFor);
    }

    /// @dev What the sources say, and the state that a poke would leave.
    function _look() private view returns (Moment memory moment) {
        Source memory primary = _sources[SourceRole.Primary];
        Source memory secondary = _sources[SourceRole.Secondary];
        GuardState memory before = _state;
        moment.primary = _read(primary.oracle, sourceGas);
        moment.secondary = _read(secondary.oracle, sourceGas);

        uint256 span = block.timestamp - before.lastPoke;
        uint8 seen = GuardRules.look(moment.primary, moment.secondary, bound);
        uint256 good = Math.min(moment.primary.liquidation, moment.secondary.liquidation);
        moment.state = GuardRules.advance(before, seen, good, block.timestamp, slew, grace);
        uint8 flag = GuardRules.PRIMARY_DEAD;
        moment.primaryDeadFor = GuardRules.countDeath(primary.deadFor, before.seen, seen, flag, span);
        flag = GuardRules.SECONDARY_DEAD;
        moment.secondaryDeadFor = GuardRules.countDeath(secondary.deadFor, before.seen, seen, flag, span);
    }

    function _checkNew(IPriceOracle source, uint256 deadFor, uint256 staying, uint256 ceiling) private view {
        uint256 price = _read(source, sourceGas).liquidation;
        if (price == 0) revert NewSourceDead(source);
        // A ceiling that lags behind a rise would vouch for a source that every live one contradicts.
        uint256 voucher = staying != 0 ? staying : ceiling;
        if (deadFor < REPLACEABLE_AFTER && !GuardRules.agree(price, voucher, bound))
            revert NewSourceDisagrees(source, price, ceiling, staying);
    }

    /// @dev A market liquidates at the higher of an oracle's two prices: so that is what counts here.
    function _read(IPriceOracle source, uint256 gasBound) private view returns (Reading memory reading) {
        bytes memory data = abi.encodeCall(IPriceOracle.prices, ());
        (bool success, uint256[] memory words) = BoundedRead.read(address(source), data, 2, gasBound);
        if (!success) return reading;
        uint256 liquidation = Math.max(words[0], words[1]);
        if (liquidation <= LeverageMath.MAX_PRICE) return Reading(words[0], liquidation);
    }

    function _checkDistinct(IPriceOracle one, IPriceOracle other) private pure {
        if (address(one) == address(other)) revert SameSource(one);
    }

    function _require(bool fulfilled, string memory parameter, uint256 value) private pure {
        if (!fulfilled) revert InvalidParameter(parameter, value);
    }
}
