// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

// ---------------------------------------------------------------------- guard

/// @notice Names one of the two sources of a guard.
enum SourceRole {
    Primary,
    Secondary
}

/// @notice Deployment parameters of a guard. Only the sources can be replaced.
/// @param primary The `IPriceOracle` whose price applies while both agree.
/// @param secondary An `IPriceOracle` independent of the primary: whatever breaks or moves one must
/// not break or move the other.
/// @param authority `AccessManager` with the roles of `scheduleSource` and `cancelSource`.
/// @param maxDeviation Largest difference of two agreeing prices, as a share of the higher one,
/// WAD; above zero, at most 20%. It must be below the `entryGap` of every market on the guard: see
/// the notes of {IOracleGuard}.
/// @param maxRisePerHour Largest rise of the ceiling from one poke to the next, as a share per
/// hour, WAD; 1% to 100%. A smaller one would refuse openings for days after a rise. With many
/// pokes in an hour the rise is `e^maxRisePerHour - 1`.
/// @param maxFallPerHour Largest fall of the floor between two close pokes, as a share per hour,
/// WAD; 10% to 100%. It decides how late a real fall takes effect while a source acts alone; times
/// a pool's window, it is the move that one push of the pool causes then.
/// @param gracePeriod Seconds for which a lower primary, or an outage of the primary, must count
/// before it moves the price: half an hour (three times the longest span between close pokes) to
/// eight hours.
/// @param sourceGas Gas that one read of a source may use; above zero, at most five million.
/// @param replacementDelay Seconds from scheduling a source until it may be applied: two days to a
/// year.
struct GuardParams {
    address primary;
    address secondary;
    address authority;
    uint256 maxDeviation;
    uint256 maxRisePerHour;
    uint256 maxFallPerHour;
    uint256 gracePeriod;
    uint256 sourceGas;
    uint256 replacementDelay;
}

/// @notice The parameters of a guard that its rules need: see {GuardParams}.
struct GuardLimits {
    uint256 maxDeviation;
    uint256 maxRisePerHour;
    uint256 maxFallPerHour;
    uint256 gracePeriod;
}

/// @notice The prices of a source, as `OraclePrices.tryRead` returns them.
/// @param open Meaningful only if the source is available.
/// @param liquidation At least `open`, at most `LeverageMath.MAX_PRICE`; zero for an unavailable
/// source.
struct Reading {
    uint256 open;
    uint256 liquidation;
}

/// @notice The state of a guard.
/// @param ceiling Highest possible open price.
/// @param floor Lowest liquidation price of a source that acts alone.
/// @param lastPoke Time of the last poke, Unix seconds.
/// @param disagreement Seconds that count as disagreement with a lower primary, at most twice the
/// grace period.
/// @param seen State of the sources at the last poke: the flags of {GuardRules}.
/// @param wasBelow Whether one source acted alone at the last poke, with a price below the floor.
/// @param replaced Which sources have been replaced since the constructor: one bit for each role.
struct GuardState {
    uint192 ceiling;
    uint192 floor;
    uint40 lastPoke;
    uint16 disagreement;
    uint8 seen;
    bool wasBelow;
    uint8 replaced;
}

/// @notice A {GuardState} in one slot, with prices packed by {PackedPrice}.
struct PackedGuardState {
    uint88 ceiling;
    uint88 floor;
    uint40 lastPoke;
    uint16 disagreement;
    uint8 seen;
    bool wasBelow;
    uint8 replaced;
}

/// @notice A source in use, in one slot.
/// @param oracle An `IPriceOracle`.
/// @param unavailableFor Seconds for which its outage counted at the last poke.
struct Source {
    address oracle;
    uint32 unavailableFor;
}

/// @notice A scheduled replacement of a source, in one slot.
/// @param oracle An `IPriceOracle`.
/// @param validFrom First block time at which it may be applied, Unix seconds.
struct ScheduledSource {
    address oracle;
    uint40 validFrom;
}

/// @notice The prices of a guard's sources now, and the state that a poke now would leave.
/// @param primary Prices of the primary.
/// @param secondary Prices of the secondary.
/// @param primaryUnavailableFor Seconds for which an outage of the primary counts.
/// @param secondaryUnavailableFor Seconds for which an outage of the secondary counts.
/// @param state State after the poke.
struct Moment {
    Reading primary;
    Reading secondary;
    uint256 primaryUnavailableFor;
    uint256 secondaryUnavailableFor;
    GuardState state;
}

// ---------------------------------------------------------------------- other oracles

/// @notice The rate at which a `VaultShareOracle` values a vault's shares, in one slot.
/// @param value Asset units per `sample` of share units.
/// @param lastPoke Time of the last poke that the vault answered, Unix seconds.
/// @param wasBelow Whether the vault's own rate was below `value` at that poke.
struct VaultRate {
    uint128 value;
    uint40 lastPoke;
    bool wasBelow;
}

/// @notice One answer of a `SettableFeed`, in one slot.
/// @param answer The answer, with the feed's decimals.
/// @param updatedAt Time at which it was set, Unix seconds; zero for a round that does not exist.
struct FeedRound {
    int192 answer;
    uint64 updatedAt;
}
