import { Interface } from "ethers";

import { abi as accessManagerAbi } from "../../abis/AccessManager.ts";
import { abi as leverageMarketAbi } from "../../abis/LeverageMarket.ts";
import { abi as marketAuthorityAbi } from "../../abis/MarketAuthority.ts";
import { abi as marketFactoryAbi } from "../../abis/MarketFactory.ts";
import { abi as oracleGuardAbi } from "../../abis/OracleGuard.ts";
import type { BookedDeployment } from "../../src/client/address-book.ts";
import type { Node } from "../../src/deployment/node.ts";
import type { DeploymentParameters } from "../../src/deployment/parameters.ts";
import { toAddress, type Address } from "../../src/protocol/address.ts";
import {
  ADMIN_ROLE,
  GUARDIAN_ROLE,
  isKnownRole,
  MARKET_CREATOR_ROLE,
  PUBLIC_ROLE,
  RISK_MANAGER_ROLE,
  roleName,
} from "../../src/protocol/roles.ts";
import { Findings, type Finding } from "./finding.ts";
import { logsOf } from "./logs.ts";
import { duration, moment } from "./words.ts";

const accessManager = new Interface(accessManagerAbi);
const marketAuthority = new Interface(marketAuthorityAbi);
const factory = new Interface(marketFactoryAbi);
const market = new Interface(leverageMarketAbi);
const guard = new Interface(oracleGuardAbi);

/** The interfaces that an operation of the `AccessManager` may call. */
const KNOWN = [accessManager, marketAuthority, factory, market, guard];

/** The subjects to check, from the events of an `AccessManager`. */
export interface History {
  /** Every account that has ever held a role, by role. */
  readonly members: ReadonlyMap<bigint, ReadonlySet<Address>>;
  /** Functions that were assigned to a role: `target selector`. */
  readonly tied: ReadonlySet<string>;
  /** Roles whose own admin, guardian or grant delay was changed. */
  readonly reshaped: ReadonlySet<bigint>;
  readonly targets: ReadonlySet<Address>;
  readonly operations: readonly Operation[];
}

interface Operation {
  readonly id: string;
  readonly caller: Address;
  readonly target: Address;
  readonly data: string;
}

/** Arguments of the evaluated events. Each event has some of them. */
interface EventArguments {
  readonly roleId: bigint;
  readonly account: string;
  readonly target: string;
  readonly selector: string;
  readonly operationId: string;
  readonly caller: string;
  readonly data: string;
}

/**
 * Reads all events of a deployment's `AccessManager`.
 * @param tell reports the progress.
 */
export async function readHistory(
  node: Node,
  { contracts }: BookedDeployment,
  tell: (state: string) => void,
): Promise<History> {
  const members = new Map<bigint, Set<Address>>();
  const tied = new Set<string>();
  const reshaped = new Set<bigint>();
  const targets = new Set<Address>();
  const operations = new Map<string, Operation>();
  const { address, block } = contracts.accessManager;
  for (const entry of await logsOf(node, address, BigInt(block), tell)) {
    const event = accessManager.parseLog(entry);
    if (event === null) continue;
    const args = event.args.toObject() as EventArguments;
    switch (event.name) {
      case "RoleGranted":
        members.set(args.roleId, (members.get(args.roleId) ?? new Set()).add(toAddress(args.account)));
        break;
      case "TargetFunctionRoleUpdated":
        tied.add(`${toAddress(args.target)} ${args.selector}`);
        break;
      case "RoleAdminChanged":
      case "RoleGuardianChanged":
      case "RoleGrantDelayChanged":
        reshaped.add(args.roleId);
        break;
      case "TargetClosed":
        targets.add(toAddress(args.target));
        break;
      case "OperationScheduled": {
        const { operationId: id, caller, target, data } = args;
        operations.set(id, { id, caller: toAddress(caller), target: toAddress(target), data });
        break;
      }
    }
  }
  return { members, tied, reshaped, targets, operations: [...operations.values()] };
}

/**
 * Checks the holders of roles and their delays, the functions of each role, and the admin's
 * scheduled operations.
 */
export async function checkRoles(
  node: Node,
  deployment: BookedDeployment,
  parameters: DeploymentParameters,
  history: History,
): Promise<readonly Finding[]> {
  const findings = new Findings("roles");
  await checkHolders(findings, node, deployment, parameters, history);
  await checkFunctions(findings, node, deployment, parameters, history);
  await checkAuthorities(findings, node, deployment);
  await checkClosed(findings, node, deployment, history);
  await checkOperations(findings, node, deployment, history);
  return findings.list;
}

