import { artifactsOf, suitesOf, withChanges, type Artifacts } from "../engine/artifacts.ts";
import { buildDeployed, deployedSources, partsOf } from "../engine/deployed.ts";
import { ProofError } from "../engine/errors.ts";
import type { Project } from "../engine/project.ts";
import { runSuites } from "../engine/runner.ts";
import { codeOf, compileOrThrow, syntaxTrees, TEST_SETTINGS } from "../engine/solc.ts";
import { instrument, PROBE_SOURCE, PROBE_TEXT, type Place } from "./instrument.ts";

/** The fuzz runs of `npm test`, and half of its invariant runs. */
const EFFORT = { fuzzRuns: 256, invariantRuns: 16, invariantDepth: 64, seed: "0x01" };

/** A place, and whether the tests reach it. */
export interface Covered extends Place {
  readonly isCovered: boolean;
}

/**
 * Runs all Solidity tests on instrumented `targets`.
 * @throws ProofError if a test fails.
 */
export async function measure(
  project: Project,
  base: Artifacts,
  targets: readonly string[],
  say: (what: string) => void,
): Promise<Covered[]> {
  const trees = syntaxTrees(project.closure(targets));
  const changed = new Map([[PROBE_SOURCE, PROBE_TEXT]]);
  const places: Place[] = [];
  for (const file of targets) {
    const tree = trees.get(file);
    if (tree === undefined) continue;
    // Tag zero is unused, because tests may call the probe's address themselves.
    const result = instrument(file, project.source(file), tree, places.length + 1);
    places.push(...result.places);
    changed.set(file, result.source);
  }
  say("compiling");
  const artifacts = withChanges(base, rebuilt(project, targets, changed));
  say("running the tests");
  const hits = new Set<number>();
  const { failures } = await runSuites(project.root, artifacts, suitesOf(artifacts), EFFORT, (tags) => {
    for (const tag of tags) hits.add(Number(BigInt(`0x${Buffer.from(tag).toString("hex")}`)));
  });
  const failure = failures[0];
  if (failure) throw new ProofError(`The test ${failure.suite}.${failure.test} fails: ${failure.reason}`);
  return places.map((place, index) => ({ ...place, isCovered: hits.has(index + 1) }));
}

/** The deployed sources, and the tests that call a target directly. */
function rebuilt(project: Project, targets: readonly string[], changed: ReadonlyMap<string, string>): Artifacts {
  const has = (parts: ReadonlyMap<string, string>): boolean => targets.some((target) => parts.has(target));
  const deployed = deployedSources(project)
    .filter((source) => has(partsOf(project, source)))
    .flatMap((source) => {
      const build = buildDeployed(partsOf(project, source, changed), source);
      if ("error" in build) throw new ProofError(`${source} does not compile with its probes:\n${build.error}`);
      return build.artifacts;
    });
  const tests = project
    .find("test/**/*.t.sol")
    .filter((test) => !test.startsWith("test/oracles/") && has(project.closure([test])));
  const settings = { ...TEST_SETTINGS, outputSelection: codeOf(tests) };
  return [...deployed, ...artifactsOf(compileOrThrow(project.closure(tests, changed), settings))];
}
