import { expect } from "chai";
import { network } from "hardhat";

import { QuoteError } from "../../src/client/errors.ts";
import type { BoundName } from "../../src/client/leverage-bounds.ts";
import { quoteRaise, type RaiseQuote } from "../../src/client/leverage-quote.ts";
import { readBasis, type QuoteBasis } from "../../src/client/quote.ts";
import type { RefusalReason } from "../../src/protocol/errors.ts";
import { LIMIT_NAMES } from "../../src/protocol/parameters.ts";
import { deployTradedMarket, nameOf, TRADED_KINDS, type TradedMarket } from "../support/traded-market.ts";

const { ethers, networkHelpers } = await network.create();

/**
 * The contract's error beyond each bound; beyond the pool's depth there is none, since there is no
 * quote.
 */
const REASONS: Readonly<Record<Exclude<BoundName, "pool depth">, RefusalReason>> = {
  "position limit": "LeverageAboveMaximum",
  "system cap": "SystemLeverageAboveCap",
  "debt cap": "DebtCapExceeded",
  "debt allowance": "DebtAllowanceExceeded",
  cash: "InsufficientCash",
  "collateral cap": "CollateralCapExceeded",
};

for (const kind of TRADED_KINDS.slice(1, 4)) {
  describe(`what bounds leverage (${nameOf(kind)})`, () => {
    let env: TradedMarket;
    const deploy = async (): Promise<TradedMarket> => deployTradedMarket(await ethers.getSigners(), kind);
    beforeEach(async () => {
      env = await networkHelpers.loadFixture(deploy);
    });

    const lower = async (limit: (typeof LIMIT_NAMES)[number], value: bigint): Promise<void> => {
      await env.contract.lowerLimit(LIMIT_NAMES.indexOf(limit), value);
    };
    const basis = (): Promise<QuoteBasis> => readBasis(env.provider, env.market, env.account);
    const quote = async (leverage: bigint): Promise<RaiseQuote> =>
      quoteRaise(await basis(), { leverage, ownCollateral: 40n * env.unit.collateral });

    /** The tightest bound is that one: just below it nothing is refused, just above it that is. */
    async function expectTightest(name: Exclude<BoundName, "pool depth">): Promise<void> {
      const [bound] = (await quote(15_000n)).bounds;
      expect(bound?.name).to.equal(name);
      const leverage = bound?.maxLeverage ?? 0n;
      const within = await quote(leverage - 10n);
      expect(within.refusal, String(within.refusal)).to.equal(undefined);
      expect(within.debtDelta <= (bound?.maxDebt ?? 0n)).to.be.true;
      expect((await quote(leverage + 10n)).refusal?.reason).to.equal(REASONS[name]);
    }

    it("is the system's cap where the position is the market's only one", async () => {
      await expectTightest("system cap");
    });

    it("is the position's own limit where others owe less", async () => {
      await lower("maxLeverage", 30_000n);
      await expectTightest("position limit");
    });

    it("is the allowance or the collateral cap where governance has lowered caps", async () => {
      const snapshot = await networkHelpers.takeSnapshot();
      await lower("debtCap", 200_000n * env.unit.loan);
      await expectTightest("debt allowance");
      await snapshot.restore();
      await lower("collateralCap", 60n * env.unit.collateral);
      await expectTightest("collateral cap");
    });

    it("is the debt cap where others have used it up over days", async () => {
      const { other } = env.signers;
      await lower("debtCap", 100_000n * env.unit.loan);
      await env.collateral.connect(other).approve(env.market.address, 1_000n * env.unit.collateral);
      await env.contract.connect(other).supplyCollateral(1_000n * env.unit.collateral, other);
      for (let day = 0; day < 3; ++day) {
        await env.contract.connect(other).borrow(29_000n * env.unit.loan, other, other);
        await networkHelpers.time.increase(86_400);
      }
      await expectTightest("debt cap");
    });

    it("is the cash where lenders have taken it out", async () => {
      const { lender } = env.signers;
      await env.contract.connect(lender).withdraw(1_930_000n * env.unit.loan, lender, lender);
      await expectTightest("cash");
    });

    it("is told in full, the tightest first, the pool's depth among them", async () => {
      const order = { leverage: 39_000n, ownCollateral: 2_000n * env.unit.collateral };
      const start = quoteRaise(await basis(), { ...order, leverage: 10_500n });
      const amounts = start.bounds.map(({ maxDebt }) => maxDebt);
      expect(amounts).to.deep.equal([...amounts].sort((one, other) => (one < other ? -1 : 1)));
      const depth = start.bounds.find(({ name }) => name === "pool depth")?.maxDebt ?? 0n;
      // From there on the pool can't be quoted, and so no leverage is reached that needs more.
      expect(depth > 700_000n * env.unit.loan).to.be.true;
      const names = start.bounds.map(({ name }) => name);
      expect(names).to.have.members([...Object.keys(REASONS), "pool depth"]);
    });

    it("leaves no quote for a leverage that takes more than the pool has", async () => {
      const from = await basis();
      const order = { leverage: 38_000n, ownCollateral: 3_000n * env.unit.collateral };
      expect(() => quoteRaise(from, order)).to.throw(QuoteError, "The pool has too little liquidity to reach 3.8x");
    });

    it("is told where the leverage asked for is none to be reached by borrowing", async () => {
      const from = await basis();
      const order = { leverage: 10_000n, ownCollateral: env.unit.collateral };
      expect(() => quoteRaise(from, order)).to.throw(
        QuoteError,
        "The leverage 1x can't be reached from 1x by borrowing",
      );
    });
  });
}
