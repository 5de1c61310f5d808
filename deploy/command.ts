import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";

import { formatEther, formatUnits, parseUnits, Wallet } from "ethers";

import { planCantilever, type CantileverPlan } from "../src/deployment/cantilever.ts";
import { checkBalance, dryRun, execute, type DeploymentEvent, type DryRun } from "../src/deployment/execute.ts";
import { httpRpc, LOCAL_CHAIN, Node, type Account } from "../src/deployment/node.ts";
import type { ParameterFile } from "../src/deployment/parameter-file.ts";
import { CantileverError } from "../src/errors.ts";
import { toAddress } from "../src/protocol/address.ts";
import { ARTIFACTS } from "./artifacts.ts";
import { parametersOf } from "./networks.ts";

const KEY_VARIABLE = "DEPLOYER_PRIVATE_KEY";

const USAGE = `Usage: npm run deploy -- [options]

Deploys what the parameters of a network describe. Says first what that is, what it costs and what is
there already; a repeated command only does what is missing.

Options:
  --network NAME    deploy/parameters/NAME.yaml (default: local)
  --rpc-url URL     a node of that chain (default: http://127.0.0.1:8545)
  --name NAME       name of the deployment; another name deploys everything a second time (default: main)
  --from ADDRESS    an account that the node holds unlocked (default: its first one)
  --max-fee GWEI    never pay more per gas
  --timeout SECONDS for a transaction to be mined (default: 600)
  --dry-run         only say what would be done
  --yes             don't ask
  --help            print this

The deployer is the account whose private key is in the environment variable ${KEY_VARIABLE}; without
it, an unlocked account of the node.
`;

/** Where the command writes to, and what it asks. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

class UsageError extends CantileverError {
  constructor(problem: string, advice = "Try --help.") {
    super({ code: "USAGE", problem, advice });
  }
}

/**
 * The command that deploys.
 * @param args words of the command line after the program.
 * @returns the exit code: 0, or 1 for a failure, which has been reported then.
 */