function expectedHolders({ roles }: DeploymentParameters): ReadonlyMap<bigint, ReadonlyMap<Address, bigint>> {
  const { admin, adminDelay, guardian, riskManager, marketCreator } = roles;
  return new Map([
    [ADMIN_ROLE, new Map([[admin, adminDelay]])],
    [
      GUARDIAN_ROLE,
      new Map([
        [guardian, 0n],
        [riskManager, 0n],
      ]),
    ],
    [RISK_MANAGER_ROLE, new Map([[riskManager, 0n]])],
    [MARKET_CREATOR_ROLE, new Map(marketCreator === "everyone" ? [] : [[marketCreator, 0n]])],
  ]);
}

async function checkHolders(
  findings: Findings,
  node: Node,
  { contracts }: BookedDeployment,
  parameters: DeploymentParameters,
  { members, reshaped }: History,
): Promise<void> {
  const expected = expectedHolders(parameters);
  for (const role of new Set([...expected.keys(), ...members.keys()])) {
    const wanted = expected.get(role) ?? new Map<Address, bigint>();
    const holders: string[] = [];
    const problems: string[] = [];
    for (const account of new Set([...wanted.keys(), ...(members.get(role) ?? [])])) {
      const [since, delay, pendingDelay, effect] = (await node.view(
        contracts.accessManager.address,
        accessManager,
        "getAccess",
        [role, account],
      )) as [bigint, bigint, bigint, bigint];
      const should = wanted.get(account);
      if (since === 0n) {
        if (should !== undefined) problems.push(`${account} does not hold it`);
        continue;
      }
      holders.push(`${account} ${delay === 0n ? "at once" : `after ${duration(delay)}`}`);
      if (should === undefined) problems.push(`${account} also holds it, but should not`);
      else if (delay !== should)
        problems.push(`${account} has a delay of ${duration(delay)} instead of ${duration(should)}`);
      if (effect !== 0n)
        problems.push(`${account} will have a delay of ${duration(pendingDelay)} at ${moment(effect)}`);
    }
    if (reshaped.has(role)) problems.push("the admin has changed its admin role, its guardian role or its grant delay");
    if (problems.length === 0 && holders.length === 0 && !isKnownRole(role)) continue;
    const subject = roleName(role);
    if (problems.length === 0) findings.passed(subject, holders.length === 0 ? "nobody holds it" : holders.join(", "));
    else findings.wrong(subject, problems.join("; "), rolesAdvice(role));
  }
}

function rolesAdvice(role: bigint): string {
  return (
    `If it is unwanted, the admin corrects it with grantRole or revokeRole(${role}, account) of the AccessManager, ` +
    "scheduled and then executed after its delay. Meanwhile the guardian can lower limits at once."
  );
}

interface Tie {
  readonly target: Address;
  readonly where: string;
  readonly name: string;
  readonly selector: string;
  readonly role: bigint;
}

function expectedTies({ contracts, markets }: BookedDeployment, { roles }: DeploymentParameters): readonly Tie[] {
  const tie = (target: Address, where: string, of: Interface, name: string, role: bigint): Tie => ({
    target,
    where,
    name,
    selector: of.getFunction(name)?.selector ?? "",
    role,
  });
  const creator = roles.marketCreator === "everyone" ? PUBLIC_ROLE : MARKET_CREATOR_ROLE;
  const all = contracts.marketAuthority.address;
  return [
    tie(all, "all markets", market, "lowerLimit", GUARDIAN_ROLE),
    tie(all, "all markets", market, "scheduleRaise", RISK_MANAGER_ROLE),
    tie(all, "all markets", market, "rampLiquidationLeverage", RISK_MANAGER_ROLE),
    tie(contracts.factory.address, "the factory", factory, "createMarket", creator),
    ...markets.flatMap((one) =>
      one.guard === undefined
        ? []
        : [
            tie(one.guard.address, `the guard of ${one.symbol}`, guard, "cancelSource", GUARDIAN_ROLE),
            tie(one.guard.address, `the guard of ${one.symbol}`, guard, "scheduleSource", RISK_MANAGER_ROLE),
          ],
    ),
  ];
}

