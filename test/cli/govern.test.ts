import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { Interface } from "ethers";

import { abi as accessManagerAbi } from "../../abis/AccessManager.ts";
import { abi as marketAbi } from "../../abis/LeverageMarket.ts";
import { marketAt } from "../../src/client/contracts.ts";
import { ACCOUNTS, MARKET, TestChain } from "./support/chain.ts";
import { jsonOf, run } from "./support/cli.ts";

const DAY = 86_400;

describe("cantilever govern", function () {
  this.timeout(120_000);
  let chain: TestChain;
  before(async () => {
    chain = await TestChain.start();
  });
  after(async () => {
    await chain.stop();
  });

  const said = async (...words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await run([...words, ...chain.named], chain.environment());
    expect(code, stderr).to.equal(0);
    return stdout;
  };
  const govern = async (who: keyof typeof ACCOUNTS, ...words: readonly string[]): Promise<Record<string, unknown>> =>
    jsonOf(
      await run(["govern", ...words, "--yes", "--json", "--from", ACCOUNTS[who], ...chain.named], chain.environment()),
    );
  const limits = async () => marketAt(chain.plan.addresses.market, chain.provider).limits();

  it("shows limits, roles and sources", async () => {
    const text = await said("govern", MARKET);
    expect(text).to.match(/maxLeverage +5x/u);
    expect(text).to.match(new RegExp(`guardian +${ACCOUNTS.guardian} +at once`, "u"));
    expect(text).to.match(new RegExp(`admin +${ACCOUNTS.admin} +after 2 days`, "u"));
    expect(text).to.match(new RegExp(`primary +${chain.plan.addresses.primary} +2 000 USDC`, "u"));
    expect(text).to.contain("No operation waits in the AccessManager.");
  });

  it("lowers a limit, raises it by a schedule, and applies that after its delay by the block's time", async () => {
    await govern("guardian", "lower", MARKET, "debtCap", "10 000 000");
    expect((await limits()).debtCap).to.equal(10_000_000_000_000n);
    await govern("riskManager", "schedule", MARKET, "debtCap", "12 000 000");
    expect(await said("govern", MARKET)).to.match(/debtCap +10 000 000 USDC +12 000 000 USDC +in (1 day 23|2 days)/u);
    const early = await run(
      ["govern", "apply", MARKET, "debtCap", "--yes", "--from", ACCOUNTS.carol, ...chain.named],
      chain.environment(),
    );
    expect(early.code).to.equal(9);
    expect(early.stderr).to.match(/RaiseNotReady.*Wait until the delay of the scheduled raise has passed/u);
    await chain.wait(2 * DAY);
    expect(await said("govern", MARKET)).to.match(/can be applied now, for (?:7 days|6 days 23 hours)/u);
    await govern("carol", "apply", MARKET, "debtCap");
    expect((await limits()).debtCap).to.equal(12_000_000_000_000n);
  });

  it("lets the liquidation limit fall along a ramp", async () => {
    await govern("riskManager", "ramp", MARKET, "6.4", "4 days");
    expect(await said("govern", MARKET)).to.match(
      /The liquidation limit falls from 6.5x to 6.4x: 6.5x now, at its end in 4 days/u,
    );
    await chain.wait(2 * DAY);
    expect((await limits()).liquidationLeverage).to.equal(64_500n);
  });

  it("schedules, executes and cancels what the admin does", async () => {
    const manager = new Interface(accessManagerAbi);
    const { market, accessManager } = chain.plan.addresses;
    const data = manager.encodeFunctionData("setTargetClosed", [market, false]);
    await govern("admin", "schedule-call", MARKET, accessManager, data);
    const shown = await said("govern", MARKET);
    expect(shown.toLowerCase()).to.contain(`settargetclosed(target: ${market}, closed: false) on ${accessManager}`);
    const [, operation = ""] = /(0x[0-9a-f]{64})/u.exec(shown) ?? [];
    const early = await run(
      ["govern", "execute-call", MARKET, operation, "--yes", "--from", ACCOUNTS.admin, ...chain.named],
      chain.environment(),
    );
    expect(early.stderr).to.contain("AccessManagerNotReady");
    expect(early.code).to.equal(9);
    await chain.wait(2 * DAY);
    await govern("admin", "execute-call", MARKET, operation.slice(0, 10));
    expect(await said("govern", MARKET)).to.contain("No operation waits");

    await govern("admin", "schedule-call", MARKET, accessManager, data);
    const [, second = ""] = /(0x[0-9a-f]{64})/u.exec(await said("govern", MARKET)) ?? [];
    await govern("admin", "cancel-call", MARKET, second);
    expect(await said("govern", MARKET)).to.contain("No operation waits");
  });

  it("announces a source of the guard, and withdraws it", async () => {
    const { primary } = chain.plan.addresses;
    await govern("riskManager", "schedule-source", MARKET, "secondary", primary);
    expect(await said("govern", MARKET)).to.match(new RegExp(`secondary +\\S+ +\\S.* ${primary} +in `, "u"));
    await govern("guardian", "cancel-source", MARKET, "secondary");
    expect(await said("govern", MARKET)).not.to.match(new RegExp(`secondary.*${primary}`, "u"));
  });

  it("writes what a Safe with a role is to do", async () => {
    const file = join(chain.home, "lower.json");
    const before = await chain.nonce(ACCOUNTS.guardian);
    await said("govern", "lower", MARKET, "supplyCap", "50 000 000", "--safe", file, "--from", ACCOUNTS.guardian);
    const { transactions } = JSON.parse(await readFile(file, "utf8")) as {
      transactions: { to: string; data: string }[];
    };
    const [lower] = transactions;
    expect(lower?.to).to.equal(chain.plan.addresses.market);
    const call = new Interface(marketAbi).parseTransaction({ data: lower?.data ?? "" });
    expect(call?.name).to.equal("lowerLimit");
    expect(call?.args.toArray()).to.deep.equal([5n, 50_000_000_000_000n]);
    expect(await chain.nonce(ACCOUNTS.guardian)).to.equal(before);
  });
});
