import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { LeverageMarket__factory, MarketFactory__factory } from "../../types/index.ts";
import { GUARDIAN_ROLE, MARKET_CREATOR_ROLE, RISK_MANAGER_ROLE } from "../../src/protocol/roles.ts";
import Governance from "./governance.ts";

const CREATE_MARKET = MarketFactory__factory.createInterface().getFunction("createMarket").selector;

const market = LeverageMarket__factory.createInterface();
const selector = (name: "lowerLimit" | "scheduleRaise" | "rampLiquidationLeverage"): string =>
  market.getFunction(name).selector;

/**
 * The factory, who may create markets, by default the holders of that role, and the authority of its markets, which
 * ties what moves their limits to roles for all of them at once.
 */
export default buildModule("Factory", (m) => {
  const { accessManager } = m.useModule(Governance);
  const role = m.getParameter("marketCreationRole", MARKET_CREATOR_ROLE);

  const deployed = m.contract("MarketFactory", [accessManager]);
  const wired = m.call(accessManager, "setTargetFunctionRole", [deployed, [CREATE_MARKET], role], {
    id: "WhoMayCreateMarkets",
  });
  const factory = m.contractAt("MarketFactory", deployed, { id: "WiredFactory", after: [wired] });

  const authority = m.contract("MarketAuthority", [accessManager, deployed]);
  const tie = (id: string, functions: string[], to: bigint) =>
    m.call(accessManager, "setTargetFunctionRole", [authority, functions, to], { id });
  const tied = [
    tie("WhoMayLower", [selector("lowerLimit")], GUARDIAN_ROLE),
    tie("WhoMayRaise", [selector("scheduleRaise"), selector("rampLiquidationLeverage")], RISK_MANAGER_ROLE),
  ];
  const marketAuthority = m.contractAt("MarketAuthority", authority, { id: "WiredMarketAuthority", after: tied });
  return { accessManager, factory, marketAuthority };
});
