import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { parseAddressBook, type BookedDeployment } from "../src/client/address-book.ts";
import { planCantilever } from "../src/deployment/cantilever.ts";
import { NodeError } from "../src/deployment/errors.ts";
import { httpRpc, Node } from "../src/deployment/node.ts";
import { encodedArguments, type PlannedContract } from "../src/deployment/plan.ts";
import { ETHERSCAN_API, Etherscan } from "../src/deployment/verification/etherscan.ts";
import { USUAL_TIMING, type OnPause, type Timing } from "../src/deployment/verification/http-api.ts";
import { Sourcify, SOURCIFY_API } from "../src/deployment/verification/sourcify.ts";
import type { Submission, VerificationService } from "../src/deployment/verification/submission.ts";
import { verifyAll, type Outcome, type VerificationEvent } from "../src/deployment/verification/verify.ts";
import { CantileverError } from "../src/errors.ts";
import { toAddress, type Address } from "../src/protocol/address.ts";
import { renderTable } from "../src/report/table.ts";
import { ARTIFACTS } from "./artifacts.ts";
import { UsageError, type Streams } from "./command.ts";
import { CompiledSources } from "./compiled-sources.ts";
import { parametersOf } from "./networks.ts";

const ETHERSCAN_KEY = "ETHERSCAN_API_KEY";
/** Another variable than Etherscan's, so that no other explorer is ever sent Etherscan's key. */
const EXPLORER_KEY = "EXPLORER_API_KEY";

const USAGE = `Usage: npm run deploy:verify -- [options]

Publishes the sources of a deployment: submits each contract's sources, compiler settings and
constructor arguments to services that compile them and compare the code. A repeated command only
submits what isn't verified yet.

Options:
  --network NAME      deploy/parameters/NAME.yaml, which was deployed (default: local)
  --name NAME         name of the deployment (default: main)
  --deployer ADDRESS  its deployer (default: as in deployments/<chain id>.json)
  --rpc-url URL       a node of that chain (default: http://127.0.0.1:8545)
  --on SERVICE        etherscan or sourcify, and not the other one
  --api-url URL       API of an explorer that works like Etherscan, such as Blockscout's
                      (default: Etherscan's own, https://api.etherscan.io/v2/api)
  --sourcify-url URL  another Sourcify (default: https://sourcify.dev/server)
  --only CONTRACT     this one alone, like MarketLens; may be repeated
  --timeout SECONDS   for a service to check a contract (default: 300)
  --dry-run           print what would be submitted, and ask nobody
  --json              print JSON; with --dry-run all of what would be submitted
  --help              print this

Etherscan's API key is read from the environment variable ETHERSCAN_API_KEY, the key of an explorer at
--api-url from EXPLORER_API_KEY, if it needs one. Without ETHERSCAN_API_KEY or --api-url, Sourcify is
the only service; it needs no key.

Ends with 0 if all contracts are verified, with 1 if any isn't.

Examples:
  npm run deploy:verify -- --network sepolia --rpc-url https://rpc.example
  npm run deploy:verify -- --network sepolia --rpc-url https://rpc.example --on etherscan \\
    --api-url https://eth-sepolia.blockscout.com/api
  npm run deploy:verify -- --network sepolia --only MarketLens --dry-run
`;

/** Contracts of a deployment whose sources aren't here. */
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
  /** Where address books are. */
  readonly books?: string;
}

/**
 * The command that verifies sources. The result goes to stdout, progress and failures go to stderr.
 * @param args words of the command line after the program.
 * @returns the exit code: 0, or 1 if a contract isn't verified or the command has failed, which has been reported then.
 */
export async function runVerification(
  args: readonly string[],
  streams: Streams,
  settings: VerificationSettings = {},
): Promise<number> {
  try {
    return await run(args, streams, settings);
  } catch (error) {
    const isDefect = error instanceof Error && !(error instanceof CantileverError);
    streams.stderr.write(`${isDefect ? (error.stack ?? error.message) : messageOf(error)}\n`);
    return 1;
  }
}

