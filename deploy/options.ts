import { DEFAULT_RPC_URL, RPC_URL_VARIABLE } from "../src/cli/defaults.ts";
import { UsageError } from "../src/cli/errors.ts";
import { parseGwei, parseSeconds } from "../src/cli/numbers.ts";
import { toAddress, type Address } from "../src/protocol/address.ts";
import type { Manner } from "./carry-out.ts";
import { BOOKS } from "./book.ts";

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** Options of every command in this folder. */
export const COMMON_OPTIONS = {
  "rpc-url": text,
  name: text,
  deployments: text,
  json: flag,
  help: { ...flag, short: "h" },
} as const;

/** Options of the commands that send transactions. */
export const SENDING_OPTIONS = {
  ...COMMON_OPTIONS,
  account: text,
  from: text,
  "max-fee": text,
  timeout: text,
  "dry-run": flag,
  yes: flag,
} as const;

/** Usage text of the common options. */
export const COMMON_HELP = `  --rpc-url URL        a node of the chain (default: ${RPC_URL_VARIABLE}, or ${DEFAULT_RPC_URL})
  --name NAME          name of the deployment (default: main)
  --deployments FOLDER folder of the address books (default: deployments)
  --json               print for programs: one JSON object per line
  --help               print this text`;

/** Usage text of the options of commands that send transactions. */
export const SENDING_HELP = `  --account NAME       encrypted keystore of the sender
  --from ADDRESS       unlocked account of the node (default: its first)
  --max-fee GWEI       maximum fee per gas (default: unlimited)
  --timeout SECONDS    time limit for a transaction to be mined (default: 600)
  --dry-run            only show what would be done
  --yes                don't ask for confirmation
${COMMON_HELP}`;

interface Values {
  readonly "rpc-url"?: string | undefined;
  readonly name?: string | undefined;
  readonly deployments?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Values of the common options. */
export interface CommonChoices {
  readonly rpcUrl: string;
  /** Name of the deployment. */
  readonly name: string;
  /** Folder of the address books. */
  readonly books: string;
  readonly json: boolean;
}

/**
 * Reads the common options.
 * @throws UsageError for an empty name.
 */
export function commonChoices({ "rpc-url": rpcUrl, name = "main", deployments, json = false }: Values): CommonChoices {
  const named = process.env[RPC_URL_VARIABLE] ?? "";
  if (name.trim() === "") throw new UsageError("--name is empty", "Omit it, or give the deployment a name.");
  return {
    rpcUrl: rpcUrl ?? (named === "" ? DEFAULT_RPC_URL : named),
    name,
    books: deployments ?? BOOKS,
    json,
  };
}

interface SendingValues {
  readonly "max-fee"?: string | undefined;
  readonly timeout?: string | undefined;
  readonly "dry-run"?: boolean | undefined;
  readonly yes?: boolean | undefined;
}

/**
 * Reads the options of an execution.
 * @throws UsageError for an invalid timeout or fee.
 */
export function mannerOf({ "max-fee": fee, timeout: seconds = "600", "dry-run": dryRun, yes }: SendingValues): Manner {
  return {
    dryRun: dryRun ?? false,
    yes: yes ?? false,
    maxFee: fee === undefined ? undefined : parseGwei(fee, "--max-fee"),
    timeout: parseSeconds(seconds, "--timeout") * 1_000,
  };
}

/**
 * Reads an option that is an address.
 * @throws UsageError if it is none.
 */
export function addressOption(name: string, text: string): Address {
  try {
    return toAddress(text);
  } catch {
    throw new UsageError(`--${name} is ${JSON.stringify(text)}`, "An address is 0x and 40 hexadecimal digits.");
  }
}
