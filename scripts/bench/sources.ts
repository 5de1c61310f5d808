import { Contract, Interface, MaxUint256, parseEther, toBeHex } from "ethers";

import { addLiquidity, swapToPrice } from "../../src/client/uniswap-v3-pool.ts";
import { createPool, deployUniswapFactory } from "../../src/deployment/uniswap-v3.ts";
import { sortsFirst, sqrtPriceX96FromPrice } from "../../src/protocol/uniswap-v3/price.ts";
import { fullRange } from "../../src/protocol/uniswap-v3/ticks.ts";
import {
  AccessManager__factory,
  ChainlinkOracle__factory,
  FixedPriceSwapper__factory,
  MeasuredAggregator__factory,
  MeasuredFeed__factory,
  OracleGuard__factory,
  PoolOperator__factory,
  UniswapV3TwapOracle__factory,
} from "../../types/index.ts";
import { type BenchChain, type DeployOracle, price } from "./market.ts";

const ONE_IN_FEED = 10n ** 8n;
const PRICE_SCALE = 10n ** 36n;

/** Seconds between two blocks. */
const BLOCK_TIME = 12;
/** The pool's window as recommended in docs/oracles.md, seconds. */
const WINDOW = 90;
/** Blocks with trades before a measurement: more than a window has. */
const TRADED_BLOCKS = 10;

/** Observation slots of the pool, all of them in use: many more than a window needs. */
const ROW = 1_440;
/** Slots that one transaction adds. */
const GROWTH = 500;
/** The first storage slot of a Uniswap v3 pool's observations. */
const OBSERVATIONS_SLOT = 8n;

const POOL_ABI = new Interface([
  "function slot0() view returns (uint160, int24, uint16 index, uint16, uint16, uint8, bool)",
  "function observations(uint256) view returns (uint32 time, int56 ticks, uint160 secondsPerLiquidity, bool initialized)",
  "function increaseObservationCardinalityNext(uint16)",
]);

/**
 * Feeds for both tokens, behind proxies like those of Chainlink, read only by a `ChainlinkOracle`.
 */
export const deployFeeds: DeployOracle = async ({ deployer, loan, collateral }) => {
  const deployFeed = async () => {
    const aggregator = await new MeasuredAggregator__factory(deployer).deploy();
    const feed = await new MeasuredFeed__factory(deployer).deploy(aggregator);
    await aggregator.list(feed);
    return { aggregator, feed };
  };
  const [base, quote] = [await deployFeed(), await deployFeed()];
  const maxAge = 3_600;
  const oracle = await new ChainlinkOracle__factory(deployer).deploy(
    loan,
    collateral,
    base.feed,
    maxAge,
    quote.feed,
    maxAge,
  );
  const setPrice = async (next: bigint) => {
    await base.aggregator.transmit((next * ONE_IN_FEED) / PRICE_SCALE);
    await quote.aggregator.transmit(ONE_IN_FEED);
  };
  await setPrice(price);
  return {
    address: await oracle.getAddress(),
    setPrice,
    deploySwapper: () => new FixedPriceSwapper__factory(deployer).deploy(loan, collateral, price),
  };
};

/**
 * A guard with these feeds as primary source. The secondary source is the mean of a real pool with
 * many observations and trades in each of the last blocks. Setting a price ends with a poke.
 */
export const deployGuard: DeployOracle = async (chain) => {
  const { deployer, loan, collateral, networkHelpers } = chain;
  const feeds = await deployFeeds(chain);
  const pool = await openPool(chain);
  const twap = await new UniswapV3TwapOracle__factory(deployer).deploy(
    loan,
    collateral,
    pool.address,
    WINDOW,
    parseEther("1"),
    BLOCK_TIME,
  );
  await pool.fillRow();
  await pool.trade(price);
  await feeds.setPrice(price);
  const guard = await new OracleGuard__factory(deployer).deploy({
    primary: feeds.address,
    secondary: twap,
    authority: await new AccessManager__factory(deployer).deploy(deployer),
    maxDeviation: parseEther("0.015"),
    maxRisePerHour: parseEther("0.1"),
    maxFallPerHour: parseEther("1"),
    gracePeriod: 3_600,
    sourceGas: 300_000,
    replacementDelay: 2 * 86_400,
  });
  return {
    ...feeds,
    address: await guard.getAddress(),
    setPrice: async (next) => {
      await pool.trade(next);
      await feeds.setPrice(next);
      await guard.poke();
      await networkHelpers.time.increase(BLOCK_TIME - 1);
    },
    poke: (signer) => guard.connect(signer).poke(),
  };
};

/** A pool of the two tokens at the price of the measurements, with five million dollars of each. */
async function openPool({ deployer, loan, collateral, networkHelpers }: BenchChain) {
  const [tokenA, tokenB] = [await loan.getAddress(), await collateral.getAddress()];
  const collateralIsToken0 = sortsFirst(tokenB, tokenA);
  const rootOf = (value: bigint) => sqrtPriceX96FromPrice(value, collateralIsToken0);
  const factory = await deployUniswapFactory(deployer);
  const address = await createPool(deployer, factory, { tokenA, tokenB, fee: 500, sqrtPriceX96: rootOf(price) });
  const operator = await new PoolOperator__factory(deployer).deploy();
  for (const token of [loan, collateral]) {
    await token.approve(operator, MaxUint256);
    await token.mint(deployer, parseEther("1000000000"));
  }
  const dollars = parseEther("5000000");
  const ether = (dollars * PRICE_SCALE) / price;
  const [amount0, amount1] = collateralIsToken0 ? [ether, dollars] : [dollars, ether];
  await addLiquidity(operator, address, fullRange(10), { amount0, amount1 });
  const pool = new Contract(address, POOL_ABI, deployer);

  /** Trades to a price, then in a number of blocks slightly around it. */
  const trade = async (target: bigint) => {
    for (let block = 0; block < TRADED_BLOCKS; ++block) {
      await networkHelpers.time.increase(BLOCK_TIME - 1);
      await swapToPrice(operator, address, rootOf((target * (10_000n + BigInt(block % 2))) / 10_000n));
    }
  };

  /**
   * Adds observation slots, and writes into the free ones the values that old swaps would have
   * left.
   */
  const fillRow = async () => {
    for (let room = GROWTH; room < ROW + GROWTH; room += GROWTH) {
      const grow = pool.getFunction("increaseObservationCardinalityNext");
      const sent = await grow.send(Math.min(room, ROW), { gasLimit: 15_000_000n });
      await sent.wait();
    }
    // The pool uses the new slots once its index has passed the old end.
    await trade(price);
    const { index } = (await pool.getFunction("slot0").staticCall()) as unknown as { index: bigint };
    const newest = (await pool.getFunction("observations").staticCall(index)) as unknown as {
      time: bigint;
      ticks: bigint;
      secondsPerLiquidity: bigint;
    };
    for (let slot = index + 1n; slot < ROW; ++slot) {
      const time = newest.time - BigInt(BLOCK_TIME) * (BigInt(ROW) + index - slot);
      const word =
        (1n << 248n) | (newest.secondsPerLiquidity << 88n) | (BigInt.asUintN(56, newest.ticks) << 32n) | time;
      await networkHelpers.setStorageAt(address, toBeHex(OBSERVATIONS_SLOT + slot), word);
    }
  };
  return { address, trade, fillRow };
}
