import type { Signer, TransactionReceipt } from "ethers";
import { AbiCoder } from "ethers/abi";

import type { LeverageMarket } from "../../types/index.ts";
import { send } from "./send.ts";

/** How `UniswapV3Swapper` is to trade. */
export interface SwapInstruction {
  /** The pool's fee tier, hundredths of a basis point. */
  readonly fee: number;
  /**
   * False: sell all that the market sends. True: buy just what the market is owed, and give the
   * rest back.
   */
  readonly exactOutput: boolean;
  /** The worst price, as the pool counts it: the swap stops there. */
  readonly sqrtPriceLimitX96: bigint;
  /**
   * Unix seconds, the last block time at which the swap is made: a signed transaction may be held
   * back.
   */
  readonly deadline: bigint;
}

/** The `data` of `adjust` for a `receiver` that is a `UniswapV3Swapper`. */
export function encodeSwap(instruction: SwapInstruction): string {
  return AbiCoder.defaultAbiCoder().encode(
    ["uint24", "bool", "uint160", "uint256"],
    [instruction.fee, instruction.exactOutput, instruction.sqrtPriceLimitX96, instruction.deadline],
  );
}

/** By how much a position is raised: a fresh one from nothing. */
export interface LeverageOrder {
  /** Collateral added to the position, token units. */
  readonly collateral: bigint;
  /** Debt added to the position, token units. */
  readonly debt: bigint;
  /**
   * The most collateral tokens to put in oneself. The account has them, and has approved the
   * market.
   */
  readonly maxOwnCollateral: bigint;
  /** The pool's fee tier, hundredths of a basis point. */
  readonly poolFee: number;
  /** The worst price, as the pool counts it. */
  readonly sqrtPriceLimitX96: bigint;
  /** Unix seconds, the last block time at which the position is opened. */
  readonly deadline: bigint;
}

/**
 * Opens or raises a leveraged position in one direct call of `adjust`: the borrowed tokens buy
 * collateral in the pool, the account adds what is missing.
 * @param swapper address of a `UniswapV3Swapper`.
 * @throws what `send` throws: the market refuses what would be above one of its limits.
 */
export async function openLeverage(
  market: LeverageMarket,
  swapper: string,
  signer: Signer,
  order: LeverageOrder,
): Promise<TransactionReceipt> {
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
