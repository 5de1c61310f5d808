import type { TransactionReceipt } from "ethers";

import { isRefusal } from "../client/errors.ts";
import { explained, send } from "../client/send.ts";
import type { FlashLiquidator } from "../../types/index.ts";
import type { Batch, Offer, Refusal } from "./batch.ts";

/** How a keeper liquidates in one market. */
export interface LiquidatorSettings {
  readonly market: string;
  /** The fee tier of the pool in which it sells, hundredths of a basis point. */
  readonly poolFee: number;
  /** Least profit of a batch, loan token units. It has to pay for the gas too. */
  readonly minProfit: bigint;
  /** Most gas of a transaction. */
  readonly gasLimit: bigint;
}

type LiquidateArguments = [
  market: string,
  accounts: string[],
  maxPayment: bigint,
  minSeized: bigint,
  sales: { fee: number; sqrtPriceLimitX96: bigint }[],
  minProfit: bigint,
  overrides: { gasLimit: bigint },
];

/** Tries and sends batches through a `FlashLiquidator`, which its signer owns. */
export class Liquidator {
  readonly #contract: FlashLiquidator;
  readonly #settings: LiquidatorSettings;

  /** @param contract connected to its owner. */
  constructor(contract: FlashLiquidator, settings: LiquidatorSettings) {
    this.#contract = contract;
    this.#settings = settings;
  }

  /**
   * What a batch would bring now.
   * @param sqrtPriceLimitX96 the worst price to sell at, as the pool counts it.
   */
  async tryBatch(batch: Batch, sqrtPriceLimitX96: bigint): Promise<Offer | Refusal> {
    try {
      const call = this.#contract.liquidate.staticCall(...this.#arguments(batch, sqrtPriceLimitX96));
      const { payment, profit } = await explained(call);
      return { batch, payment, profit };
    } catch (error) {
      // What the contracts refuse may work in a smaller batch. Anything else, like a dead connection, is not an answer.
      if (isRefusal(error)) {
        return { reason: error.message };
      }
      throw error;
    }
  }

  /** Sends a batch. */
  async send(batch: Batch, sqrtPriceLimitX96: bigint): Promise<TransactionReceipt> {
    return send(this.#contract.liquidate(...this.#arguments(batch, sqrtPriceLimitX96)));
  }

  #arguments({ accounts, maxPayment }: Batch, sqrtPriceLimitX96: bigint): LiquidateArguments {
    const { market, poolFee, minProfit, gasLimit } = this.#settings;
    const sales = [{ fee: poolFee, sqrtPriceLimitX96 }];
    return [market, [...accounts], maxPayment, 0n, sales, minProfit, { gasLimit }];
  }
}
