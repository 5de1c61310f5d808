import { NoAddressBookError } from "../../src/cli/errors.ts";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { planCantilever } from "../../src/deployment/cantilever.ts";
import type { Node } from "../../src/deployment/node.ts";
import { laterContracts } from "../../src/deployment/verification/creation.ts";
import { USUAL_TIMING, type Timing } from "../../src/deployment/verification/http-api.ts";
import { verifyAll, type Outcome } from "../../src/deployment/verification/verify.ts";
import type { Address } from "../../src/protocol/address.ts";
import { ARTIFACTS } from "../artifacts.ts";
import { findBook } from "../book.ts";
import { checkChainId, connect } from "../connection.ts";
import { parametersOf } from "../networks.ts";
import { reporterOf, runCommand } from "../run.ts";
import { CompiledSources } from "./compiled-sources.ts";
import { ETHERSCAN_KEY, parseOptions, USAGE, type Options } from "./options.ts";
import { describe, tableOf, tellProgress, tellSkipped } from "./report.ts";
import { servicesOf } from "./services.ts";
import { choiceOf, laterSubmission, plannedSubmission, refuseMissing } from "./submissions.ts";

/** Settings that tests replace. */
export interface VerificationSettings {
  readonly timing?: Timing;
  /** Folder of Hardhat's artifacts. */
  readonly artifacts?: string;
}

/**
 * Runs `npm run deploy:verify`.
 * @param words of the command line after the program.
 * @returns the exit code. Failures are reported before it returns.
 */
export async function runVerification(
  words: readonly string[],
  terminal: Terminal,
  settings: VerificationSettings = {},
): Promise<number> {
  return runCommand(words, terminal, () => run(words, terminal, settings));
}

async function run(words: readonly string[], terminal: Terminal, settings: VerificationSettings): Promise<number> {
  const options = parseOptions(words);
  if (options === undefined) {
    terminal.stdout.write(USAGE);
    return EXIT_CODES.done;
  }
  const reporter = reporterOf(terminal, options.json);
  const { parameters } = await parametersOf(options.network);
  const { chainId } = parameters;
  const booked = (await findBook(options.books, chainId))?.deployments.find(({ name }) => name === options.name);
  const deployer = options.deployer ?? booked?.deployer;
  if (deployer === undefined) {
    throw new NoAddressBookError(
      `The address book of chain ${chainId} has no deployment ${JSON.stringify(options.name)}`,
      "Check --name, or give the deployer's address with --deployer.",
    );
  }
  const plan = planCantilever(parameters, ARTIFACTS, deployer, options.name);
  const known = new Set([
    ...plan.contracts.map(({ address }) => address),
    ...Object.values<Address>({ ...plan.addresses }),
  ]);
  const later = booked === undefined ? [] : laterContracts(booked, known, ARTIFACTS.LeverageMarket);
  const isChosen = choiceOf([...plan.contracts, ...later], options.only);
  const compiled = await CompiledSources.open(settings.artifacts);
  const node = options.dryRun && later.length === 0 ? undefined : await nodeOf(options, chainId);
  const found = await Promise.all([
    ...plan.contracts.filter(isChosen).map((contract) => plannedSubmission(contract, compiled)),
    ...later.filter(isChosen).map((contract) => laterSubmission(contract, compiled, node)),
  ]);
  const submissions = found.filter((one) => "identifier" in one);
  const skipped = found.filter((one) => "reason" in one);
  if (options.dryRun) {
    for (const submission of submissions) {
      reporter.tell({ event: "would submit", chainId, ...submission }, describe(submission));
    }
    tellSkipped(reporter, skipped);
    return EXIT_CODES.done;
  }
  const services = servicesOf(options, chainId, settings.timing ?? USUAL_TIMING, (service, reason, milliseconds) => {
    const seconds = Math.ceil(milliseconds / 1_000);
    const text = `${service}: ${reason}; trying again in ${seconds} s\n`;
    reporter.tell({ event: "pause", service, reason, seconds }, text);
  });
  if (options.on === undefined && services.length === 1) {
    const reason = `${ETHERSCAN_KEY} is not set, and no --api-url is given`;
    reporter.tell({ event: "left out", service: "Etherscan", reason }, `Etherscan is left out: ${reason}.\n`);
  }
  if (node !== undefined) await refuseMissing(node, submissions, booked);
  const outcomes = await verifyAll(submissions, services, (event) => {
    tellProgress(reporter, event);
  });
  const addresses = new Map(submissions.map(({ id, address }) => [id, address]));
  const results = outcomes.map((outcome) => ({ ...outcome, address: addresses.get(outcome.id) }));
  if (results.length > 0) reporter.tell({ event: "results", chainId, results }, tableOf(results));
  tellSkipped(reporter, skipped);
  return outcomes.every(isVerified) ? EXIT_CODES.done : EXIT_CODES.refused;
}

async function nodeOf({ rpcUrl, network }: Options, expected: bigint): Promise<Node> {
  const { node, chainId } = await connect(rpcUrl);
  checkChainId(chainId, expected, `deploy/parameters/${network}.yaml`);
  return node;
}

function isVerified({ status }: Outcome): boolean {
  return status === "verified" || status === "already verified";
}
