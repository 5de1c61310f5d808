import { expect } from "chai";
import { network } from "hardhat";
import { Interface, MaxUint256 } from "ethers";

import { lendingProfit, profitAndLoss, readHistory, type HistorySource } from "../../src/client/account-history.ts";
import { readAccount } from "../../src/client/account-reading.ts";
import { planClose, planLower, planRaise } from "../../src/client/actions.ts";
import { quoteClose, quoteLower, quoteRaise } from "../../src/client/leverage-quote.ts";
import { MARKET } from "../../src/client/market-reading.ts";
import type { Market } from "../../src/client/markets.ts";
import { readBasis } from "../../src/client/quote.ts";
import { happened } from "../../src/client/receipt-events.ts";
import { toAddress, type Address } from "../../src/protocol/address.ts";
import { carryOut } from "../support/carry-out.ts";
import { deployTradedMarket, nameOf, TRADED_KINDS, type TradedMarket } from "../support/traded-market.ts";

const { ethers, networkHelpers } = await network.create();
const DAY = 86_400;

for (const kind of TRADED_KINDS.slice(0, 3)) {
  describe(`the history of an account (${nameOf(kind)})`, () => {
    let env: TradedMarket;
    before(async () => {
      env = await deployTradedMarket(await ethers.getSigners(), kind);
    });

    it("adds up to what its wallet has got and given, and to the interest", async () => {
      const { unit, account, signers, contract } = env;
      const { trader, other } = signers;
      const market = contract.connect(trader);
      const balances = async () =>
        [await env.loan.balanceOf(account), await env.collateral.balanceOf(account)] as const;
      const before = await balances();

      let basis = await readBasis(env.provider, env.market, account);
      const open = quoteRaise(basis, { leverage: 35_000n, ownCollateral: 8n * unit.collateral });
      const receipts = await carryOut(trader, planRaise(basis.reading, open));
      const opening = happened(env.market, account, receipts.at(-1) ?? expect.fail("No receipt."));
      expect(opening.events.map(({ name }) => name)).to.include("PositionAdjusted");
      expect([opening.loan, opening.collateral]).to.deep.equal([0n, (await balances())[1] - before[1]]);

      await networkHelpers.time.increase(90 * DAY);
      await env.collateral.connect(trader).approve(env.market.address, MaxUint256);
      await env.loan.connect(trader).approve(env.market.address, MaxUint256);
      await market.supplyCollateral(unit.collateral / 3n, account);
      await market.repay(777n * unit.loan, account);
      await market.borrow(333n * unit.loan, account, account);
      basis = await readBasis(env.provider, env.market, account);
      await carryOut(trader, planLower(basis.reading, quoteLower(basis, { leverage: 20_000n })));
      // A move of both without a swap, in and out of the wallet.
      await market.adjust(account, -unit.collateral, -2_000n * unit.loan, account, 0n, MaxUint256, "0x");
      await networkHelpers.time.increase(30 * DAY);
      // Somebody else lends and moves: none of it is the account's.
      await env.collateral.connect(other).approve(env.market.address, MaxUint256);
      await contract.connect(other).supplyCollateral(unit.collateral, other);

      const history = await readHistory(env.provider, env.market, account);
      const reading = await readAccount(env.provider, env.market, account);
      const made = profitAndLoss(history, reading);
      const after = await balances();
      expect([made.loan, made.collateral]).to.deep.equal([after[0] - before[0], after[1] - before[1]]);
      expect(history.map(({ event }) => event.name)).to.deep.equal([
        "PositionAdjusted",
        "CollateralSupplied",
        "PositionAdjusted",
        "PositionAdjusted",
        "PositionAdjusted",
        "PositionAdjusted",
      ]);
      expect(history.filter(({ swap }) => swap !== undefined)).to.have.length(2);
      expect(history.every(({ timestamp }, index) => timestamp >= (history[index - 1]?.timestamp ?? 0n))).to.be.true;
      // Nobody else owes anything: what the lenders have gained is what it was charged.
      const gained = reading.market.totalAssets - 2_000_000n * unit.loan;
      expect(made.interest - gained).to.be.within(0n, 10n);
      expect(made.interest >= 10n * unit.loan).to.be.true;
      const profit = (reading.position.equity ?? 0n) + made.loan + (made.collateral * env.price) / 10n ** 36n;
      expect((made.profit ?? 0n) - profit).to.be.within(-1n, 1n);
      // Interest, and what the pool's fee and depth have cost.
      expect(-(made.profit ?? 0n) > made.interest).to.be.true;

      basis = await readBasis(env.provider, env.market, account);
      await carryOut(trader, planClose(basis.reading, quoteClose(basis)));
      const closed = profitAndLoss(
        await readHistory(env.provider, env.market, account),
        await readAccount(env.provider, env.market, account),
      );
      expect([closed.equity, closed.liquidated]).to.deep.equal([0n, { collateral: 0n, debt: 0n }]);
      const end = await balances();
      expect([closed.loan, closed.collateral]).to.deep.equal([end[0] - before[0], end[1] - before[1]]);
    });

    it("tells of liquidations what they took and paid", async () => {
      const { unit, account, signers, contract } = env;
      const { trader, lender } = signers;
      const basis = await readBasis(env.provider, env.market, account);
      const open = quoteRaise(basis, { leverage: 40_000n, ownCollateral: 5n * unit.collateral });
      await carryOut(trader, planRaise(basis.reading, open));
      const before = profitAndLoss(
        await readHistory(env.provider, env.market, account),
        await readAccount(env.provider, env.market, account),
      );
      await env.oracle.setPrice((env.price * 86n) / 100n);
      await env.loan.mint(lender, 100_000n * unit.loan);
      await contract.connect(lender).liquidate([account], MaxUint256 / 2n, 0n, lender, "0x");
      const history = await readHistory(env.provider, env.market, account);
      const made = profitAndLoss(history, await readAccount(env.provider, env.market, account));
      const event = history.at(-1)?.event;
      if (event?.name !== "Liquidated") throw new Error("It was not liquidated.");
      expect(made.liquidated).to.deep.equal({ collateral: event.collateral, debt: event.payment - event.fee });
      expect(made.interest - before.interest).to.be.within(0n, unit.loan);
      expect([made.loan, made.collateral]).to.deep.equal([before.loan, before.collateral]);
      await env.oracle.setPrice(env.price);
    });

    it("tells lenders what they have earned", async () => {
      const lender = toAddress(await env.signers.lender.getAddress());
      await env.contract.connect(env.signers.lender).withdraw(1_000n * env.unit.loan, lender, lender);
      const made = lendingProfit(
        await readHistory(env.provider, env.market, lender),
        await readAccount(env.provider, env.market, lender),
      );
      expect([made.deposited, made.withdrawn]).to.deep.equal([2_000_000n * env.unit.loan, 1_000n * env.unit.loan]);
      expect(made.profit).to.equal(made.assets + made.withdrawn - made.deposited);
      expect(made.profit).to.be.within(1n, 1_000n * env.unit.loan);
    });

    it("is the same from a node that answers for ten blocks at once", async () => {
      const source = {
        getBlock: (...args: Parameters<typeof env.provider.getBlock>) => env.provider.getBlock(...args),
        getBlockNumber: () => env.provider.getBlockNumber(),
        getLogs: (filter: Parameters<typeof env.provider.getLogs>[0]) => {
          const { fromBlock, toBlock } = filter as { fromBlock: number; toBlock: number };
          if (toBlock - fromBlock >= 10) return Promise.reject(new Error("query exceeds the limit of blocks"));
          return env.provider.getLogs(filter);
        },
      };
      expect(await readHistory(source, env.market, env.account)).to.deep.equal(
        await readHistory(env.provider, env.market, env.account),
      );
      const lost = { ...source, getLogs: () => Promise.reject(new Error("connection lost")) };
      const failure: unknown = await readHistory(lost, env.market, env.account).catch((error: unknown) => error);
      expect(failure).to.have.property("message", "connection lost");
    });
  });
}

