import { expect } from "chai";
import { network } from "hardhat";

import { readAccount } from "../../src/client/account-reading.ts";
import { planClose, planLend, planRaise } from "../../src/client/actions.ts";
import { quoteClose, quoteRaise } from "../../src/client/leverage-quote.ts";
import { planFaucet } from "../../src/client/maintenance.ts";
import { findMarket, marketsOf, readMarkets, type Market } from "../../src/client/markets.ts";
import { readBasis } from "../../src/client/quote.ts";
import { sendPlanned } from "../../src/client/send.ts";
import type { Plan } from "../../src/client/plan.ts";
import { bookedDeployment } from "../../src/deployment/booked.ts";
import { Node } from "../../src/deployment/node.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { WAD } from "../../src/protocol/units.ts";
import { deployOn } from "../deploy/support/deploy.ts";

const { ethers, networkHelpers } = await network.create();

/**
 * The market of deploy/parameters/local.yaml, found in its address book, and as its factory's
 * events tell of it.
 */
async function deploy() {
  const plan = await deployOn({ ethers });
  const node = new Node(ethers.provider);
  const deployment = await bookedDeployment(plan, node, { written: [], commit: undefined });
  const market = findMarket(marketsOf({ chainId: 31_337n, deployments: [deployment] }), "clusdc-weth");
  const { contracts } = deployment;
  const [told] = await readMarkets(ethers.provider, {
    factory: contracts.factory.address,
    block: contracts.factory.block,
    swapper: contracts.swapper.address,
    flashLiquidator: contracts.flashLiquidator.address,
    uniswapFactory: contracts.uniswapFactory.address,
  });
  const signers = await ethers.getSigners();
  const trader = signers[7];
  if (!trader) throw new Error("The chain has too few accounts.");
  return { market, told, trader, account: toAddress(trader.address) };
}

describe("a market as it is deployed: on a guard, with feeds, a pool over all prices and faucet tokens", () => {
  let env: Awaited<ReturnType<typeof deploy>>;
  const carryOut = async ({ transactions }: Plan): Promise<void> => {
    for (const transaction of transactions) await sendPlanned(env.trader, transaction);
  };
  /** The feeds that the book knows are no part of what the factory's events tell. */
  const withoutFeeds = (market: Market | undefined): object => ({ ...market, feeds: undefined });
  before(async () => {
    env = await deploy();
  });

  it("is found in the book as by the factory's events", () => {
    expect(withoutFeeds(env.told)).to.deep.equal(withoutFeeds(env.market));
    expect(env.market.guard).to.equal(env.market.oracle);
  });

  it("lends, opens ten ether at 4x for less than a percent, and closes an hour later", async () => {
    const { market, account } = env;
    const ether = 10n ** 18n;
    const dollar = 10n ** 6n;
    await carryOut(planFaucet(market.collateralToken, account, 11n * ether));
    await carryOut(planFaucet(market.loanToken, account, 50_000n * dollar));
    await carryOut(planLend(await readAccount(ethers.provider, market, account), 50_000n * dollar));

    const basis = await readBasis(ethers.provider, market, account);
    expect(basis.reading.market.guard?.status).to.equal("agree");
    const open = quoteRaise(basis, { leverage: 40_000n, ownCollateral: 10n * ether });
    expect(open.refusal).to.equal(undefined);
    expect(open.swap.priceImpact < WAD / 100n).to.be.true;
    await carryOut(planRaise(basis.reading, open));
    const { position } = await readAccount(ethers.provider, market, account);
    expect(position.collateral).to.equal(open.after.collateral);
    expect(position.leverage).to.be.within(39_999n, 40_001n);

    await networkHelpers.time.increase(3_600);
    await networkHelpers.mine();
    const closing = await readBasis(ethers.provider, market, account);
    await carryOut(planClose(closing.reading, quoteClose(closing)));
    const closed = await readAccount(ethers.provider, market, account);
    expect([closed.position.debt, closed.position.collateral]).to.deep.equal([0n, 0n]);
    expect(closed.wallet.collateral.balance > (10n * ether * 95n) / 100n).to.be.true;
    expect(closed.wallet.shares.assets >= 50_000n * dollar - 1n).to.be.true;
  });
});
