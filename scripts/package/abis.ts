import { errorsOf, isPublished, type Artifact } from "../build/abis.ts";

/**
 * A part of another contract has neither code of its own nor callers: its ABI is in that of the
 * whole.
 */
function isCalled({ sourceName, bytecode, abi }: Artifact): boolean {
  const stands = bytecode !== "0x" || sourceName.startsWith("contracts/interfaces/");
  return stands && abi.some(({ type }) => type === "function");
}

/**
 * The ABIs of the package by name: of each interface and of each contract that stands on a chain by
 * itself, and under `errors` every error of them all, to decode what a call was refused with.
 */
export function publishedAbis(artifacts: readonly Artifact[]): ReadonlyMap<string, Artifact["abi"]> {
  const published = artifacts.filter(isPublished);
  const abis = published.filter(isCalled).map(({ contractName, abi }) => [contractName, abi] as const);
  return new Map([...abis, ["errors", errorsOf(published)]]);
}
