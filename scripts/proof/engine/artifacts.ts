import type { Artifact } from "@nomicfoundation/edr";

import type { SolcOutput } from "./solc.ts";

/** Compiled contracts in the test runner's format. */
export type Artifacts = readonly Artifact[];

/** The artifacts of all contracts in the compiler's output. */
export function artifactsOf(output: SolcOutput): Artifact[] {
  return Object.entries(output.contracts ?? {}).flatMap(([source, contracts]) =>
    Object.entries(contracts).map(([name, { abi, evm }]) => ({
      id: { name, source, solcVersion: "0.8.37" },
      contract: {
        abi: JSON.stringify(abi),
        bytecode: `0x${evm.bytecode.object}`,
        deployedBytecode: `0x${evm.deployedBytecode.object}`,
        linkReferences: {},
        deployedLinkReferences: {},
      },
    })),
  );
}

const keyOf = ({ id }: Artifact): string => `${id.source}:${id.name}`;

/** `base`, with the contracts of `changes` replacing those of the same name. */
export function withChanges(base: Artifacts, changes: Artifacts): Artifact[] {
  const changed = new Map(changes.map((artifact) => [keyOf(artifact), artifact]));
  return [...base.filter((artifact) => !changed.has(keyOf(artifact))), ...changes];
}

/** Whether all changed contracts have the same creation code as in `base`. */
export function haveSameCode(base: Artifacts, changes: Artifacts): boolean {
  const code = new Map(base.map((artifact) => [keyOf(artifact), artifact.contract.bytecode]));
  return changes.every((artifact) => code.get(keyOf(artifact)) === artifact.contract.bytecode);
}

/** Test contracts: contracts with code and a function that the test runner calls. */
export function suitesOf(artifacts: Artifacts): Artifact[] {
  return artifacts.filter(({ id, contract }) => {
    if (!id.source.endsWith(".t.sol") || contract.bytecode === "0x") return false;
    const abi = JSON.parse(contract.abi) as { type: string; name?: string }[];
    return abi.some(({ type, name = "" }) => type === "function" && /^(?:test|invariant)/u.test(name));
  });
}
