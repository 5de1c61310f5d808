import { Interface } from "ethers";

import { abi as accessManagerAbi } from "../../abis/AccessManager.ts";
import { abi as leverageMarketAbi } from "../../abis/LeverageMarket.ts";
import { abi as marketFactoryAbi } from "../../abis/MarketFactory.ts";
import { abi as oracleGuardAbi } from "../../abis/OracleGuard.ts";
import type { Address } from "../protocol/address.ts";
import { ADMIN_ROLE, GUARDIAN_ROLE, MARKET_CREATOR_ROLE, PUBLIC_ROLE, RISK_MANAGER_ROLE } from "../protocol/roles.ts";
import { DeploymentDiffersError } from "./errors.ts";
import type { Call, Node } from "./node.ts";
import type { DeploymentParameters } from "./parameters.ts";

const accessManager = new Interface(accessManagerAbi);
const factoryInterface = new Interface(marketFactoryAbi);

/** A required property of the roles, and the call to the authority that establishes it. */
export interface RoleGoal {
  readonly call: string;
  readonly words: string;
  isReached(node: Node): Promise<boolean>;
}

/**
 * Execution delay of a role, seconds. Zero: the functions of these roles are either harmless or
 * delayed by the market itself.
 */
const AT_ONCE = 0n;

/** The contracts whose restricted functions belong to roles, and their `AccessManager`. */
export interface Governed {
  readonly authority: Address;
  readonly factory: Address;
  readonly marketAuthority: Address;
  readonly guard: Address;
}

/**
 * The role goals, in the order of their calls: the deployer renounces the admin role last, because
 * all other calls need it.
 */
export function roleGoals(
  { authority, factory, marketAuthority, guard }: Governed,
  { roles }: DeploymentParameters,
  deployer: Address,
): readonly RoleGoal[] {
  const { admin, adminDelay, guardian, riskManager, marketCreator } = roles;
  const encode = (name: string, args: readonly unknown[]): string => accessManager.encodeFunctionData(name, args);
  const access = async (node: Node, role: bigint, account: Address) => {
    const [isMember, delay] = await node.view(authority, accessManager, "hasRole", [role, account]);
    return { isMember: isMember as boolean, delay: delay as bigint };
  };
  const grant = (words: string, role: bigint, account: Address, delay: bigint): RoleGoal => ({
    words: `${account} is ${words}`,
    call: encode("grantRole", [role, account, delay]),
    async isReached(node) {
      const now = await access(node, role, account);
      return now.isMember && now.delay === delay;
    },
  });
  const tie = (target: Address, abi: Interface, name: string, role: bigint): RoleGoal => {
    const { selector } = abi.getFunction(name) ?? { selector: "" };
    return {
      words: `role ${role} may call ${name} of ${target}`,
      call: encode("setTargetFunctionRole", [target, [selector], role]),
      async isReached(node) {
        const [now] = await node.view(authority, accessManager, "getTargetFunctionRole", [target, selector]);
        return now === role;
      },
    };
  };
  const leverageMarket = new Interface(leverageMarketAbi);
  const oracleGuard = new Interface(oracleGuardAbi);
  const creatorRole = marketCreator === "everyone" ? PUBLIC_ROLE : MARKET_CREATOR_ROLE;
  return [
    tie(marketAuthority, leverageMarket, "lowerLimit", GUARDIAN_ROLE),
    tie(marketAuthority, leverageMarket, "scheduleRaise", RISK_MANAGER_ROLE),
    tie(marketAuthority, leverageMarket, "rampLiquidationLeverage", RISK_MANAGER_ROLE),
    tie(guard, oracleGuard, "cancelSource", GUARDIAN_ROLE),
    tie(guard, oracleGuard, "scheduleSource", RISK_MANAGER_ROLE),
    tie(factory, factoryInterface, "createMarket", creatorRole),
    grant("a guardian", GUARDIAN_ROLE, guardian, AT_ONCE),
    // A function belongs to one role, and both accounts may lower limits, so the risk manager is
    // also a guardian.
    ...(riskManager === guardian ? [] : [grant("a guardian", GUARDIAN_ROLE, riskManager, AT_ONCE)]),
    grant("a risk manager", RISK_MANAGER_ROLE, riskManager, AT_ONCE),
    ...(marketCreator === "everyone" ? [] : [grant("a market creator", MARKET_CREATOR_ROLE, marketCreator, AT_ONCE)]),
    grant(`the admin, with a delay of ${adminDelay} seconds`, ADMIN_ROLE, admin, adminDelay),
    {
      words: "the deployer is not an admin",
      call: encode("renounceRole", [ADMIN_ROLE, deployer]),
      async isReached(node) {
        return !(await access(node, ADMIN_ROLE, deployer)).isMember;
      },
    },
  ];
}

/** Names of the roles in events. */
const LABELS: readonly (readonly [bigint, string])[] = [
  [GUARDIAN_ROLE, "Guardian"],
  [RISK_MANAGER_ROLE, "RiskManager"],
  [MARKET_CREATOR_ROLE, "MarketCreator"],
];

/**
 * The call that reaches all goals in one transaction. The deployer has every right before it and
 * none after it, so there are no intermediate states. Undefined if the deployer is no longer an
 * admin.
 */
export async function missingRoles(
  node: Node,
  authority: Address,
  goals: readonly RoleGoal[],
  deployer: Address,
): Promise<Call | undefined> {
  if ((await node.hasCode(authority)) && !(await isAdmin(node, authority, deployer))) return undefined;
  const labels = LABELS.map((label) => accessManager.encodeFunctionData("labelRole", label));
  const calls = [...labels, ...goals.map(({ call }) => call)];
  return { to: authority, data: accessManager.encodeFunctionData("multicall", [calls]) };
}

async function isAdmin(node: Node, authority: Address, account: Address): Promise<boolean> {
  const [isMember] = await node.view(authority, accessManager, "hasRole", [ADMIN_ROLE, account]);
  return isMember === true;
}

/** The properties that distinguish deployments of the same name. */
interface Identity {
  readonly name: string;
  readonly deployer: Address;
  readonly authority: Address;
  readonly factory: Address;
  readonly goals: readonly RoleGoal[];
}

/**
 * Checks that the deployment on the chain is the planned one. A finished deployment must have every
 * contract and the planned roles. An unfinished one must have no market other than the planned one.
 * Otherwise it was made with other parameters or other code, from which addresses are derived.
 * @throws DeploymentDiffersError if it is a different deployment.
 */
export async function refuseOther(
  node: Node,
  missing: ReadonlySet<string>,
  { name, deployer, authority, factory, goals }: Identity,
): Promise<void> {
  if (missing.has("AccessManager")) return;
  const deployment = `The deployment ${JSON.stringify(name)} of ${deployer}`;
  if (await isAdmin(node, authority, deployer)) {
    if (missing.has("MarketFactory") || !missing.has("Market")) return;
    const [count] = await node.view(factory, factoryInterface, "marketCount");
    if (count === 0n) return;
    throw new DeploymentDiffersError(`${deployment} already has a market, which is not the one of these parameters`);
  }
  if (missing.size > 0) {
    const ids = [...missing].join(", ");
    throw new DeploymentDiffersError(`${deployment} is finished, but lacks steps of these parameters: ${ids}`);
  }
  const reached = await Promise.all(goals.map((goal) => goal.isReached(node)));
  const unreached = goals.find((_, index) => reached[index] === false);
  if (unreached === undefined) return;
  throw new DeploymentDiffersError(
    `${deployment} is finished, but does not fulfill "${unreached.words}": ` +
      "the admin has changed it since, or the parameters differ",
  );
}
