// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SourceRole} from "../types/OracleTypes.sol";
import {IPriceOracle} from "./IPriceOracle.sol";

/// @title IOracleGuard
/// @notice One price from two independent sources. Nobody can borrow against one source alone. One
/// source alone can liquidate only after pokes have seen its price for the grace period, or as fast
/// as the floor falls. A price on which both agree takes effect at once.
///
/// - A source is **available** if its read succeeds within the gas that it may use, and its
///   liquidation price (the higher of its two prices, as a market takes it) is above zero and not
///   above the largest price that a market accepts. Otherwise it is **unavailable**.
/// - Two available sources **agree** if they are within `maxDeviation` of each other. Then the open
///   price is the lower of the two and at most the ceiling; the liquidation price is the primary's.
/// - The **ceiling** follows the lower of two agreeing prices: down at once, up by at most
///   `maxRisePerHour * min(time since the last poke, 1 h)` per poke. A week without a poke lets it
///   rise no more than an hour does; many pokes let it rise by `e^maxRisePerHour - 1` within an
///   hour.
/// - Two available sources that do not agree **disagree**. Then there is no open price (it is zero,
///   which a market refuses), and the liquidation price is the higher of the two. Once a lower
///   primary has counted for the grace period, the liquidation price declines linearly to the
///   primary's, within another grace period.
/// - The time between two pokes counts as disagreement if both have seen a lower primary and they
///   are at most ten minutes apart. All other time is subtracted from the count: agreement, a
///   higher primary, an outage, and time between distant pokes.
/// - If the secondary is unavailable, there is no open price, and the liquidation price is the
///   primary's, but not below the floor.
/// - If the primary is unavailable, there is no open price. Once its outage has counted for the
///   grace period, the liquidation price is the secondary's, but not below the floor. Before that,
///   and if both are unavailable, the guard reverts.
/// - The **floor** bounds a source that acts alone: while the other is unavailable, or while the
///   price declines to the primary's. It is the last liquidation price on which both agreed, or a
///   lower one below which both have been since. It falls, by at most `maxFallPerHour` times the
///   time between two pokes, only if both pokes saw the acting price below it and they are at most
///   ten minutes apart. So a lasting fall takes effect late, and a price pushed for one block does
///   not.
/// - An outage counts from the first poke that saw it, over an unbroken sequence of pokes at most
///   ten minutes apart. A missed poke, or one that sees the source available, resets the count. It
///   counts for the grace period, and for the three days after which a source may be replaced by
///   any other.
///
/// It follows that while the primary is available, the liquidation price is never below the
/// primary's: the guard itself never liquidates anybody. While the secondary is available too, the
/// liquidation price is never below `1 - maxDeviation` of the secondary's, unless close pokes have
/// seen a lower primary for the grace period; then it declines no faster than the floor. So a wrong
/// primary liquidates nobody before that, unless it is wrong by less than `maxDeviation`. A
/// market's `entryGap` above `maxDeviation` makes such an error harmless to a freshly opened
/// position. No contract knows both numbers: whoever creates a market on a guard must compare them.
///
/// An attacker who makes the secondary unavailable while the primary is wrongly low skips the grace
/// period, but not the floor: pokes at most ten minutes apart must see that state for as long as
/// the floor needs to fall. An attacker who moves the secondary to the wrong primary skips both, at
/// the cost of the push: a price on which both agree takes effect at once, because delaying it
/// would make a real crash worse. docs/oracles.md has measurements.
///
/// Limits:
/// - A primary that stays wrong has to be replaced by governance.
/// - A primary that is wrongly high has no remedy: openings are refused, but liquidations wait for
///   it.
/// - Without pokes, a lower primary does not count and agreement does not reduce the count. Two
///   pokes at two short deviations, at most ten minutes apart, count the time between them; the
///   same holds for the floor.
/// - With one source unavailable, a real fall of the other takes effect late, and without pokes not
///   at all.
/// - A source that a caller can make fail during a call (a view behind a reentrancy lock) can be
///   made to look unavailable: it must not be used in a guard.
interface IOracleGuard is IPriceOracle {
    /// @notice The guard was poked. Prices are liquidation prices, scaled as in `IPriceOracle`.
    /// @param primary Price of the primary; zero if it is unavailable.
    /// @param secondary Price of the secondary; zero if it is unavailable.
    /// @param ceiling Highest possible open price.
    /// @param disagreement Seconds that count as disagreement with a lower primary.
    event Poked(uint256 primary, uint256 secondary, uint256 ceiling, uint256 disagreement);

    /// @notice A replacement of a source was scheduled.
    /// @param role Which source.
    /// @param source The new source.
    /// @param validFrom First block time at which anyone may apply it, Unix seconds.
    event SourceScheduled(SourceRole indexed role, IPriceOracle indexed source, uint256 validFrom);

    /// @notice A scheduled replacement was cancelled.
    /// @param role Which source.
    /// @param source The source that was scheduled.
    event SourceCancelled(SourceRole indexed role, IPriceOracle indexed source);

    /// @notice A source was replaced.
    /// @param role Which source.
    /// @param from The old source.
    /// @param to The new source.
    event SourceReplaced(SourceRole indexed role, IPriceOracle indexed from, IPriceOracle indexed to);

    /// @notice Thrown at creation when a parameter is out of bounds; `GuardParams` lists the
    /// bounds.
    /// @param parameter Name in `GuardParams`.
    /// @param value The refused value, in the units of `GuardParams`.
    error InvalidParameter(string parameter, uint256 value);

    /// @notice Thrown when both sources would be the same contract.
    /// @param source The contract.
    error SameSource(IPriceOracle source);

