import { parseUnits } from "ethers";

import { RPC_URL_VARIABLE } from "../src/cli/defaults.ts";
import { UsageError } from "../src/cli/errors.ts";
import type { Manner } from "./carry-out.ts";
import { DEFAULT_RPC_URL } from "./connection.ts";
import { BOOKS } from "./book.ts";

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** Options of every command here. */
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

export const COMMON_HELP = `  --rpc-url URL        a node of that chain (default: ${RPC_URL_VARIABLE}, or ${DEFAULT_RPC_URL})
  --name NAME          name of the deployment (default: main)
  --deployments FOLDER of the address books (default: deployments)
  --json               for programs: a JSON object on each line
  --help               print this`;

export const SENDING_HELP = `  --account NAME       the encrypted keystore of the sender
  --from ADDRESS       an account that the node holds unlocked (default: its first one)
  --max-fee GWEI       never pay more per gas
  --timeout SECONDS    for a transaction to be mined (default: 600)
  --dry-run            only say what would be done
  --yes                don't ask
${COMMON_HELP}`;

interface Values {
  readonly "rpc-url"?: string | undefined;
  readonly name?: string | undefined;
  readonly deployments?: string | undefined;
  readonly json?: boolean | undefined;
}

/** What every command is told. */
export interface CommonChoices {
  readonly rpcUrl: string;
  /** Of the deployment. */
  readonly name: string;
  /** Folder of the address books. */
  readonly books: string;
  readonly json: boolean;
}

export function commonChoices({ "rpc-url": rpcUrl, name = "main", deployments, json = false }: Values): CommonChoices {
  const named = process.env[RPC_URL_VARIABLE] ?? "";
  if (name.trim() === "") throw new UsageError("--name is empty", "Leave it out, or give the deployment a name.");
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

export function mannerOf({ "max-fee": fee, timeout: seconds = "600", "dry-run": dryRun, yes }: SendingValues): Manner {
  const timeout = Number(seconds);
  if (!(timeout > 0 && timeout < 1e6)) {
    throw new UsageError(`--timeout is ${JSON.stringify(seconds)}`, "Give a number of seconds.");
  }
  if (fee !== undefined && !/^\d{1,9}(\.\d{1,9})?$/u.test(fee)) {
    throw new UsageError(`--max-fee is ${JSON.stringify(fee)}`, "Give a number of gwei, like 20 or 0.5.");
  }
  return {
    dryRun: dryRun ?? false,
    yes: yes ?? false,
    maxFee: fee === undefined ? undefined : parseUnits(fee, "gwei"),
    timeout: timeout * 1_000,
  };
}