async function run(
  args: readonly string[],
  { stdout, stderr }: Streams,
  settings: VerificationSettings,
): Promise<number> {
  const options = parse(args);
  if (options.help) {
    stdout.write(USAGE);
    return 0;
  }
  const { parameters } = await parametersOf(options.network);
  const { chainId } = parameters;
  const booked = await bookedDeployment(chainId, options.name, settings.books);
  const deployer = options.deployer ?? booked?.deployer;
  if (deployer === undefined) {
    throw new UsageError(
      `deployments/${chainId}.json has no deployment of the name ${JSON.stringify(options.name)}`,
      "Say who deployed it by --deployer.",
    );
  }
  const plan = planCantilever(parameters, ARTIFACTS, deployer, options.name);
  const contracts = chosen(plan.contracts, options.only);
  const compiled = await CompiledSources.open(settings.artifacts);
  const skipped = contracts.flatMap(skippedOf);
  const submissions = await Promise.all(
    contracts
      .filter(({ publishedBy }) => publishedBy === undefined)
      .map((contract) => submissionOf(contract, compiled)),
  );
  if (options.dryRun) {
    stdout.write(options.json ? jsonText({ chainId, submissions, skipped }) : describe(submissions, skipped));
    return 0;
  }
  const services = servicesOf(options, chainId, settings.timing ?? USUAL_TIMING, (service, reason, milliseconds) =>
    stderr.write(`${service}: ${reason}; trying again in ${Math.ceil(milliseconds / 1_000)} s\n`),
  );
  if (options.on === undefined && services.length === 1) {
    stderr.write(`Etherscan is left out: ${ETHERSCAN_KEY} isn't set, and no --api-url is given.\n`);
  }
  await refuseMissing(new Node(httpRpc(options.rpcUrl)), chainId, submissions, booked);
  const outcomes = await verifyAll(submissions, services, (event) => stderr.write(lineOf(event)));
  const addresses = new Map(submissions.map(({ id, address }) => [id, address]));
  const results = outcomes.map((outcome) => ({ ...outcome, address: addresses.get(outcome.id) }));
  stdout.write(options.json ? jsonText({ chainId, results, skipped }) : report(results, skipped));
  return outcomes.every(isVerified) ? 0 : 1;
}

interface Options {
  readonly network: string;
  readonly name: string;
  readonly deployer: Address | undefined;
  readonly rpcUrl: string;
  readonly on: "etherscan" | "sourcify" | undefined;
  readonly apiUrl: string | undefined;
  readonly sourcifyUrl: string;
  readonly only: readonly string[];
  /** Milliseconds. */
  readonly timeout: number | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

function parse(args: readonly string[]): Options {
  const values = parsed(args);
  const wrong = (name: keyof typeof values): UsageError =>
    new UsageError(`--${name} is ${JSON.stringify(values[name])}`);
  const { network = "local", on } = values;
  if (!/^[\w-]+$/u.test(network)) throw wrong("network");
  if (on !== undefined && on !== "etherscan" && on !== "sourcify") throw wrong("on");
  for (const name of ["api-url", "sourcify-url"] as const) {
    const url = values[name];
    if (url !== undefined && !/^https?:\/\//u.test(URL.canParse(url) ? url : "")) throw wrong(name);
  }
  const seconds = Number(values.timeout ?? 300);
  if (!(seconds > 0 && seconds < 1e6)) throw wrong("timeout");
  return {
    network,
    name: values.name ?? "main",
    deployer: values.deployer === undefined ? undefined : addressOf(values.deployer),
    rpcUrl: values["rpc-url"] ?? "http://127.0.0.1:8545",
    on,
    apiUrl: values["api-url"],
    sourcifyUrl: values["sourcify-url"] ?? SOURCIFY_API,
    only: values.only ?? [],
    timeout: values.timeout === undefined ? undefined : seconds * 1_000,
    dryRun: values["dry-run"] ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function parsed(args: readonly string[]) {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const options = {
      network: text,
      name: text,
      deployer: text,
      "rpc-url": text,
      on: text,
      "api-url": text,
      "sourcify-url": text,
      only: { ...text, multiple: true },
      timeout: text,
      "dry-run": flag,
      json: flag,
      help: { ...flag, short: "h" },
    } as const;
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values;
  } catch (error) {
    throw new UsageError(messageOf(error).split(/\. |\n/u)[0] ?? "");
  }
}

function addressOf(text: string): Address {
  try {
    return toAddress(text);
  } catch {
    throw new UsageError(`--deployer is ${JSON.stringify(text)}`, "An address is 0x and 40 hexadecimal digits.");
  }
}

/** A deployment as the address book has it; undefined if there is no book, or none of that name in it. */
async function bookedDeployment(
  chainId: bigint,
  name: string,
  folder = join(import.meta.dirname, "..", "deployments"),
): Promise<BookedDeployment | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, `${chainId}.json`), "utf8");
  } catch {
    return undefined;
  }
  const file = `deployments/${chainId}.json`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${file} is no JSON`, "Restore it from the repository.");
  }
  return parseAddressBook(value, file).deployments.find((deployment) => deployment.name === name);
}

/** @throws UsageError for a name that no contract has. */
function chosen(contracts: readonly PlannedContract[], only: readonly string[]): readonly PlannedContract[] {
  const named = (name: string) => (contract: PlannedContract) => contract.id.toLowerCase() === name.toLowerCase();
  const unknown = only.find((name) => !contracts.some(named(name)));
  if (unknown !== undefined) {
    const names = contracts.map(({ id }) => id).join(", ");
    throw new UsageError(`There is no contract ${JSON.stringify(unknown)}`, `There are ${names}.`);
  }
  return only.length === 0 ? contracts : contracts.filter((contract) => only.some((name) => named(name)(contract)));
}

function skippedOf({ id, address, publishedBy }: PlannedContract): readonly Skipped[] {
  if (publishedBy === undefined) return [];
  const reason = `its code is taken from ${publishedBy} as published there, and isn't compiled from the sources here`;
  return [{ id, address, reason }];
}

