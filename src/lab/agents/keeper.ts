import { priceOracleAt } from "../../client/contracts.ts";
import { toUnits } from "../../client/units.ts";
import { MarketFollower } from "../../keeper/follower.ts";
import { pokeIfDue } from "../../keeper/guard.ts";
import { Liquidator } from "../../keeper/liquidator.ts";
import { keeperRound, type Keeper } from "../../keeper/round.ts";
import { toAddress } from "../../protocol/address.ts";
import type { SimulationConfig } from "../config.ts";
import type { LiquidationBatch } from "../../record.ts";
import type { Chain, Clock } from "../market/chain.ts";
import type { Deployment } from "../market/deployment.ts";
import { batchOf, liquidatedIn, type Instant } from "../market/measure.ts";
import type { Arbitrageur } from "./arbitrageur.ts";

/** What a keeper works with. */
export interface KeeperSurroundings {
  readonly config: Pick<SimulationConfig, "keeper" | "pool" | "blockSeconds">;
  readonly chain: Chain;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly arbitrageur: Arbitrageur;
}

/** A liquidating transaction, and whom it liquidated. */
export interface Liquidations {
  readonly batch: LiquidationBatch;
  readonly accounts: readonly string[];
}

/**
 * The keeper of `src/keeper` with the settings of a simulation, and its index up to date with the
 * chain.
 */
export async function startKeeper(surroundings: KeeperSurroundings): Promise<Keeper> {
  const { config, chain, deployment, clock, arbitrageur } = surroundings;
  const { market, flashLiquidator, guard, addresses, decimals } = deployment;
  const follower = await MarketFollower.start(chain.provider, { ...addresses, fromBlock: 0 });
  await follower.update();
  return {
    market,
    oracle: priceOracleAt(await guard.getAddress(), chain.provider),
    follower,
    liquidator: new Liquidator(flashLiquidator.connect(chain.accounts.keeper), {
      market: addresses.market,
      poolFee: config.pool.fee,
      minProfit: toUnits(config.keeper.minProfitUsd, decimals.loan),
      gasLimit: config.keeper.gasLimit,
    }),
    limits: {
      maxAccounts: config.keeper.maxAccounts,
      minPayment: toUnits(config.keeper.minPaymentUsd, decimals.loan),
    },
    collateralIsToken0: arbitrageur.collateralIsToken0,
    maxSlippageBasisPoints: config.keeper.slippageBasisPoints,
    beforeSending: () => clock.tick(),
  };
}

/**
 * The keeper looks at the market's guard, and pokes it if that is due.
 * @returns whether it did.
 */
export async function poke({
  config,
  chain,
  deployment,
  clock,
}: Pick<KeeperSurroundings, "chain" | "deployment" | "clock"> & {
  readonly config: Pick<SimulationConfig, "keeper">;
}): Promise<boolean> {
  const receipt = await pokeIfDue(
    {
      guard: deployment.guard.connect(chain.accounts.keeper),
      settings: config.keeper.pokes,
      beforeSending: () => clock.tick(),
    },
    BigInt(clock.now),
  );
  return receipt !== undefined;
}

/**
 * The keeper's rounds after one report of the feed, a block apart, with the arbitrageurs in
 * between; ends when nothing is left that pays. Its index is up to date afterwards.
 */
export async function liquidate(
  { config, chain, deployment, clock, arbitrageur }: KeeperSurroundings,
  keeper: Keeper,
  instant: Instant,
): Promise<readonly Liquidations[]> {
  const owner = toAddress(await chain.accounts.keeper.getAddress());
  const done: Liquidations[] = [];
  for (let round = 0; round < config.keeper.rounds; ++round) {
    const result = await keeperRound(keeper);
    if (!("receipt" in result)) break;
    done.push({
      batch: batchOf(result.receipt, deployment, owner, instant),
      accounts: liquidatedIn(result.receipt, deployment.addresses.market).map(({ account }) => account),
    });
    clock.pass(config.blockSeconds);
    await arbitrageur.recover(config.blockSeconds);
  }
  await keeper.follower.update();
  return done;
}
