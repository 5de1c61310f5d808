import { priceOracleAt } from "../client/contracts.ts";
import { toUnits } from "../client/units.ts";
import { toAddress } from "../protocol/address.ts";
import { MarketFollower } from "../keeper/follower.ts";
import { Liquidator } from "../keeper/liquidator.ts";
import type { Keeper } from "../keeper/round.ts";
import type { Chain } from "./chain.ts";
import type { Clock } from "./clock.ts";
import type { Deployment } from "./deploy.ts";
import type { LiquidationSite } from "./liquidation-log.ts";
import type { MarketPlace } from "./market-place.ts";
import { SETTINGS, USD_DECIMALS } from "./settings.ts";

/** What a replay works with. */
export interface Scene {
  readonly deployment: Deployment;
  readonly place: MarketPlace;
  readonly clock: Clock;
  readonly keeper: Keeper;
  readonly site: LiquidationSite;
}

/** Adds the keeper. */
export async function setScene(chain: Chain, deployment: Deployment, place: MarketPlace, clock: Clock): Promise<Scene> {
  const { market, flashLiquidator, loanToken, oracle, addresses } = deployment;
  const { keeper: owner } = chain.cast;
  const keeper: Keeper = {
    market,
    oracle: priceOracleAt(oracle, owner),
    follower: await MarketFollower.start(chain.provider, { ...addresses, fromBlock: 0 }),
    liquidator: new Liquidator(flashLiquidator.connect(owner), {
      market: addresses.market,
      poolFee: SETTINGS.poolFee,
      minProfit: toUnits(SETTINGS.keeperMinProfitUsd, USD_DECIMALS),
      gasLimit: SETTINGS.keeperGasLimit,
    }),
    limits: {
      maxAccounts: SETTINGS.keeperMaxAccounts,
      minPayment: toUnits(SETTINGS.keeperMinPaymentUsd, USD_DECIMALS),
    },
    collateralIsToken0: place.collateralIsToken0,
    maxSlippageBasisPoints: SETTINGS.keeperSlippageBasisPoints,
    beforeSending: () => clock.tick(),
  };
  const site = {
    market: addresses.market,
    loanToken: toAddress(await loanToken.getAddress()),
    flashLiquidator: addresses.flashLiquidator,
    keeper: toAddress(await owner.getAddress()),
  };
  return { deployment, place, clock, keeper, site };
}
