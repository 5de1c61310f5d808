import { dataLength, dataSlice } from "ethers";

import { NoAddressBookError, UsageError } from "../src/cli/errors.ts";
import { EXIT_CODES } from "../src/cli/exit-codes.ts";
import type { Terminal } from "../src/cli/terminal.ts";
import type { BookedDeployment } from "../src/client/address-book.ts";
import { planCantilever } from "../src/deployment/cantilever.ts";
import type { Node } from "../src/deployment/node.ts";
import { encodedArguments, type PlannedContract } from "../src/deployment/plan.ts";
import { laterContracts, type LaterContract } from "../src/deployment/verification/creation.ts";
import { ETHERSCAN_API, Etherscan } from "../src/deployment/verification/etherscan.ts";
import { USUAL_TIMING, type OnPause, type Timing } from "../src/deployment/verification/http-api.ts";
import { Sourcify, SOURCIFY_API } from "../src/deployment/verification/sourcify.ts";
import type { Submission, VerificationService } from "../src/deployment/verification/submission.ts";
import { verifyAll, type Outcome, type VerificationEvent } from "../src/deployment/verification/verify.ts";
import { toAddress, type Address } from "../src/protocol/address.ts";
import { renderTable } from "../src/report/table.ts";
import { ARTIFACTS } from "./artifacts.ts";
import { findBook } from "./book.ts";
import { CompiledSources } from "./compiled-sources.ts";
import { checkChainId, connect } from "./connection.ts";
import { parametersOf } from "./networks.ts";
import { COMMON_HELP, COMMON_OPTIONS, commonChoices, type CommonChoices } from "./options.ts";
import { exitCodeHelp, parseWords, reporterOf, runCommand, type Reporter } from "./run.ts";

const ETHERSCAN_KEY = "ETHERSCAN_API_KEY";
/** Another variable than Etherscan's, so that no other explorer is ever sent Etherscan's key. */
const EXPLORER_KEY = "EXPLORER_API_KEY";

const USAGE = `Usage: npm run deploy:verify -- [options]

Publishes the sources of a deployment: submits each contract's sources, compiler settings and
constructor arguments to services that compile them and compare the code. A repeated command only
submits what isn't verified yet.

Options:
  --network NAME       deploy/parameters/NAME.yaml, which was deployed (default: local)
  --deployer ADDRESS   who deployed it (default: as the address book says)
  --on SERVICE         etherscan or sourcify, and not the other one
  --api-url URL        API of an explorer that works like Etherscan, such as Blockscout's
                       (default: Etherscan's own, ${ETHERSCAN_API})
  --sourcify-url URL   another Sourcify (default: ${SOURCIFY_API})
  --only CONTRACT      this one alone, like MarketLens; may be repeated
  --timeout SECONDS    for a service to check a contract (default: 300)
  --dry-run            print what would be submitted, and ask nobody; with --json all of it
${COMMON_HELP}

Etherscan's API key is read from the environment variable ${ETHERSCAN_KEY}, the key of an explorer at
--api-url from ${EXPLORER_KEY}, if it needs one. Without ${ETHERSCAN_KEY} or --api-url, Sourcify is
the only service; it needs no key.

${exitCodeHelp("done", "defect", "usage", "noNetwork", "wrongChain", "noSuchMarket")}  ${String(EXIT_CODES.refused).padStart(2)}  a contract isn't verified

Examples:
  npm run deploy:verify -- --network sepolia --rpc-url https://rpc.example
  npm run deploy:verify -- --network sepolia --rpc-url https://rpc.example --on etherscan \\
    --api-url https://eth-sepolia.blockscout.com/api
  npm run deploy:verify -- --network sepolia --only MarketLens --dry-run
`;

/** A contract of a deployment that can't be verified from the sources here. */
interface Skipped {
  readonly id: string;
  readonly address: Address;
  readonly reason: string;
}

/** What tests put in another's place. */
export interface VerificationSettings {
  readonly timing?: Timing;
  /** Where Hardhat's artifacts are. */
  readonly artifacts?: string;
}

/**
 * The command that verifies sources.
 * @param words of the command line after the program.
 * @returns the exit code; a failure has been told then.
 */
