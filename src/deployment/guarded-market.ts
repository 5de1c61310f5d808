import { ZeroHash, type Signer } from "ethers";

import {
  AccessManager__factory,
  LeverageMarket__factory,
  MarketFactory__factory,
  OracleGuard__factory,
  UniswapV3TwapOracle__factory,
} from "../../types/index.ts";
import { send } from "../client/send.ts";
import { toAddress, type Address } from "../protocol/address.ts";
import { flattenParameters, nestParameters, type GuardParameters } from "../protocol/parameters.ts";
import { GUARDIAN_ROLE, RISK_MANAGER_ROLE } from "../protocol/roles.ts";

/** What a guard stands on. */
export interface GuardSources {
  /** An oracle over feeds. */
  readonly primary: Address;
  /** A Uniswap v3 pool of the two tokens, at the feeds' price for as long as the window by now. */
  readonly pool: Address;
  readonly loanToken: Address;
  readonly collateralToken: Address;
  /** Least liquidity in use with which the pool is believed. */
  readonly minLiquidity: bigint;
  /** `AccessManager` that says who may replace a source. */
  readonly authority: Address;
}

/**
 * Deploys an `OracleGuard` with an oracle over feeds as its primary and the mean of a pool as its secondary. Anybody may:
 * the signer gets no right in it.
 * @returns the guard, which agrees with itself by then, or was refused.
 */
export async function deployGuard(
  signer: Signer,
  { primary, pool, loanToken, collateralToken, minLiquidity, authority }: GuardSources,
  { window, blockTime, ...numbers }: GuardParameters,
): Promise<Address> {
  const secondary = await new UniswapV3TwapOracle__factory(signer).deploy(
    loanToken,
    collateralToken,
    pool,
    window,
    minLiquidity,
    blockTime,
  );
  await secondary.waitForDeployment();
  const guard = await new OracleGuard__factory(signer).deploy({ primary, secondary, authority, ...numbers });
  await guard.waitForDeployment();
  return toAddress(await guard.getAddress());
}

/**
 * Creates a market that differs from another one of its factory in its oracle alone.
 * @param creator who may create markets.
 * @param model the other market, whose limits are still those of its creation.
 * @param expectedPrice as `IPriceOracle` scales it.
 */
export async function createMarketLike(
  creator: Signer,
  factory: Address,
  model: Address,
  oracle: Address,
  expectedPrice: bigint,
): Promise<Address> {
  const market = LeverageMarket__factory.connect(model, creator);
  const [loanToken, collateralToken, authority, name, symbol, limits, config] = await Promise.all([
    market.asset(),
    market.collateralToken(),
    market.authority(),
    market.name(),
    market.symbol(),
    market.limits(),
    market.config(),
  ]);
  const params = {
    loanToken,
    collateralToken,
    oracle,
    authority,
    name,
    symbol,
    ...nestParameters(flattenParameters({ limits, config })),
  };
  const markets = MarketFactory__factory.connect(factory, creator);
  await send(markets.createMarket(params, ZeroHash, expectedPrice));
  return toAddress(await markets.marketAddress(params, ZeroHash));
}

/**
 * Gives the roles their functions of a guard: the guardian cancels sources, the risk manager schedules them. The admin
 * schedules that and executes it after its delay. What moves a market's limits is wired by its `MarketAuthority`.
 * @param admin of the `AccessManager`.
 * @param waitFor lets so many seconds pass on the chain.
 */
export async function wireGuard(
  admin: Signer,
  accessManager: Address,
  guard: Address,
  waitFor: (seconds: bigint) => Promise<void>,
): Promise<void> {
  const manager = AccessManager__factory.connect(accessManager, admin);
  const sourcesOf = OracleGuard__factory.createInterface();
  const wiring = [
    ["cancelSource", GUARDIAN_ROLE],
    ["scheduleSource", RISK_MANAGER_ROLE],
  ] as const;
  const calls = wiring.map(([name, role]) =>
    manager.interface.encodeFunctionData("setTargetFunctionRole", [
      guard,
      [sourcesOf.getFunction(name).selector],
      role,
    ]),
  );
  for (const call of calls) await send(manager.schedule(accessManager, call, 0));
  const [, delay] = await manager.hasRole(await manager.ADMIN_ROLE(), admin);
  await waitFor(delay);
  for (const call of calls) await send(manager.execute(accessManager, call));
}
