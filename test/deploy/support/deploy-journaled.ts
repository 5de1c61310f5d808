import { HardhatArtifactResolver } from "@nomicfoundation/hardhat-ignition/helpers";
import {
  deploy,
  DeploymentResultType,
  type ContractFuture,
  type DeploymentParameters,
  type EIP1193Provider,
  type IgnitionModule,
} from "@nomicfoundation/ignition-core";
import hre from "hardhat";

/** A deployment that did not succeed, with all that Ignition says about it. */
export class DeploymentFailedError extends Error {}

/**
 * Deploys with a journal in a folder of the caller's, as `hardhat ignition deploy --deployment-id` keeps one in the
 * project's.
 * @returns the addresses by the modules' ids of the contracts, like `Factory#MarketFactory`.
 */
export async function deployJournaled(
  provider: EIP1193Provider,
  deploymentDir: string,
  ignitionModule: IgnitionModule<string, string, Record<string, ContractFuture<string>>>,
  deploymentParameters: DeploymentParameters,
): Promise<Readonly<Record<string, string>>> {
  const result = await deploy({
    provider,
    deploymentDir,
    ignitionModule,
    deploymentParameters,
    artifactResolver: new HardhatArtifactResolver(hre.artifacts),
    accounts: (await provider.request({ method: "eth_accounts" })) as string[],
    // The chains of these tests mine each transaction at once.
    config: { requiredConfirmations: 1, blockPollingInterval: 10 },
  });
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) {
    throw new DeploymentFailedError(JSON.stringify(result));
  }
  return Object.fromEntries(Object.entries(result.contracts).map(([id, { address }]) => [id, address]));
}
