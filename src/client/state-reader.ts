import type { BlockTag, Provider } from "ethers";
import { AbiCoder, type Interface, type Result } from "ethers/abi";
import { concat } from "ethers/utils";

import { creationCode } from "../../abis/StateReader.ts";
import { ZERO_ADDRESS, type Address } from "../protocol/address.ts";
import type { PoolLiquidity } from "../protocol/uniswap-v3/swap.ts";
import { FEE_TIERS } from "../protocol/uniswap-v3/ticks.ts";
import { contractError } from "./contract-error.ts";
import { NodeAnswerError, ReadingError } from "./errors.ts";

/** The block that something was read from. */
export interface BlockStamp {
  readonly number: number;
  readonly hash: string;
  /** Unix seconds. Ages and countdowns go by it, never by the clock of this computer. */
  readonly timestamp: bigint;
  /** What a unit of gas costs at the least, wei; undefined on a chain without it. */
  readonly baseFee: bigint | undefined;
}

/** The parts of a provider that reading needs. */
export type StateSource = Pick<Provider, "call" | "getBlock">;

/** Stands for an address that an earlier call of the same batch tells. */
export interface Told {
  readonly by: Asked;
}

/** A call of a batch; its answer is found by it. */
export interface Asked {
  readonly index: number;
  readonly target: string;
  readonly abi: Interface;
  readonly name: string;
}

/** A pool and how much of it to read. */
export interface PoolAsked {
  readonly address: string;
  /** Hundredths of a basis point. */
  readonly fee: number;
}

/**
 * Of a pool, initialized ticks that are read on each side of the price. A word of the answer each.
 */
const TICKS_PER_SIDE = 160n;
/**
 * Prices that are read are at least from half to twice the present one: so many ticks on each side.
 */
const TICKS_IN_DOUBLE = 6_932;
const TICKS_IN_WORD = 256;

const coder = AbiCoder.defaultAbiCoder();
const ARGUMENTS = [
  "address",
  "tuple(address target, uint256 targetIn, bytes data)[]",
  "tuple(address pool, uint256 wordsPerSide, uint256 ticksPerSide)",
];
const RESULTS = [
  "uint256",
  "uint256",
  "uint256",
  "tuple(bool success, bytes answer)[]",
  "tuple(uint160 sqrtPriceX96, int24 tick, uint128 liquidity, int24 tickSpacing, int24 lowest, int24 highest, uint256[] ticks)",
];

interface RawPool {
  readonly sqrtPriceX96: bigint;
  readonly tick: bigint;
  readonly liquidity: bigint;
  readonly tickSpacing: bigint;
  readonly lowest: bigint;
  readonly highest: bigint;
  readonly ticks: readonly bigint[];
}

interface RawReading {
  readonly success: boolean;
  readonly answer: string;
}

/** Calls of views that one `eth_call` answers, all of one block. */
export class ReadBatch {
  readonly #calls: { readonly target: string; readonly targetIn: number; readonly data: string }[] = [];

