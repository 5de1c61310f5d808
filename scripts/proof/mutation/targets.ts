import { createHash } from "node:crypto";

import { ProofError } from "../engine/errors.ts";
import type { Project } from "../engine/project.ts";
import { syntaxTrees } from "../engine/solc.ts";
import { mutantsOf } from "./generate.ts";
import type { Mutant } from "./mutant.ts";
import type { MutationOptions } from "./options.ts";

const CORE = ["contracts/LeverageMarket.sol", "contracts/MarketFactory.sol", "contracts/factory/MarketAuthority.sol"];
const WITHIN_CORE = /^contracts\/(?:market\/|libraries\/|factory\/|LeverageMarket|MarketFactory)/u;

/** Sources of the core: the market, its factory, and the project's sources that they use. */
export function coreSources(project: Project): string[] {
  return [...project.closure(CORE).keys()].filter((name) => WITHIN_CORE.test(name)).sort();
}

/**
 * The mutants that a run tries.
 * @throws ProofError if a pattern matches no source.
 */
export function selectMutants(project: Project, { files, only, sample, seed }: MutationOptions): Mutant[] {
  const targets =
    files.length === 0 ? coreSources(project) : [...new Set(files.flatMap((pattern) => found(project, pattern)))];
  const trees = syntaxTrees(project.closure(targets));
  const mutants = targets
    .flatMap((file) => mutantsOf(file, project.source(file), trees))
    .filter(({ operator }) => only.length === 0 || only.includes(operator));
  return sample === undefined ? mutants : sampled(mutants, sample, seed);
}

/** A sample that depends only on the seed and the mutants' names. */
function sampled(mutants: readonly Mutant[], count: number, seed: string): Mutant[] {
  const rank = ({ id }: Mutant): string => createHash("sha256").update(`${seed}\0${id}`).digest("hex");
  const chosen = new Set(
    mutants
      .map((mutant) => ({ mutant, rank: rank(mutant) }))
      .sort((a, b) => (a.rank < b.rank ? -1 : 1))
      .slice(0, count)
      .map(({ mutant }) => mutant),
  );
  return mutants.filter((mutant) => chosen.has(mutant));
}

function found(project: Project, pattern: string): string[] {
  const sources = project.find(pattern);
  if (sources.length === 0) throw new ProofError(`--files ${pattern} matches no source.`);
  return sources;
}
