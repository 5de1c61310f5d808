import { Contract, ContractFactory, type Signer } from "ethers";

import factoryArtifact from "@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json" with { type: "json" };
import poolArtifact from "@uniswap/v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json" with { type: "json" };

import { poolAddress } from "../client/uniswap-v3-pool.ts";

/** Parameters of a new pool. */
export interface PoolParameters {
  readonly tokenA: string;
  readonly tokenB: string;
  /** Fee tier, hundredths of a basis point: 500, 3000 or 10000. */
  readonly fee: number;
  /** Initial price: its square root times 2^96. */
  readonly sqrtPriceX96: bigint;
}

/**
 * Deploys the published code of the Uniswap v3 factory and returns its address. A new compilation
 * would give pools other addresses.
 */
export async function deployUniswapFactory(signer: Signer): Promise<string> {
  const contract = await new ContractFactory(factoryArtifact.abi, factoryArtifact.bytecode, signer).deploy();
  await contract.waitForDeployment();
  return contract.getAddress();
}

/** Creates a pool, initializes its price and returns its address. */
export async function createPool(signer: Signer, factory: string, parameters: PoolParameters): Promise<string> {
  const { tokenA, tokenB, fee, sqrtPriceX96 } = parameters;
  const create = new Contract(factory, factoryArtifact.abi, signer).getFunction("createPool");
  await (await create.send(tokenA, tokenB, fee)).wait();
  const pool = poolAddress(factory, tokenA, tokenB, fee);
  const initialize = new Contract(pool, poolArtifact.abi, signer).getFunction("initialize");
  await (await initialize.send(sqrtPriceX96)).wait();
  return pool;
}
