import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

import { AbiCoder, dataLength, dataSlice, Interface, type InterfaceAbi } from "ethers";

import type { Rpc } from "../../../src/deployment/node.ts";
import type { StandardJsonInput } from "../../../src/deployment/verification/submission.ts";
import { creationsOf } from "./creations.ts";

/** The pinned compiler. */
const COMPILER = createRequire(import.meta.url).resolve("solc");

/** A failure that the server simulates instead of answering. */
export type Trouble =
  "rate limit" | "too many requests" | "bad gateway" | "broken connection" | "page" | "not seen yet";

/** A received submission. */
export interface Received {
  readonly service: "etherscan" | "sourcify";
  readonly address: string;
  readonly identifier: string;
  readonly sources: readonly string[];
}

/** The result of compiling a submission and comparing it with the chain. */
interface Check {
  readonly problem: string | undefined;
  /** Whether the constructor arguments equal those after the creation code. */
  readonly argumentsFit: boolean;
}

interface Job {
  readonly address: string;
  check: Check | undefined;
  /** Number of further answers that report it as pending although it is checked. */
  pending: number;
}

interface Compiled {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, CompiledCode>>>>;
}

interface CompiledCode {
  readonly abi: InterfaceAbi;
  readonly evm: {
    readonly bytecode: { readonly object: string };
    readonly deployedBytecode: {
      readonly object: string;
      readonly immutableReferences?: Readonly<Record<string, readonly { start: number; length: number }[]>>;
    };
  };
}

/**
 * A server with the APIs of Etherscan (`/v2/api`) and of Sourcify (`/server/v2`). It compiles each
 * submission and compares the code with that of the chain: creation code, constructor arguments,
 * and runtime code without immutables.
 */
export class VerificationServer {
  readonly received: Received[] = [];
  /** Path and query of each request. */
  readonly requests: string[] = [];
  /** Failures of the next requests, one each. */
  readonly troubles: Trouble[] = [];
  /** Failure of every request. */
  alwaysTrouble: Trouble | undefined;
  /** Whether lookups report verified contracts as unverified. */
  forgetful = false;
  readonly #rpc: Rpc;
  readonly #key: string;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #jobs = new Map<string, Job>();
  readonly #verified = { etherscan: new Set<string>(), sourcify: new Set<string>() };
  readonly #compilations = new Map<string, Promise<Compiled>>();
  #creations: Promise<ReadonlyMap<string, string>> | undefined;
  #compilerVersion = "";
  #url = "";

  private constructor(rpc: Rpc, key: string) {
    this.#rpc = rpc;
    this.#key = key;
  }

  /** @param key required in requests to the explorer. */
  static async start(rpc: Rpc, key: string): Promise<VerificationServer> {
    const server = new VerificationServer(rpc, key);
    const version = await inCompiler("version()");
    server.#compilerVersion = /^\d+\.\d+\.\d+\+commit\.[0-9a-f]{8}/u.exec(version)?.[0] ?? "";
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    const address = server.#server.address();
    if (address === null || typeof address === "string") throw new Error("The system gave no port.");
    server.#url = `http://127.0.0.1:${address.port}`;
    return server;
  }

  get etherscanUrl(): string {
    return `${this.#url}/v2/api`;
  }

