import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { MarketFactory__factory } from "../../types/index.ts";
import { MARKET_CREATOR_ROLE } from "../../src/protocol/roles.ts";
import Governance from "./governance.ts";

const CREATE_MARKET = MarketFactory__factory.createInterface().getFunction("createMarket").selector;

/** The factory, and who may create markets: by default the holders of that role. */
export default buildModule("Factory", (m) => {
  const { accessManager } = m.useModule(Governance);
  const role = m.getParameter("marketCreationRole", MARKET_CREATOR_ROLE);

  const deployed = m.contract("MarketFactory", [accessManager]);
  const wired = m.call(accessManager, "setTargetFunctionRole", [deployed, [CREATE_MARKET], role], {
    id: "WhoMayCreateMarkets",
  });
  const factory = m.contractAt("MarketFactory", deployed, { id: "WiredFactory", after: [wired] });
  return { accessManager, factory };
});
