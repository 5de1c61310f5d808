import { agree } from "../protocol/guard-rules.ts";
import { WAD } from "../protocol/units.ts";

/**
 * State of a guard and current prices of its sources. Prices scaled as in `IPriceOracle`, times in
 * seconds.
 */
export interface GuardView {
  /** Liquidation price of the primary; zero if it is unavailable. */
  readonly primary: bigint;
  readonly secondary: bigint;
  readonly maxDeviation: bigint;
  readonly ceiling: bigint;
  readonly floor: bigint;
  /** Counted seconds of disagreement with a lower primary. */
  readonly disagreement: bigint;
  readonly lastPoke: bigint;
  /** Block time at which a poke would execute. */
  readonly now: bigint;
}

/** When a keeper pokes. */
export interface PokeSettings {
  /**
   * Seconds between two pokes while the sources disagree, one is unavailable, or a disagreement
   * still counts. It must be shorter than ten minutes by more than the delay of a block: two pokes
   * further apart don't count.
   */
  readonly close: bigint;
  /** Seconds between two pokes otherwise. */
  readonly calm: bigint;
  /** Least relative change of ceiling or floor that justifies a poke in agreement, WAD. */
  readonly leastMove: bigint;
}

/**
 * Whether a poke of the guard is due, as docs/oracles.md requires. Pokes are frequent while
 * something is wrong, because only a disagreement observed by two close pokes counts. Otherwise
 * they are hourly. A poke that would change nothing is never due.
 */
export function isPokeDue(view: GuardView, settings: PokeSettings): boolean {
  const { primary, secondary, disagreement, floor, now, lastPoke } = view;
  const span = now - lastPoke;
  if (agree(primary, secondary, view.maxDeviation)) {
    // The counted disagreement decreases only by pokes.
    if (disagreement > 0n) return span >= settings.close;
    return span >= settings.calm && hasMoved(view, settings.leastMove);
  }
  const isPrimaryHigher = secondary > 0n && primary > secondary;
  // A higher primary changes nothing, unless it reduces a counted disagreement or both prices are
  // below the floor.
  if (isPrimaryHigher && disagreement === 0n && floor <= primary) return false;
  return span >= settings.close;
}

/**
 * Whether a poke in agreement would change ceiling or floor by at least `leastMove`. The guard
 * itself limits the rise of the ceiling.
 */
function hasMoved({ primary, secondary, ceiling, floor }: GuardView, leastMove: bigint): boolean {
  const lower = primary < secondary ? primary : secondary;
  return !agree(floor, primary, leastMove) || !agree(ceiling, lower, leastMove);
}

/**
 * Recommended settings: a poke each minute while something is wrong, at most one an hour otherwise.
 */
export const POKE_SETTINGS: PokeSettings = { close: 60n, calm: 3_600n, leastMove: WAD / 1_000n };
