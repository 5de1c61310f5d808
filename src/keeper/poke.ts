import { agree } from "../protocol/guard-rules.ts";
import { WAD } from "../protocol/units.ts";

/** What a guard remembers, and what its sources say now. Prices as `IPriceOracle` scales them, times in seconds. */
export interface GuardView {
  /** Liquidation price of the primary; zero if it is unavailable. */
  readonly primary: bigint;
  readonly secondary: bigint;
  readonly maxDeviation: bigint;
  readonly ceiling: bigint;
  readonly floor: bigint;
  /** That count of a lower primary. */
  readonly disagreement: bigint;
  readonly lastPoke: bigint;
  /** Time of the block in which a poke would be. */
  readonly now: bigint;
}

/** When a keeper pokes. */
export interface PokeSettings {
  /**
   * Seconds between two pokes while the sources disagree, one is unavailable, or a disagreement still counts: below ten
   * minutes by what a block may be late, or a pair of pokes doesn't count.
   */
  readonly close: bigint;
  /** Seconds between two pokes otherwise. */
  readonly calm: bigint;
  /** What ceiling or floor must be away from where a poke would bring it, as a share (WAD), to be worth a poke then. */
  readonly leastMove: bigint;
}

/**
 * Whether a guard is to be poked now, as docs/oracles.md asks for: often while anything is wrong, since what isn't seen by
 * two close pokes doesn't count; hourly otherwise; and only if that changes something.
 */
export function isPokeDue(view: GuardView, settings: PokeSettings): boolean {
  const { primary, secondary, disagreement, floor, now, lastPoke } = view;
  const span = now - lastPoke;
  if (agree(primary, secondary, view.maxDeviation)) {
    // Agreement that nobody pokes doesn't drain what has counted.
    if (disagreement > 0n) return span >= settings.close;
    return span >= settings.calm && hasMoved(view, settings.leastMove);
  }
  const isPrimaryHigher = secondary > 0n && primary > secondary;
  // It counts for nothing, unless there is a count that it drains, or a floor that both say less than.
  if (isPrimaryHigher && disagreement === 0n && floor <= primary) return false;
  return span >= settings.close;
}

/** Whether a poke in agreement would move ceiling or floor by enough; how far the ceiling may rise is the guard's affair. */
function hasMoved({ primary, secondary, ceiling, floor }: GuardView, leastMove: bigint): boolean {
  const lower = primary < secondary ? primary : secondary;
  return !agree(floor, primary, leastMove) || !agree(ceiling, lower, leastMove);
}

/** Settings of a keeper: some gas each minute while something is wrong, hardly any otherwise. */
export const POKE_SETTINGS: PokeSettings = { close: 60n, calm: 3_600n, leastMove: WAD / 1_000n };
