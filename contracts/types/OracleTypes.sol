// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

// ---------------------------------------------------------------------- guard

/// @notice Which of the two sources of a guard.
enum SourceRole {
    Primary,
    Secondary
}

/// @notice What a guard is made of. Its numbers never change.
/// @param primary The source (an `IPriceOracle`) whose price holds while both agree.
/// @param secondary Independent of the primary: what breaks or moves the one must not break or move the other.
/// @param authority `AccessManager` with the roles of `scheduleSource` and `cancelSource`.
/// @param maxDeviation Two prices agree if they are apart by at most this share of the higher, WAD; above zero, at most 20%.
/// Must be smaller than the `entryGap` of every market on the guard: see the notes of {IOracleGuard}.
/// @param maxRisePerHour Rise of the ceiling from one poke to the next, as a share an hour, WAD; a hundredth to one. Less would
/// refuse openings for days after a rise. Many pokes in an hour make `e^maxRisePerHour - 1`.
/// @param maxFallPerHour Fall of the floor between two close pokes, as a share an hour, WAD; a tenth to one. It is how late a
/// true fall comes through where a source acts alone; times a pool's window, it is what one push of the pool moves then.
/// @param gracePeriod Seconds for which a lower primary, or the primary's outage, has to be seen before it moves the price: half
/// an hour (three spans between pokes) to eight hours.
/// @param sourceGas What one read of a source may use; above zero, at most five million.
/// @param replacementDelay Seconds from scheduling a source until it may be applied: two days to a year.
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

/// @notice The numbers of a guard that its rules take: see {GuardParams}.
struct GuardLimits {
    uint256 maxDeviation;
    uint256 maxRisePerHour;
    uint256 maxFallPerHour;
    uint256 gracePeriod;
}

/// @notice What a source said, as `OraclePrices.tryRead` tells it.
/// @param open Means something only if the source is available.
/// @param liquidation At least `open`, at most `LeverageMath.MAX_PRICE`; zero for an unavailable source.
struct Reading {
    uint256 open;
    uint256 liquidation;
}

/// @notice What a guard remembers.
/// @param ceiling What no open price exceeds.
/// @param floor What a source that acts alone liquidates nobody below.
/// @param lastPoke Unix seconds.
/// @param disagreement Seconds that count of a primary that disagrees and is the lower, at most twice the grace period.
/// @param seen What the last poke saw: the flags of {GuardRules}.
/// @param wasBelow Whether one source acted alone then, below the floor.
/// @param replaced Which sources are no longer those of the constructor: a bit for each role.
struct GuardState {
    uint192 ceiling;
    uint192 floor;
    uint40 lastPoke;
    uint16 disagreement;
    uint8 seen;
    bool wasBelow;
    uint8 replaced;
}

/// @notice A {GuardState} in one slot, its prices packed by {PackedPrice}.
struct PackedGuardState {
    uint88 ceiling;
    uint88 floor;
    uint40 lastPoke;
    uint16 disagreement;
    uint8 seen;
    bool wasBelow;
    uint8 replaced;
}

/// @notice A source in place, in one slot.
/// @param oracle An `IPriceOracle`.
/// @param unavailableFor Seconds for which its outage counted at the last poke.
struct Source {
    address oracle;
    uint32 unavailableFor;
}

/// @notice A source that waits for its time, in one slot.
/// @param oracle An `IPriceOracle`.
/// @param validFrom Unix seconds.
struct ScheduledSource {
    address oracle;
    uint40 validFrom;
}

/// @notice What the sources of a guard say at a moment, and what a poke would make of it.
/// @param primary What the primary says.
/// @param secondary What the secondary says.
/// @param primaryUnavailableFor Seconds for which an outage of the primary counts.
/// @param secondaryUnavailableFor Seconds for which an outage of the secondary counts.
/// @param state The state that a poke would leave.
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
/// @param lastPoke The last poke that the vault answered, Unix seconds.
/// @param wasBelow Whether the vault's own rate was lower at that poke.
struct VaultRate {
    uint128 value;
    uint40 lastPoke;
    bool wasBelow;
}

/// @notice One answer of a `SettableFeed`, in one slot.
/// @param answer What the owner has set.
/// @param updatedAt When, Unix seconds; zero for a round that doesn't exist.
struct FeedRound {
    int192 answer;
    uint64 updatedAt;
}
