import { createRequire } from "node:module";

import type * as Edr from "@nomicfoundation/edr";

import type { Artifacts } from "./artifacts.ts";

// Hardhat's simulator, so that tests run on the same engine as in `hardhat test`.
const require = createRequire(import.meta.resolve("hardhat"));
const edr = require("@nomicfoundation/edr") as typeof Edr;

/** The number of runs of fuzz and invariant tests. */
export interface Effort {
  readonly fuzzRuns: number;
  readonly invariantRuns: number;
  readonly invariantDepth: number;
  readonly seed: string;
}

/** A failed test. */
export interface Failure {
  readonly suite: string;
  readonly test: string;
  readonly reason: string;
}

/** Result of a test run. */
export interface RunResult {
  readonly tests: number;
  readonly failures: readonly Failure[];
}

let context: Promise<Edr.EdrContext> | undefined;

async function newContext(): Promise<Edr.EdrContext> {
  const created = new edr.EdrContext();
  await created.registerSolidityTestRunnerFactory(edr.L1_CHAIN_TYPE, edr.l1SolidityTestRunnerFactory());
  return created;
}

/**
 * Runs test contracts in this process, in parallel. The settings are those of `hardhat.config.ts`,
 * except the number of runs.
 */
export async function runSuites(
  projectRoot: string,
  artifacts: Artifacts,
  suites: Artifacts,
  effort: Effort,
  onHits?: (tags: readonly Uint8Array[]) => void,
): Promise<RunResult> {
  if (suites.length === 0) return { tests: 0, failures: [] };
  context ??= newContext();
  const results: Edr.SuiteResult[] = [];
  const { promise: allDone, resolve } = Promise.withResolvers<undefined>();
  const tracing = { buildInfos: [], ignoreContracts: false };
  const ids = suites.map(({ id }) => id);
  const config = configOf(projectRoot, effort, onHits);
  await (
    await context
  ).runSolidityTests(edr.L1_CHAIN_TYPE, [...artifacts], ids, config, tracing, (result) => {
    results.push(result);
    if (results.length === ids.length) resolve(undefined);
  });
  // The last results arrive after the end of the run.
  await allDone;
  const tests = results.flatMap(({ id, testResults }) => testResults.map((test) => ({ suite: id.name, test })));
  const failures = tests
    .filter(({ test }) => test.status === edr.TestStatus.Failure)
    .map(({ suite, test }) => ({ suite, test: test.name, reason: test.reason ?? "" }));
  return { tests: tests.length, failures };
}

function configOf(
  projectRoot: string,
  { fuzzRuns, invariantRuns, invariantDepth, seed }: Effort,
  onHits: ((tags: readonly Uint8Array[]) => void) | undefined,
): Edr.SolidityTestRunnerConfigArgs {
  const fork = edr.l1HardforkFromString(edr.CANCUN);
  const collect = onHits && {
    onCollectedCoverageCallback: (tags: Uint8Array[]): Promise<void> => {
      onHits(tags);
      return Promise.resolve();
    },
  };
  return {
    projectRoot,
    hardfork: edr.CANCUN,
    isolate: true,
    fsPermissions: [{ access: edr.FsAccessPermission.ReadDirectory, path: "./test" }],
    localPredeploys: edr.l1GenesisState(fork),
    disableBlockGasLimit: true,
    disableTransactionGasCap: true,
    fuzz: { runs: fuzzRuns, seed },
    // A failure is enough: its sequence is not shrunk, because nobody reads it.
    invariant: { runs: invariantRuns, depth: invariantDepth, failOnRevert: true, shrinkRunLimit: 0 },
    ...(collect && { observability: { codeCoverage: collect } }),
  };
}
