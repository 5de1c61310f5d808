import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { GUARDIAN_ROLE, MARKET_CREATOR_ROLE, RISK_MANAGER_ROLE } from "../../src/protocol/roles.ts";

/** Without delay: what these roles may do is either harmless or delayed by the market itself. */
const AT_ONCE = 0;

/**
 * The `AccessManager` with the roles of guardian and risk manager. The deployer stays its admin until the module
 * `Handover`, since only an admin can say which role may call what.
 */
export default buildModule("Governance", (m) => {
  const deployer = m.getAccount(0);
  const guardian = m.getParameter<string>("guardian");
  const riskManager = m.getParameter<string>("riskManager");

  const admin = m.getParameter<string>("admin");
  const checked = m.contract("DeploymentCheck", [admin, m.getParameter<number>("adminDelay")]);
  const accessManager = m.contract("AccessManager", [deployer], { after: [checked] });

  const labelled = [
    ["Guardian", GUARDIAN_ROLE] as const,
    ["RiskManager", RISK_MANAGER_ROLE] as const,
    ["MarketCreator", MARKET_CREATOR_ROLE] as const,
  ].map(([label, role]) => m.call(accessManager, "labelRole", [role, label], { id: `Label${label}` }));

  const grant = (id: string, role: bigint, account: typeof guardian | typeof deployer) =>
    m.call(accessManager, "grantRole", [role, account, AT_ONCE], { id, after: labelled });
  const grants = [
    grant("GrantGuardian", GUARDIAN_ROLE, guardian),
    // A function has one role, and both may lower limits: so the risk manager is a guardian too.
    grant("GrantGuardianToRiskManager", GUARDIAN_ROLE, riskManager),
    grant("GrantRiskManager", RISK_MANAGER_ROLE, riskManager),
    // For the first market; taken back by `Handover`.
    grant("GrantMarketCreatorToDeployer", MARKET_CREATOR_ROLE, deployer),
  ];
  // What uses this module waits for its results only: the last step makes it wait for the grants.
  const ready = m.contractAt("AccessManager", accessManager, {
    id: "ReadyAccessManager",
    after: grants,
  });
  return { accessManager: ready };
});