  get sourcifyUrl(): string {
    return `${this.#url}/server`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Forgets all verified contracts and received submissions. */
  reset(): void {
    for (const known of Object.values(this.#verified)) known.clear();
    this.received.length = 0;
    this.requests.length = 0;
    this.troubles.length = 0;
    this.alwaysTrouble = undefined;
    this.forgetful = false;
  }

  /** Reads the contracts that were created on the chain since. */
  forgetChain(): void {
    this.#creations = undefined;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.#url);
    this.requests.push(`${request.method ?? ""} ${url.pathname}${url.search}`);
    const body = await textOf(request);
    const trouble = this.troubles.shift() ?? this.alwaysTrouble;
    if (trouble !== undefined) {
      actOut(trouble, response);
      return;
    }
    const sourcifyPath = /^\/server\/v2\/(.*)$/u.exec(url.pathname)?.[1];
    if (url.pathname === "/v2/api") respond(response, 200, await this.#etherscan(request, url, body));
    else if (sourcifyPath !== undefined) respond(response, ...(await this.#sourcify(request, sourcifyPath, body)));
    else respond(response, 404, { message: "no such page" });
  }

  async #etherscan(request: IncomingMessage, url: URL, body: string): Promise<object> {
    const query = url.searchParams;
    const refused = (result: string): object => ({ status: "0", message: "NOTOK", result });
    const accepted = (result: unknown): object => ({ status: "1", message: "OK", result });
    if (query.get("apikey") !== this.#key) return refused(`Invalid API Key (#err2)|${query.get("apikey") ?? ""}`);
    if (BigInt(query.get("chainid") ?? 0) !== (await this.#chainId())) {
      return refused("Missing or unsupported chainid parameter (required for v2 api)");
    }
    if (query.get("module") !== "contract") return refused("Error! Missing Or invalid Module name");
    switch (`${request.method ?? ""} ${query.get("action") ?? ""}`) {
      case "GET getsourcecode": {
        const isKnown = this.#isKnown("etherscan", query.get("address") ?? "");
        return accepted([{ SourceCode: isKnown ? "{{…}}" : "", ABI: isKnown ? "[]" : "not verified" }]);
      }
      case "POST verifysourcecode": {
        const form = new URLSearchParams(body);
        const field = (name: string): string => form.get(name) ?? "";
        const address = field("contractaddress").toLowerCase();
        if (field("codeformat") !== "solidity-standard-json-input") return refused("Error! Invalid code format");
        if (!(await this.#creationCodes()).has(address)) return refused(`Unable to locate ContractCode at ${address}`);
        if (this.#verified.etherscan.has(address)) return refused("Contract source code already verified");
        if (field("constructorArguments") !== field("constructorArguements")) return refused("Error! Two arguments");
        const id = this.#begin("etherscan", {
          address,
          identifier: field("contractname"),
          compilerVersion: field("compilerversion").replace(/^v/u, ""),
          input: JSON.parse(field("sourceCode")) as StandardJsonInput,
          constructorArguments: `0x${field("constructorArguments")}`,
        });
        return accepted(id);
      }
      case "GET checkverifystatus": {
        const job = this.#jobs.get(query.get("guid") ?? "");
        if (job === undefined) return refused("Unknown UID");
        if (job.check === undefined || job.pending-- > 0) return refused("Pending in queue");
        const { problem, argumentsFit } = job.check;
        if (problem !== undefined) return refused(`Fail - Unable to verify. ${problem}`);
        if (!argumentsFit) return refused("Fail - Unable to verify. Constructor arguments do NOT match");
        this.#verified.etherscan.add(job.address);
        return accepted("Pass - Verified");
      }
      default:
        return refused("Error! Missing Or invalid Action name");
    }
  }

  async #sourcify(request: IncomingMessage, path: string, body: string): Promise<[number, object]> {
    const failure = (customCode: string, message: string): object => ({ customCode, message, errorId: randomUUID() });
    const [kind, first = "", address = ""] = path.toLowerCase().split("/");
    if (kind === "verify" && request.method === "GET") {
      const job = this.#jobs.get(first);
      if (job === undefined) return [404, failure("job_not_found", `No verification job found for ID ${first}`)];
      const match = { match: null, creationMatch: null, runtimeMatch: null };
      const common = { verificationId: first, jobStartTime: new Date().toISOString() };
      if (job.check === undefined || job.pending-- > 0) {
        return [200, { isJobCompleted: false, ...common, contract: match }];
      }
      const { problem } = job.check;
      if (problem !== undefined) {
        return [200, { isJobCompleted: true, ...common, contract: match, error: failure("no_match", problem) }];
      }
      this.#verified.sourcify.add(job.address);
      const contract = { match: "match", creationMatch: "match", runtimeMatch: "match" };
      return [200, { isJobCompleted: true, ...common, contract }];
    }
    if (BigInt(first) !== (await this.#chainId())) {
      return [404, failure("unsupported_chain", `The chain ${first} is not supported.`)];
    }
    if (kind === "contract") {
      const isKnown = this.#isKnown("sourcify", address);
      const match = isKnown ? "match" : null;
      return [isKnown ? 200 : 404, { match, creationMatch: match, runtimeMatch: match, chainId: first, address }];
    }
    const { stdJsonInput, compilerVersion, contractIdentifier } = JSON.parse(body) as Record<string, unknown>;
    if (typeof compilerVersion !== "string" || typeof contractIdentifier !== "string" || stdJsonInput === undefined) {
      return [400, failure("invalid_parameter", "request/body must have required properties")];
    }
    if (this.#verified.sourcify.has(address)) {
      return [409, failure("already_verified", `Contract ${address} on chain ${first} is already verified.`)];
    }
    const input = stdJsonInput as StandardJsonInput;
    const verificationId = this.#begin("sourcify", {
      address,
      identifier: contractIdentifier,
      compilerVersion,
      input,
    });
    return [202, { verificationId }];
  }

  #isKnown(service: "etherscan" | "sourcify", address: string): boolean {
    return !this.forgetful && this.#verified[service].has(address.toLowerCase());
  }

  /**
   * Starts the check of a submission.
   * @returns its receipt.
   */
  #begin(service: "etherscan" | "sourcify", submitted: Submitted): string {
    const id = randomUUID();
    const { address, identifier, input } = submitted;
    this.received.push({ service, address, identifier, sources: Object.keys(input.sources) });
    const job: Job = { address, check: undefined, pending: 2 };
    this.#jobs.set(id, job);
    this.#check(submitted).then(
      (check) => (job.check = check),
      (error: unknown) => (job.check = { problem: `The server failed: ${String(error)}`, argumentsFit: false }),
    );
    return id;
  }

  async #check(submitted: Submitted): Promise<Check> {
    const { address, identifier, compilerVersion, input, constructorArguments } = submitted;
    const refused = (problem: string): Check => ({ problem, argumentsFit: false });
    if (compilerVersion !== this.#compilerVersion) return refused(`There is no compiler ${compilerVersion}.`);
    const colon = identifier.lastIndexOf(":");
    const [file, name] = [identifier.slice(0, colon), identifier.slice(colon + 1)];
    const { errors = [], contracts } = await this.#compiled(input, file, name);
    const error = errors.find(({ severity }) => severity === "error");
    if (error !== undefined) return refused(`Compiler error: ${error.formattedMessage}`);
    const code = contracts?.[file]?.[name];
    if (code === undefined) return refused(`The sources have no contract ${identifier}.`);
    const created = (await this.#creationCodes()).get(address);
    if (created === undefined) return refused(`There is no contract at ${address}.`);
    const creation = `0x${code.evm.bytecode.object}`;
    if (!created.startsWith(creation)) return refused("The creation code does NOT match.");
    const deployed = (await this.#rpc.send("eth_getCode", [address, "latest"])) as string;
    if (withoutImmutables(deployed, code) !== withoutImmutables(`0x${code.evm.deployedBytecode.object}`, code)) {
      return refused("The runtime code does NOT match.");
    }
    const behind = dataSlice(created, dataLength(creation));
    if (!areArguments(behind, code.abi)) return refused("What is behind the creation code are no arguments.");
    return { problem: undefined, argumentsFit: constructorArguments === undefined || constructorArguments === behind };
  }

  /** Compiles a submission; equal inputs are compiled only once. */
  async #compiled(input: StandardJsonInput, file: string, name: string): Promise<Compiled> {
    const outputSelection = { [file]: { [name]: ["abi", "evm.bytecode.object", "evm.deployedBytecode"] } };
    const text = JSON.stringify({ ...input, settings: { ...input.settings, outputSelection } });
    const known = this.#compilations.get(text) ?? compile(text);
    this.#compilations.set(text, known);
    return known;
  }

  async #creationCodes(): Promise<ReadonlyMap<string, string>> {
    this.#creations ??= creationsOf(this.#rpc);
    return this.#creations;
  }

  async #chainId(): Promise<bigint> {
    return BigInt((await this.#rpc.send("eth_chainId", [])) as string);
  }
}

interface Submitted {
  readonly address: string;
  readonly identifier: string;
  readonly compilerVersion: string;
  readonly input: StandardJsonInput;
  /** Undefined if the service finds them itself. */
  readonly constructorArguments?: string;
}

/** Runs the pinned compiler in a separate thread, so that requests are answered meanwhile. */
async function compile(input: string): Promise<Compiled> {
  return JSON.parse(await inCompiler("compile(workerData.input)", input)) as Compiled;
}

async function inCompiler(call: string, input = ""): Promise<string> {
  const script = `
    const { parentPort, workerData } = require("node:worker_threads");
    parentPort.postMessage(require(workerData.compiler).${call});`;
  const worker = new Worker(script, { eval: true, execArgv: [], workerData: { compiler: COMPILER, input } });
  const [result] = (await once(worker, "message")) as [string];
  return result;
}

/** Runtime code with zeros in place of immutables. */
function withoutImmutables(code: string, { evm }: CompiledCode): string {
  const bytes = Buffer.from(code.slice(2), "hex");
  for (const { start, length } of Object.values(evm.deployedBytecode.immutableReferences ?? {}).flat()) {
    bytes.fill(0, start, start + length);
  }
  return bytes.toString("hex");
}

function areArguments(data: string, abi: InterfaceAbi): boolean {
  const types = new Interface(abi).deploy.inputs;
  const coder = AbiCoder.defaultAbiCoder();
  return coder.encode(types, coder.decode(types, data)) === data;
}

function actOut(trouble: Trouble, response: ServerResponse): void {
  switch (trouble) {
    case "rate limit": {
      const result = "Max calls per sec rate limit reached (3/sec)";
      respond(response, 200, { status: "0", message: "NOTOK", result });
      break;
    }
    case "not seen yet":
      respond(response, 200, { status: "0", message: "NOTOK", result: "Unable to locate ContractCode at 0x0" });
      break;
    case "too many requests":
      respond(response, 429, { customCode: "too_many_requests", message: "Slow down" });
      break;
    case "bad gateway":
      respond(response, 502, {});
      break;
    case "broken connection":
      response.destroy();
      break;
    case "page":
      response.writeHead(200, { "content-type": "text/html" }).end("<html>Just a moment…</html>");
      break;
  }
}

function respond(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
