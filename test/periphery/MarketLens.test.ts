import { MaxUint256, parseUnits, toBeHex } from "ethers";
import { expect } from "chai";

import { collateralFirst, eth, ethers, networkHelpers, PRICE, priceAwayBy, usd } from "../support/uniswap.ts";
import { MARKET_SLOTS } from "../support/storage-slots.ts";

const wad = (amount: string): bigint => parseUnits(amount, 18);
/**
 * The interest of the seconds between the transactions of a test, and more: a part in a hundred
 * million.
 */
const nearly = (value: bigint): bigint => value / 10n ** 8n;

async function deployLens() {
  const env = await collateralFirst();
  const { trader, operator, stranger } = env.accounts;
  const { market } = env;
  // 2.5x and 5x, and one account with collateral only.
  await market.connect(trader).adjust(trader, eth("10"), usd("12000"), trader, eth("10"), 0n, "0x");
  await market.connect(operator).adjust(operator, eth("10"), usd("16000"), operator, eth("10"), 0n, "0x");
  await market.connect(trader).supplyCollateral(eth("1"), env.accounts.lender);
  const lens = await ethers.deployContract("MarketLens");
  const accounts = [trader, operator, env.accounts.lender, stranger].map(({ address }) => address);
  const readPositions = async () => {
    const [openKnown, liquidationKnown, positions] = await lens.positionViews(market, accounts);
    const [low, high, idle, empty] = positions;
    if (!low || !high || !idle || !empty) throw new Error("The lens left positions out.");
    return { openKnown, liquidationKnown, low, high, idle, empty };
  };
  return { ...env, lens, readPositions };
}

