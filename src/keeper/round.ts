import type { ContractTransactionReceipt } from "ethers";

import { ContractRevertedError, UnknownRevertError } from "../client/errors.ts";
import { explained } from "../client/send.ts";
import { debtUp } from "../protocol/leverage-math.ts";
import { sqrtPriceX96FromPrice } from "../protocol/uniswap-v3/price.ts";
import type { IPriceOracle, LeverageMarket } from "../../types/index.ts";
import { chooseBatch, type BatchLimits } from "./batch.ts";
import type { LiquidationTerms } from "./risk-index.ts";
import type { MarketFollower } from "./follow.ts";
import type { Liquidator } from "./liquidator.ts";

const BASIS_POINTS = 10_000n;

/** All that a keeper works with in one market. */
export interface Keeper {
  readonly market: LeverageMarket;
  readonly oracle: IPriceOracle;
  readonly follower: MarketFollower;
  readonly liquidator: Liquidator;
  readonly limits: BatchLimits;
  readonly collateralIsToken0: boolean;
  /** How far below the oracle's price it sells at the most. */
  readonly maxSlippageBasisPoints: bigint;
  /** Called before a transaction is sent. */
  readonly beforeSending?: () => Promise<void>;
}

/** What came of a round: a transaction, or why there was none. */
export type RoundResult =
  { readonly receipt: ContractTransactionReceipt } | { readonly candidates: number; readonly skipped: string };

/**
 * One round: brings the book up to date, reads off what can be liquidated, and liquidates the batch that brings most. What
 * brings too little, or can't be done now, is left for a later round.
 */
export async function keeperRound(keeper: Keeper): Promise<RoundResult> {
  await keeper.follower.update();
  const terms = await readTerms(keeper);
  if ("skipped" in terms) return terms;
  const found = keeper.follower.book.liquidatable(terms);
  if (found.length === 0) return { candidates: 0, skipped: "nothing can be liquidated" };

  const candidates = found.map(({ account, debtShares }) => ({
    account,
    debt: debtUp(debtShares, terms.borrowIndex),
  }));
  const worst = (terms.price * (BASIS_POINTS - keeper.maxSlippageBasisPoints)) / BASIS_POINTS;
  const limit = sqrtPriceX96FromPrice(worst, keeper.collateralIsToken0);
  const choice = await chooseBatch(candidates, (batch) => keeper.liquidator.tryBatch(batch, limit), keeper.limits);
  if ("reason" in choice) return { candidates: found.length, skipped: choice.reason };

  await keeper.beforeSending?.();
  try {
    return { receipt: await keeper.liquidator.send(choice.batch, limit) };
  } catch (error) {
    // Someone else was faster, or the price moved meanwhile.
    if (error instanceof ContractRevertedError || error instanceof UnknownRevertError) {
      return { candidates: found.length, skipped: error.message };
    }
    throw error;
  }
}

/** The terms of liquidation now; or why there are none, if the oracle refuses to answer. */
async function readTerms(
  keeper: Pick<Keeper, "market" | "oracle">,
): Promise<LiquidationTerms | { candidates: number; skipped: string }> {
  try {
    const [interest, limits, prices] = await Promise.all([
      keeper.market.interest(),
      keeper.market.limits(),
      explained(keeper.oracle.prices()),
    ]);
    const { openPrice, liquidationPrice } = prices;
    return {
      borrowIndex: interest.borrowIndex,
      // The market takes the higher one.
      price: openPrice > liquidationPrice ? openPrice : liquidationPrice,
      liquidationLeverage: limits.liquidationLeverage,
    };
  } catch (error) {
    if (error instanceof ContractRevertedError) return { candidates: 0, skipped: error.message };
    throw error;
  }
}
