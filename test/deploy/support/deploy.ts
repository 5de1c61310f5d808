import type { network } from "hardhat";

import { ARTIFACTS } from "../../../deploy/artifacts.ts";
import { parametersOf } from "../../../deploy/networks.ts";
import { planCantilever, type CantileverPlan } from "../../../src/deployment/cantilever.ts";
import { execute, type ExecutionOptions } from "../../../src/deployment/execute.ts";
import { Node, type Account } from "../../../src/deployment/node.ts";
import type { DeploymentParameters } from "../../../src/deployment/parameters.ts";
import { toAddress, type Address } from "../../../src/protocol/address.ts";

/** The first account of a Hardhat or Anvil node. */
export const DEPLOYER = toAddress("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");

/** The parameters of deploy/parameters/local.yaml, a new copy with each call. */
export async function localParameters(): Promise<DeploymentParameters> {
  return (await parametersOf("local")).parameters;
}

/** A plan of local.yaml or of other parameters. */
export async function planOf(
  parameters?: DeploymentParameters,
  name = "test",
  deployer: Address = DEPLOYER,
): Promise<CantileverPlan> {
  return planCantilever(parameters ?? (await localParameters()), ARTIFACTS, deployer, name);
}

/** A connection of Hardhat to a chain. */
type Connection = Pick<Awaited<ReturnType<typeof network.create>>, "ethers">;

/** Executes a plan with the first unlocked account of a chain. */
export async function deployOn(
  { ethers }: Connection,
  parameters?: DeploymentParameters,
  name?: string,
  options: ExecutionOptions = {},
): Promise<CantileverPlan> {
  const plan = await planOf(parameters, name);
  const account: Account = { address: DEPLOYER };
  await execute(plan, new Node(ethers.provider), account, { pollInterval: 10, ...options });
  return plan;
}
