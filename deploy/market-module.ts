import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { ContractFuture, IgnitionModule } from "@nomicfoundation/ignition-core";

import { CONFIG_NAMES, LIMIT_NAMES } from "../src/protocol/parameters.ts";
import Factory from "./modules/factory.ts";

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

const SALT = `0x${"0".repeat(64)}`;

/** The oracle over two feeds, and a market with it under the authority of all markets. */
export function buildMarketModule(assets: AssetsModule) {
  return buildModule("Market", (m) => {
    const { accessManager, factory, marketAuthority } = m.useModule(Factory);
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
      authority: marketAuthority,
      name: m.getParameter<string>("name"),
      symbol: m.getParameter<string>("symbol"),
      limits: parametersOf(LIMIT_NAMES),
      config: parametersOf(CONFIG_NAMES),
    };
    const created = m.call(factory, "createMarket", [params, SALT, m.getParameter<bigint>("expectedPrice")]);
    const address = m.readEventArgument(created, "MarketCreated", "market");

    const market = m.contractAt("LeverageMarket", address);
    return {
      accessManager,
      factory,
      marketAuthority,
      oracle,
      market,
      loanToken,
      collateralToken,
      baseFeed,
      quoteFeed,
    };
  });
}
