import { durationOf, priceAt, type PricePath } from "../scenario/price-path.ts";
import type { MarketLimits } from "./losses.ts";
import { STEP } from "./replay.ts";

/** Seconds for which the sequencer is down. */
export const OUTAGE = 3_600;
/** Seconds after it in which liquidations have a declining price, where they have one. */
export const DECLINE = 3_600;
/** Seconds after the outage for which positions are followed. */
const FOLLOWED = 3 * 3_600;
/** An outage begins every five minutes of a path. */
const OUTAGE_INTERVAL = 300;
/** Seconds after the outage at which those borrowers act who do. */
const REACTION = 600;

/** Positions have each leverage from here to the market's maximum, as of when the outage begins. */
const MIN_LEVERAGE = 1.2;
const LEVERAGE_STEP = 0.1;
/** As in the market of the deployment. */
const BONUS_SLOPE = 0.5;
const BONUS_MAX = 0.08;
/** Leverage after a liquidation, as a share of the maximum. */
const TARGET = 0.9;

/** What liquidations cost, as shares of all debt. */
export interface OutageCosts {
  /** What liquidators gain at the true price: borrowers pay. */
  readonly harm: number;
  /** Debt that is not covered: lenders pay. */
  readonly badDebt: number;
}

/** What one and the other price cost. */
export interface OutageComparison {
  /** With the true price from the first second on. */
  readonly atOnce: OutageCosts;
  /** With a price that declines in a line from that before the outage to the true one. */
  readonly declining: OutageCosts;
}

/** Prices around an outage. */
export interface Outage {
  /** As it begins. */
  readonly before: number;
  /** The true price so many seconds after it. */
  readonly after: (seconds: number) => number;
  /** How long positions are followed, seconds after it. */
  readonly until: number;
}

interface Sums {
  harm: number;
  badDebt: number;
}

/**
 * An outage within which the price falls, and what the price does in the hour after it.
 * @param fall within the outage, as a share.
 * @param next by how much the price changes in the hour after the outage, as a share of that before
 * it: at an even pace, and it stays there.
 */
export function outageWithFall(fall: number, next: number): Outage {
  return {
    before: 1,
    after: (seconds) => 1 - fall + (next * Math.min(seconds, DECLINE)) / DECLINE,
    until: FOLLOWED,
  };
}

/**
 * Each hour of a path, every five minutes, in which the price falls by between `least` and `below`,
 * as shares.
 */
export function outagesOf(path: PricePath, least: number, below: number): readonly Outage[] {
  const outages: Outage[] = [];
  for (let begins = 0; begins + OUTAGE + DECLINE <= durationOf(path); begins += OUTAGE_INTERVAL) {
    const [before, back] = [priceAt(path, begins), begins + OUTAGE];
    const fall = 1 - priceAt(path, back) / before;
    if (fall < least || fall >= below) continue;
    outages.push({
      before,
      after: (seconds) => priceAt(path, back + seconds),
      until: Math.min(FOLLOWED, durationOf(path) - back),
    });
  }
  return outages;
}

/**
 * Compares what liquidations cost after outages of the sequencer by the true price and by one that
 * declines to it. Positions have each leverage as the outage begins. A share of the borrowers acts
 * ten minutes after the outage and is not liquidated any more; the others do nothing. Liquidations
 * go to the target, by the market's formulas, as soon as the collateral seized is worth at the
 * truth what they cost.
 * @param acting share of the borrowers who act.
 * @throws RangeError if there is no outage.
 */
export function compareOutages(outages: readonly Outage[], market: MarketLimits, acting: number): OutageComparison {
  let debts = 0;
  const atOnce: Sums = { harm: 0, badDebt: 0 };
  const declining: Sums = { harm: 0, badDebt: 0 };
  for (const { before, after, until } of outages) {
    const declined = (seconds: number): number => {
      const left = Math.max(0, 1 - seconds / DECLINE);
      return after(seconds) + Math.max(0, before - after(seconds)) * left;
    };
    for (let leverage = MIN_LEVERAGE; leverage <= market.maxLeverage + 1e-9; leverage += LEVERAGE_STEP) {
      const debt = before * (1 - 1 / leverage);
      debts += debt / before;
      for (const [sums, price] of [[atOnce, after] as const, [declining, declined] as const]) {
        const costs = costsOf({ debt, collateral: 1, market, truth: after, price, until, acting });
        sums.harm += costs.harm / before;
        sums.badDebt += costs.badDebt / before;
      }
    }
  }
  if (debts === 0) throw new RangeError("There is no outage to compare.");
  const shares = ({ harm, badDebt }: Sums): OutageCosts => ({ harm: harm / debts, badDebt: badDebt / debts });
  return { atOnce: shares(atOnce), declining: shares(declining) };
}

interface Followed {
  readonly debt: number;
  /** Tokens. */
  readonly collateral: number;
  readonly market: MarketLimits;
  readonly truth: (seconds: number) => number;
  readonly price: (seconds: number) => number;
  readonly until: number;
  readonly acting: number;
}

/** What the liquidations of one position cost, until it is gone or the time is over. */
function costsOf({ market, truth, price, until, acting, ...opened }: Followed): OutageCosts {
  const sums: Sums = { harm: 0, badDebt: 0 };
  let { debt, collateral } = opened;
  const limit = 1 - 1 / market.liquidationLeverage;
  for (let seconds = 0; seconds <= until && debt > 0; seconds += STEP) {
    const value = collateral * price(seconds);
    const health = (value * limit) / debt;
    if (health >= 1) continue;
    const isInsolvent = value < (1 + market.bonus) * debt;
    const bonus = isInsolvent ? market.bonus : bonusOf(market, health, value / debt);
    // What a liquidator gets at the truth for one that it pays.
    const worth = ((1 + bonus) * truth(seconds)) / price(seconds);
    if (worth < 1) continue;
    const paid = isInsolvent ? value / (1 + bonus) : repaymentToTarget(market, debt, value, bonus);
    // Who acts has done so by then.
    const share = seconds >= REACTION ? 1 - acting : 1;
    sums.harm += share * (worth - 1) * paid;
    if (isInsolvent) sums.badDebt += share * (debt - paid);
    debt = isInsolvent ? 0 : debt - paid;
    collateral -= ((1 + bonus) * paid) / price(seconds);
  }
  sums.badDebt += (1 - acting) * Math.max(0, debt - (collateral * truth(until)) / (1 + market.bonus));
  return sums;
}

/** The bonus of a position that can pay the least. */
function bonusOf(market: MarketLimits, health: number, coverage: number): number {
  const rising = Math.min(BONUS_MAX, market.bonus + BONUS_SLOPE * (1 - health));
  return Math.max(market.bonus, Math.min(rising, coverage - 1));
}

function repaymentToTarget(market: MarketLimits, debt: number, value: number, bonus: number): number {
  const target = TARGET * market.maxLeverage;
  return Math.min(debt, (target * debt - (target - 1) * value) / (target - (1 + bonus) * (target - 1)));
}