    /// @notice Thrown at creation when the sources do not agree or one is unavailable.
    /// @param primary Liquidation price of the primary; zero if it is unavailable.
    /// @param secondary Liquidation price of the secondary; zero if it is unavailable.
    error SourcesDisagree(uint256 primary, uint256 secondary);

    /// @notice Thrown when both sources are unavailable.
    error NoSourceAvailable();

    /// @notice Thrown when the primary is unavailable and its outage has not yet counted for the
    /// grace period.
    /// @param left Seconds that still have to count.
    error PrimaryUnavailable(uint256 left);

    /// @notice Thrown when no replacement of this source is scheduled: none was, it was cancelled,
    /// or it has expired.
    /// @param role Which source.
    error NothingScheduled(SourceRole role);

    /// @notice Thrown when a replacement is applied before its delay has passed.
    /// @param role Which source.
    /// @param validFrom First block time at which it may be applied, Unix seconds.
    error SourceNotReady(SourceRole role, uint256 validFrom);

    /// @notice Thrown when the new source is unavailable.
    /// @param source The new source.
    error NewSourceUnavailable(IPriceOracle source);

    /// @notice Thrown when the new source does not agree with the source that stays (or with the
    /// ceiling, if that one is unavailable), and the outage of the old source has not counted for
    /// three days. Prices are liquidation prices.
    /// @param source The new source.
    /// @param price Price of the new source.
    /// @param ceiling The ceiling.
    /// @param staying Price of the source that stays; zero if it is unavailable.
    error NewSourceDisagrees(IPriceOracle source, uint256 price, uint256 ceiling, uint256 staying);

    /// @inheritdoc IPriceOracle
    /// @dev Answers exactly as if the guard had been poked just before. The open price is never
    /// above the liquidation price, and zero if there is none.
    ///
    /// Errors: {NoSourceAvailable}, {PrimaryUnavailable}; {BoundedRead-NotEnoughGas} if a source
    /// could not be given its gas.
    function prices() external view returns (uint256 openPrice, uint256 liquidationPrice);

    /// @notice Records the present prices of the sources. Anyone may call it at any time; it fails
    /// only with too little gas.
    ///
    /// Emits {Poked}.
    function poke() external;

    /// @notice Schedules the replacement of a source. Anyone may apply it after the delay and
    /// within a week from then. It takes the place of a replacement scheduled before.
    ///
    /// Emits {SourceScheduled}.
    /// @dev Role of the `authority`: the admin's until another is assigned; meant for the risk
    /// manager.
    /// @param role Which source.
    /// @param source The new source.
    function scheduleSource(SourceRole role, IPriceOracle source) external;

    /// @notice Cancels a scheduled replacement.
    ///
    /// Emits {SourceCancelled}. Errors: {NothingScheduled}.
    /// @dev Role of the `authority`: the admin's until another is assigned; meant for the guardian.
    /// @param role Which source.
    function cancelSource(SourceRole role) external;

    /// @notice Pokes, then replaces a source as scheduled. Anyone may call it after the delay.
    ///
    /// Emits {Poked} and {SourceReplaced}. Errors: {NothingScheduled}, {SourceNotReady},
    /// {SameSource}, {NewSourceUnavailable}, {NewSourceDisagrees}.
    ///
    /// Requirements:
    /// - The new source is available, and is not the source that stays.
    /// - It agrees with the source that stays or, if that one is unavailable, with the ceiling,
    ///   which may lag behind the market. Neither is required once the outage of the old source has
    ///   counted for three days.
    ///
    /// The count of disagreement is reset, since it says nothing about the new source. So a new
    /// primary has a full grace period while the secondary is available; while the secondary is
    /// unavailable, the floor bounds a new primary.
    /// @param role Which source.
    function applySource(SourceRole role) external;

    /// @notice Largest difference of two agreeing prices, as a share of the higher one, WAD.
    function maxDeviation() external view returns (uint256);

    /// @notice Largest rise of the ceiling from one poke to the next, as a share per hour, WAD.
    function maxRisePerHour() external view returns (uint256);

    /// @notice Largest fall of the floor between two close pokes, as a share per hour, WAD.
    function maxFallPerHour() external view returns (uint256);

    /// @notice Seconds for which a lower primary, or an outage of the primary, must count before it
    /// moves the liquidation price.
    function gracePeriod() external view returns (uint256);

    /// @notice Gas that each read of a source may use.
    function sourceGas() external view returns (uint256);

    /// @notice Seconds from scheduling a source until it may be applied.
    function replacementDelay() external view returns (uint256);

    /// @notice A source, and the length of its outage.
    /// @param role Which source.
    /// @return source The source in use.
    /// @return unavailableFor Seconds for which its outage counted at the last poke.
    function sourceOf(SourceRole role) external view returns (IPriceOracle source, uint256 unavailableFor);

    /// @notice The scheduled replacement of a source; zeros if there is none.
    /// @param role Which source.
    /// @return source The new source.
    /// @return validFrom First block time at which it may be applied, Unix seconds.
    function scheduledSource(SourceRole role) external view returns (IPriceOracle source, uint256 validFrom);

    /// @notice The state as of the last poke.
    /// @return ceiling Highest possible open price, scaled as in `IPriceOracle`.
    /// @return floor Lowest liquidation price of a source that acts alone, scaled as in
    /// `IPriceOracle`.
    /// @return disagreement Seconds that counted as disagreement with a lower primary.
    /// @return lastPoke Unix seconds.
    function state() external view returns (uint256 ceiling, uint256 floor, uint256 disagreement, uint256 lastPoke);
}
