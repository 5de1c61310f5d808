import { expect } from "chai";
import { Contract, Interface, type ContractTransactionResponse } from "ethers";

import { createPool } from "../../src/deployment/uniswap-v3.ts";
import { addLiquidity, readPool, swapToPrice } from "../../src/client/uniswap-v3-pool.ts";
import { exp } from "../../src/protocol/exponential.ts";
import { randomFrom } from "../../src/lab/population/random.ts";
import { sqrtPriceX96FromPrice } from "../../src/protocol/uniswap-v3/price.ts";
import { PRICE_SCALE } from "../../src/protocol/units.ts";
import { fullRange, MIN_SQRT_PRICE_LIMIT, sqrtPriceX96AtTick, tickDown } from "../../src/protocol/uniswap-v3/ticks.ts";
import type { UniswapV3TwapOracle } from "../../types/index.ts";
import {
  collateralFirst,
  eth,
  ethers,
  loanFirst,
  networkHelpers,
  PRICE,
  priceAwayBy,
  usd,
  type MarketWithPools,
} from "../support/uniswap.ts";

const WINDOW = 180;
/**
 * In use over the whole range, so much is moved by a percent for 224 dollars. The pools here have
 * 50 times as much.
 */
const MIN_LIQUIDITY = 10n ** 15n;

const POOL_ABI = new Interface([
  "function observe(uint32[] ago) view returns (int56[] tickSums, uint160[] secondsPerLiquidity)",
  "function slot0() view returns (uint160, int24, uint16, uint16 cardinality, uint16 cardinalityNext, uint8, bool)",
  "function increaseObservationCardinalityNext(uint16)",
]);

