import { expect } from "chai";
import { network } from "hardhat";

import { adapt, borrowRate, relax, utilizationError } from "../../src/protocol/adaptive-curve.ts";
import { exp, ln } from "../../src/protocol/exponential.ts";
import {
  collateralDown,
  debtDown,
  debtUp,
  isWithin,
  sharesDown,
  sharesUp,
  valueDown,
  valueUp,
} from "../../src/protocol/leverage-math.ts";
import { countedCash } from "../../src/protocol/market/interest.ts";
import { bonus, repaymentToTarget, withoutDust } from "../../src/protocol/liquidation-math.ts";
import { liquidationAmounts } from "../../src/protocol/market/liquidation-amounts.ts";
import { ETHER_5X } from "../../src/protocol/presets.ts";
import { MAX_PRICE, ONE_X, PRICE_SCALE, WAD, YEAR } from "../../src/protocol/units.ts";
import type { Random } from "../../src/lab/population/random.ts";
import { effort, randomOf, timeLimit } from "../support/effort.ts";
import { integerBetween, integerOfBits } from "../support/random-amounts.ts";

const { ethers } = await network.create();

const CASES = effort(250, 5_000);

/** The contract's amounts for a skipped position. */
const NOTHING = { debtShares: 0n, collateral: 0n, payment: 0n, fee: 0n };

const MIN_RATE = WAD / 1_000n / YEAR;
const MAX_RATE = (2n * WAD) / YEAR;

/** A borrow index of up to 96 bits, at least one. */
const anyIndex = (random: Random): bigint => WAD + integerOfBits(random, 95);
const anyPrice = (random: Random): bigint => integerBetween(random, 1n, 1n + (integerOfBits(random, 192) % MAX_PRICE));
const anyError = (random: Random): bigint => integerBetween(random, -WAD, WAD);
const anyRate = (random: Random): bigint => integerBetween(random, MIN_RATE, MAX_RATE);

/**
 * A position above the liquidation limit, with its terms, whose collateral covers the debt and the
 * bonus.
 */
function liquidatable(random: Random) {
  const liquidationLeverage = integerBetween(random, ONE_X + 2n, 500_000n);
  const target = integerBetween(random, ONE_X + 1n, liquidationLeverage - 1n);
  // The largest bonus that `(1 + bonusMax) * LTV < 1` allows.
  const room = (WAD * ONE_X - 1n) / (liquidationLeverage - ONE_X);
  const bonusMax = integerBetween(random, 0n, room < WAD ? room : WAD - 1n);
  const bonusMin = integerBetween(random, 0n, bonusMax);
  const debt = 1n + integerOfBits(random, 148);
  const least = (debt * (WAD + bonusMin) + WAD - 1n) / WAD;
  const limit = (debt * liquidationLeverage - 1n) / (liquidationLeverage - ONE_X);
  const value = limit > least ? integerBetween(random, least, limit) : least;
  const terms = { bonusMin, bonusMax, bonusSlope: integerBetween(random, 0n, WAD) };
  return { debt, value, liquidationLeverage, target, terms, isAbove: !isWithin(debt, value, liquidationLeverage) };
}