export async function runDeployment(args: readonly string[], streams: Streams): Promise<number> {
  try {
    await run(args, streams);
    return 0;
  } catch (error) {
    const isDefect = error instanceof Error && !(error instanceof CantileverError);
    streams.stderr.write(`${isDefect ? (error.stack ?? error.message) : messageOf(error)}
`);
    return 1;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function run(args: readonly string[], { stdin, stdout }: Streams): Promise<void> {
  const options = parse(args);
  if (options.help) {
    stdout.write(USAGE);
    return;
  }
  const file = await parametersOf(options.network);
  const node = new Node(httpRpc(options.rpcUrl));
  const account = await accountOf(node, options.from);
  const plan = planCantilever(file.parameters, ARTIFACTS, toAddress(account.address), options.name);
  const found = await dryRun(plan, node);
  stdout.write(describe(plan, found, file));
  if (found.steps.every(({ done }) => done)) {
    stdout.write(`\nEverything is there: nothing was sent.\n${addressList(plan)}`);
    return;
  }
  checkBalance(found, account.address);
  if (options.dryRun) return;
  if (!options.yes && !(await confirmed(stdin, stdout))) throw new UsageError("Not confirmed: nothing was sent", "");
  await execute(plan, node, account, {
    pollInterval: plan.chainId === LOCAL_CHAIN ? 100 : 1_000,
    minedWithin: options.timeout,
    ...(options.maxFee === undefined ? {} : { mostPerGas: options.maxFee }),
    onEvent: (event) => stdout.write(lineOf(event)),
  });
  stdout.write(`\nDeployed.\n${addressList(plan)}`);
}

interface Options {
  readonly network: string;
  readonly rpcUrl: string;
  readonly name: string;
  readonly from: string | undefined;
  /** Wei per gas. */
  readonly maxFee: bigint | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly help: boolean;
}

function parse(args: readonly string[]): Options {
  const values = parsed(args);
  const timeout = Number(values.timeout ?? 600);
  if (!(timeout > 0 && timeout < 1e6)) throw new UsageError(`--timeout is ${JSON.stringify(values.timeout)}`);
  const fee = values["max-fee"];
  if (fee !== undefined && !/^\d{1,9}(\.\d{1,9})?$/u.test(fee))
    throw new UsageError(`--max-fee is ${JSON.stringify(fee)}`);
  const network = values.network ?? "local";
  if (!/^[\w-]+$/u.test(network)) throw new UsageError(`--network is ${JSON.stringify(network)}`);
  return {
    network,
    rpcUrl: values["rpc-url"] ?? "http://127.0.0.1:8545",
    name: values.name ?? "main",
    from: values.from,
    maxFee: fee === undefined ? undefined : parseUnits(fee, "gwei"),
    timeout: timeout * 1_000,
    dryRun: values["dry-run"] ?? false,
    yes: values.yes ?? false,
    help: values.help ?? false,
  };
}

function parsed(args: readonly string[]) {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const options = {
      network: text,
      "rpc-url": text,
      name: text,
      from: text,
      "max-fee": text,
      timeout: text,
      "dry-run": flag,
      yes: flag,
      help: { ...flag, short: "h" },
    } as const;
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values;
  } catch (error) {
    throw new UsageError(messageOf(error).split(/\. |\n/u)[0] ?? "");
  }
}

async function accountOf(node: Node, from: string | undefined): Promise<Account> {
  const key = process.env[KEY_VARIABLE];
  if (key !== undefined && key !== "") {
    const wallet = walletOf(key);
    return { address: wallet.address, sign: (transaction) => wallet.signTransaction(transaction) };
  }
  const accounts = await node.accounts();
  const address = from ?? accounts[0];
  if (address === undefined || !accounts.some((one) => one.toLowerCase() === address.toLowerCase())) {
    throw new UsageError("The node holds no such account", `Put the deployer's private key into ${KEY_VARIABLE}.`);
  }
  return { address };
}

function walletOf(key: string): Wallet {
  try {
    return new Wallet(key);
  } catch {
    // Without the cause, which has the key in its message.
    throw new UsageError(`${KEY_VARIABLE} is no private key`, "A private key is 64 hexadecimal digits.");
  }
}

function describe(plan: CantileverPlan, found: DryRun, { written }: ParameterFile): string {
  const { fees, balance, cost, gas } = found;
  const perGas = fees.baseFee === undefined ? fees.maxFeePerGas : fees.baseFee + fees.maxPriorityFeePerGas;
  const may = plan.deployerMay.map((power) => `  - ${power}`);
  return [
    `Deployment ${JSON.stringify(plan.name)} of ${plan.deployer} on the chain ${plan.chainId}`,
    "",
    ...written.map(({ path, text }) => `  ${path}: ${text}`),
    "",
    ...(found.bringsCreate2Deployer
      ? ["  to do  Create2Deployer: the deterministic deployer, which the chain lacks"]
      : []),
    ...found.steps.map(({ step, done, gas: one, estimated }) => {
      const amount = done ? "" : ` (${estimated ? "" : "about "}${one} gas)`;
      return `  ${done ? "done " : "to do"}  ${step.id}: ${step.title}${amount}`;
    }),
    ...(found.underWay === 0
      ? []
      : ["", `${found.underWay} transactions of the deployer are under way already, and are waited for.`]),
    "",
    `Costs about ${formatEther(cost)} ether: ${gas} gas at ${formatUnits(perGas, "gwei")} gwei, the present fee. ` +
      `The deployer has ${formatEther(balance)}.`,
    may.length === 0
      ? "Afterwards the deployer can do nothing that a stranger can't."
      : `Afterwards the deployer has no role. It can still:\n${may.join("\n")}`,
    "",
  ].join("\n");
}

function addressList({ addresses }: CantileverPlan): string {
  return Object.entries(addresses)
    .map(([name, address]) => `  ${name}: ${address as string}\n`)
    .join("");
}

function lineOf(event: DeploymentEvent): string {
  switch (event.kind) {
    case "waiting":
      return `waiting for ${event.transactions} transactions of the deployer that are under way already\n`;
    case "fee too high":
      return `waiting for a lower fee: it is ${formatUnits(event.baseFee, "gwei")} gwei\n`;
    case "pause":
      return `waiting for ${event.seconds} seconds of the chain's time: ${event.step.id} can't be made before\n`;
    case "displaced":
      return `displaced ${event.step.id}: another transaction has its nonce; looking at the chain again\n`;
    case "done":
      return event.receipt === undefined
        ? ""
        : `done ${event.step.id} in block ${event.receipt.blockNumber} (${event.receipt.gasUsed} gas), ${event.left} left\n`;
    default:
      return `${event.kind} ${event.label} ${event.hash ?? "(the node's answer was lost)"} (nonce ${event.nonce})\n`;
  }
}

async function confirmed(stdin: Streams["stdin"], stdout: NodeJS.WritableStream): Promise<boolean> {
  if (stdin.isTTY !== true) throw new UsageError("Nobody is here to confirm", "Give --yes to deploy without asking.");
  const terminal = createInterface({ input: stdin, output: stdout });
  try {
    return /^y(es)?$/iu.test((await terminal.question("\nDeploy? (yes/no) ")).trim());
  } finally {
    terminal.close();
  }
}
