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
  /** `AccessManager` of the market. */
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

/** A market and its guard, under one authority. */
export interface GuardedMarket {
  readonly authority: Address;
  readonly market: Address;
  readonly guard: Address;
}

/**
 * Gives the roles their functions of a market and its guard: the guardian lowers limits and cancels sources, the risk
 * manager raises limits and schedules sources. The admin schedules that and executes it after its delay.
 * @param admin of the authority.
 * @param waitFor lets so many seconds pass on the chain.
 */
export async function wireRoles(
  admin: Signer,
  { authority, market, guard }: GuardedMarket,
  waitFor: (seconds: bigint) => Promise<void>,
): Promise<void> {
  const manager = AccessManager__factory.connect(authority, admin);
  const functionsOf = LeverageMarket__factory.createInterface();
  const sourcesOf = OracleGuard__factory.createInterface();
  const wiring = [
    [market, [functionsOf.getFunction("lowerLimit")], GUARDIAN_ROLE],
    [
      market,
      [functionsOf.getFunction("scheduleRaise"), functionsOf.getFunction("rampLiquidationLeverage")],
      RISK_MANAGER_ROLE,
    ],
    [guard, [sourcesOf.getFunction("cancelSource")], GUARDIAN_ROLE],
    [guard, [sourcesOf.getFunction("scheduleSource")], RISK_MANAGER_ROLE],
  ] as const;
  const calls = wiring.map(([target, functions, role]) =>
    manager.interface.encodeFunctionData("setTargetFunctionRole", [
      target,
      functions.map(({ selector }) => selector),
      role,
    ]),
  );
  for (const call of calls) await send(manager.schedule(authority, call, 0));
  const [, delay] = await manager.hasRole(await manager.ADMIN_ROLE(), admin);
  await waitFor(delay);
  for (const call of calls) await send(manager.execute(authority, call));
}
