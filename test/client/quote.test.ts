import { expect } from "chai";
import { network } from "hardhat";
import { MaxUint256 } from "ethers";

import { readAccount } from "../../src/client/account-reading.ts";
import { planAdd, planBorrow, planLend, planRedeem, planRepay, planWithdraw } from "../../src/client/actions.ts";
import { contractError } from "../../src/client/contract-error.ts";
import { ContractRevertedError, QuoteError } from "../../src/client/errors.ts";
import type { Plan } from "../../src/client/plan.ts";
import {
  quoteAdd,
  quoteBorrow,
  quoteLend,
  quoteRedeem,
  quoteRepay,
  quoteWithdraw,
  readBasis,
  type QuoteBasis,
} from "../../src/client/quote.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { YEAR } from "../../src/protocol/units.ts";
import type { PositionFigures } from "../../src/protocol/position-figures.ts";
import { carryOut } from "../support/carry-out.ts";
import { effort, randomOf, reachesAll, timeLimit } from "../support/effort.ts";
import { integerBelow, integerBetween, pick } from "../support/random-amounts.ts";
import { deployTradedMarket, nameOf, TRADED_KINDS, type TradedMarket } from "../support/traded-market.ts";

const { ethers, networkHelpers } = await network.create();

/** Carries a plan out at a time; the name of the contract's error if it refuses. */
async function tryPlan(env: TradedMarket, plan: Plan, now: bigint): Promise<string | undefined> {
  try {
    await carryOut(env.signers.trader, plan, () => networkHelpers.time.setNextBlockTimestamp(now));
    return undefined;
  } catch (error) {
    const refusal = contractError(error);
    if (refusal instanceof ContractRevertedError) return refusal.errorName;
    throw error;
  }
}

function figures({ debt, collateral, leverage, healthFactor, liquidationPriceLimit, ltv, equity }: PositionFigures) {
  return { debt, collateral, leverage, healthFactor, liquidationPriceLimit, ltv, equity };
}

for (const kind of TRADED_KINDS) {
  describe(`previews by the market model (${nameOf(kind)})`, () => {
    let env: TradedMarket;
    before(async () => {
      env = await deployTradedMarket(await ethers.getSigners(), kind);
      // Approved once, so that every call of a session is a single transaction.
      for (const token of [env.loan, env.collateral]) {
        await token.connect(env.signers.trader).approve(env.market.address, MaxUint256);
      }
    });

    it("equal to the wei what the market does, or refuses by the same error", async () => {
      const random = randomOf(`previews ${nameOf(kind)}`);
      const { unit } = env;
      const seen = new Map<string, number>();
      const note = (name: string): unknown => seen.set(name, (seen.get(name) ?? 0) + 1);
      for (let step = 0; step < effort(60, 600); ++step) {
        const basis = await readBasis(env.provider, env.market, env.account);
        const { timestamp } = basis.reading.block;
        const now = timestamp + 1n + integerBelow(random, random.next() < 0.1 ? YEAR / 12n : 7_200n);
        const choice = choose(basis, now);
        // There is nothing to repay, to withdraw or to redeem.
        if (choice === undefined) continue;
        const [quote, plan] = choice;
        const refused = await tryPlan(env, plan, now);
        expect(refused, plan.title).to.equal(quote.refusal?.reason);
        note(refused ?? plan.title.split(" ")[0] ?? "");
        // A refused call mines no block: what follows is compared at the time that was meant.
        if (refused !== undefined) continue;
        const after = await readAccount(env.provider, env.market, env.account);
        expect(after.block.timestamp).to.equal(now);
        if ("shares" in quote) {
          expect(after.wallet.shares.balance).to.equal(quote.after.shares);
          expect(after.wallet.shares.assets).to.equal(quote.after.assets);
          expect(abs(after.wallet.loan.balance - basis.reading.wallet.loan.balance)).to.equal(quote.assets);
        } else {
          expect(figures(after.position), plan.title).to.deep.equal(figures(quote.after));
          expect(after.market.borrowRatePerYear).to.equal(quote.borrowRatePerYear);
          const moved =
            quote.kind === "add" || quote.kind === "withdraw"
              ? after.wallet.collateral.balance - basis.reading.wallet.collateral.balance
              : after.wallet.loan.balance - basis.reading.wallet.loan.balance;
          expect(abs(moved)).to.equal(quote.amount);
        }
      }
      if (!reachesAll) return;
      expect([...seen.keys()]).to.include.members(["Add", "Withdraw", "Borrow", "Repay", "Lend", "Redeem"]);
      expect([...seen.keys()]).to.include.members(["LeverageAboveMaximum", "DebtBelowMinimum"]);

      function choose(basis: QuoteBasis, now: bigint) {
        const { reading } = basis;
        const { position, wallet } = reading;
        const worth = (coins: bigint): bigint => (coins * env.price) / 10n ** 36n;
        const some = (most: bigint): bigint => 1n + integerBelow(random, most);
        const supplied = some(20n * unit.collateral);
        const withdrawn = random.next() < 0.2 ? ("all" as const) : some(position.collateral + 1n);
        const borrowed = some((worth(position.collateral) * 9n) / 10n + 1n);
        const repaid = random.next() < 0.3 ? ("all" as const) : some((position.debt * 5n) / 4n + 1n);
        const lent = integerBetween(random, 1n, 10_000n * unit.loan);
        const redeemed = random.next() < 0.3 ? ("all" as const) : some(wallet.shares.balance + 1n);
        type Choice = readonly [ReturnType<typeof quoteAdd> | ReturnType<typeof quoteLend>, Plan];
        return pick<() => Choice | undefined>(random, [
          () => [quoteAdd(basis, supplied, { now }), planAdd(reading, supplied)],
          () =>
            position.collateral === 0n
              ? undefined
              : [quoteWithdraw(basis, withdrawn, { now }), planWithdraw(reading, withdrawn)],
          () => [quoteBorrow(basis, borrowed, { now }), planBorrow(reading, borrowed)],
          () => [quoteBorrow(basis, borrowed, { now }), planBorrow(reading, borrowed)],
          () => (position.debt === 0n ? undefined : [quoteRepay(basis, repaid, { now }), planRepay(reading, repaid)]),
          () => [quoteLend(basis, lent, { now }), planLend(reading, lent)],
          () =>
            wallet.shares.balance === 0n
              ? undefined
              : [quoteRedeem(basis, redeemed, { now }), planRedeem(reading, redeemed)],
        ])();
      }
    }).timeout(timeLimit(120_000));

    it("ask for an amount above zero", async () => {
      const basis = await readBasis(env.provider, env.market, env.account);
      expect(() => quoteAdd(basis, 0n)).to.throw(QuoteError, "The amount is 0");
      expect(() => quoteBorrow(basis, -1n)).to.throw(QuoteError);
      expect(() => quoteLend(basis, 0n)).to.throw(QuoteError, "The amount is 0");
      expect(() => quoteRedeem(basis, 0n)).to.throw(QuoteError, "The amount is 0");
    });

    it("ask for a position to repay, and to withdraw from", async () => {
      const stranger = await readBasis(env.provider, env.market, toAddress(`0x${"5".repeat(40)}`));
      for (const amount of [1n, "all"] as const) {
        expect(() => quoteRepay(stranger, amount)).to.throw(QuoteError, "The position has no debt");
        expect(() => quoteWithdraw(stranger, amount)).to.throw(QuoteError, "The position has no collateral");
      }
      expect(() => quoteRedeem(stranger, "all")).to.throw(QuoteError, "The amount is 0");
    });
  });
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
