import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { AbiCoder, MaxUint256, type ContractTransactionResponse } from "ethers";

import { ALL } from "../../../src/protocol/units.ts";
import { ONE_X, PRICE_SCALE } from "../../../src/protocol/units.ts";
import type { Random } from "../../../src/lab/population/random.ts";
import { integerBelow, integerBetween, pick } from "../random-amounts.ts";
import { ethers, latestTimestamp, networkHelpers, type SessionMarket } from "./deploy.ts";

/** So that a call that reverts is mined all the same. */
const GAS = { gasLimit: 10_000_000 };
const DAY = 86_400n;

type Action = () => Promise<ContractTransactionResponse>;

/** An actor that owns tokens, lends and borrows, and makes several calls in one transaction. */
export async function deployActor({ loan, collateral, address }: SessionMarket) {
  const actor = await ethers.deployContract("ScriptedActor");
  await loan.mint(actor, 10n ** 30n);
  await collateral.mint(actor, 10n ** 30n);
  const approval = loan.interface.encodeFunctionData("approve", [address, MaxUint256]);
  await actor.execute([
    { target: loan, data: approval, mustSucceed: true },
    { target: collateral, data: approval, mustSucceed: true },
  ]);
  return actor;
}

/** Everything that accounts and governance can do with a market, at random. */
export class ReplaySession {
  readonly env: SessionMarket;
  readonly actor: Awaited<ReturnType<typeof deployActor>>;
  readonly random: Random;
  readonly done = new Map<string, number>();
  price: bigint;

  constructor(env: SessionMarket, actor: Awaited<ReturnType<typeof deployActor>>, random: Random) {
    this.env = env;
    this.actor = actor;
    this.random = random;
    this.price = env.price;
  }

