// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SourceRole} from "../types/OracleTypes.sol";
import {IPriceOracle} from "./IPriceOracle.sol";

/// @title IOracleGuard
/// @notice One price out of two sources. Neither alone can be borrowed against; one alone liquidates only after it has been
/// seen to for the grace period, or as fast as the floor falls; what both vouch for acts at once.
///
/// - A source is **available** if its read succeeds with the gas that it may use, and its liquidation price (the higher of the
///   two it returns, as a market takes it) is neither zero nor above what a market takes. Otherwise it is **unavailable**.
/// - Both available and within `maxDeviation` of each other, they **agree**. Then the open price is the lower of the two, and
///   never above the ceiling; the liquidation price is the primary's.
/// - The **ceiling** follows the lower of two prices that agree: down at once; up, from one poke to the next, by at most
///   `maxRisePerHour * min(time between them, 1 h)`. After a quiet week it has risen no more than after an hour; with many pokes
///   it can rise by `e^maxRisePerHour - 1` in an hour.
/// - Both available, they **disagree**. Then there is no open price (it is zero, which a market refuses), and the liquidation
///   price is the higher of the two. Once a lower primary has counted for the grace period, the price declines in a straight
///   line, and over as long again, to the primary.
/// - A lower primary counts from one poke to the next, if both saw it disagree and lower, and are at most ten minutes apart.
///   All other time drains what has counted: agreement, a higher primary, an outage, and time that nobody watched.
/// - The secondary unavailable: no open price, and the primary's liquidation price, but never below the floor.
/// - The primary unavailable: no open price, and once its outage has counted for the grace period the secondary's liquidation
///   price, but never below the floor. Before that, and with both unavailable, there is no answer.
/// - The **floor** holds where one source acts alone: one of them unavailable, or the primary in a decline. It is the last
///   liquidation price on which they agreed, or less if both said less since. Below it, it falls by at most `maxFallPerHour`
///   times the time between two pokes, if both saw the acting price below the floor and are at most ten minutes apart: a fall
///   that lasts comes through late, a push of a block doesn't.
/// - An outage counts from the first poke that saw it, in an unbroken row of pokes at most ten minutes apart. A missed poke, or
///   one that sees the source available, starts the count anew: the grace period, and the three days after which a source may
///   be replaced by any.
///
/// So, while the primary is available, the liquidation price is never below the primary's: the guard itself liquidates nobody.
/// And, while the secondary is available too, it is never below `1 - maxDeviation` of the secondary's, unless close pokes saw the
/// primary disagree and lower for the grace period: for that much longer than all that drained it since; then it declines no
/// faster than the floor. So a wrong primary liquidates nobody before, unless it is wrong by less than the maximum deviation. A
/// market's `entryGap` above `maxDeviation` makes that harmless to a position that was just opened. No contract here knows both
/// numbers: whoever creates a market on a guard checks it.
///
/// Whoever makes the secondary unavailable while the primary is wrongly low buys the grace period off, but not the floor: they
/// must show it to pokes at most ten minutes apart for as long as the floor needs to fall. Whoever moves the secondary to the
/// wrong primary buys both off, for what the push costs: what both say acts at once, since a true crash would else be made
/// worse (docs/oracles.md has the measurements).
///
/// Limits: a primary that stays wrong is for governance to replace. An available primary that is wrongly high goes unanswered:
/// openings are refused, but liquidations wait for it. A lower primary that nobody pokes doesn't count, and agreement that nobody
/// pokes doesn't drain: two pokes in two blips, at most ten minutes apart, count the time between them; so does the floor's fall.
/// With one source unavailable, a true fall of the other comes through late, and if nobody pokes not at all. A source that a
/// caller can make fail for the length of a call (a view behind a reentrancy lock) can be taken for unavailable: it doesn't
/// fit a guard.
interface IOracleGuard is IPriceOracle {
    /// @notice Someone poked. Liquidation prices; zero for an unavailable source.
    /// @param disagreement Seconds that count of a lower primary.
    event Poked(uint256 primary, uint256 secondary, uint256 ceiling, uint256 disagreement);
    event SourceScheduled(SourceRole indexed role, IPriceOracle indexed source, uint256 validFrom);
    event SourceCancelled(SourceRole indexed role, IPriceOracle indexed source);
    event SourceReplaced(SourceRole indexed role, IPriceOracle indexed from, IPriceOracle indexed to);

