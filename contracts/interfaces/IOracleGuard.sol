// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IPriceOracle} from "./IPriceOracle.sol";

/// @notice Which of the two sources of a guard.
enum SourceRole {
    Primary,
    Secondary
}

/// @notice What a guard is made of. Its numbers never change.
/// @param primary The source whose price holds while both agree.
/// @param secondary Independent of the primary: what breaks or moves the one must not break or move the other.
/// @param authority `AccessManager` with the roles of `scheduleSource` and `cancelSource`.
/// @param bound Two prices agree if they are apart by at most this share of the higher, WAD; above zero, at most 20%. Must be
/// smaller than the `entryGap` of every market on the guard: see the notes of {IOracleGuard}.
/// @param slew Rise of the ceiling from one poke to the next, as a share an hour, WAD; above zero, at most one. Many pokes in an
/// hour make `e^slew - 1`.
/// @param grace Seconds for which disagreement, or the primary's death, has to be seen before it moves the price: ten minutes
/// to eight hours.
/// @param sourceGas What one read of a source may use; above zero, at most five million.
/// @param replacementDelay Seconds from scheduling a source until it may be applied: two days to a year.
struct GuardParams {
    IPriceOracle primary;
    IPriceOracle secondary;
    address authority;
    uint256 bound;
    uint256 slew;
    uint256 grace;
    uint256 sourceGas;
    uint256 replacementDelay;
}

/// @title IOracleGuard
/// @notice One price out of two sources. Neither alone can be borrowed against; and while both live, one that is wrong by more
/// than the bound liquidates nobody before it has been seen to disagree for the grace.
///
/// - A source is **live** if its read succeeds within the bound on gas, and its liquidation price (the higher of the two it
///   returns, as a market takes it) is neither zero nor above what a market takes. Otherwise it is **dead**.
/// - Both live and within `bound` of each other, they **agree**. Then the open price is the lower of the two, and never above
///   the ceiling; the liquidation price is the primary's.
/// - The **ceiling** follows the lower of two prices that agree: down at once; up, from one poke to the next, by at most
///   `slew * min(time between them, 1 h)`. After a quiet week it has risen no more than after an hour; with many pokes it
///   can rise by `e^slew - 1` in an hour.
/// - Both live, they **disagree**. Then there is no open price (it is zero, which a market refuses), and the liquidation
///   price is the higher of the two. Once disagreement has counted for the grace, the price declines in a straight line,
///   and over as long again, to the primary.
/// - Disagreement counts from one poke to the next, if both saw it and are at most ten minutes apart. All other time drains
///   what has counted.
/// - The secondary dead: no open price, and the primary's liquidation price.
/// - The primary dead: no open price, and once its death has counted for the grace the secondary's liquidation price. Before
///   that, and with both dead, there is no answer.
/// - A death counts from the first poke that saw it, in an unbroken row of pokes at most ten minutes apart. A missed poke, or
///   one that sees life, starts the count anew: the grace, and the three days after which a source may be replaced by any.
///
/// So, while the primary lives, the liquidation price is never below the primary's: the guard itself liquidates nobody.
/// And, while the secondary lives, a wrong primary liquidates nobody before it has been seen to disagree for the grace,
/// unless it is wrong by less than the bound: from the lower of two prices that agree, one of them alone can fall by
/// `bound` at the most without disagreeing. A market's `entryGap` above `bound` makes that harmless to a position that was
/// just opened. No contract here knows both numbers: whoever creates a market on a guard checks it.
///
/// Limits: a primary that stays wrong is for governance to replace. A live primary that is wrongly high goes unanswered:
/// openings are refused, but liquidations wait for it. Disagreement that nobody pokes doesn't count, and agreement that nobody
/// pokes doesn't drain: two pokes in two blips, at most ten minutes apart, count the time between them. With the secondary
/// dead there is nothing to hold against the primary, nor against a new one. A source that a caller can make fail for the
/// length of a call (a view behind a reentrancy lock) can be taken for dead: it doesn't fit a guard.
interface IOracleGuard is IPriceOracle {
    /// @notice Someone poked. Liquidation prices; zero for a dead source.
    /// @param disagreement Seconds that count.
    event Poked(uint256 primary, uint256 secondary, uint256 ceiling, uint256 disagreement);
    event SourceScheduled(SourceRole indexed role, IPriceOracle indexed source, uint256 validFrom);
    event SourceCancelled(SourceRole indexed role, IPriceOracle indexed source);
    event SourceReplaced(SourceRole indexed role, IPriceOracle indexed from, IPriceOracle indexed to);

