import { UsageError } from "../../src/cli/errors.ts";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { parseSeconds } from "../../src/cli/numbers.ts";
import { ETHERSCAN_API } from "../../src/deployment/verification/etherscan.ts";
import { SOURCIFY_API } from "../../src/deployment/verification/sourcify.ts";
import type { Address } from "../../src/protocol/address.ts";
import { COMMON_HELP, COMMON_OPTIONS, addressOption, commonChoices, type CommonChoices } from "../options.ts";
import { exitCodeHelp, parseWords } from "../run.ts";

/** The environment variable of Etherscan's API key. */
export const ETHERSCAN_KEY = "ETHERSCAN_API_KEY";
/**
 * The environment variable of another explorer's API key. It differs from Etherscan's, so that no
 * other explorer gets Etherscan's key.
 */
export const EXPLORER_KEY = "EXPLORER_API_KEY";

export const USAGE = `Usage: npm run deploy:verify -- [options]

Publishes the sources of a deployment: submits each contract's sources, compiler settings and
constructor arguments to services that compile them and compare the code. A repeated command only
submits the contracts that are not verified yet.

Options:
  --network NAME       deploy/parameters/NAME.yaml of the deployment (default: local)
  --deployer ADDRESS   address of the deployer (default: from the address book)
  --on SERVICE         use only etherscan or only sourcify (default: both)
  --api-url URL        API of an explorer compatible with Etherscan, such as Blockscout
                       (default: Etherscan, ${ETHERSCAN_API})
  --sourcify-url URL   API of a Sourcify server (default: ${SOURCIFY_API})
  --only CONTRACT      only this contract, such as MarketLens; may be repeated
  --timeout SECONDS    time limit for a service to check a contract (default: 300)
  --dry-run            only print what would be submitted, with --json in full
${COMMON_HELP}

Etherscan's API key is read from the environment variable ${ETHERSCAN_KEY}, the key of an explorer
at --api-url from ${EXPLORER_KEY}, if it needs one. Without ${ETHERSCAN_KEY} or --api-url, Sourcify
is the only service; it needs no key.

${exitCodeHelp("done", "defect", "usage", "noNetwork", "wrongChain", "noSuchMarket")}  ${String(EXIT_CODES.refused).padStart(2)}  a contract is not verified

Examples:
  npm run deploy:verify -- --network sepolia --rpc-url https://rpc.example
  npm run deploy:verify -- --network sepolia --rpc-url https://rpc.example --on etherscan \\
    --api-url https://eth-sepolia.blockscout.com/api
  npm run deploy:verify -- --network sepolia --only MarketLens --dry-run
`;

/** Values of the command's options. */
export interface Options extends CommonChoices {
  readonly network: string;
  readonly deployer: Address | undefined;
  readonly on: "etherscan" | "sourcify" | undefined;
  readonly apiUrl: string | undefined;
  readonly sourcifyUrl: string;
  readonly only: readonly string[];
  /** Time limit for a check, milliseconds. */
  readonly timeout: number | undefined;
  readonly dryRun: boolean;
}

/**
 * Parses the command line.
 * @returns undefined if help is requested.
 * @throws UsageError for an invalid option.
 */
export function parseOptions(words: readonly string[]): Options | undefined {
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
  if (on !== undefined && on !== "etherscan" && on !== "sourcify") throw wrong("on", "Give etherscan or sourcify.");
  for (const name of ["api-url", "sourcify-url"] as const) {
    const url = values[name];
    if (url !== undefined && !(/^https?:/u.test(url) && URL.canParse(url))) {
      throw wrong(name, "Give the URL of an API, such as https://eth-sepolia.blockscout.com/api.");
    }
  }
  return {
    ...commonChoices(values),
    network,
    deployer: deployer === undefined ? undefined : addressOption("deployer", deployer),
    on,
    apiUrl: values["api-url"],
    sourcifyUrl: values["sourcify-url"] ?? SOURCIFY_API,
    only: values.only ?? [],
    timeout: values.timeout === undefined ? undefined : parseSeconds(values.timeout, "--timeout") * 1_000,
    dryRun: values["dry-run"] ?? false,
  };
}