for (const [order, fixture, collateralIsToken0] of [
  ["collateral sorts first", collateralFirst, true],
  ["loan token sorts first", loanFirst, false],
] as const) {
  describe(`UniswapV3TwapOracle (${order})`, () => {
    let env: MarketWithPools;
    beforeEach(async () => {
      env = await networkHelpers.loadFixture(fixture);
    });

    const deploy = async (pool = env.pool500, window = WINDOW, minLiquidity = MIN_LIQUIDITY, blockTime = 12) =>
      ethers.deployContract("UniswapV3TwapOracle", [env.loan, env.collateral, pool, window, minLiquidity, blockTime]);

    const deployGuard = async (twap: UniswapV3TwapOracle) => {
      await networkHelpers.time.increase(WINDOW);
      return ethers.deployContract("OracleGuard", [
        {
          primary: await env.oracle.getAddress(),
          secondary: await twap.getAddress(),
          authority: env.params.authority,
          maxDeviation: 2n * 10n ** 16n,
          maxRisePerHour: 5n * 10n ** 16n,
          maxFallPerHour: 6n * 10n ** 17n,
          gracePeriod: 3600n,
          sourceGas: 300_000n,
          replacementDelay: 2n * 86_400n,
        },
      ]);
    };

    const moveTo = async (price: bigint, pool = env.pool500) =>
      swapToPrice(env.pools, pool, sqrtPriceX96FromPrice(price, collateralIsToken0));

    const poolContract = (pool = env.pool500) => new Contract(pool, POOL_ABI, ethers.provider);

    /** The price at a whole tick, by the exact powers of the TypeScript side. */
    const priceAtTick = (tick: number): bigint => {
      const sqrt = sqrtPriceX96AtTick(collateralIsToken0 ? tick : -tick);
      return (sqrt * sqrt * PRICE_SCALE) >> 192n;
    };

    /** Apart by less than `parts` in 10^12. */
    const expectNear = (actual: bigint, expected: bigint, parts: bigint): void => {
      const apart = actual > expected ? actual - expected : expected - actual;
      expect(apart * 10n ** 12n <= expected * parts, `${String(actual)} is not near ${String(expected)}`).to.equal(
        true,
      );
    };

    it("prices a pool at rest at 1.0001 to the power of its tick", async () => {
      const oracle = await deploy();
      await networkHelpers.time.increase(WINDOW);
      const [open, liquidation] = await oracle.prices();
      expect(liquidation).to.equal(open);
      const { tick } = await readPool(ethers.provider, env.pool500);
      // The root prices of the TypeScript side have some 80 bits here.
      expectNear(open, priceAtTick(tick), 1n);
      // And so within a tick of the price that the pool was created with.
      expectNear(open, PRICE, 100_000_000n);
    });

    it("takes the mean of the ticks by time, the fraction of a tick included", async () => {
      const oracle = await deploy();
      await moveTo(priceAwayBy(-10));
      await networkHelpers.time.increase(70);
      await moveTo(priceAwayBy(5));
      await networkHelpers.time.increase(110);
      const [open] = await oracle.prices();

      const [sums] = (await poolContract().getFunction("observe").staticCall([WINDOW, 0])) as [bigint[]];
      const [first, last] = sums as [bigint, bigint];
      const mean = (Number(last - first) * (collateralIsToken0 ? 1 : -1)) / WINDOW;
      const expected = Math.exp(mean * Math.log1p(0.0001)) * 1e36;
      expect(Math.abs(Number(open) / expected - 1)).to.be.lessThan(1e-13);
      expect(Number.isInteger(mean)).to.equal(false);
    });

    it("isn't moved by what happens in the same block", async () => {
      const oracle = await deploy();
      const guard = await deployGuard(oracle);
      const [before] = await oracle.prices();
      const target = sqrtPriceX96FromPrice(priceAwayBy(50), collateralIsToken0);
      // A guard's poke tells what its source says in that very block.
      await ethers.provider.send("evm_setAutomine", [false]);
      const zeroForOne = !collateralIsToken0;
      const swap = await env.pools.swap(env.pool500, zeroForOne, eth("1000000"), target, { gasLimit: 1_000_000n });
      const poke = await guard.connect(env.accounts.stranger).poke({ gasLimit: 1_000_000n });
      await ethers.provider.send("evm_mine", []);
      await ethers.provider.send("evm_setAutomine", [true]);
      const [swapped, poked] = await Promise.all([swap.wait(), poke.wait()]);
      expect(swapped?.blockNumber).to.equal(poked?.blockNumber);
      expect((await readPool(ethers.provider, env.pool500)).sqrtPriceX96).to.equal(target);
      const seen = await guard.queryFilter(guard.filters.Poked, poked?.blockNumber);
      expect(seen.map(({ args }) => args.secondary)).to.deep.equal([before]);

      await networkHelpers.time.increase(WINDOW);
      const [after] = await oracle.prices();
      expectNear(after, priceAwayBy(50), 200_000_000n);
    });

    it("makes room for as many observations as a window has blocks, and one", async () => {
      const read = async () => Number(((await poolContract().getFunction("slot0").staticCall()) as bigint[])[4]);
      expect(await read()).to.equal(1);
      await deploy();
      expect(await read()).to.equal(16);
      await deploy(env.pool500, 60);
      expect(await read()).to.equal(16);
    });

    it("makes room for half an hour of blocks of a second in parts, each within the gas of a transaction", async () => {
      const read = async () => Number(((await poolContract().getFunction("slot0").staticCall()) as bigint[])[4]);
      const gas = { gasLimit: 2n ** 24n };
      const oracle = await deploy(env.pool500, 1800, MIN_LIQUIDITY, 1);
      const created = await oracle.deploymentTransaction()?.wait();
      expect((created?.gasUsed ?? 0n) < gas.gasLimit, String(created?.gasUsed)).to.equal(true);
      expect(await oracle.observations()).to.equal(1801);
      const growth = Number(await oracle.MAX_GROWTH());
      expect(await read()).to.equal(1 + growth);
      for (const room of [801, 1201, 1601, 1801, 1801]) {
        const receipt = await (await oracle.connect(env.accounts.stranger).grow(gas)).wait();
        expect((receipt?.gasUsed ?? 0n) < 9_000_000n, String(receipt?.gasUsed)).to.equal(true);
        expect(await read()).to.equal(room);
      }
    });

    /** What a pool tells of itself in the latest block, by its own search. */
    const observe = async (window: number) => {
      const [sums, seconds] = (await poolContract().getFunction("observe").staticCall([window, 0])) as bigint[][];
      const ticks = (sums?.[1] ?? 0n) - (sums?.[0] ?? 0n);
      const mask = (1n << 160n) - 1n;
      return { ticks, secondsPerLiquidity: ((seconds?.[1] ?? 0n) - (seconds?.[0] ?? 0n)) & mask };
    };

    /** The oracle's price of a sum of ticks, by the exponential of the TypeScript side. */
    const priceOf = (ticks: bigint, window: number): bigint => {
      const lnTick = 99_995_000_333_308_335_333_167n;
      const exponent = ((collateralIsToken0 ? ticks : -ticks) * lnTick) / (BigInt(window) * 10n ** 9n);
      return exponent < 0n ? 10n ** 54n / exp(-exponent) : exp(exponent) * 10n ** 18n;
    };

    it("takes the sums that the pool itself finds, to the last digit, however often it is traded", async () => {
      const windows = [30, 90, 600];
      const made = await Promise.all(
        windows.map(async (window, index) => ({
          window,
          oracle: await deploy(env.pool500, window, MIN_LIQUIDITY, [12, 1, 12][index]),
          // It always fails, and tells the liquidity that it found.
          strict: await deploy(env.pool500, window, 1n << 120n, 12),
        })),
      );
      const random = randomFrom("observations");
      const draw = (below: number): number => random.nextInteger(below);
      let served = 0;
      // Blocks in a row, gaps longer than a window, and all between; and more swaps than room, so
      // that it is written over.
      for (let i = 0; i < 150; ++i) {
        await networkHelpers.time.increase(draw(4) === 0 ? draw(700) : 1 + draw(30));
        await moveTo(priceAwayBy(draw(40) / 10 - 2));
        if (draw(3) === 0) await networkHelpers.time.increase(1 + draw(60));
        for (const { window, oracle, strict } of made) {
          const found = await observe(window).catch(() => undefined);
          if (found === undefined) {
            await expect(oracle.prices()).to.be.revertedWithCustomError(oracle, "WindowNotServed");
            continue;
          }
          ++served;
          const price = priceOf(found.ticks, window);
          expect(await oracle.prices()).to.deep.equal([price, price]);
          await expect(strict.prices())
            .to.be.revertedWithCustomError(strict, "LiquidityTooLow")
            .withArgs(env.pool500, (BigInt(window) << 128n) / found.secondsPerLiquidity, 1n << 120n);
        }
      }
      expect(served).to.be.within(250, 449);
    });

    it("costs no more gas to read where somebody has made room for more", async () => {
      const oracle = await deploy();
      const pool = new Contract(env.pool500, POOL_ABI, env.accounts.stranger);
      const fill = async (swaps: number) => {
        for (let i = 0; i < swaps; ++i) {
          await networkHelpers.time.increase(11);
          await moveTo(priceAwayBy((i % 2) + 0.5));
        }
        return (await oracle.prices.estimateGas()) - 21_000n;
      };
      const before = await fill(40);
      const grow = pool.getFunction("increaseObservationCardinalityNext");
      await ((await grow(500, { gasLimit: 15_000_000n })) as ContractTransactionResponse).wait();
      // All of it is in use: the search of the pool itself would go through nine slots and more.
      const after = await fill(520);
      expect(before < 25_000n && after < 25_000n, `${String(before)} ${String(after)}`).to.equal(true);
      expect(after - before < 200n, `${String(before)} ${String(after)}`).to.equal(true);
      // Not traded within the window, a pool needs no search.
      await networkHelpers.time.increase(WINDOW);
      const quiet = (await oracle.prices.estimateGas()) - 21_000n;
      expect(quiet < 14_000n, String(quiet)).to.equal(true);
    });

    it("costs some observations more where swaps are uneven, and no more than the blocks of a window allow", async () => {
      const oracle = await deploy(env.pool500, 90);
      const random = randomFrom("gas");
      const draw = (below: number): number => random.nextInteger(below);
      let most = 0n;
      for (let i = 0; i < 300; ++i) {
        await networkHelpers.time.increase(11 + 12 * (draw(2) === 0 ? 0 : draw(8)));
        await moveTo(priceAwayBy((i % 2) + 0.5));
        // Until then the pool's history is shorter than the window.
        if (i < 20) continue;
        const gas = (await oracle.prices.estimateGas()) - 21_000n;
        if (gas > most) most = gas;
      }
      expect(most > 25_000n && most < 40_000n, String(most)).to.equal(true);
    });

    it("names the window that a pool can't serve, and serves it with room and time", async () => {
      // A pool without room forgets with every swap.
      const oracle = await deploy();
      const spare = await createPool(env.accounts.admin, env.uniswap, {
        tokenA: await env.loan.getAddress(),
        tokenB: await env.collateral.getAddress(),
        fee: 10_000,
        sqrtPriceX96: sqrtPriceX96FromPrice(PRICE, collateralIsToken0),
      });
      await addLiquidity(env.pools, spare, fullRange(200), half(usd("1000000")));
      const young = await deploy(spare);
      await expect(young.prices()).to.be.revertedWithCustomError(young, "WindowNotServed").withArgs(spare, WINDOW);
      await networkHelpers.time.increase(WINDOW);
      await young.prices();

      // Swaps in each of many blocks: the room is enough.
      for (let i = 0; i < 40; ++i) {
        await networkHelpers.time.increase(11);
        await moveTo(priceAwayBy(i % 2));
        if (i > 16) await oracle.prices();
      }
    });

    it("names the window that it can't serve where swaps come faster than the blocks it was made for", async () => {
      const oracle = await deploy(env.pool500, WINDOW, MIN_LIQUIDITY, 60);
      const swaps = async (seconds: number) => {
        for (let i = 0; i < 6; ++i) {
          await networkHelpers.time.increase(seconds);
          await moveTo(priceAwayBy((i % 2) + 0.5));
        }
      };
      await swaps(59);
      await oracle.prices();
      // Room for four: what was before has been written over.
      await swaps(1);
      await expect(oracle.prices())
        .to.be.revertedWithCustomError(oracle, "WindowNotServed")
        .withArgs(env.pool500, WINDOW);
      await networkHelpers.time.increase(WINDOW);
      await oracle.prices();
    });

    // Rari, November 2021: a pool of VUSD with little liquidity was pushed to its end, and the mean
    // price believed.
    it("refuses a pool that lost its liquidity, and one pushed to its lowest tick", async () => {
      const oracle = await deploy(env.pool3000);
      await networkHelpers.time.increase(WINDOW);
      await oracle.prices();
      // Beyond its only range there is nothing to stop at.
      await swapToPrice(env.pools, env.pool3000, MIN_SQRT_PRICE_LIMIT);
      expect((await readPool(ethers.provider, env.pool3000)).liquidity).to.equal(0n);
      await networkHelpers.time.increase(1);
      // A second without liquidity weighs in a harmonic mean as much as it should.
      await expect(oracle.prices()).to.be.revertedWithCustomError(oracle, "LiquidityTooLow");
      await networkHelpers.time.increase(WINDOW);
      await expect(oracle.prices())
        .to.be.revertedWithCustomError(oracle, "LiquidityTooLow")
        .withArgs(env.pool3000, 1n, MIN_LIQUIDITY);
    });

    // A known limit: the least liquidity says how much there is in use, not whose it is, nor how
    // wide.
    it("takes a narrow position of an attacker's own, beyond everybody's ranges, for a pool in use", async () => {
      const oracle = await deploy(env.pool3000);
      await moveTo(priceAwayBy(200), env.pool3000);
      const { tick, liquidity } = await readPool(ethers.provider, env.pool3000);
      expect(liquidity).to.equal(0n);
      const spent = await capitalOf(async () => {
        const lower = tickDown(tick, 60);
        await (await env.pools.mint(env.pool3000, lower, lower + 60, 2n * MIN_LIQUIDITY)).wait();
      });
      expect(spent > usd("300") && spent < usd("350"), String(spent)).to.equal(true);
      await networkHelpers.time.increase(WINDOW);
      const [open] = await oracle.prices();
      expectNear(open, 3n * PRICE, 100_000_000n);
    });

    it("asks for the least liquidity that it was made with", async () => {
      await networkHelpers.time.increase(WINDOW);
      const { liquidity } = await readPool(ethers.provider, env.pool500);
      await (await deploy(env.pool500, WINDOW, liquidity)).prices();
      const strict = await deploy(env.pool500, WINDOW, liquidity + 2n);
      await expect(strict.prices()).to.be.revertedWithCustomError(strict, "LiquidityTooLow");
    });

    it("refuses parameters that make no sense", async () => {
      const factory = await ethers.getContractFactory("UniswapV3TwapOracle");
      await expect(deploy(env.pool500, 29)).to.be.revertedWithCustomError(factory, "InvalidWindow").withArgs(29);
      await deploy(env.pool500, 30);
      await expect(deploy(env.pool500, 1801)).to.be.revertedWithCustomError(factory, "InvalidWindow").withArgs(1801);
      await expect(deploy(env.pool500, 60, 0n)).to.be.revertedWithCustomError(factory, "InvalidMinLiquidity");
      await expect(deploy(env.pool500, 60, 1n, 0)).to.be.revertedWithCustomError(factory, "InvalidBlockTime");
      await expect(deploy(env.pool500, 60, 1n, 61)).to.be.revertedWithCustomError(factory, "InvalidBlockTime");
      const other = await ethers.deployContract("MockERC20", ["Other", "OTH", 18]);
      for (const [loan, collateral] of [
        [other, env.collateral],
        [env.loan, other],
        [env.loan, env.loan],
        [env.collateral, env.collateral],
        [env.collateral, other],
      ] as const) {
        const call = ethers.deployContract("UniswapV3TwapOracle", [loan, collateral, env.pool500, 60, 1n, 12]);
        await expect(call).to.be.revertedWithCustomError(factory, "WrongPool");
      }
    });

    it("serves a guard as its secondary: a pool pushed for some blocks neither opens nor liquidates", async () => {
      const twap = await deploy();
      const guard = await deployGuard(twap);
      const [open, liquidation] = await guard.prices();
      expect(liquidation).to.equal(PRICE);
      expectNear(open, PRICE, 100_000_000n);

      await moveTo(priceAwayBy(60));
      await networkHelpers.time.increase(60);
      const [pumpedOpen, pumpedLiquidation] = await guard.prices();
      expect(pumpedOpen).to.equal(0n);
      expect(pumpedLiquidation > PRICE).to.equal(true);
      await moveTo(priceAwayBy(-30));
      await networkHelpers.time.increase(WINDOW);
      expect(await guard.prices()).to.deep.equal([0n, PRICE]);

      // Gone altogether, the secondary is unavailable, and the primary goes on.
      await moveTo(PRICE / 10n ** 6n);
      await networkHelpers.time.increase(WINDOW);
      expect(await guard.prices()).to.deep.equal([0n, PRICE]);
      const { gasUsed } = (await (await guard.poke()).wait()) ?? { gasUsed: 0n };
      expect(gasUsed < 150_000n && gasUsed > 0n).to.equal(true);
    });

    it("prices a market behind a guard: a pumped pool lets nobody in, one pushed down liquidates nobody", async () => {
      const guard = await deployGuard(await deploy());
      const params = { ...env.params, oracle: await guard.getAddress() };
      await env.factory.createMarket(params, ethers.ZeroHash, PRICE);
      const market = await ethers.getContractAt(
        "LeverageMarket",
        await env.factory.marketAddress(params, ethers.ZeroHash),
      );
      const { lender, trader, operator } = env.accounts;
      for (const account of [lender, trader, operator]) {
        await env.loan.mint(account, usd("100000"));
        await env.loan.connect(account).approve(market, usd("100000"));
        await env.collateral.connect(account).approve(market, eth("100"));
      }
      await market.connect(lender).deposit(usd("100000"), lender);
      const open = async (account: typeof trader) =>
        market.connect(account).adjust(account, eth("10"), usd("16000"), account, eth("10"), 0, "0x");
      await open(trader);

      await moveTo(priceAwayBy(60));
      await networkHelpers.time.increase(WINDOW);
      await expect(open(operator)).to.be.revertedWithCustomError(market, "InvalidPrice").withArgs(0);

      // At this price the position is above the limit.
      await moveTo(priceAwayBy(-18));
      await networkHelpers.time.increase(WINDOW);
      const liquidate = async () => market.connect(operator).liquidate([trader], usd("100000"), 0, operator, "0x");
      await expect(liquidate()).to.be.revertedWithCustomError(market, "NothingToLiquidate");
      await env.oracle.setPrice(priceAwayBy(-18));
      await expect(liquidate()).to.emit(market, "Liquidated");
    });

    describe("alone behind a guard whose primary is dead", () => {
      const SHORT_WINDOW = 90;

      /**
       * A market on a guard whose primary has been unavailable for the grace period, and a position
       * at the maximum.
       */
      const marketWithoutPrimary = async () => {
        const twap = await deploy(env.pool3000, SHORT_WINDOW);
        const guard = await deployGuard(twap);
        const params = { ...env.params, oracle: await guard.getAddress() };
        await env.factory.createMarket(params, ethers.ZeroHash, PRICE);
        const market = await ethers.getContractAt(
          "LeverageMarket",
          await env.factory.marketAddress(params, ethers.ZeroHash),
        );
        const { lender, trader, operator } = env.accounts;
        for (const account of [lender, trader, operator]) {
          await env.loan.mint(account, usd("100000"));
          await env.loan.connect(account).approve(market, usd("100000"));
          await env.collateral.connect(account).approve(market, eth("100"));
        }
        await market.connect(lender).deposit(usd("100000"), lender);
        await market.connect(trader).adjust(trader, eth("10"), usd("15900"), trader, eth("10"), 0, "0x");
        await env.oracle.fail();
        await guard.poke();
        for (let i = 0; i < 6; ++i) {
          await networkHelpers.time.increase(595);
          await guard.poke();
        }
        await networkHelpers.time.increase(60);
        await guard.poke();
        const liquidate = async () => market.connect(operator).liquidate([trader], usd("100000"), 0, operator, "0x");
        return { twap, guard, market, liquidate };
      };

      it("liquidates nobody healthy by a push of one block beyond everybody's ranges", async () => {
        const { twap, guard, market, liquidate } = await marketWithoutPrimary();
        const target = sqrtPriceX96FromPrice(PRICE / 100n, collateralIsToken0);
        const before = await networkHelpers.takeSnapshot();
        await swapToPrice(env.pools, env.pool3000, target);
        const { tick, liquidity } = await readPool(ethers.provider, env.pool3000);
        expect(liquidity).to.equal(0n);
        await before.restore();

        // In one block: the push, and a narrow position there that meets the least liquidity.
        await ethers.provider.send("evm_setAutomine", [false]);
        const gas = { gasLimit: 2_000_000n };
        const lower = tickDown(tick, 60);
        const swap = await env.pools.swap(env.pool3000, collateralIsToken0, eth("1000000"), target, gas);
        const mint = await env.pools.mint(env.pool3000, lower, lower + 60, 2n * MIN_LIQUIDITY, gas);
        await ethers.provider.send("evm_mine", []);
        await ethers.provider.send("evm_setAutomine", [true]);
        const [swapped, minted] = await Promise.all([swap.wait(), mint.wait()]);
        expect(swapped?.blockNumber).to.equal(minted?.blockNumber);

        // The next block believes a bit more than half the price.
        await networkHelpers.time.increase(12);
        const [pushed] = await twap.prices();
        expect(pushed > (PRICE * 50n) / 100n && pushed < (PRICE * 60n) / 100n, String(pushed)).to.equal(true);
        await expect(liquidate()).to.be.revertedWithCustomError(market, "NothingToLiquidate");
        await guard.poke();
        await expect(liquidate()).to.be.revertedWithCustomError(market, "NothingToLiquidate");

        // Taken back, it is in the mean for the rest of the window: at 60% an hour the floor falls
        // by 1.5%.
        await swapToPrice(env.pools, env.pool3000, sqrtPriceX96FromPrice(PRICE, collateralIsToken0));
        for (let i = 0; i < 10; ++i) {
          await networkHelpers.time.increase(12);
          await guard.poke();
          await expect(liquidate()).to.be.revertedWithCustomError(market, "NothingToLiquidate");
        }
        const [, liquidation] = await guard.prices();
        expect(liquidation > (PRICE * 98n) / 100n, String(liquidation)).to.equal(true);
      });

      it("lets a true fall come through, late", async () => {
        const { twap, guard, market, liquidate } = await marketWithoutPrimary();
        await moveTo(priceAwayBy(-18), env.pool3000);
        await networkHelpers.time.increase(SHORT_WINDOW);
        const [fallen] = await twap.prices();
        expectNear(fallen, priceAwayBy(-18), 200_000_000n);
        // 60% an hour: a tenth in ten minutes, and two for what makes the position liquidatable.
        for (let i = 0; i < 2; ++i) {
          await guard.poke();
          await expect(liquidate()).to.be.revertedWithCustomError(market, "NothingToLiquidate");
          await networkHelpers.time.increase(590);
        }
        await expect(liquidate()).to.emit(market, "Liquidated");
      });
    });

    /** What the pools' owner pays for it, in dollars at the feed's price. */
    const capitalOf = async (action: () => Promise<void>): Promise<bigint> => {
      const owner = await env.accounts.admin.getAddress();
      const worth = async () =>
        (await env.loan.balanceOf(owner)) + ((await env.collateral.balanceOf(owner)) * PRICE) / PRICE_SCALE;
      const before = await worth();
      await action();
      return before - (await worth());
    };

    const half = (dollars: bigint) => ({
      amount0: collateralIsToken0 ? (dollars * PRICE_SCALE) / PRICE : dollars,
      amount1: collateralIsToken0 ? dollars : (dollars * PRICE_SCALE) / PRICE,
    });
  });
}
