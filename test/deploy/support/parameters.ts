import { readDeploymentParameters } from "@nomicfoundation/hardhat-ignition/helpers";
import type { DeploymentParameters } from "@nomicfoundation/ignition-core";

/** A parameter file of deploy/parameters, with changes module by module. */
export async function parametersOf(
  name: "local" | "testnet",
  changes: DeploymentParameters = {},
): Promise<DeploymentParameters> {
  const file = await readDeploymentParameters(`${import.meta.dirname}/../../../deploy/parameters/${name}.json`);
  const modules = new Set([...Object.keys(file), ...Object.keys(changes)]);
  return Object.fromEntries([...modules].map((id) => [id, { ...file[id], ...changes[id] }]));
}