    error InvalidParameter(string parameter, uint256 value);
    /// @notice Both sources would be the same contract.
    error SameSource(IPriceOracle source);
    /// @notice At creation the sources have to be live and agree. Liquidation prices; zero for a dead source.
    error SourcesDisagree(uint256 primary, uint256 secondary);
    /// @notice Both sources are dead.
    error NoLiveSource();
    /// @notice The primary is dead, but not for as long as the grace yet.
    /// @param left Seconds that are still to count.
    error PrimaryDead(uint256 left);
    error NothingScheduled(SourceRole role);
    error SourceNotReady(SourceRole role, uint256 validFrom);
    error NewSourceDead(IPriceOracle source);
    /// @notice The new source doesn't agree with the source that stays (with the ceiling, if that one is dead), and the old
    /// one's death hasn't counted for three days.
    error NewSourceDisagrees(IPriceOracle source, uint256 price, uint256 ceiling, uint256 staying);

    /// @inheritdoc IPriceOracle
    /// @dev Answers exactly what it would if it had been poked just before. The open price is never above the liquidation
    /// price, and zero when there is none.
    ///
    /// Errors: {NoLiveSource}, {PrimaryDead}; {BoundedRead-NotEnoughGas} if a source could not be given its gas.
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
    /// Emits {Poked} and {SourceReplaced}. Errors: {NothingScheduled}, {SourceNotReady}, {SameSource}, {NewSourceDead},
    /// {NewSourceDisagrees}.
    ///
    /// Requirements:
    /// - The new source is live, and not the source that stays.
    /// - It agrees with the source that stays; if that one is dead, with the ceiling, which may lag behind the market. Neither
    ///   is asked for once the old one's death has counted for three days.
    ///
    /// What has counted of disagreement is forgotten: it says nothing about the new source. That gives a new primary a grace of
    /// its own while the secondary lives. With the secondary dead a new primary acts at once.
    function applySource(SourceRole role) external;

    /// @notice Greatest difference of two prices that agree, as a share of the higher, WAD.
    function bound() external view returns (uint256);
    /// @notice Rise of the ceiling from one poke to the next, as a share an hour, WAD.
    function slew() external view returns (uint256);
    /// @notice Seconds of disagreement for which the higher price holds, and of the primary's death before the secondary's does.
    function grace() external view returns (uint256);
    /// @notice Gas that each read of a source may use.
    function sourceGas() external view returns (uint256);
    /// @notice Seconds from scheduling a source until it may be applied.
    function replacementDelay() external view returns (uint256);

    /// @notice A source, and how long it has been dead.
    /// @return source The source in place.
    /// @return deadFor Seconds for which its death counted at the last poke.
    function sourceOf(SourceRole role) external view returns (IPriceOracle source, uint256 deadFor);

    /// @notice The announced source; zeros without one.
    function scheduledSource(SourceRole role) external view returns (IPriceOracle source, uint256 validFrom);

    /// @notice What the last poke left.
    /// @return ceiling As of then.
    /// @return disagreement Seconds that counted.
    /// @return lastPoke Unix seconds.
    function state() external view returns (uint256 ceiling, uint256 disagreement, uint256 lastPoke);
}
