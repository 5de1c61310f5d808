import { AbiCoder, getCreate2Address, keccak256 } from "ethers";

import { sortsFirst } from "../../protocol/uniswap-v3/price.ts";

/** keccak256 of the creation code of `UniswapV3Pool` as @uniswap/v3-core 1.0.1 publishes it. */
export const POOL_INIT_CODE_HASH = "0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54";

/** Where the pool of two tokens, in either order, and a fee tier is or would be. */
export function poolAddress(factory: string, tokenA: string, tokenB: string, fee: number): string {
  const [token0, token1] = sortsFirst(tokenA, tokenB) ? [tokenA, tokenB] : [tokenB, tokenA];
  const salt = keccak256(AbiCoder.defaultAbiCoder().encode(["address", "address", "uint24"], [token0, token1, fee]));
  return getCreate2Address(factory, salt, POOL_INIT_CODE_HASH);
}
