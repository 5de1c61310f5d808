import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { ContractFuture, IgnitionModule } from "@nomicfoundation/ignition-core";

import { ADMIN_ROLE, MARKET_CREATOR_ROLE } from "../src/protocol/roles.ts";
import Governance from "./modules/governance.ts";

/**
 * The last step: hands the `AccessManager` to its admin, whose every act takes a delay from then on, and leaves the
 * deployer without any role.
 * @param wired the module after which the deployer has nothing left to set up.
 */
export function buildHandoverModule<R extends Record<string, ContractFuture<string>>>(
  wired: IgnitionModule<string, string, R>,
) {
  return buildModule("Handover", (m) => {
    const deployer = m.getAccount(0);
    const { accessManager } = m.useModule(Governance);
    const before = Object.values(m.useModule(wired));

    const notCreator = m.call(accessManager, "renounceRole", [MARKET_CREATOR_ROLE, deployer], {
      id: "DeployerNoLongerCreator",
      after: before,
    });
    // After the renunciation: the market creator may be the deployer, who then keeps this role by intention.
    const creator = m.call(
      accessManager,
      "grantRole",
      [MARKET_CREATOR_ROLE, m.getParameter<string>("marketCreator"), 0],
      { id: "GrantMarketCreator", after: [notCreator] },
    );
    const admin = m.call(
      accessManager,
      "grantRole",
      [ADMIN_ROLE, m.getParameter<string>("admin"), m.getParameter("adminDelay")],
      { id: "GrantAdmin", after: [creator] },
    );
    const renounced = m.call(accessManager, "renounceRole", [ADMIN_ROLE, deployer], {
      id: "DeployerNoLongerAdmin",
      after: [admin],
    });
    const handedOver = m.contractAt("AccessManager", accessManager, {
      id: "HandedOver",
      after: [renounced],
    });
    return { handedOver };
  });
}
