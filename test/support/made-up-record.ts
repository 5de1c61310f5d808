import { generatePopulation } from "../../src/lab/population/generate.ts";
import type { RunRecord, LiquidationBatch, MarketMoment, StepFigures } from "../../src/record.ts";
import { builtinScenario } from "../../src/lab/scenario/builtin.ts";
import { lowestOf } from "../../src/lab/scenario/price-path.ts";
import { resample } from "../../src/lab/scenario/resample.ts";

const MAX_LEVERAGE = 5;
const LIQUIDATION_LEVERAGE = 6.6667;
const LIQUIDATION_LTV = 1 - 1 / LIQUIDATION_LEVERAGE;
const TARGET = 4;
const BONUS = 0.03;
const LENT = 30_000_000;

interface Account {
  readonly index: number;
  collateral: number;
  debt: number;
}

/**
 * A report like that of a run, from a few lines of arithmetic instead of contracts: for tests of
 * the pages and tables. Not a model of the market; only its shapes are right.
 */
export function madeUpRecord(scenario = "march-2020", stepSeconds = 300): RunRecord {
  const path = builtinScenario(scenario);
  const steps = resample(path, stepSeconds);
  const low = lowestOf(steps);
  const start = steps[0]?.price ?? 1;
  const population = generatePopulation({
    seed: 1,
    maxLeverage: MAX_LEVERAGE,
    totalDebtUsd: 20_000_000,
    minDebtUsd: 1000,
  });
  const accounts: Account[] = population.map(({ equityUsd, leverage }, index) => ({
    index,
    collateral: (equityUsd * leverage) / start,
    debt: equityUsd * (leverage - 1),
  }));
  const state = { sharePrice: 1, buffer: 40_000, badDebt: 0, pool: start, rate: 0.04 };
  const series: StepFigures[] = [];
  const liquidations: LiquidationBatch[] = [];
  const touched = new Set<number>();

  const moment = (seconds: number, price: number): MarketMoment => {
    const debtUsd = total(accounts, ({ debt }) => debt);
    const collateralUsd = total(accounts, ({ collateral }) => collateral * price);
    return {
      seconds,
      price,
      debtUsd,
      collateralUsd,
      systemLeverage: collateralUsd > debtUsd ? collateralUsd / (collateralUsd - debtUsd) : Infinity,
      lenderSharePrice: state.sharePrice,
      bufferUsd: state.buffer,
      health: accounts
        .filter(({ debt }) => debt > 0)
        .map(({ collateral, debt }) => ({
          healthFactor: (collateral * price * LIQUIDATION_LTV) / debt,
          debtUsd: debt,
        })),
    };
  };

  const before = moment(0, start);
  let atLow = before;
  for (const { seconds, price } of steps) {
    const batch = liquidate(accounts, price);
    if (batch.positions.length > 0) {
      for (const index of batch.positions) touched.add(index);
      const loss = Math.min(batch.badDebt, state.buffer);
      state.buffer += batch.repaid * BONUS * 0.1 - loss;
      state.sharePrice *= 1 - (batch.badDebt - loss) / LENT;
      state.badDebt += batch.badDebt;
      liquidations.push({
        seconds,
        transactionHash: `0x${(seconds + 1).toString(16).padStart(8, "0").repeat(8)}`,
        positions: batch.positions.length,
        price,
        repaidUsd: batch.repaid,
        feeUsd: batch.repaid * BONUS * 0.1,
        seizedCollateral: batch.seized,
        badDebtUsd: batch.badDebt,
        profitUsd: batch.repaid * BONUS * 0.4,
        gasUsed: 250_000 + 60_000 * batch.positions.length,
      });
    }
    state.pool += (price - state.pool) * 0.6 - Math.min(0.04, batch.repaid / 60_000_000) * price;
    const now = moment(seconds, price);
    const utilization = now.debtUsd / LENT;
    state.rate *= 1 + (utilization - 0.9) * 0.002;
    state.sharePrice *= 1 + (state.rate * utilization * stepSeconds) / 31_536_000;
    if (seconds === low.seconds) atLow = moment(seconds, price);
    series.push({
      seconds,
      feedPrice: price,
      poolPrice: state.pool,
      systemLeverage: now.systemLeverage,
      systemLeverageCap: 4,
      lenderSharePrice: state.sharePrice,
      bufferUsd: state.buffer,
      badDebtUsd: state.badDebt,
      utilization,
      borrowRate: state.rate * (0.25 + 0.75 * (utilization / 0.9)),
    });
  }
  const last = steps.at(-1) ?? low;
  return {
    run: {
      scenario: path.name,
      title: path.title,
      source: path.source,
      startsAt: path.startsAt,
      seed: "1",
      durationSeconds: 61,
      command: `npm run demo -- --scenario ${path.name} --seed 1 --positions ${population.length}`,
      market: {
        loanSymbol: "USDC",
        collateralSymbol: "WETH",
        maxLeverage: MAX_LEVERAGE,
        liquidationLeverage: LIQUIDATION_LEVERAGE,
      },
      settings: [{ name: "Step", value: "5 minutes, and every turn of the price in between" }],
    },
    positions: { opened: population.length, liquidated: touched.size },
    moments: { before, atLow, after: moment(last.seconds, last.price) },
    series,
    liquidations,
  };
}

/** Brings every account above the limit back to the target; writes off what is insolvent. */
function liquidate(
  accounts: readonly Account[],
  price: number,
): { positions: number[]; repaid: number; seized: number; badDebt: number } {
  const result = { positions: [] as number[], repaid: 0, seized: 0, badDebt: 0 };
  for (const account of accounts) {
    const value = account.collateral * price;
    if (account.debt === 0 || account.debt <= value * LIQUIDATION_LTV) continue;
    const insolvent = value < account.debt * (1 + BONUS);
    const partial = (TARGET * account.debt - (TARGET - 1) * value) / (TARGET - (1 + BONUS) * (TARGET - 1));
    const repaid = insolvent ? value / (1 + BONUS) : Math.min(account.debt, partial);
    const seized = insolvent ? account.collateral : (repaid * (1 + BONUS)) / price;
    if (insolvent) result.badDebt += account.debt - repaid;
    account.debt = insolvent ? 0 : account.debt - repaid;
    account.collateral -= seized;
    result.positions.push(account.index);
    result.repaid += repaid;
    result.seized += seized;
  }
  return result;
}

function total<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
