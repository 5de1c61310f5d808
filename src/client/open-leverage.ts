import type { ContractTransactionReceipt, Signer } from "ethers";

import type { LeverageMarket } from "../../types/index.ts";
import { encodeSwap } from "./swap-data.ts";
import { send } from "./send.ts";

export interface LeverageOrder {
  /** Collateral of the position, token units. */
  readonly collateral: bigint;
  /** Debt of the position, token units. */
  readonly debt: bigint;
  /** The most collateral tokens to put in oneself. The account has them, and has approved the market. */
  readonly maxOwnCollateral: bigint;
  /** The pool's fee tier, hundredths of a basis point. */
  readonly poolFee: number;
  /** The worst price, as the pool counts it. */
  readonly sqrtPriceLimitX96: bigint;
  /** Unix seconds, the last block time at which the position is opened. */
  readonly deadline: bigint;
}

/**
 * Opens a leveraged position in one direct call of `adjust`: the borrowed tokens buy collateral in the pool, the account adds
 * what is missing.
 * @param swapper address of a `UniswapV3Swapper`.
 */
export async function openLeverage(
  market: LeverageMarket,
  swapper: string,
  signer: Signer,
  order: LeverageOrder,
): Promise<ContractTransactionReceipt> {
  const account = await signer.getAddress();
  const data = encodeSwap({
    fee: order.poolFee,
    exactOutput: false,
    sqrtPriceLimitX96: order.sqrtPriceLimitX96,
    deadline: order.deadline,
  });
  const { collateral, debt, maxOwnCollateral } = order;
  return send(market.connect(signer).adjust(account, collateral, debt, swapper, maxOwnCollateral, 0n, data));
}
