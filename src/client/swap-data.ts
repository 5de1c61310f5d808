import { AbiCoder } from "ethers/abi";

/** How `UniswapV3Swapper` is to trade. */
export interface SwapInstruction {
  /** The pool's fee tier, hundredths of a basis point. */
  readonly fee: number;
  /** False: sell all that the market sends. True: buy just what the market is owed, and give the rest back. */
  readonly exactOutput: boolean;
  /** The worst price, as the pool counts it: the swap stops there. */
  readonly sqrtPriceLimitX96: bigint;
  /** Unix seconds, the last block time at which the swap is made: a signed transaction may be held back. */
  readonly deadline: bigint;
}

/** The `data` of `adjust` for a `receiver` that is a `UniswapV3Swapper`. */
export function encodeSwap(instruction: SwapInstruction): string {
  return AbiCoder.defaultAbiCoder().encode(
    ["uint24", "bool", "uint160", "uint256"],
    [instruction.fee, instruction.exactOutput, instruction.sqrtPriceLimitX96, instruction.deadline],
  );
}
