import { Interface, type ErrorDescription } from "ethers";

import {
  AccessManager__factory,
  ChainlinkOracle__factory,
  FaucetToken__factory,
  FlashLiquidator__factory,
  LeverageMarket__factory,
  MarketFactory__factory,
  OracleGuard__factory,
  SequencerGate__factory,
  SettableFeed__factory,
  UniswapV3Swapper__factory,
  UniswapV3TwapOracle__factory,
  VaultShareOracle__factory,
} from "../../types/index.ts";
import { ContractRevertedError, UnknownRevertError } from "./errors.ts";
import { EXPLANATIONS } from "./explanations.ts";
import { revertDataOf } from "./revert-data.ts";

const ABIS = [
  LeverageMarket__factory.abi,
  MarketFactory__factory.abi,
  FlashLiquidator__factory.abi,
  UniswapV3Swapper__factory.abi,
  ChainlinkOracle__factory.abi,
  OracleGuard__factory.abi,
  UniswapV3TwapOracle__factory.abi,
  VaultShareOracle__factory.abi,
  SequencerGate__factory.abi,
  FaucetToken__factory.abi,
  SettableFeed__factory.abi,
  AccessManager__factory.abi,
];

const ERRORS = new Interface(ABIS.flatMap((abi) => abi.filter(({ type }) => type === "error")));

/**
 * What a failed call has to tell: the contract's own error with its arguments and what to do about it. An error that did
 * not come from a contract is returned as it is.
 */
export function contractError(error: unknown): unknown {
  const data = revertDataOf(error);
  if (data === undefined) return error;
  const parsed = parse(data);
  if (parsed === null) return new UnknownRevertError(data, error);
  const args = Object.fromEntries(
    parsed.fragment.inputs.map((input, index) => [input.name || `argument ${index}`, parsed.args[index] as unknown]),
  );
  return new ContractRevertedError(parsed.name, args, EXPLANATIONS[parsed.name], error);
}

function parse(data: string): ErrorDescription | null {
  try {
    return ERRORS.parseError(data);
  } catch {
    // A known selector before bytes that don't fit it: not one of these errors after all.
    return null;
  }
}