  /**
   * Adds a call.
   * @param target a contract, or one whose address an earlier call tells.
   */
  add(target: string | Told, abi: Interface, name: string, ...args: readonly unknown[]): Asked {
    const data = abi.encodeFunctionData(name, args);
    const [address, targetIn] = typeof target === "string" ? [target, 0] : [ZERO_ADDRESS, target.by.index];
    this.#calls.push({ target: address, targetIn, data });
    const label = typeof target === "string" ? target : `that ${target.by.name} of ${target.by.target} tells`;
    return { index: this.#calls.length - 1, target: label, abi, name };
  }

  /**
   * Makes all calls: one `eth_call`, at one block.
   * @param options.account whose balance of the chain's coin is read too.
   * @param options.pool a pool that is read too.
   * @param options.block the latest if left out.
   * @throws NodeAnswerError if the node has no such block, or can't execute the reader.
   */
  async read(
    source: StateSource,
    options: {
      readonly account?: Address | undefined;
      readonly pool?: PoolAsked | undefined;
      readonly block?: BlockTag | undefined;
    } = {},
  ): Promise<Answers> {
    const { account = ZERO_ADDRESS, pool, block: tag = "latest" } = options;
    const block = await source.getBlock(tag);
    if (block?.hash === undefined || block.hash === null)
      throw new NodeAnswerError(`The node has no block ${String(tag)}`);
    const query = [pool?.address ?? ZERO_ADDRESS, wordsPerSide(pool), TICKS_PER_SIDE];
    const data = concat([creationCode, coder.encode(ARGUMENTS, [account, this.#calls, query])]);
    const answer = await execute(source, data, block.number);
    const [timestamp, chainId, balance, readings, read] = answer as unknown as [
      bigint,
      bigint,
      bigint,
      readonly RawReading[],
      RawPool,
    ];
    const stamp = { number: block.number, hash: block.hash, timestamp, baseFee: block.baseFeePerGas ?? undefined };
    return new Answers(
      stamp,
      chainId,
      balance,
      readings,
      pool && read.sqrtPriceX96 > 0n ? poolOf(read, pool.fee) : undefined,
    );
  }
}

async function execute(source: StateSource, data: string, blockTag: number): Promise<Result> {
  let answer: string;
  try {
    answer = await source.call({ data, blockTag });
  } catch (error) {
    throw contractError(error);
  }
  try {
    return coder.decode(RESULTS, answer);
  } catch (error) {
    throw new NodeAnswerError("The node does not answer calls without a receiver as it must", error);
  }
}

function wordsPerSide(pool: PoolAsked | undefined): bigint {
  if (pool === undefined) return 0n;
  const [, spacing] = FEE_TIERS.find(([fee]) => fee === pool.fee) ?? [pool.fee, 1n];
  return BigInt(Math.ceil(TICKS_IN_DOUBLE / (TICKS_IN_WORD * Number(spacing))) + 1);
}

function poolOf(read: RawPool, fee: number): PoolLiquidity {
  const ticks = read.ticks.map((word) => ({
    tick: Number(BigInt.asIntN(128, word >> 128n)),
    liquidityNet: BigInt.asIntN(128, word),
  }));
  return {
    fee,
    tickSpacing: Number(read.tickSpacing),
    sqrtPriceX96: read.sqrtPriceX96,
    tick: Number(read.tick),
    liquidity: read.liquidity,
    ticks: ticks.sort((one, other) => one.tick - other.tick),
    lowest: Number(read.lowest),
    highest: Number(read.highest),
  };
}

/** The answers of a batch. */
export class Answers {
  readonly block: BlockStamp;
  readonly chainId: bigint;
  /** Of the account that was named, wei. */
  readonly balance: bigint;
  /** Undefined if none was asked for, or if there is no such pool, or none with a price. */
  readonly pool: PoolLiquidity | undefined;
  readonly #readings: readonly RawReading[];

  constructor(
    block: BlockStamp,
    chainId: bigint,
    balance: bigint,
    readings: readonly RawReading[],
    pool: PoolLiquidity | undefined,
  ) {
    this.block = block;
    this.chainId = chainId;
    this.balance = balance;
    this.pool = pool;
    this.#readings = readings;
  }

  /**
   * All values of an answer.
   * @throws ReadingError if the call failed, or its answer is none of that function.
   */
  all(asked: Asked): Result {
    const reading = this.#readings[asked.index];
    if (reading?.success !== true) throw new ReadingError(asked.target, asked.name, "does not answer");
    return decoded(asked, reading.answer);
  }

  /** An answer that is one number. @throws ReadingError as `all` does. */
  number(asked: Asked): bigint {
    return this.all(asked)[0] as bigint;
  }

  /** An answer that is one text. @throws ReadingError as `all` does. */
  text(asked: Asked): string {
    return this.all(asked)[0] as string;
  }

  /** An answer that is one struct of numbers, in its order. @throws ReadingError as `all` does. */
  struct(asked: Asked): readonly bigint[] {
    return this.all(asked)[0] as readonly bigint[];
  }

  /** The same of a call that may fail; undefined then. */
  maybe(asked: Asked): Result | undefined {
    const reading = this.#readings[asked.index];
    if (reading?.success !== true) return undefined;
    try {
      return decoded(asked, reading.answer);
    } catch {
      return undefined;
    }
  }
}

function decoded({ target, abi, name }: Asked, answer: string): Result {
  try {
    const values = abi.decodeFunctionResult(name, answer);
    // Values are decoded when they are looked at, and may turn out not to fit.
    values.toArray(true);
    return values;
  } catch (error) {
    throw new ReadingError(target, name, "gives an answer that does not fit", error);
  }
}
