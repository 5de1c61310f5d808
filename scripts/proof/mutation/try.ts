import { basename } from "node:path";

import { artifactsOf, haveSameCode, suitesOf, withChanges, type Artifacts } from "../engine/artifacts.ts";
import { SourceText } from "../engine/ast.ts";
import { buildDeployed, deployedSources, partsOf } from "../engine/deployed.ts";
import type { Project } from "../engine/project.ts";
import { runSuites, type Effort, type Failure } from "../engine/runner.ts";
import { codeOf, compile, firstError, TEST_SETTINGS } from "../engine/solc.ts";
import type { Mutant } from "./mutant.ts";

/** Outcome of a mutant. */
export type Outcome =
  | { readonly status: "killed"; readonly suite: string; readonly test: string }
  /** It does not compile, compiles to the original's code, or survives. */
  | { readonly status: "invalid" | "same-code" | "survived" }
  /** Not tried, because it is listed as equivalent with a reason. */
  | { readonly status: "listed" }
  | { readonly status: "timeout" };

const QUICK: Effort = { fuzzRuns: 16, invariantRuns: 2, invariantDepth: 32, seed: "0x01" };
/**
 * Effort for survivors of the quick tests: the fuzz runs of `npm test`, and a quarter of its
 * invariant runs.
 */
const THOROUGH: Effort = { fuzzRuns: 256, invariantRuns: 8, invariantDepth: 64, seed: "0x02" };

/** Runs the tests on mutants, one after the other. */
export class Trial {
  readonly #project: Project;
  readonly #base: Artifacts;
  /** The sources that each test file includes. */
  readonly #closures = new Map<string, ReadonlySet<string>>();
  readonly #deployed: readonly { readonly source: string; readonly parts: ReadonlySet<string> }[];

  constructor(project: Project, base: Artifacts) {
    this.#project = project;
    this.#base = base;
    this.#deployed = deployedSources(project).map((source) => {
      return { source, parts: new Set(partsOf(project, source).keys()) };
    });
  }

  /** @param first names of the suites to run first, because they are likely to kill the mutant. */
  async run({ file, start, end, replacement }: Mutant, first: readonly string[]): Promise<Outcome> {
    const text = new SourceText(this.#project.source(file)).replaced({ start, end }, replacement);
    const changed = new Map([[file, text]]);

    const direct = this.#directSuites(file, changed);
    if (direct === undefined) return { status: "invalid" };
    const noticed = await this.#run(withChanges(this.#base, direct), direct, QUICK);
    if (noticed) return killed(noticed);

    const rebuilt = this.#rebuild(file, changed);
    if (rebuilt === undefined) return { status: "invalid" };
    if (rebuilt.length > 0 && haveSameCode(this.#base, rebuilt)) return { status: "same-code" };
    const artifacts = withChanges(this.#base, [...direct, ...rebuilt]);
    for (const { suites, effort } of this.#stages(file, first, direct, rebuilt.length > 0)) {
      const failure = await this.#run(artifacts, suites, effort);
      if (failure) return killed(failure);
    }
    return { status: "survived" };
  }

  /**
   * The suites that include the changed source, compiled with the change; undefined if they don't
   * compile.
   */
  #directSuites(file: string, changed: ReadonlyMap<string, string>): Artifacts | undefined {
    const tests = ["test/libraries/*.t.sol", "test/factory/*.t.sol"]
      .flatMap((pattern) => this.#project.find(pattern))
      .filter((test) => this.#hasBuiltIn(test, file) && !this.#sourcesOf(test).has("test/support/MarketTest.sol"));
    if (tests.length === 0) return [];
    const settings = { ...TEST_SETTINGS, outputSelection: codeOf(tests) };
    const output = compile(this.#project.closure(tests, changed), settings);
    return firstError(output) === undefined ? suitesOf(artifactsOf(output)) : undefined;
  }

  #rebuild(file: string, changed: ReadonlyMap<string, string>): Artifacts | undefined {
    const artifacts = [];
    for (const { source, parts } of this.#deployed) {
      if (!parts.has(file)) continue;
      const build = buildDeployed(partsOf(this.#project, source, changed), source);
      if ("error" in build) return undefined;
      artifacts.push(...build.artifacts);
    }
    return artifacts;
  }

  /**
   * Orders suites from those likely to kill the mutant to slow ones.
   * @param direct suites compiled with the change. They may also deploy contracts built with it.
   * @param isDeployed whether any contract is built with the change.
   */
  #stages(
    file: string,
    first: readonly string[],
    direct: Artifacts,
    isDeployed: boolean,
  ): { suites: Artifacts; effort: Effort }[] {
    if (!isDeployed) return [{ suites: direct, effort: THOROUGH }];
    // Other suites are not recompiled: one that includes the source would compare the change with
    // the original.
    const all = suitesOf(this.#base).filter(({ id }) => !this.#hasBuiltIn(id.source, file));
    const mirror = `${basename(file, ".sol")}.t.sol`;
    const isFirst = new Set(all.filter(({ id }) => basename(id.source) === mirror || first.includes(id.name)));
    const slow = all.filter(({ id }) => id.source.startsWith("test/invariants/"));
    const others = all.filter((suite) => !isFirst.has(suite) && !slow.includes(suite));
    return [
      { suites: [...direct, ...isFirst], effort: QUICK },
      { suites: others, effort: QUICK },
      { suites: slow.filter((suite) => !isFirst.has(suite)), effort: QUICK },
      { suites: [...direct, ...all], effort: THOROUGH },
    ];
  }

  /** A test that deploys a source by name imports it only for its type. */
  #hasBuiltIn(test: string, file: string): boolean {
    return this.#sourcesOf(test).has(file) && !this.#project.source(test).includes(`"${basename(file)}:`);
  }

  #sourcesOf(test: string): ReadonlySet<string> {
    const known = this.#closures.get(test) ?? new Set(this.#project.closure([test]).keys());
    this.#closures.set(test, known);
    return known;
  }

  async #run(artifacts: Artifacts, suites: Artifacts, effort: Effort): Promise<Failure | undefined> {
    const { failures } = await runSuites(this.#project.root, artifacts, suites, effort);
    return failures[0];
  }
}

/**
 * The first failure of the tests on the unchanged code, with both efforts that are used for
 * mutants.
 */
export async function baselineFailure(project: Project, base: Artifacts): Promise<Failure | undefined> {
  for (const effort of [QUICK, THOROUGH]) {
    const { failures } = await runSuites(project.root, base, suitesOf(base), effort);
    if (failures[0] !== undefined) return failures[0];
  }
  return undefined;
}

function killed({ suite, test }: Failure): Outcome {
  return { status: "killed", suite, test };
}