  /** One action; a refusal by a named error is one too. */
  async step(): Promise<void> {
    const jump = this.random.next() < 0.05 ? 3n * DAY : 1n + integerBelow(this.random, 4_000n);
    await networkHelpers.time.setNextBlockTimestamp((await latestTimestamp()) + jump);
    const [name, action] = await this.choose();
    try {
      await action();
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes("reverted with custom error")) throw error;
      return;
    }
    this.done.set(name, (this.done.get(name) ?? 0) + 1);
  }

  private async choose(): Promise<[string, Action]> {
    const kind = this.random.next();
    if (kind < 0.14) return this.movePrice();
    if (kind < 0.36) return this.lend();
    if (kind < 0.68) return this.borrow();
    if (kind < 0.82) return this.liquidate();
    if (kind < 0.9) return this.several();
    return this.govern();
  }

  private movePrice(): [string, Action] {
    const { env, random } = this;
    if (random.next() < 0.1) return ["oracle fails", () => env.oracle.fail()];
    const pull = this.price < env.price ? 1.04 : 0.96;
    const factor = random.next() < 0.3 ? 1 - 0.3 * random.next() ** 2 : pull * (0.95 + 0.1 * random.next());
    this.price = (this.price * BigInt(Math.round(factor * 1e9))) / 10n ** 9n;
    return ["price", () => env.oracle.setPrice(this.price)];
  }

  private async lend(): Promise<[string, Action]> {
    const { env, random } = this;
    const lender = pick(random, env.lenders);
    const other = pick(random, [...env.lenders, ...env.borrowers]);
    const market = env.market.connect(lender);
    const unit = 10n ** BigInt(env.kind.loanDecimals);
    const assets = 1n + integerBelow(random, 1_000_000n * unit);
    const held = await env.market.balanceOf(lender);
    const shares = random.next() < 0.2 ? held : integerBelow(random, held + 1n);
    return pick<[string, Action]>(random, [
      ["deposit", () => market.deposit(assets, other, GAS)],
      ["deposit", () => market.deposit(assets * 3n, lender, GAS)],
      ["mint", () => market.mint(assets * 1_000_000n, lender, GAS)],
      ["withdraw", () => market.withdraw(assets, other, lender, GAS)],
      ["redeem", () => market.redeem(shares, lender, lender, GAS)],
      ["approve", () => market.approve(other, shares, GAS)],
      ["redeem by allowance", () => env.market.connect(other).redeem(shares / 7n, other, lender, GAS)],
      ["transferFrom", () => env.market.connect(other).transferFrom(lender, other, shares / 11n, GAS)],
      ["transfer", () => market.transfer(other, shares / 5n, GAS)],
      ["donation", () => env.loan.connect(lender).transfer(env.market, assets / 1_000n, GAS)],
    ]);
  }

  private async borrow(): Promise<[string, Action]> {
    const { env, random } = this;
    const borrower = pick(random, env.borrowers);
    const market = env.market.connect(borrower);
    const stranger = env.market.connect(pick(random, env.borrowers));
    const { collateral } = await env.market.position(borrower);
    const debt = await env.market.debtOf(borrower);
    const { minDebt, maxLeverage } = env.kind.params;
    const borrowed = minDebt + integerBelow(random, minDebt * 2n ** BigInt(random.nextInteger(13)));
    const leverage = integerBetween(random, maxLeverage - maxLeverage / 20n, maxLeverage);
    const posted = 1n + (((borrowed * leverage) / (leverage - ONE_X)) * PRICE_SCALE) / this.price;
    const adjust = (by: typeof market, more: bigint, owed: bigint, receiver: HardhatEthersSigner) =>
      by.adjust(borrower, more, owed, receiver, MaxUint256, MaxUint256, "0x", GAS);
    const swap = (more: bigint, owed: bigint) =>
      market.adjust(borrower, more, owed, env.swapper, MaxUint256, MaxUint256, "0x01", GAS);
    return pick<[string, Action]>(random, [
      ["open", () => adjust(market, posted, borrowed, borrower)],
      ["open", () => adjust(market, posted, borrowed, borrower)],
      ["open", () => adjust(market, posted, borrowed, borrower)],
      ["open through the swapper", () => swap(posted, borrowed)],
      ["open through the swapper", () => swap(posted, borrowed)],
      ["close through the swapper", () => swap(ALL, ALL)],
      ["reduce", () => adjust(market, -integerBelow(random, collateral / 2n + 1n), -(debt / 2n), borrower)],
      ["supplyCollateral", () => stranger.supplyCollateral(posted / 3n, borrower, GAS)],
      [
        "withdrawCollateral",
        () => market.withdrawCollateral(integerBelow(random, collateral + 1n), borrower, borrower, GAS),
      ],
      ["withdrawCollateral", () => market.withdrawCollateral(MaxUint256, borrower, borrower, GAS)],
      ["borrow", () => market.borrow(integerBelow(random, debt / 4n + 2n), borrower, borrower, GAS)],
      ["repay", () => stranger.repay(integerBelow(random, debt + 1n), borrower, GAS)],
      ["repay all", () => stranger.repay(MaxUint256, borrower, GAS)],
      ["setOperator", () => market.setOperator(pick(random, env.borrowers), random.next() < 0.7, GAS)],
      ["adjust by somebody", () => adjust(stranger, -(collateral / 50n), borrowed / 10n, borrower)],
    ]);
  }

  private liquidate(): [string, Action] {
    const { env, random } = this;
    const everybody = [...env.borrowers.map(({ address }) => address), env.address];
    const accounts = random.shuffled([...everybody, ...everybody]);
    const unit = 10n ** BigInt(env.kind.loanDecimals);
    const budget = random.next() < 0.6 ? MaxUint256 / 2n : integerBelow(random, 500_000n * unit);
    return [
      "liquidate",
      () => env.market.connect(env.liquidator).liquidate(accounts, budget, 0n, env.liquidator, "0x", GAS),
    ];
  }

  /**
   * Several calls in one transaction, and inside a flash loan: their events follow one another
   * without a block between.
   */
  private several(): [string, Action] {
    const { env, actor, random } = this;
    const { interface: abi } = env.market;
    const own = actor.target as string;
    const { minDebt } = env.kind.params;
    const borrowed = minDebt * (1n + integerBelow(random, 2_000n));
    const posted = (3n * borrowed * PRICE_SCALE) / this.price;
    const one = env.borrowers.map(({ address }) =>
      abi.encodeFunctionData("liquidate", [[address], MaxUint256 / 2n, 0n, own, "0x"]),
    );
    const calls = random
      .shuffled([
        abi.encodeFunctionData("deposit", [borrowed * 3n, own]),
        abi.encodeFunctionData("adjust", [own, posted, borrowed, own, MaxUint256, MaxUint256, "0x"]),
        abi.encodeFunctionData("adjust", [own, 0n, ALL, own, MaxUint256, MaxUint256, "0x"]),
        abi.encodeFunctionData("withdrawCollateral", [posted / 4n, own, own]),
        abi.encodeFunctionData("redeem", [borrowed * 1_000_000n, own, own]),
        abi.encodeFunctionData("accrue"),
        ...one,
        ...one,
      ])
      .map((data) => ({ target: env.address, data, mustSucceed: false }));
    if (random.next() < 0.7) return ["several calls", () => actor.execute(calls, GAS)];
    const data = AbiCoder.defaultAbiCoder().encode(["tuple(address target, bytes data, bool mustSucceed)[]"], [calls]);
    return ["flash loan", () => env.market.flashLoan(actor, env.loan, minDebt, data, GAS)];
  }

  private async govern(): Promise<[string, Action]> {
    const { env, random } = this;
    const market = env.market.connect(env.admin);
    const limit = random.nextInteger(6);
    const values: readonly bigint[] = await env.market.limits();
    const current = values[limit] ?? 0n;
    const initial = env.kind.params;
    const most = [
      initial.maxLeverage,
      initial.liquidationLeverage,
      10n * ONE_X,
      initial.debtCap * 2n,
      initial.collateralCap * 2n,
      initial.supplyCap * 2n,
    ];
    const higher = current + integerBelow(random, (most[limit] ?? 0n) / 8n + 1n);
    const lower = (current * integerBetween(random, 90n, 100n)) / 100n;
    const duration = 2n * DAY + integerBelow(random, 5n * DAY);
    return pick<[string, Action]>(random, [
      ["lowerLimit", () => market.lowerLimit(limit, lower, GAS)],
      ["scheduleRaise", () => market.scheduleRaise(limit, higher, GAS)],
      ["scheduleRaise", () => market.scheduleRaise(limit, higher, GAS)],
      ["scheduleRaise", () => market.scheduleRaise(limit, higher, GAS)],
      ["applyRaise", () => env.market.applyRaise(limit, GAS)],
      ["applyRaise", () => env.market.applyRaise(limit, GAS)],
      ["applyRaise", () => env.market.applyRaise(limit, GAS)],
      ["ramp", () => market.rampLiquidationLeverage((values[1] ?? 0n) - (values[1] ?? 0n) / 100n, duration, GAS)],
      ["accrue", () => env.market.accrue(GAS)],
    ]);
  }
}