describe("TypeScript mathematics, compared with the contracts to the wei", function () {
  this.timeout(timeLimit(120_000));

  const harness = ethers.deployContract("MathHarness");

  async function forAll(name: string, check: (random: Random) => Promise<void>): Promise<void> {
    const random = randomOf(`differential/${name}`);
    for (let i = 0; i < CASES; i++) await check(random);
  }

  it("exp", async () => {
    const contract = await harness;
    await forAll("exp", async (random) => {
      const x = integerBetween(random, -42n * WAD, 110n * WAD);
      expect(exp(x), String(x)).to.equal(await contract.exp(x));
      const small = integerOfBits(random, 66) * (random.next() < 0.5 ? -1n : 1n);
      if (small >= -42n * WAD) expect(exp(small), String(small)).to.equal(await contract.exp(small));
    });
    for (const x of [-42n * WAD, -1n, 0n, 1n, WAD, 110n * WAD]) expect(exp(x)).to.equal(await contract.exp(x));
  });

  it("ln", async () => {
    const contract = await harness;
    await forAll("ln", async (random) => {
      const x = 10n ** 12n + (integerOfBits(random, 80) % (10n ** 24n - 10n ** 12n + 1n));
      expect(ln(x), String(x)).to.equal(await contract.ln(x));
    });
    for (const x of [10n ** 12n, WAD - 1n, WAD, WAD + 1n, 10n ** 24n]) expect(ln(x)).to.equal(await contract.ln(x));
  });

  it("utilizationError and borrowRate", async () => {
    const contract = await harness;
    await forAll("curve", async (random) => {
      const [debt, cash] = [integerOfBits(random, 164), 1n + integerOfBits(random, 127)];
      const error = utilizationError(debt, cash);
      expect(error, `${debt} ${cash}`).to.equal(await contract.utilizationError(debt, cash));
      const rate = anyRate(random);
      expect(borrowRate(rate, error)).to.equal(await contract.borrowRate(rate, error));
      const other = anyError(random);
      expect(borrowRate(rate, other), `${rate} ${other}`).to.equal(await contract.borrowRate(rate, other));
    });
  });

  it("adapt, within and at its bounds", async () => {
    const contract = await harness;
    let bounded = 0;
    await forAll("adapt", async (random) => {
      const [rate, error, elapsed] = [anyRate(random), anyError(random), integerOfBits(random, 32)];
      const result = adapt(rate, error, elapsed);
      const [end, integral] = await contract.adapt(rate, error, elapsed);
      expect(result, `${rate} ${error} ${elapsed}`).to.deep.equal({ end, integral });
      if (end === MIN_RATE || end === MAX_RATE) bounded++;
    });
    expect(bounded).to.be.within(CASES / 10, (CASES * 9) / 10);
  });

  it("relax", async () => {
    const contract = await harness;
    await forAll("relax", async (random) => {
      const [rate, elapsed] = [anyRate(random), integerOfBits(random, random.next() < 0.5 ? 20 : 40)];
      expect(relax(rate, elapsed), `${rate} ${elapsed}`).to.equal(await contract.relax(rate, elapsed));
    });
  });

  it("countedCash", async () => {
    const contract = await harness;
    await forAll("countedCash", async (random) => {
      const [cash, minDebt] = [integerOfBits(random, 128), integerOfBits(random, 112)];
      expect(countedCash(cash, minDebt)).to.equal(await contract.countedCash(cash, minDebt));
    });
  });

  it("isWithin, also at the limit", async () => {
    const contract = await harness;
    await forAll("isWithin", async (random) => {
      const leverage = integerBetween(random, ONE_X, 2n ** 24n - 1n);
      const value = integerOfBits(random, 200);
      const limit = (value * (leverage - ONE_X)) / leverage;
      for (const debt of [integerOfBits(random, 200), limit, limit + 1n]) {
        expect(isWithin(debt, value, leverage)).to.equal(await contract.isWithin(debt, value, leverage));
      }
      expect(isWithin(limit, value, leverage)).to.be.true;
      expect(isWithin(limit + 1n, value, leverage)).to.be.false;
    });
  });

  it("valueDown, valueUp and collateralDown", async () => {
    const contract = await harness;
    await forAll("value", async (random) => {
      const [collateral, price, value] = [integerOfBits(random, 128), anyPrice(random), integerOfBits(random, 136)];
      expect(valueDown(collateral, price)).to.equal(await contract.valueDown(collateral, price));
      expect(valueUp(collateral, price)).to.equal(await contract.valueUp(collateral, price));
      expect(collateralDown(value, price)).to.equal(await contract.collateralDown(value, price));
    });
  });

  it("debtDown, debtUp, sharesDown and sharesUp", async () => {
    const contract = await harness;
    await forAll("debt", async (random) => {
      const [shares, index, debt] = [integerOfBits(random, 128), anyIndex(random), integerOfBits(random, 149)];
      expect(debtDown(shares, index)).to.equal(await contract.debtDown(shares, index));
      expect(debtUp(shares, index)).to.equal(await contract.debtUp(shares, index));
      expect(sharesDown(debt, index)).to.equal(await contract.sharesDown(debt, index));
      expect(sharesUp(debt, index)).to.equal(await contract.sharesUp(debt, index));
    });
  });

  it("bonus and repaymentToTarget", async () => {
    const contract = await harness;
    let compared = 0;
    await forAll("bonus", async (random) => {
      const { debt, value, liquidationLeverage, target, terms, isAbove } = liquidatable(random);
      if (!isAbove) return;
      compared++;
      const rate = bonus(debt, value, liquidationLeverage, terms);
      const { bonusMin, bonusMax, bonusSlope } = terms;
      expect(rate).to.equal(await contract.bonus(debt, value, liquidationLeverage, bonusMin, bonusMax, bonusSlope));
      const repaid = repaymentToTarget(debt, value, target, rate);
      expect(repaid).to.equal(await contract.repaymentToTarget(debt, value, target, rate));
      expect(repaid <= debt, `${debt} ${value} ${liquidationLeverage} ${target} ${rate}`).to.be.true;
    });
    expect(compared).to.be.at.least(CASES / 2);
  });

  it("liquidationAmounts, also for few shares and at huge indices", async () => {
    const contract = await harness;
    let [some, none] = [0, 0];
    await forAll("amounts", async (random) => {
      const index = anyIndex(random);
      const debtShares = 1n + integerOfBits(random, random.next() < 0.5 ? 3 : 100);
      const debt = debtUp(debtShares, index);
      const collateral = integerBetween(random, 0n, (debt * 5n) / 4n);
      const minDebt = 1n + integerOfBits(random, 112);
      const budget = random.next() < 0.5 ? 2n * debt : integerBetween(random, 0n, 2n * debt);
      const { liquidationLeverage, targetLeverage, bonusMin, bonusMax, bonusSlope, liquidationFee } = ETHER_5X;
      const params = { ...ETHER_5X, minDebt };
      const terms = { params, index, price: PRICE_SCALE, liquidationLeverage };
      const amounts = liquidationAmounts(terms, { debtShares, collateral }, budget);
      const { shares, seized, payment, fee } = await contract.amounts(
        {
          index,
          price: PRICE_SCALE,
          liquidationLeverage,
          targetLeverage,
          bonusMin,
          bonusMax,
          bonusSlope,
          fee: liquidationFee,
          minDebt,
        },
        debtShares,
        collateral,
        budget,
      );
      const { debtShares: burned, collateral: taken, payment: paid, fee: kept } = amounts ?? NOTHING;
      expect([burned, taken, paid, kept]).to.deep.equal([shares, seized, payment, fee]);
      if (amounts === undefined) ++none;
      else ++some;
    });
    expect(some).to.be.at.least(CASES / 2);
    expect(none).to.be.at.least(CASES / 20);
  });

  it("withoutDust", async () => {
    const contract = await harness;
    await forAll("withoutDust", async (random) => {
      const [wanted, affordable, debt, minDebt] = [64, 64, 64, 60].map((bits) => integerOfBits(random, bits)) as [
        bigint,
        bigint,
        bigint,
        bigint,
      ];
      expect(withoutDust(wanted, affordable, debt, minDebt)).to.equal(
        await contract.withoutDust(wanted, affordable, debt, minDebt),
      );
    });
  });
});