describe("the swaps in the history of an account", () => {
  const address = (last: number): Address => toAddress(`0x${last.toString(16).padStart(40, "0")}`);
  const [account, swapper, pool] = [address(1), address(2), address(3)];
  const token = (last: number) => ({ address: address(last), symbol: "T", decimals: 18, faucet: true });
  const market: Market = {
    chainId: 1n,
    address: address(9),
    block: 0,
    name: "Market",
    symbol: "M",
    loanToken: token(5),
    collateralToken: token(4),
    oracle: address(6),
    guard: undefined,
    feeds: undefined,
    pool: { address: pool, fee: 3_000 },
    factory: address(7),
    swapper,
    flashLiquidator: undefined,
  };
  const swaps = new Interface([
    "event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)",
  ]);
  const logOf = (source: Address, abi: Interface, name: string, args: readonly unknown[], index: number) => ({
    address: source,
    ...abi.encodeEventLog(name, args),
    blockNumber: 1,
    index,
    transactionHash: "0x01",
  });

  it("are those of their own adjustment, also of several in one transaction", async () => {
    const adjusted = (collateral: bigint, debt: bigint, index: number) =>
      logOf(market.address, MARKET, "PositionAdjusted", [account, account, collateral, debt, debt], index);
    const logs = [
      // From the wallet and to the wallet, then through the swapper.
      adjusted(10n, 1_000n, 0),
      adjusted(20n, 4_000n, 1),
      logOf(pool, swaps, "Swap", [swapper, market.address, -21n, 4_000n, 1n, 1n, 0], 2),
    ];
    const source = {
      getBlock: () => Promise.resolve({ timestamp: 5 }),
      getBlockNumber: () => Promise.resolve(1),
      getLogs: ({ address: from, topics }: { address: string; topics: (string | string[] | null)[] }) =>
        Promise.resolve(logs.filter((log) => log.address === from && [topics[0]].flat().includes(log.topics[0] ?? ""))),
    } as unknown as HistorySource;
    const history = await readHistory(source, market, account);
    expect(history.map(({ swap, loan, collateral }) => ({ swap, loan, collateral }))).to.deep.equal([
      { swap: undefined, loan: 1_000n, collateral: -10n },
      { swap: { loan: 4_000n, collateral: 21n }, loan: 0n, collateral: 1n },
    ]);
  });
});