export async function runVerification(
  words: readonly string[],
  terminal: Terminal,
  settings: VerificationSettings = {},
): Promise<number> {
  return runCommand(words, terminal, () => run(words, terminal, settings));
}

async function run(words: readonly string[], terminal: Terminal, settings: VerificationSettings): Promise<number> {
  const options = parse(words);
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
      `The address book of the chain ${chainId} has no deployment ${JSON.stringify(options.name)}`,
      "Check --name, or say who deployed it by --deployer.",
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
    const reason = `${ETHERSCAN_KEY} isn't set, and no --api-url is given`;
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

interface Options extends CommonChoices {
  readonly network: string;
  readonly deployer: Address | undefined;
  readonly on: "etherscan" | "sourcify" | undefined;
  readonly apiUrl: string | undefined;
  readonly sourcifyUrl: string;
  readonly only: readonly string[];
  /** Milliseconds. */
  readonly timeout: number | undefined;
  readonly dryRun: boolean;
}

/** @returns undefined if help is asked for. */
function parse(words: readonly string[]): Options | undefined {
  const text = { type: "string" } as const;
  const { values } = parseWords(words, {
    ...COMMON_OPTIONS,
    network: text,
    deployer: text,
    on: text,
    "api-url": text,
    "sourcify-url": text,
    only: { ...text, multiple: true },
    timeout: text,
    "dry-run": { type: "boolean" },
  });
  if (values.help === true) return undefined;
  const wrong = (name: keyof typeof values, advice: string): UsageError =>
    new UsageError(`--${name} is ${JSON.stringify(values[name])}`, advice);
  const { network = "local", on, deployer } = values;
  if (!/^[\w-]+$/u.test(network)) throw wrong("network", "Name a file in deploy/parameters, like sepolia.");
  if (on !== undefined && on !== "etherscan" && on !== "sourcify") throw wrong("on", "Name etherscan or sourcify.");
  for (const name of ["api-url", "sourcify-url"] as const) {
    const url = values[name];
    if (url !== undefined && !(/^https?:/u.test(url) && URL.canParse(url))) {
      throw wrong(name, "Give the address of an API, like https://eth-sepolia.blockscout.com/api.");
    }
  }
  const seconds = Number(values.timeout ?? 300);
  if (!(seconds > 0 && seconds < 1e6)) throw wrong("timeout", "Give a number of seconds.");
  return {
    ...commonChoices(values),
    network,
    deployer: deployer === undefined ? undefined : addressOf(deployer),
    on,
    apiUrl: values["api-url"],
    sourcifyUrl: values["sourcify-url"] ?? SOURCIFY_API,
    only: values.only ?? [],
    timeout: values.timeout === undefined ? undefined : seconds * 1_000,
    dryRun: values["dry-run"] ?? false,
  };
}

function addressOf(text: string): Address {
  try {
    return toAddress(text);
  } catch {
    throw new UsageError(`--deployer is ${JSON.stringify(text)}`, "An address is 0x and 40 hexadecimal digits.");
  }
}

async function nodeOf({ rpcUrl, network }: Options, expected: bigint): Promise<Node> {
  const { node, chainId } = await connect(rpcUrl);
  checkChainId(chainId, expected, `deploy/parameters/${network}.yaml`);
  return node;
}

/** @throws UsageError for a name that no contract has. */
function choiceOf(
  contracts: readonly { readonly id: string }[],
  only: readonly string[],
): (contract: { readonly id: string }) => boolean {
  const names = contracts.map(({ id }) => id);
  const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
  const unknown = only.find((name) => !names.some((id) => isSame(id, name)));
  if (unknown !== undefined) {
    throw new UsageError(`There is no contract ${JSON.stringify(unknown)}`, `There are ${names.join(", ")}.`);
  }
  return ({ id }) => only.length === 0 || only.some((name) => isSame(id, name));
}

async function plannedSubmission(
  { id, address, artifact, args, publishedBy }: PlannedContract,
  compiled: CompiledSources,
): Promise<Submission | Skipped> {
  if (publishedBy !== undefined) {
    const reason = `its code is taken from ${publishedBy} as published there, and isn't compiled from the sources here`;
    return { id, address, reason };
  }
  const source = await compiled.sourceOf(artifact.bytecode);
  return { id, address, ...source, constructorArguments: encodedArguments(artifact, args) };
}

async function laterSubmission(
  { id, address, creation }: LaterContract,
  compiled: CompiledSources,
  node: Node | undefined,
): Promise<Submission | Skipped> {
  const created = node && (await creation(node));
  if (created === undefined) return { id, address, reason: "the node doesn't tell what it was created with" };
  const code = compiled.codeOf(created);
  if (code === undefined) return { id, address, reason: "its code isn't compiled from the sources here" };
  const constructorArguments = dataSlice(created, dataLength(code));
  return { id, address, ...(await compiled.sourceOf(code)), constructorArguments };
}

function servicesOf(
  options: Options,
  chainId: bigint,
  usual: Timing,
  onPause: OnPause,
): readonly VerificationService[] {
  const { on, apiUrl, sourcifyUrl, timeout } = options;
  const timing = timeout === undefined ? usual : { ...usual, checkedWithin: timeout };
  const services: VerificationService[] = [];
  const key = process.env[apiUrl === undefined ? ETHERSCAN_KEY : EXPLORER_KEY];
  const apiKey = key === "" ? undefined : key;
  if (on === "etherscan" && apiUrl === undefined && apiKey === undefined) {
    throw new UsageError(
      `Etherscan asks for an API key, and ${ETHERSCAN_KEY} isn't set`,
      "Get one at etherscan.io/apidashboard, or name another explorer by --api-url.",
    );
  }
  if (on !== "sourcify" && (apiUrl !== undefined || apiKey !== undefined)) {
    const name = apiUrl === undefined ? "Etherscan" : new URL(apiUrl).host;
    services.push(new Etherscan({ name, apiUrl: apiUrl ?? ETHERSCAN_API, chainId, apiKey }, timing, onPause));
  }
  if (on !== "etherscan") services.push(new Sourcify(sourcifyUrl, chainId, timing, onPause));
  return services;
}

/** @throws UsageError if a contract isn't on the chain: the address is a hash of its code, so no other is there. */
async function refuseMissing(
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
    "Check --name and --deployer, or deploy what is missing. If parameters or contracts have changed since, check out " +
      `${commit}, which has other addresses.`,
  );
}

