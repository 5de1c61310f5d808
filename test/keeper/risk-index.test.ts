import { expect } from "chai";

import { isLiquidatable, RiskIndex, type LiquidationTrigger } from "../../src/keeper/risk-index.ts";
import type { Address } from "../../src/protocol/address.ts";
import { WAD } from "../../src/protocol/units.ts";
import { randomFrom } from "../../src/lab/population/random.ts";
import { accountOf } from "../support/accounts.ts";

/** 2,000 loan tokens (6 decimals) per collateral token (18 decimals). */
const PRICE = 2_000n * 10n ** 24n;
const TRIGGER: LiquidationTrigger = { borrowIndex: WAD, price: PRICE, liquidationLeverage: 65_000n };

const usd = (amount: number): bigint => BigInt(Math.round(amount * 1e6));
const eth = (amount: number): bigint => BigInt(Math.round(amount * 1e6)) * 10n ** 12n;
/** Invented accounts with names that describe their role in a test. */
const accounts = new Map<string, Address>();
function named(name: string): Address {
  const account = accounts.get(name) ?? accountOf(accounts.size + 1);
  accounts.set(name, account);
  return account;
}
/** The names of the positions' accounts. */
function names(positions: readonly { account: Address }[]): string[] {
  const known = new Map([...accounts].map(([name, account]) => [account, name]));
  return positions.map(({ account }) => known.get(account) ?? account);
}

describe("RiskIndex", () => {
  it("sorts the riskiest first, and debt without collateral before all others", () => {
    const index = new RiskIndex(usd(100));
    index.set(named("cautious"), usd(1_000), eth(1));
    index.set(named("bold"), usd(1_700), eth(1));
    index.set(named("bare"), usd(500), 0n);
    index.set(named("large"), usd(150_000), eth(100));
    expect(names(index.positions)).to.deep.equal(["bare", "bold", "large", "cautious"]);
    expect(index.size).to.equal(4);
  });

  it("sorts by the exact ratio, also where a division would give equal results", () => {
    const index = new RiskIndex(1n);
    const huge = 10n ** 30n;
    index.set(named("less"), huge, huge);
    index.set(named("more"), huge + 1n, huge);
    index.set(named("between"), 2n * huge + 1n, 2n * huge);
    expect(names(index.positions)).to.deep.equal(["more", "between", "less"]);
  });

  it("set: removes a position without debt, and moves one that changes", () => {
    const index = new RiskIndex(usd(100));
    index.set(named("a"), usd(1_000), eth(1));
    index.set(named("b"), usd(1_500), eth(1));
    index.set(named("a"), usd(1_600), eth(1));
    expect(names(index.positions)).to.deep.equal(["a", "b"]);
    index.set(named("a"), 0n, eth(1));
    expect(names(index.positions)).to.deep.equal(["b"]);
    expect(index.get(named("a"))).to.be.undefined;
    index.set(named("unknown"), 0n, 0n);
    expect(index.size).to.equal(1);
  });

  it("liquidatable: finds a position one unit of debt above the limit, but not one at the limit", () => {
    // At 6.5x, collateral worth 13,000 supports a debt of 11,000.
    const index = new RiskIndex(usd(100));
    index.set(named("on the limit"), usd(11_000), eth(6.5));
    index.set(named("beyond"), usd(11_000) + 1n, eth(6.5));
    expect(names(index.liquidatable(TRIGGER))).to.deep.equal(["beyond"]);
  });

  it("liquidatable: depends on price, interest and a falling limit without any update of positions", () => {
    const index = new RiskIndex(usd(100));
    index.set(named("a"), usd(1_600), eth(1));
    expect(index.liquidatable(TRIGGER)).to.be.empty;
    expect(index.liquidatable({ ...TRIGGER, price: (PRICE * 94n) / 100n })).to.have.length(1);
    expect(index.liquidatable({ ...TRIGGER, borrowIndex: (WAD * 106n) / 100n })).to.have.length(1);
    expect(index.liquidatable({ ...TRIGGER, liquidationLeverage: 49_000n })).to.have.length(1);
  });

  it("liquidatable: equals the market's rule applied to every position, after random changes", () => {
    const random = randomFrom("position book");
    for (let run = 0; run < 60; ++run) {
      const minDebt = BigInt(Math.floor(random.next() * 50)) + 1n;
      const index = new RiskIndex(minDebt);
      const held = new Map<Address, { debtShares: bigint; collateral: bigint }>();
      const trigger = {
        borrowIndex: WAD + BigInt(Math.floor(random.next() * 1e9)) * BigInt(Math.floor(random.next() * 1e9)),
        price: 10n ** 36n + BigInt(Math.floor(random.next() * 1e9)) * 10n ** 27n,
        liquidationLeverage: 11_000n + BigInt(Math.floor(random.next() * 100_000)),
      };
      for (let change = 0; change < 120; ++change) {
        // Small amounts near the limit, so that rounding decides.
        const account = named(`account ${Math.floor(random.next() * 40)}`);
        const debtShares = random.next() < 0.2 ? 0n : minDebt + BigInt(Math.floor(random.next() * 200));
        const near = (debtShares * trigger.borrowIndex * trigger.liquidationLeverage * 10n ** 18n) / trigger.price;
        const collateral =
          random.next() < 0.1 ? 0n : near / (trigger.liquidationLeverage - 10_000n) + offset(random.next());
        index.set(account, debtShares, collateral > 0n ? collateral : 0n);
        held.set(account, { debtShares, collateral: collateral > 0n ? collateral : 0n });
      }
      const all = [...held].filter(([, { debtShares }]) => debtShares > 0n);
      const expected = all
        .filter(([, position]) => isLiquidatable(position, trigger))
        .map(([account]) => ({ account }));
      expect(names(index.liquidatable(trigger)).sort()).to.deep.equal(names(expected).sort());
      expect(names(index.positions).sort()).to.deep.equal(names(all.map(([account]) => ({ account }))).sort());
      expectSorted(index);
    }
  });
});

function offset(share: number): bigint {
  return BigInt(Math.floor(share * 9)) - 4n;
}

function expectSorted(index: RiskIndex): void {
  for (const [place, { debtShares, collateral }] of index.positions.entries()) {
    const next = index.positions[place + 1];
    if (next === undefined) return;
    expect(debtShares * next.collateral >= next.debtShares * collateral, `position ${place}`).to.be.true;
  }
}
