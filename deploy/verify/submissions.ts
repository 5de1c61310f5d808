import { dataLength, dataSlice } from "ethers";

import { UsageError } from "../../src/cli/errors.ts";
import type { BookedDeployment } from "../../src/client/address-book.ts";
import type { Node } from "../../src/deployment/node.ts";
import { encodedArguments, type PlannedContract } from "../../src/deployment/plan.ts";
import type { LaterContract } from "../../src/deployment/verification/creation.ts";
import type { Submission } from "../../src/deployment/verification/submission.ts";
import type { Address } from "../../src/protocol/address.ts";
import type { CompiledSources } from "./compiled-sources.ts";

/** A contract of a deployment that can't be verified from this repository. */
export interface Skipped {
  readonly id: string;
  readonly address: Address;
  readonly reason: string;
}

/**
 * A filter for the chosen contracts: those named in `only`, or all if it is empty.
 * @throws UsageError for an unknown name.
 */
export function choiceOf(
  contracts: readonly { readonly id: string }[],
  only: readonly string[],
): (contract: { readonly id: string }) => boolean {
  const names = contracts.map(({ id }) => id);
  const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
  const unknown = only.find((name) => !names.some((id) => isSame(id, name)));
  if (unknown !== undefined) {
    throw new UsageError(`There is no contract ${JSON.stringify(unknown)}`, `Choose from ${names.join(", ")}.`);
  }
  return ({ id }) => only.length === 0 || only.some((name) => isSame(id, name));
}

/** The submission of a contract of the plan. */
export async function plannedSubmission(
  { id, address, artifact, args, publishedBy }: PlannedContract,
  compiled: CompiledSources,
): Promise<Submission | Skipped> {
  if (publishedBy !== undefined) {
    const reason = `its code is the published code of ${publishedBy}, which is not compiled in this repository`;
    return { id, address, reason };
  }
  const source = await compiled.sourceOf(artifact.bytecode);
  return { id, address, ...source, constructorArguments: encodedArguments(artifact, args) };
}

/** The submission of a contract of a later market. */
export async function laterSubmission(
  { id, address, creation }: LaterContract,
  compiled: CompiledSources,
  node: Node | undefined,
): Promise<Submission | Skipped> {
  const created = node && (await creation(node));
  if (created === undefined) return { id, address, reason: "its creation code was not found on the chain" };
  const code = compiled.codeOf(created);
  if (code === undefined) return { id, address, reason: "its code is not compiled in this repository" };
  const constructorArguments = dataSlice(created, dataLength(code));
  return { id, address, ...(await compiled.sourceOf(code)), constructorArguments };
}

/**
 * Checks that all contracts exist. Addresses are hashes of code, so no other contract can have
 * them.
 * @throws UsageError if a contract does not exist.
 */
export async function refuseMissing(
  node: Node,
  submissions: readonly Submission[],
  booked: BookedDeployment | undefined,
): Promise<void> {
  const there = await Promise.all(submissions.map(({ address }) => node.hasCode(address)));
  const missing = submissions.filter((_, index) => there[index] !== true);
  if (missing.length === 0) return;
  const commit = booked?.commit === undefined ? "the commit that was deployed" : `the commit ${booked.commit}`;
  throw new UsageError(
    `The chain has no ${missing.map(({ id, address }) => `${id} at ${address}`).join(", no ")}`,
    "Check --name and --deployer, or deploy the missing contracts. If parameters or contracts have changed since, check " +
      `out ${commit}, which gives other addresses.`,
  );
}