async function checkFunctions(
  findings: Findings,
  node: Node,
  deployment: BookedDeployment,
  parameters: DeploymentParameters,
  { tied }: History,
): Promise<void> {
  const manager = deployment.contracts.accessManager.address;
  const roleOf = async (target: string, selector: string): Promise<bigint> => {
    const [role] = await node.view(manager, accessManager, "getTargetFunctionRole", [target, selector]);
    return role as bigint;
  };
  const expected = expectedTies(deployment, parameters);
  for (const { target, where, name, selector, role } of expected) {
    const subject = `${name} of ${where}`;
    const now = await roleOf(target, selector);
    if (now === role) {
      findings.passed(subject, roleName(role));
    } else if (now === ADMIN_ROLE) {
      const advice = `The admin must schedule setTargetFunctionRole(${target}, [${selector}], ${role}) of the AccessManager, and execute it after its delay.`;
      findings.wrong(subject, `only the admin may call it, not yet the ${roleName(role)}`, advice);
    } else {
      findings.wrong(subject, `${roleName(now)} instead of ${roleName(role)}`, rolesAdvice(now));
    }
  }
  const known = new Set(expected.map(({ target, selector }) => `${target} ${selector}`));
  for (const one of tied) {
    if (known.has(one)) continue;
    const [target = "", selector = ""] = one.split(" ");
    const now = await roleOf(target, selector);
    if (now === ADMIN_ROLE) continue;
    const name = KNOWN.map((of) => of.getFunction(selector)?.name).find((found) => found !== undefined) ?? selector;
    findings.wrong(
      `${name} of ${target}`,
      `${roleName(now)} may call it, contrary to the parameters`,
      rolesAdvice(now),
    );
  }
}

async function checkAuthorities(
  findings: Findings,
  node: Node,
  { contracts, markets }: BookedDeployment,
): Promise<void> {
  const manager = contracts.accessManager.address;
  const wanted: readonly (readonly [string, Address, Address])[] = [
    ["all markets", contracts.marketAuthority.address, manager],
    ["the factory", contracts.factory.address, manager],
    ...markets.map((one) => [`the market ${one.symbol}`, one.address, contracts.marketAuthority.address] as const),
    ...markets.flatMap((one) =>
      one.guard === undefined ? [] : [[`the guard of ${one.symbol}`, one.guard.address, manager] as const],
    ),
  ];
  for (const [where, address, authority] of wanted) {
    const [now] = (await node.answer(address, marketAuthority, "authority")) ?? [];
    const subject = `authority of ${where}`;
    const found = typeof now === "string" ? toAddress(now) : "none";
    if (found === authority) findings.passed(subject, authority);
    else
      findings.wrong(subject, `${found} instead of ${authority}`, "Ask the admin: only the admin can have changed it.");
  }
}

async function checkClosed(
  findings: Findings,
  node: Node,
  { contracts, markets }: BookedDeployment,
  { targets }: History,
): Promise<void> {
  const names = new Map<Address, string>([
    [contracts.marketAuthority.address, "all markets"],
    [contracts.factory.address, "the factory"],
    ...markets.map((one) => [one.address, `the market ${one.symbol}`] as const),
  ]);
  const closed: Address[] = [];
  for (const target of new Set([...names.keys(), ...targets])) {
    const [isClosed] = await node.view(contracts.accessManager.address, accessManager, "isTargetClosed", [target]);
    if (isClosed === true) closed.push(target);
  }
  if (closed.length === 0) findings.passed("closed", "no contract is closed");
  for (const target of closed) {
    const advice = `To reopen it, the admin must schedule setTargetClosed(${target}, false), and execute it after its delay.`;
    findings.wrong("closed", `the admin has closed ${names.get(target) ?? target} to all roles`, advice);
  }
}

async function checkOperations(
  findings: Findings,
  node: Node,
  { contracts }: BookedDeployment,
  { operations }: History,
): Promise<void> {
  let waiting = 0;
  for (const { id, caller, target, data } of operations) {
    const [time] = (await node.view(contracts.accessManager.address, accessManager, "getSchedule", [id])) as [bigint];
    if (time === 0n) continue;
    ++waiting;
    const detail = `${caller} has scheduled ${callOf(data)} of ${target}, possible from ${moment(time)}`;
    findings.changed("operation", detail, `If it is unwanted, the admin can cancel it: operation ${id}.`);
  }
  if (waiting === 0) findings.passed("operations", "no operation is scheduled");
}

function callOf(data: string): string {
  for (const of of KNOWN) {
    const call = of.parseTransaction({ data });
    if (call !== null)
      return `${call.name}(${call.args.map(String).join(", ")})`.replaceAll(/0x[\da-f]{40}\b/giu, (one) =>
        one.toLowerCase(),
      );
  }
  return data.slice(0, 10);
}
