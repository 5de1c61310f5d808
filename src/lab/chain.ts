import { id, type Signer } from "ethers";
import { network } from "hardhat";

import { Clock } from "./clock.ts";

const BALANCE = 10n ** 24n;

/**
 * Gas that each transaction may use: just below what the chain allows (2^24). Without it the gas of each would be estimated
 * first, which takes longer than everything else together.
 */
const GAS_LIMIT = 16_000_000n;

/** Who takes part, one account each, and accounts for the many. */
export interface Cast {
  readonly deployer: Signer;
  readonly admin: Signer;
  readonly guardian: Signer;
  readonly riskManager: Signer;
  readonly keeper: Signer;
  /** Provides the pool's liquidity, and trades it to the market price. */
  readonly trader: Signer;
  readonly lenders: readonly Signer[];
  readonly borrowers: readonly Signer[];
}

/** A chain within this process, with its cast. */
export type Chain = Awaited<ReturnType<typeof openChain>>;

/**
 * Starts a chain that lives as long as this process does.
 * @param startsAt Unix seconds of its first block.
 */
export async function openChain(startsAt: number, lenders: number, borrowers: number) {
  const named = 6;
  const count = named + lenders + borrowers;
  // Keys spelled out: to derive hundreds of them from a phrase takes seconds.
  const accounts = Array.from({ length: count }, (_, index) => ({
    privateKey: id(`cantilever demo account ${index}`),
    balance: BALANCE,
  }));
  const connection = await network.create({
    network: "default",
    override: { accounts, gas: GAS_LIMIT, initialDate: new Date(startsAt * 1000) },
  });
  const signers: readonly Signer[] = await connection.ethers.getSigners();
  const [deployer, admin, guardian, riskManager, keeper, trader] = signers;
  if (!deployer || !admin || !guardian || !riskManager || !keeper || !trader || signers.length < count) {
    throw new Error(`The chain has ${signers.length} accounts instead of ${count}.`);
  }
  const cast: Cast = {
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
    ignition: connection.ignition,
    provider: connection.ethers.provider,
    cast,
    /** To be asked for when the setup, whose times don't matter, is done. */
    startClock: () => Clock.of(connection.networkHelpers),
    close: () => connection.close(),
  };
}
