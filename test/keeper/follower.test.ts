import { expect } from "chai";

import { positionOf } from "../../src/protocol/market/state.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { UnknownMarketError } from "../../src/keeper/errors.ts";
import { MarketFollower } from "../../src/keeper/follower.ts";
import { accountOf } from "../support/accounts.ts";
import { deployMarket, ethers, networkHelpers } from "../support/session/deploy.ts";
import { DOLLARS } from "../support/session/kinds.ts";

/** A market with deposits of two million, and a follower that has read nothing yet. */
async function followedMarket() {
  const env = await deployMarket(DOLLARS);
  const [lender] = env.lenders;
  if (lender === undefined) throw new Error("A session has lenders.");
  await env.market.connect(lender).deposit(2_000_000n * 10n ** 6n, lender);
  const place = { factory: toAddress(await env.factory.getAddress()), market: toAddress(env.address), fromBlock: 0 };
  return { env, place };
}

describe("MarketFollower", () => {
  it("tracks the positions of the market through every kind of call, including collateral without debt", async () => {
    const { env, place } = await networkHelpers.loadFixture(followedMarket);
    const { market } = env;
    const [owner, helper] = env.borrowers;
    if (owner === undefined || helper === undefined) throw new Error("A session has borrowers.");
    const follower = await MarketFollower.start(ethers.provider, place);
    const expectSame = async (): Promise<void> => {
      await follower.update();
      const [debtShares, collateral, drawnAt] = await market.position(owner);
      const account = toAddress(owner.address);
      const held = positionOf(follower.rebuilt.market, account);
      // Without debt, `drawnAt` is meaningless.
      expect(held).to.deep.equal({ debtShares, collateral, drawnAt: debtShares === 0n ? held.drawnAt : drawnAt });
      expect(follower.index.get(account)).to.deep.equal(
        debtShares === 0n ? undefined : { account, debtShares, collateral },
      );
    };
    await market.connect(helper).supplyCollateral(10n ** 18n, owner);
    await expectSame();
    await market.connect(owner).borrow(1_500n * 10n ** 6n, owner, owner);
    await market.connect(helper).repay(10n ** 6n, owner);
    await expectSame();
    await env.oracle.setPrice(env.price / 2n + env.price / 4n);
    await market.connect(env.liquidator).liquidate([owner], 2n ** 200n, 0n, env.liquidator, "0x");
    await expectSame();
    await market.connect(helper).repay(2n ** 256n - 1n, owner);
    await expectSame();
    // Without new events the result is the same.
    await expectSame();
  });

  it("update: applies each event once if two updates overlap", async () => {
    const { env, place } = await networkHelpers.loadFixture(followedMarket);
    const [owner] = env.borrowers;
    if (owner === undefined) throw new Error("A session has borrowers.");
    const follower = await MarketFollower.start(ethers.provider, place);
    await env.market.connect(owner).supplyCollateral(10n ** 18n, owner);
    await Promise.all([follower.update(), follower.update(), follower.update()]);
    expect(positionOf(follower.rebuilt.market, toAddress(owner.address)).collateral).to.equal(10n ** 18n);
  });

  it("start: throws for a market that the factory did not create, or created before fromBlock", async () => {
    const { env, place } = await networkHelpers.loadFixture(followedMarket);
    const failures = await Promise.all(
      [
        { ...place, market: accountOf(1) },
        { ...place, factory: accountOf(2) },
        { ...place, fromBlock: (env.createdBlock ?? 0) + 1 },
      ].map((wrong) => MarketFollower.start(ethers.provider, wrong).catch((error: unknown) => error)),
    );
    for (const failure of failures) expect(failure).to.be.instanceOf(UnknownMarketError);
  });
});
