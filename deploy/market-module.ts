import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { ContractFuture, IgnitionModule } from "@nomicfoundation/ignition-core";

import { CONFIG_NAMES, LIMIT_NAMES } from "../src/protocol/parameters.ts";
import { LeverageMarket__factory } from "../types/index.ts";
import Factory from "./modules/factory.ts";
import { GUARDIAN_ROLE, RISK_MANAGER_ROLE } from "../src/protocol/roles.ts";

/** What a market is made for. */
export interface Assets {
  readonly loanToken: ContractFuture<string>;
  readonly collateralToken: ContractFuture<string>;
  /** Price of a collateral token. */
  readonly baseFeed: ContractFuture<string>;
  /** Price of a loan token in the same unit. */
  readonly quoteFeed: ContractFuture<string>;
}

type AssetsModule = IgnitionModule<string, string, Assets & Record<string, ContractFuture<string>>>;

const market = LeverageMarket__factory.createInterface();
const selector = (name: "lowerLimit" | "scheduleRaise" | "rampLiquidationLeverage"): string =>
  market.getFunction(name).selector;

const SALT = `0x${"0".repeat(64)}`;

/** The oracle over two feeds, a market with it, and who may move the market's limits. */
export function buildMarketModule(assets: AssetsModule) {
  return buildModule("Market", (m) => {
    const { accessManager, factory } = m.useModule(Factory);
    const { loanToken, collateralToken, baseFeed, quoteFeed } = m.useModule(assets);

    const oracle = m.contract("ChainlinkOracle", [
      loanToken,
      collateralToken,
      baseFeed,
      m.getParameter<bigint>("baseMaxAge"),
      quoteFeed,
      m.getParameter<bigint>("quoteMaxAge"),
    ]);
    const parametersOf = (names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, m.getParameter<bigint>(name)]));
    const params = {
      loanToken,
      collateralToken,
      oracle,
      authority: accessManager,
      name: m.getParameter<string>("name"),
      symbol: m.getParameter<string>("symbol"),
      limits: parametersOf(LIMIT_NAMES),
      config: parametersOf(CONFIG_NAMES),
    };
    const created = m.call(factory, "createMarket", [params, SALT, m.getParameter<bigint>("expectedPrice")]);
    const address = m.readEventArgument(created, "MarketCreated", "market");

    const wire = (id: string, functions: string[], role: bigint) =>
      m.call(accessManager, "setTargetFunctionRole", [address, functions, role], { id });
    const wired = [
      wire("WhoMayLower", [selector("lowerLimit")], GUARDIAN_ROLE),
      wire("WhoMayRaise", [selector("scheduleRaise"), selector("rampLiquidationLeverage")], RISK_MANAGER_ROLE),
    ];
    const deployed = m.contractAt("LeverageMarket", address, { after: wired });
    return { accessManager, factory, oracle, market: deployed, loanToken, collateralToken, baseFeed, quoteFeed };
  });
}
