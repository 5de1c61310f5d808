import type { TransactionReceipt } from "ethers";

import { isRefusal } from "../client/errors.ts";
import { explained, send } from "../client/send.ts";
import type { FlashLiquidator } from "../../types/index.ts";
import type { Batch, Offer, Refusal } from "./batch.ts";

/** Settings of a keeper's liquidations in one market. */
export interface LiquidatorSettings {
  readonly market: string;
  /** Fee tier of the pool in which the keeper sells collateral, hundredths of a basis point. */
  readonly poolFee: number;
  /** Minimum profit of a batch, loan token units. It must cover the gas too. */
  readonly minProfit: bigint;
  /** Gas limit of a transaction. */
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

/** Simulates and sends batches through a `FlashLiquidator` that its signer owns. */
export class Liquidator {
  readonly #contract: FlashLiquidator;
  readonly #settings: LiquidatorSettings;

  /** @param contract connected to its owner. */
  constructor(contract: FlashLiquidator, settings: LiquidatorSettings) {
    this.#contract = contract;
    this.#settings = settings;
  }

  /**
   * Simulates a batch in the latest block.
   * @param sqrtPriceLimitX96 price limit of the sale, in the pool's form.
   * @returns the refusal if the contracts would revert. Other errors pass through.
   */
  async tryBatch(batch: Batch, sqrtPriceLimitX96: bigint): Promise<Offer | Refusal> {
    try {
      const call = this.#contract.liquidate.staticCall(...this.#arguments(batch, sqrtPriceLimitX96));
      const { payment, profit } = await explained(call);
      return { batch, payment, profit };
    } catch (error) {
      // A batch that the contracts reject may succeed with fewer accounts. Other errors, such as a
      // lost connection, are thrown.
      if (isRefusal(error)) {
        return { reason: error.message };
      }
      throw error;
    }
  }

  /**
   * Sends a batch.
   * @param sqrtPriceLimitX96 price limit of the sale, in the pool's form.
   * @throws the explained error if the transaction reverts.
   */
  async send(batch: Batch, sqrtPriceLimitX96: bigint): Promise<TransactionReceipt> {
    return send(this.#contract.liquidate(...this.#arguments(batch, sqrtPriceLimitX96)));
  }

  #arguments({ accounts, maxPayment }: Batch, sqrtPriceLimitX96: bigint): LiquidateArguments {
    const { market, poolFee, minProfit, gasLimit } = this.#settings;
    const sales = [{ fee: poolFee, sqrtPriceLimitX96 }];
    return [market, [...accounts], maxPayment, 0n, sales, minProfit, { gasLimit }];
  }
}