describe("MarketLens", () => {
  let env: Awaited<ReturnType<typeof deployLens>>;
  beforeEach(async () => {
    env = await networkHelpers.loadFixture(deployLens);
  });

  describe("of a market", () => {
    it("meets figures worked out by hand", async () => {
      const state = await env.lens.marketView(env.market);
      expect(state.loanToken).to.equal(env.loan.target);
      expect(state.collateralToken).to.equal(env.collateral.target);
      expect(state.oracle).to.equal(env.oracle.target);
      expect([state.openKnown, state.liquidationKnown]).to.deep.equal([true, true]);
      expect([state.openPrice, state.liquidationPrice]).to.deep.equal([PRICE, PRICE]);

      expect(state.cash).to.equal(usd("1972000"));
      expect(state.debt).to.be.closeTo(usd("28000"), nearly(usd("28000")));
      expect(state.collateral).to.equal(eth("21"));
      expect(state.collateralValue).to.equal(usd("42000"));
      expect(state.totalAssets).to.be.closeTo(usd("2000000"), nearly(usd("2000000")));
      expect(state.totalShares).to.equal(usd("2000000") * 10n ** 6n);
      expect(state.sharePrice).to.be.closeTo(wad("1"), nearly(wad("1")));

      // 28,000 of 2,000,000. The curve counts ten least debts of 100 more: 28,000 of 2,001,000 are
      // 0.98445 below the target, 4% a year times 1 - 0.75 * 0.98445.
      expect(state.utilization).to.be.closeTo(wad("0.014"), nearly(wad("0.014")));
      expect(state.borrowRatePerYear).to.be.closeTo(wad("0.010466433449941696"), wad("0.0000001"));
      expect(state.borrowRatePerSecond).to.equal(state.borrowRatePerYear / (365n * 86_400n));
      // Times utilization, less a tenth.
      expect(state.supplyRatePerYear).to.be.closeTo(wad("0.000131877061469265"), wad("0.000000002"));
      expect(state.supplyRatePerSecond).to.be.closeTo(state.supplyRatePerYear / (365n * 86_400n), 1n);

      // 42,000 over 14,000; 28,000 of nine tenths of 42,000.
      expect(state.systemLeverage).to.be.within(30_000n, 30_001n);
      expect(state.marginUtilization).to.be.closeTo(wad("0.740740740740740741"), nearly(wad("1")));
      // A tenth of some seconds' interest, rounded up.
      expect(state.bufferAssets).to.be.at.most(2n);
      expect(state.bufferRatio).to.equal((state.bufferAssets * wad("1")) / state.debt);
    });

    it("shows the limits and what is left of the allowance", async () => {
      const state = await env.lens.marketView(env.market);
      const params = env.params.limits;
      expect(state.maxLeverage).to.equal(params.maxLeverage);
      expect(state.liquidationLeverage).to.equal(params.liquidationLeverage);
      expect(state.systemLeverageCap).to.equal(params.systemLeverageCap);
      expect(state.debtCap).to.equal(params.debtCap);
      expect(state.collateralCap).to.equal(params.collateralCap);
      expect(state.supplyCap).to.equal(params.supplyCap);
      // A day's worth is the whole cap here, so seconds bring back some hundred each.
      expect(state.debtAllowance).to.equal(await env.market.debtAllowance());
      expect(state.debtAllowance).to.be.within(params.debtCap - usd("28000"), params.debtCap);
    });

    it("shows the buffer once interest has filled it", async () => {
      await networkHelpers.time.increase(365 * 86_400);
      await env.market.connect(env.accounts.lender).deposit(usd("0"), env.accounts.lender);
      const state = await env.lens.marketView(env.market);
      const interest = state.debt - usd("28000");
      expect(state.bufferAssets).to.be.closeTo(interest / 10n, interest / 1000n);
      expect(state.bufferRatio).to.equal((state.bufferAssets * wad("1")) / state.debt);
      expect(state.sharePrice).to.be.closeTo(wad("1") + (interest * 9n * wad("1")) / usd("20000000"), wad("0.000001"));
    });

    it("says what lenders earn without the fee once the buffer is full", async () => {
      // Fees fill the buffer in years: here its balance is written.
      const fill = async (shares: bigint) =>
        networkHelpers.setStorageAt(await env.market.getAddress(), MARKET_SLOTS.buffer, toBeHex(shares, 32));
      await fill(usd("99999") * 10n ** 6n);
      const notFull = await env.lens.marketView(env.market);
      expect(notFull.supplyRatePerYear).to.be.closeTo(wad("0.000131877061469265"), wad("0.000000002"));
      await fill(usd("100001") * 10n ** 6n);
      const full = await env.lens.marketView(env.market);
      expect(full.supplyRatePerYear).to.be.closeTo(wad("0.000146530068299184"), wad("0.000000002"));
    });

    it("has figures for a market in which nothing is borrowed", async () => {
      const { lens, market, accounts } = env;
      const { trader, operator } = accounts;
      await env.loan.mint(trader, usd("20000"));
      await env.loan.mint(operator, usd("20000"));
      await market.connect(trader).repay(MaxUint256, trader);
      await market.connect(operator).repay(MaxUint256, operator);
      const state = await lens.marketView(market);
      expect([state.debt, state.utilization, state.marginUtilization]).to.deep.equal([0n, 0n, 0n]);
      expect([state.supplyRatePerSecond, state.supplyRatePerYear]).to.deep.equal([0n, 0n]);
      expect(state.systemLeverage).to.equal(10_000n);
      expect(state.borrowRatePerYear).to.be.closeTo(wad("0.01"), wad("0.0001"));
    });
  });

  describe("of positions", () => {
    it("meets figures worked out by hand", async () => {
      const { low, high, openKnown, liquidationKnown } = await env.readPositions();
      expect([openKnown, liquidationKnown]).to.deep.equal([true, true]);

      expect(low.account).to.equal(env.accounts.trader.address);
      expect(low.collateral).to.equal(eth("10"));
      expect(low.debt).to.be.closeTo(usd("12000"), nearly(usd("12000")));
      expect(low.collateralValue).to.equal(usd("20000"));
      expect(low.equity).to.equal(usd("20000") - low.debt);
      expect(low.leverage).to.be.within(25_000n, 25_001n);
      expect(low.ltv).to.be.closeTo(wad("0.6"), nearly(wad("0.6")));
      // 0.95 is the LTV at the limit of 20x.
      expect(low.healthFactor).to.be.closeTo(wad("1.583333333333333333"), nearly(wad("2")));
      expect(low.liquidationPrice).to.be.closeTo((PRICE * 12n) / 19n, nearly(PRICE));
      expect(low.distanceToLiquidation).to.be.closeTo(wad("0.368421052631578947"), nearly(wad("1")));
      // 1.5 times the borrow rate.
      expect(low.costOfCarry).to.be.closeTo(wad("0.015699650174912544"), wad("0.0000002"));
      expect(low.liquidatable).to.be.false;

      expect(high.leverage).to.be.within(50_000n, 50_001n);
      expect(high.ltv).to.be.closeTo(wad("0.8"), nearly(wad("0.8")));
      // The design's formula: 1 - (1 - 1/5) / (1 - 1/20).
      expect(high.distanceToLiquidation).to.be.closeTo(wad("0.157894736842105263"), nearly(wad("1")));
      expect(high.costOfCarry).to.be.closeTo(wad("0.041865733799766784"), wad("0.000001"));
    });

    it("has figures for positions without debt", async () => {
      const { idle, empty } = await env.readPositions();
      for (const [position, collateral] of [
        [idle, eth("1")],
        [empty, 0n],
      ] as const) {
        expect(position.collateral).to.equal(collateral);
        expect(position.leverage).to.equal(10_000n);
        expect([position.debt, position.ltv, position.costOfCarry, position.liquidationPrice]).to.deep.equal([
          0n,
          0n,
          0n,
          0n,
        ]);
        expect(position.healthFactor).to.equal(MaxUint256);
        expect(position.distanceToLiquidation).to.equal(wad("1"));
        expect(position.liquidatable).to.be.false;
      }
    });

    it("calls liquidatable exactly what the market liquidates", async () => {
      const { high } = await env.readPositions();
      const { admin, operator } = env.accounts;
      await env.loan.connect(admin).approve(env.market, MaxUint256);
      const liquidate = () =>
        env.market.connect(admin).liquidate.staticCall([operator.address], MaxUint256, 0n, admin, "0x");
      // An hour's interest is more than the rounding here, and less than a millionth of the price.
      await env.oracle.setPrice((high.liquidationPrice * 1_000_002n) / 1_000_000n);
      const above = (await env.readPositions()).high;
      expect(above.liquidatable).to.be.false;
      expect(above.healthFactor).to.be.within(wad("1"), wad("1.000003"));
      expect(above.distanceToLiquidation).to.be.within(0n, wad("0.000003"));
      await expect(liquidate()).to.be.revertedWithCustomError(env.market, "NothingToLiquidate");

      await env.oracle.setPrice(high.liquidationPrice - 10n ** 18n);
      const below = (await env.readPositions()).high;
      expect(below.liquidatable).to.be.true;
      expect(below.healthFactor).to.be.within(wad("0.999"), wad("1") - 1n);
      expect(below.distanceToLiquidation).to.equal(0n);
      await liquidate();
    });

    it("has figures for a position without equity", async () => {
      await env.oracle.setPrice(priceAwayBy(-25));
      const { high } = await env.readPositions();
      expect(high.equity).to.be.closeTo(usd("-1000"), usd("0.01"));
      expect([high.leverage, high.costOfCarry]).to.deep.equal([MaxUint256, MaxUint256]);
      expect(high.ltv).to.be.closeTo(wad("1.066666666666666667"), nearly(wad("2")));
      expect(high.liquidatable).to.be.true;
    });

    it("measures leverage at the open price, health at the higher one", async () => {
      await env.oracle.setPrices(priceAwayBy(-10), PRICE);
      const { low } = await env.readPositions();
      expect(low.collateralValue).to.equal(usd("18000"));
      expect(low.leverage).to.be.within(30_000n, 30_001n);
      expect(low.healthFactor).to.be.closeTo(wad("1.583333333333333333"), nearly(wad("2")));

      await env.oracle.setPrices(PRICE, priceAwayBy(-10));
      expect((await env.readPositions()).low.healthFactor).to.be.closeTo(low.healthFactor, nearly(wad("2")));
    });
  });

  describe("of an oracle that fails", () => {
    it("says so, and keeps what needs no price", async () => {
      await env.oracle.fail();
      const state = await env.lens.marketView(env.market);
      expect([state.openKnown, state.liquidationKnown]).to.deep.equal([false, false]);
      expect([state.openPrice, state.liquidationPrice, state.collateralValue]).to.deep.equal([0n, 0n, 0n]);
      expect([state.systemLeverage, state.marginUtilization]).to.deep.equal([0n, 0n]);
      expect(state.collateral).to.equal(eth("21"));
      expect(state.utilization).to.be.closeTo(wad("0.014"), nearly(wad("0.014")));

      const { openKnown, liquidationKnown, high } = await env.readPositions();
      expect([openKnown, liquidationKnown]).to.deep.equal([false, false]);
      expect(high.debt).to.be.closeTo(usd("16000"), nearly(usd("16000")));
      expect(high.liquidationPrice).to.be.closeTo((PRICE * 16n) / 19n, nearly(PRICE));
      expect([high.leverage, high.ltv, high.healthFactor, high.equity]).to.deep.equal([0n, 0n, 0n, 0n]);
      expect(high.liquidatable).to.be.false;
    });

    it("takes the prices that the market takes, and no others", async () => {
      const known = async () => {
        const { openKnown, liquidationKnown } = await env.lens.marketView(env.market);
        return [openKnown, liquidationKnown];
      };
      const greatest = (1n << 192n) - 1n;
      await env.oracle.setPrice(0n);
      expect(await known()).to.deep.equal([false, false]);
      await env.oracle.setPrices(0n, PRICE);
      expect(await known()).to.deep.equal([false, true]);
      expect((await env.readPositions()).low.healthFactor).to.be.above(wad("1"));
      await env.oracle.setPrices(PRICE, greatest + 1n);
      expect(await known()).to.deep.equal([true, false]);
      await env.oracle.setPrice(greatest);
      expect(await known()).to.deep.equal([true, true]);
      await env.readPositions();
      await env.oracle.setPrice(greatest + 1n);
      expect(await known()).to.deep.equal([false, false]);
    });
  });
});
