import { Interface, type ErrorDescription } from "ethers/abi";

import { abi as accessManagerAbi } from "../../abis/AccessManager.ts";
import { abi as chainlinkOracleAbi } from "../../abis/ChainlinkOracle.ts";
import { abi as faucetTokenAbi } from "../../abis/FaucetToken.ts";
import { abi as flashLiquidatorAbi } from "../../abis/FlashLiquidator.ts";
import { abi as leverageMarketAbi } from "../../abis/LeverageMarket.ts";
import { abi as marketFactoryAbi } from "../../abis/MarketFactory.ts";
import { abi as oracleGuardAbi } from "../../abis/OracleGuard.ts";
import { abi as sequencerGateAbi } from "../../abis/SequencerGate.ts";
import { abi as settableFeedAbi } from "../../abis/SettableFeed.ts";
import { abi as swapperAbi } from "../../abis/UniswapV3Swapper.ts";
import { abi as twapOracleAbi } from "../../abis/UniswapV3TwapOracle.ts";
import { abi as vaultShareOracleAbi } from "../../abis/VaultShareOracle.ts";
import { adviceFor } from "../protocol/contract-errors.ts";
import { ContractRevertedError, RevertReasonError, UnknownRevertError } from "./errors.ts";

const ABIS = [
  leverageMarketAbi,
  marketFactoryAbi,
  flashLiquidatorAbi,
  swapperAbi,
  chainlinkOracleAbi,
  oracleGuardAbi,
  twapOracleAbi,
  vaultShareOracleAbi,
  sequencerGateAbi,
  faucetTokenAbi,
  settableFeedAbi,
  accessManagerAbi,
];

/** Every error of the contracts, with those that OpenZeppelin's parts of them raise. */
const ERRORS = new Interface(ABIS.flatMap((abi) => abi.filter(({ type }) => type === "error")));

/** Selectors of the two errors that Solidity itself has. */
const REASON = "0x08c379a0";
const PANIC = "0x4e487b71";

/** Meanings of the codes of `Panic(uint256)`, from Solidity's documentation. */
const PANICS: Readonly<Record<number, string>> = {
  0x01: "assertion failed",
  0x11: "arithmetic overflow or underflow",
  0x12: "division by zero",
  0x21: "value outside its enum",
  0x31: "pop of an empty array",
  0x32: "array index out of bounds",
  0x41: "too much memory allocated",
};

/**
 * The error of a failed call in words: the contract's own error with its arguments and what to do about it. An error
 * that did not come from a contract is returned as it is.
 */
export function contractError(error: unknown): unknown {
  const data = revertDataOf(error);
  if (data === undefined) return error;
  const parsed = parse(data);
  if (parsed === null) return new UnknownRevertError(data, error);
  if (parsed.selector === REASON) return new RevertReasonError(String(parsed.args[0]), error);
  if (parsed.selector === PANIC) {
    const code = Number(parsed.args[0]);
    return new RevertReasonError(PANICS[code] ?? `panic 0x${code.toString(16)}`, error);
  }
  const args = Object.fromEntries(
    parsed.fragment.inputs.map((input, index) => [input.name || `argument ${index}`, parsed.args[index] as unknown]),
  );
  return new ContractRevertedError(parsed.name, args, adviceFor(parsed.name), error);
}

function parse(data: string): ErrorDescription | null {
  try {
    return ERRORS.parseError(data);
  } catch {
    // A known selector before bytes that don't fit it: not one of these errors after all.
    return null;
  }
}

const BYTES = /^0x([0-9a-f]{2})*$/iu;
/** Libraries wrap errors in errors; none known goes deeper. */
const DEEPEST = 6;
/** Where they put the inner one. */
const WRAPPERS = ["error", "info", "cause"] as const;

/** The bytes with which a contract reverted, wherever in an error the library has put them; undefined if it has none. */
export function revertDataOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== "object" || error === null || depth > DEEPEST) return undefined;
  const { data } = error as { data?: unknown };
  if (typeof data === "string" && BYTES.test(data)) return data;
  const inner = [data, ...WRAPPERS.map((name) => (error as Record<string, unknown>)[name])];
  for (const candidate of inner) {
    const found = revertDataOf(candidate, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
