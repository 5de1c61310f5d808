import { expect } from "chai";
import { network } from "hardhat";

import { planClose, planLower, planRaise } from "../../src/client/actions.ts";
import { contractError } from "../../src/client/contract-error.ts";
import { ContractRevertedError } from "../../src/client/errors.ts";
import { quoteClose, quoteLower, quoteRaise } from "../../src/client/leverage-quote.ts";
import type { Plan } from "../../src/client/plan.ts";
import { readBasis, type QuoteBasis } from "../../src/client/quote.ts";
import { swapToPrice } from "../../src/client/uniswap-v3-pool.ts";
import { WAD } from "../../src/protocol/units.ts";
import { sqrtPriceX96FromPrice } from "../../src/protocol/uniswap-v3/price.ts";
import { carryOut } from "../support/carry-out.ts";
import { deployTradedMarket, nameOf, TRADED_KINDS, type TradedMarket } from "../support/traded-market.ts";

const { ethers, networkHelpers } = await network.create();
/** A percent. */
const slippage = WAD / 100n;

for (const kind of TRADED_KINDS.slice(0, 3)) {
  const deploy = async (): Promise<TradedMarket> => {
    const env = await deployTradedMarket(await ethers.getSigners(), kind);
    const basis = await readBasis(env.provider, env.market, env.account);
    const quote = quoteRaise(basis, { leverage: 25_000n, ownCollateral: 5n * env.unit.collateral });
    await carryOut(env.signers.trader, planRaise(basis.reading, quote));
    return env;
  };

  describe(`a quote whose pool moves before it is mined (${nameOf(kind)})`, () => {
    let env: TradedMarket;
    beforeEach(async () => {
      env = await networkHelpers.loadFixture(deploy);
    });
    const basis = (): Promise<QuoteBasis> => readBasis(env.provider, env.market, env.account);
    /** Somebody trades the pool to a price of so many thousandths of the market's. */
    const trade = async (thousandths: bigint): Promise<void> => {
      const target = sqrtPriceX96FromPrice((env.price * thousandths) / 1_000n, kind.collateralIsToken0);
      await swapToPrice(env.operator, env.market.pool?.address ?? "", target);
    };
    const holdings = async () => ({
      collateral: (await env.contract.position(env.account)).collateral,
      debt: await env.contract.debtOf(env.account),
      ownCollateral: await env.collateral.balanceOf(env.account),
      ownLoan: await env.loan.balanceOf(env.account),
    });
    const send = (plan: Plan): Promise<unknown> => carryOut(env.signers.trader, plan);
    /** The contract's error with which a plan is refused. */
    const refusalOf = async (plan: Plan): Promise<string | undefined> => {
      const error: unknown = await send(plan).catch((failure: unknown) => contractError(failure));
      return error instanceof ContractRevertedError ? error.errorName : undefined;
    };
    /** Interest of some seconds. */
    const nearly = (debt: bigint): bigint => debt / 10n ** 8n + 1n;

    it("gives a raise the same position, for no more of one's own than was said, or refuses it", async () => {
      const from = await basis();
      const quote = quoteRaise(from, { leverage: 35_000n, ownCollateral: 2n * env.unit.collateral }, { slippage });
      const before = await holdings();
      await trade(1_006n);
      await send(planRaise(from.reading, quote));
      const after = await holdings();
      expect(after.collateral).to.equal(quote.after.collateral);
      expect(after.debt - quote.after.debt).to.be.within(0n, nearly(after.debt));
      const paid = before.ownCollateral - after.ownCollateral;
      expect(paid > quote.ownCollateral && paid <= quote.maxOwnCollateral).to.be.true;
      expect(after.ownLoan).to.equal(before.ownLoan);

      const again = await basis();
      const dearer = quoteRaise(again, { leverage: 38_000n, ownCollateral: env.unit.collateral }, { slippage });
      await trade(1_045n);
      expect(await refusalOf(planRaise(again.reading, dearer))).to.equal("PullAboveMaximum");
    });

    it("takes nothing of one's own for a raise to which one adds nothing", async () => {
      const from = await basis();
      const quote = quoteRaise(from, { leverage: 35_000n }, { slippage });
      expect([quote.ownCollateral, quote.maxOwnCollateral]).to.deep.equal([0n, 0n]);
      const before = await holdings();
      await trade(1_005n);
      await send(planRaise(from.reading, quote));
      const after = await holdings();
      expect(after.collateral).to.equal(quote.after.collateral);
      const returned = after.ownCollateral - before.ownCollateral;
      expect(returned >= 0n && returned < quote.returnedCollateral).to.be.true;
    });

    it("gives a reduction the same position, or refuses it", async () => {
      const from = await basis();
      const quote = quoteLower(from, { leverage: 18_000n }, { slippage });
      const before = await holdings();
      await trade(995n);
      await send(planLower(from.reading, quote));
      const after = await holdings();
      expect(after.collateral).to.equal(quote.after.collateral);
      expect(after.debt - quote.after.debt).to.be.within(0n, nearly(before.debt));
      const returned = after.ownLoan - before.ownLoan;
      expect(returned >= 0n && returned < quote.returnedLoan).to.be.true;

      const again = await basis();
      const lower = quoteLower(again, { leverage: 14_000n }, { slippage });
      await trade(960n);
      expect(await refusalOf(planLower(again.reading, lower))).to.equal("PullAboveMaximum");
    });

    it("gives back at least what was said of a position that is closed, or refuses it", async () => {
      const from = await basis();
      const quote = quoteClose(from, { slippage });
      const before = await holdings();
      const snapshot = await networkHelpers.takeSnapshot();
      await trade(992n);
      await send(planClose(from.reading, quote));
      const after = await holdings();
      expect([after.collateral, after.debt]).to.deep.equal([0n, 0n]);
      const returned = after.ownCollateral - before.ownCollateral;
      expect(returned < quote.returnedCollateral && returned >= quote.worstReturnedCollateral).to.be.true;
      await snapshot.restore();
      await trade(960n);
      expect(await refusalOf(planClose(from.reading, quote))).to.equal("PullAboveMaximum");
    });

    it("is refused after its deadline", async () => {
      const from = await basis();
      const deadline = from.reading.block.timestamp + 60n;
      const quote = quoteClose(from, { slippage, deadline });
      await networkHelpers.time.increase(61);
      expect(await refusalOf(planClose(from.reading, quote))).to.equal("DeadlinePassed");
    });

    it("spends no more than one has where the most is named", async () => {
      const from = await basis();
      const ownCollateral = 2n * env.unit.collateral;
      const order = { leverage: 35_000n, ownCollateral, maxOwnCollateral: ownCollateral };
      const quote = quoteRaise(from, order, { slippage });
      expect(quote.after.leverage).to.be.within(34_999n, 35_000n);
      // What the slippage may take is kept back.
      expect(quote.ownCollateral < ownCollateral && quote.ownCollateral > ownCollateral / 2n).to.be.true;
      const before = await holdings();
      await trade(1_008n);
      await send(planRaise(from.reading, quote));
      const paid = before.ownCollateral - (await holdings()).ownCollateral;
      expect(paid > quote.ownCollateral && paid <= ownCollateral).to.be.true;
    });
  });
}