async function submissionOf(contract: PlannedContract, compiled: CompiledSources): Promise<Submission> {
  const { id, address, artifact, args } = contract;
  const source = await compiled.sourceOf(artifact.bytecode);
  return { id, address, ...source, constructorArguments: encodedArguments(artifact, args) };
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
  chainId: bigint,
  submissions: readonly Submission[],
  booked: BookedDeployment | undefined,
): Promise<void> {
  const found = await node.chainId();
  if (found !== chainId) {
    throw new NodeError(`The node is of the chain ${found} instead of ${chainId}`, "Check --rpc-url and --network.");
  }
  const there = await Promise.all(submissions.map(({ address }) => node.hasCode(address)));
  const missing = submissions.filter((_, index) => there[index] !== true);
  if (missing.length === 0) return;
  const commit = booked?.commit === undefined ? "the commit that was deployed" : `the commit ${booked.commit}`;
  throw new UsageError(
    `The chain has no ${missing.map(({ id, address }) => `${id} at ${address}`).join(", no ")}`,
    `Check --name and --deployer; deploy what is missing first; or, if parameters or contracts have changed since, check out ${commit}, which has other addresses.`,
  );
}

function describe(submissions: readonly Submission[], skipped: readonly Skipped[]): string {
  const parts = submissions.map((submission) => {
    const { id, address, identifier, compilerVersion, constructorArguments, input } = submission;
    const files = Object.keys(input.sources);
    return [
      `${id} at ${address}`,
      `  contract: ${identifier}`,
      `  compiler: v${compilerVersion}`,
      `  constructor arguments: ${constructorArguments === "0x" ? "none" : constructorArguments}`,
      `  sources: ${files.length} files, ${JSON.stringify(input).length} characters with the settings`,
      ...files.map((file) => `    ${file}`),
      "",
    ].join("\n");
  });
  return [...parts, ...skipped.map(skippedLine)].join("\n");
}

function skippedLine({ id, address, reason }: Skipped): string {
  return `${id} at ${address} is skipped: ${reason}.\n`;
}

function report(
  results: readonly (Outcome & { readonly address: Address | undefined })[],
  skipped: readonly Skipped[],
): string {
  const columns = ["contract", "address", "service", "result"].map((title) => ({ title }));
  const rows = results.map(({ id, address, service, status }) => [id, address ?? "", service, status]);
  const reasons = results.flatMap((result) =>
    "reason" in result ? [`${result.id} on ${result.service}: ${result.status}, because ${result.reason}.\n`] : [],
  );
  return `${renderTable(columns, rows)}\n\n${[...reasons, ...skipped.map(skippedLine)].join("")}`;
}

function lineOf(event: VerificationEvent): string {
  if (event.kind === "submitted") return `${event.service}: submitting ${event.id} …\n`;
  const { service, id, status } = event.outcome;
  return `${service}: ${id} ${status}\n`;
}

function isVerified({ status }: Outcome): boolean {
  return status === "verified" || status === "already verified";
}

function jsonText(value: object): string {
  const plain = (_: string, part: unknown): unknown => (typeof part === "bigint" ? Number(part) : part);
  return `${JSON.stringify(value, plain, 2)}\n`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
