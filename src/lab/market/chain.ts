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
  /** Accounts that nobody uses: of people who connect to the chain. */
  readonly others: readonly Signer[];
}

/** A chain within this process, with its accounts. */
export type Chain = Awaited<ReturnType<typeof openChain>>;

/**
 * Starts a chain that lives until it is closed, or this process ends.
 * @param startsAt Unix seconds of its first block.
 * @param lenders number of their accounts; likewise `borrowers`.
 * @param others private keys of accounts that nobody uses, the chain's first ones.
 */
export async function openChain(startsAt: number, lenders: number, borrowers: number, others: readonly string[] = []) {
  const named = 6;
  const count = named + lenders + borrowers;
  // Keys spelled out: to derive hundreds of them from a phrase takes seconds.
  const own = Array.from({ length: count }, (_, index) => id(`cantilever demo account ${index}`));
  const keys = [...others, ...own].map((privateKey) => ({ privateKey, balance: BALANCE }));
  const connection = await network.create({
    network: "default",
    override: { accounts: keys, gas: GAS_LIMIT, initialDate: new Date(startsAt * 1000) },
  });
  const all: readonly Signer[] = await connection.ethers.getSigners();
  const signers = all.slice(others.length);
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
    others: all.slice(0, others.length),
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
    /** Calls the listener with whatever somebody has subscribed to (`eth_subscribe`). */
    onMessage: (
      listener: (message: { type: string; data: { subscription: string; result: unknown } }) => void,
    ): void => {
      connection.provider.on("message", listener);
    },
    close: () => connection.close(),
  };
}

/**
 * Says at what time each block is mined, so that a run has the same times, and the same interest,
 * whenever and on whatever machine it is made. One call of `tick` before each transaction.
 */
export class Clock {
  readonly #helpers: Pick<NetworkHelpers, "mine" | "time">;
  #last: number;
  #next = 0;

  private constructor(helpers: Pick<NetworkHelpers, "mine" | "time">, last: number) {
    this.#helpers = helpers;
    this.#last = last;
  }

  /** A clock that goes on from the latest block of a chain. */
  static async of(helpers: Pick<NetworkHelpers, "mine" | "time">): Promise<Clock> {
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
    for (;;) {
      const next = Math.max(this.#next, this.#last + 1);
      try {
        await this.#helpers.time.setNextBlockTimestamp(next);
        this.#last = next;
        return;
      } catch (error) {
        // On a chain that others use too there may be a block of theirs that is later.
        const latest = await this.#helpers.time.latest();
        if (latest < next) throw error;
        this.#last = latest;
      }
    }
  }

  /** Goes on from the latest block, whoever has made it: for a chain that others use too. */
  async follow(): Promise<void> {
    this.#last = await this.#helpers.time.latest();
    this.#next = 0;
  }

  /**
   * Mines a block without a transaction at the time that has been reached, if none is there yet.
   */
  async catchUp(): Promise<void> {
    if (this.#last >= this.#next) return;
    await this.tick();
    await this.#helpers.mine();
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
