import type { TransactionReceipt } from "ethers";

import { isRefusal } from "../client/errors.ts";
import { explained } from "../client/send.ts";
import { RefusedError } from "../protocol/errors.ts";
import { debtUp } from "../protocol/leverage-math.ts";
import { liquidationPrice } from "../protocol/market/limits.ts";
import { sqrtPriceX96FromPrice } from "../protocol/uniswap-v3/price.ts";
import type { IPriceOracle, LeverageMarket } from "../../types/index.ts";
import { chooseBatch, type BatchLimits } from "./batch.ts";
import type { LiquidationTrigger } from "./risk-index.ts";
import type { MarketFollower } from "./follower.ts";
import type { Liquidator } from "./liquidator.ts";

const BASIS_POINTS = 10_000n;

/** Contracts and settings of a keeper in one market. */
export interface Keeper {
  readonly market: LeverageMarket;
  readonly oracle: IPriceOracle;
  readonly follower: MarketFollower;
  readonly liquidator: Liquidator;
  readonly limits: BatchLimits;
  readonly collateralIsToken0: boolean;
  /** Maximum distance of the sale price below the oracle's price. */
  readonly maxSlippageBasisPoints: bigint;
  /** Called before a transaction is sent. */
  readonly beforeSending?: () => Promise<void>;
}

/** Result of a round: the receipt of a transaction, or the reason why none was sent. */
export type RoundResult =
  { readonly receipt: TransactionReceipt } | { readonly candidates: number; readonly skipped: string };

/**
 * Makes one round: updates the index, finds the liquidatable positions, and liquidates the most
 * profitable batch. Positions that earn too little or can't be liquidated now are left for a later
 * round.
 * @throws the errors of `MarketFollower.update`, and errors of the connection. A revert of the
 * contracts is no error: the result states it.
 */
export async function keeperRound(keeper: Keeper): Promise<RoundResult> {
  await keeper.follower.update();
  const trigger = await readTrigger(keeper);
  if ("skipped" in trigger) return trigger;
  const found = keeper.follower.index.liquidatable(trigger);
  if (found.length === 0) return { candidates: 0, skipped: "nothing can be liquidated" };

  const candidates = found.map(({ account, debtShares }) => ({
    account,
    debt: debtUp(debtShares, trigger.borrowIndex),
  }));
  const worst = (trigger.price * (BASIS_POINTS - keeper.maxSlippageBasisPoints)) / BASIS_POINTS;
  const limit = sqrtPriceX96FromPrice(worst, keeper.collateralIsToken0);
  const choice = await chooseBatch(candidates, (batch) => keeper.liquidator.tryBatch(batch, limit), keeper.limits);
  if ("reason" in choice) return { candidates: found.length, skipped: choice.reason };

  await keeper.beforeSending?.();
  try {
    return { receipt: await keeper.liquidator.send(choice.batch, limit) };
  } catch (error) {
    // Another liquidator was faster, or the price has changed.
    if (isRefusal(error)) {
      return { candidates: found.length, skipped: error.message };
    }
    throw error;
  }
}

/**
 * Reads the trigger in the latest block, or the reason why there is none: the oracle reverts or its
 * price is invalid.
 */
async function readTrigger(
  keeper: Pick<Keeper, "market" | "oracle">,
): Promise<LiquidationTrigger | { candidates: number; skipped: string }> {
  try {
    const [interest, limits, prices] = await Promise.all([
      keeper.market.interest(),
      keeper.market.limits(),
      explained(keeper.oracle.prices()),
    ]);
    return {
      borrowIndex: interest.borrowIndex,
      price: liquidationPrice({ open: prices.openPrice, liquidation: prices.liquidationPrice }),
      liquidationLeverage: limits.liquidationLeverage,
    };
  } catch (error) {
    if (isRefusal(error) || error instanceof RefusedError) return { candidates: 0, skipped: error.message };
    throw error;
  }
}