    error InvalidParameter(string parameter, uint256 value);
    /// @notice Both sources would be the same contract.
    error SameSource(IPriceOracle source);
    /// @notice At creation the sources have to be available and agree. Liquidation prices; zero for an unavailable source.
    error SourcesDisagree(uint256 primary, uint256 secondary);
    /// @notice Both sources are unavailable.
    error NoSourceAvailable();
    /// @notice The primary is unavailable, but not for as long as the grace period yet.
    /// @param left Seconds that are still to count.
    error PrimaryUnavailable(uint256 left);
    error NothingScheduled(SourceRole role);
    error SourceNotReady(SourceRole role, uint256 validFrom);
    error NewSourceUnavailable(IPriceOracle source);
    /// @notice The new source doesn't agree with the source that stays (with the ceiling, if that one is unavailable), and
    /// the old one's outage hasn't counted for three days.
    error NewSourceDisagrees(IPriceOracle source, uint256 price, uint256 ceiling, uint256 staying);

    /// @inheritdoc IPriceOracle
    /// @dev Answers exactly what it would if it had been poked just before. The open price is never above the liquidation
    /// price, and zero when there is none.
    ///
    /// Errors: {NoSourceAvailable}, {PrimaryUnavailable}; {BoundedRead-NotEnoughGas} if a source could not be given its gas.
    function prices() external view returns (uint256 openPrice, uint256 liquidationPrice);

    /// @notice Takes note of what the sources say now. Anyone may call it, at any time; it fails for want of gas only.
    ///
    /// Emits {Poked}.
    function poke() external;

    /// @notice Announces another source, which anyone may apply after the delay, and within a week from then. Takes the
    /// place of one announced before.
    ///
    /// Emits {SourceScheduled}.
    /// @dev A role of the authority: its admin's until another is given, meant for the risk manager.
    function scheduleSource(SourceRole role, IPriceOracle source) external;

    /// @notice Withdraws what was announced.
    ///
    /// Emits {SourceCancelled}. Errors: {NothingScheduled}.
    /// @dev A role of the authority: its admin's until another is given, meant for the guardian.
    function cancelSource(SourceRole role) external;

    /// @notice Pokes, and puts an announced source into place. Anyone may call it after the delay.
    ///
    /// Emits {Poked} and {SourceReplaced}. Errors: {NothingScheduled}, {SourceNotReady}, {SameSource}, {NewSourceUnavailable},
    /// {NewSourceDisagrees}.
    ///
    /// Requirements:
    /// - The new source is available, and not the source that stays.
    /// - It agrees with the source that stays; if that one is unavailable, with the ceiling, which may lag behind the market.
    ///   Neither is asked for once the old one's outage has counted for three days.
    ///
    /// What has counted of disagreement is forgotten: it says nothing about the new source. That gives a new primary a grace
    /// period of its own while the secondary is available. With the secondary unavailable the floor holds against a new primary.
    function applySource(SourceRole role) external;

    /// @notice Greatest difference of two prices that agree, as a share of the higher, WAD.
    function maxDeviation() external view returns (uint256);
    /// @notice Rise of the ceiling from one poke to the next, as a share an hour, WAD.
    function maxRisePerHour() external view returns (uint256);
    /// @notice Fall of the floor between two close pokes, as a share an hour, WAD.
    function maxFallPerHour() external view returns (uint256);
    /// @notice Seconds of a lower primary for which the secondary's price holds, and of the primary's outage before the
    /// secondary's does.
    function gracePeriod() external view returns (uint256);
    /// @notice Gas that each read of a source may use.
    function sourceGas() external view returns (uint256);
    /// @notice Seconds from scheduling a source until it may be applied.
    function replacementDelay() external view returns (uint256);

    /// @notice A source, and how long it has been unavailable.
    /// @return source The source in place.
    /// @return unavailableFor Seconds for which its outage counted at the last poke.
    function sourceOf(SourceRole role) external view returns (IPriceOracle source, uint256 unavailableFor);

    /// @notice The announced source; zeros without one.
    function scheduledSource(SourceRole role) external view returns (IPriceOracle source, uint256 validFrom);

    /// @notice What the last poke left.
    /// @return ceiling As of then.
    /// @return floor As of then.
    /// @return disagreement Seconds that counted of a lower primary.
    /// @return lastPoke Unix seconds.
    function state() external view returns (uint256 ceiling, uint256 floor, uint256 disagreement, uint256 lastPoke);
}