function describe({ id, address, identifier, compilerVersion, constructorArguments, input }: Submission): string {
  const files = Object.keys(input.sources);
  return [
    `${id} at ${address}`,
    `  contract: ${identifier}`,
    `  compiler: v${compilerVersion}`,
    `  constructor arguments: ${constructorArguments === "0x" ? "none" : constructorArguments}`,
    `  sources: ${files.length} files, ${JSON.stringify(input).length} characters with the settings`,
    ...files.map((file) => `    ${file}`),
    "\n",
  ].join("\n");
}

function tellSkipped(reporter: Reporter, skipped: readonly Skipped[]): void {
  for (const one of skipped) {
    reporter.tell({ event: "skipped", ...one }, `${one.id} at ${one.address} is skipped: ${one.reason}.\n`);
  }
}

function tellProgress(reporter: Reporter, event: VerificationEvent): void {
  if (event.kind === "submitted") {
    const { service, id } = event;
    reporter.tell({ event: "submitted", service, id }, `${service}: submitting ${id} …\n`);
    return;
  }
  const { outcome } = event;
  reporter.tell({ event: "decided", ...outcome }, `${outcome.service}: ${outcome.id} ${outcome.status}\n`);
}

/** All results as a table, and under it why what isn't verified isn't. */
function tableOf(results: readonly (Outcome & { readonly address: Address | undefined })[]): string {
  const columns = ["contract", "address", "service", "result"].map((title) => ({ title }));
  const rows = results.map(({ id, address, service, status }) => [id, address ?? "", service, status]);
  const reasons = results.flatMap((result) => {
    if (!("reason" in result)) return [];
    const { id, service, status, reason } = result;
    // A service that can't be worked with says the same of all that is left.
    const subject = status === "refused" ? `${id} on ${service}: ` : `${service}: `;
    return [`${subject}${status}, because ${reason}.\n`];
  });
  return `\n${renderTable(columns, rows)}\n\n${[...new Set(reasons)].join("")}`;
}

function isVerified({ status }: Outcome): boolean {
  return status === "verified" || status === "already verified";
}
