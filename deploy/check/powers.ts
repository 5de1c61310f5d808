import { Interface } from "ethers";

import { abi as accessManagerAbi } from "../../abis/AccessManager.ts";
import { abi as settableFeedAbi } from "../../abis/SettableFeed.ts";
import type { BookedDeployment } from "../../src/client/address-book.ts";
import type { Node } from "../../src/deployment/node.ts";
import type { DeploymentParameters } from "../../src/deployment/parameters.ts";
import { toAddress, type Address } from "../../src/protocol/address.ts";
import type { History } from "./roles.ts";
import { Findings, type Finding } from "./finding.ts";

const accessManager = new Interface(accessManagerAbi);
const ownable = new Interface(settableFeedAbi);

/** Checks the remaining roles of the deployer and the owners of feeds and of the liquidator. */
export async function checkPowers(
  node: Node,
  { deployer, contracts, markets }: BookedDeployment,
  parameters: DeploymentParameters,
  { members }: History,
): Promise<readonly Finding[]> {
  const findings = new Findings("powers");
  const held: bigint[] = [];
  for (const [role, accounts] of members) {
    if (!accounts.has(deployer)) continue;
    const [isMember] = await node.view(contracts.accessManager.address, accessManager, "hasRole", [role, deployer]);
    if (isMember === true) held.push(role);
  }
  if (held.length === 0) {
    findings.passed("the deployer", `${deployer} holds no role`);
  } else {
    const advice = `Let it call renounceRole(role, ${deployer}) of the AccessManager, or run the deployment command again if it has not finished.`;
    findings.wrong("the deployer", `${deployer} holds the roles ${held.join(", ")}`, advice);
  }

  const seen = new Set<Address>();
  for (const feed of markets.flatMap(({ feeds }) => (feeds === undefined ? [] : [feeds.base, feeds.quote]))) {
    if (!feed.settable || seen.has(feed.address)) continue;
    seen.add(feed.address);
    const owner = await ownerOf(node, feed.address);
    const subject = `feed ${feed.description}`;
    if (owner === deployer) findings.passed(subject, "a test feed with answers set by the deployer");
    else findings.changed(subject, `its answers are now set by ${owner ?? "nobody"} instead of the deployer`);
  }

  const owner = await ownerOf(node, contracts.flashLiquidator.address);
  const { keeper } = parameters.roles;
  if (owner === keeper) findings.passed("the keeper's liquidator", `is owned by ${keeper}`);
  else findings.changed("the keeper's liquidator", `is owned by ${owner ?? "nobody"}, deployed for ${keeper}`);
  return findings.list;
}

async function ownerOf(node: Node, address: Address): Promise<Address | undefined> {
  const [owner] = (await node.answer(address, ownable, "owner")) ?? [];
  return typeof owner === "string" ? toAddress(owner) : undefined;
}
