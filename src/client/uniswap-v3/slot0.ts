import { Contract, type Provider } from "ethers";

const ABI = ["function slot0() view returns (uint160 sqrtPriceX96, int24 tick, uint16, uint16, uint16, uint8, bool)"];

/** The price of a pool alone, as the pool counts it: one call, where `readPool` makes six. */
export async function readSqrtPriceX96(provider: Provider, pool: string): Promise<bigint> {
  const [sqrtPriceX96] = (await new Contract(pool, ABI, provider).getFunction("slot0").staticCall()) as [bigint];
  return sqrtPriceX96;
}
