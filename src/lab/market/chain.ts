import type { NetworkHelpers } from "@nomicfoundation/hardhat-network-helpers/types";
import { id, type Signer } from "ethers";
import { network } from "hardhat";

/** Wei of each account: more than any run spends. */
const BALANCE = 10n ** 24n;

/**
 * Gas that each transaction may use: just below what the chain allows (2^24). Without it the gas of
 * each would be estimated first, which takes longer than everything else together.
 */
export const GAS_LIMIT = 16_000_000n;

/** Accounts by what they do, one each; and one for each lender and borrower. */
export interface Accounts {
  readonly deployer: Signer;
  readonly admin: Signer;
  readonly guardian: Signer;
  readonly riskManager: Signer;
  readonly keeper: Signer;
  /** Trades the pool to the market price. */
  readonly trader: Signer;
  readonly lenders: readonly Signer[];
  readonly borrowers: readonly Signer[];
}

/** A chain within this process, with its accounts. */
export type Chain = Awaited<ReturnType<typeof openChain>>;

/**
 * Starts a chain that lives until it is closed, or this process ends.
 * @param startsAt Unix seconds of its first block.
 * @param lenders number of their accounts; likewise `borrowers`.
 */
export async function openChain(startsAt: number, lenders: number, borrowers: number) {
  const named = 6;
  const count = named + lenders + borrowers;
  // Keys spelled out: to derive hundreds of them from a phrase takes seconds.
  const keys = Array.from({ length: count }, (_, index) => ({
    privateKey: id(`cantilever demo account ${index}`),
    balance: BALANCE,
  }));
  const connection = await network.create({
    network: "default",
    override: { accounts: keys, gas: GAS_LIMIT, initialDate: new Date(startsAt * 1000) },
  });
  const signers: readonly Signer[] = await connection.ethers.getSigners();
  const [deployer, admin, guardian, riskManager, keeper, trader] = signers;
  if (!deployer || !admin || !guardian || !riskManager || !keeper || !trader || signers.length < count) {
    throw new Error(`The chain has ${signers.length} accounts instead of ${count}.`);
  }
  const accounts: Accounts = {
    deployer,
    admin,
    guardian,
    riskManager,
    keeper,
    trader,
    lenders: signers.slice(named, named + lenders),
    borrowers: signers.slice(named + lenders),
  };
  return {
    provider: connection.ethers.provider,
    accounts,
    /** To be asked for when the setup, whose times don't matter, is done. */
    startClock: () => Clock.of(connection.networkHelpers),
    /**
     * Remembers the state of the chain; the function that is returned brings it back, as often as
     * it is called.
     */
    takeSnapshot: async (): Promise<() => Promise<void>> => {
      const snapshot = await connection.networkHelpers.takeSnapshot();
      return () => snapshot.restore();
    },
    close: () => connection.close(),
  };
}

/**
 * Says at what time each block is mined, so that a run has the same times, and the same interest,
 * whenever and on whatever machine it is made. One call of `tick` before each transaction.
 */
export class Clock {
  readonly #helpers: Pick<NetworkHelpers, "time">;
  #last: number;
  #next = 0;

  private constructor(helpers: Pick<NetworkHelpers, "time">, last: number) {
    this.#helpers = helpers;
    this.#last = last;
  }

  /** A clock that goes on from the latest block of a chain. */
  static async of(helpers: Pick<NetworkHelpers, "time">): Promise<Clock> {
    return new Clock(helpers, await helpers.time.latest());
  }

  /** Unix seconds of the latest block. */
  get now(): number {
    return this.#last;
  }

  /** No block is mined before this time any more. */
  reach(unixSeconds: number): void {
    this.#next = Math.max(this.#next, unixSeconds);
  }

  /** Lets time pass. */
  pass(seconds: number): void {
    this.reach(this.#last + seconds);
  }

  /**
   * Sets the time of the next block: what has been reached, and at least a second after the latest.
   */
  async tick(): Promise<void> {
    this.#last = Math.max(this.#next, this.#last + 1);
    await this.#helpers.time.setNextBlockTimestamp(this.#last);
  }

  /**
   * Remembers the time; the function that is returned brings it back, as a snapshot of the chain
   * does there.
   */
  save(): () => void {
    const [last, next] = [this.#last, this.#next];
    return () => {
      [this.#last, this.#next] = [last, next];
    };
  }
}
