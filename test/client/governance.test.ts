import { expect } from "chai";
import { network } from "hardhat";

import {
  limitInWords,
  planApplyRaise,
  planApplySource,
  planCancelCall,
  planCancelSource,
  planExecuteCall,
  planLowerLimit,
  planRamp,
  planScheduleCall,
  planScheduleRaise,
  planScheduleSource,
} from "../../src/client/governance.ts";
import { readMarket } from "../../src/client/market-reading.ts";
import type { Plan } from "../../src/client/plan.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { carryOut } from "../support/carry-out.ts";
import { deployTradedMarket, TRADED_KINDS, type TradedMarket } from "../support/traded-market.ts";

const { ethers, networkHelpers } = await network.create();
const DAY = 86_400n;

async function deploy(): Promise<TradedMarket> {
  const [kind] = TRADED_KINDS;
  if (!kind) throw new Error("There is no kind of market.");
  return deployTradedMarket(await ethers.getSigners(), { ...kind, guarded: true });
}

describe("governance", () => {
  let env: TradedMarket;
  const govern = (plan: Plan): Promise<unknown> => carryOut(env.signers.admin, plan);
  const read = () => readMarket(env.provider, env.market);
  beforeEach(async () => {
    env = await networkHelpers.loadFixture(deploy);
  });

  it("lowers limits, schedules raises and applies them", async () => {
    const lower = planLowerLimit(env.market, "maxLeverage", 40_000n);
    expect(lower.title).to.equal("Lower the opening limit to 4x");
    await govern(lower);
    expect((await read()).limits.maxLeverage).to.equal(40_000n);
    const cap = 20_000_000n * env.unit.loan;
    const raise = planScheduleRaise(env.market, "debtCap", cap);
    expect(raise.title).to.equal("Schedule the raise of the debt cap to 20000000 USD");
    await govern(raise);
    const { raises, block } = await read();
    expect(raises).to.deep.equal([{ limit: "debtCap", value: cap, validFrom: block.timestamp + 2n * DAY }]);
    await networkHelpers.time.increase(2n * DAY);
    await govern(planApplyRaise(env.market, "debtCap"));
    const after = await read();
    expect([after.limits.debtCap, after.raises]).to.deep.equal([cap, []]);
  });

  it("lets the liquidation limit fall along a ramp", async () => {
    const ramp = planRamp(env.market, 64_000n, 3n * DAY);
    expect(ramp.title).to.equal("Let the liquidation limit fall to 6.4x within 3 days");
    await govern(ramp);
    const start = (await read()).block.timestamp;
    await networkHelpers.time.increaseTo(start + (3n * DAY) / 2n);
    const halfway = await read();
    expect(halfway.limits.liquidationLeverage).to.equal(64_500n);
    expect(halfway.ramp).to.deep.equal({ from: 65_000n, to: 64_000n, start, end: start + 3n * DAY, fraction: 0n });
  });

  it("replaces a source of the guard", async () => {
    const { guard } = env.market;
    if (guard === undefined) throw new Error("There is no guard.");
    const next = await ethers.deployContract("MockOracle", [env.price]);
    const source = toAddress(await next.getAddress());
    await govern(planScheduleSource(guard, "secondary", source));
    const { guard: announced, block } = await read();
    expect(announced?.secondary.scheduled).to.deep.equal({ address: source, validFrom: block.timestamp + 2n * DAY });
    await govern(planCancelSource(guard, "secondary"));
    expect((await read()).guard?.secondary.scheduled).to.equal(undefined);
    await govern(planScheduleSource(guard, "secondary", source));
    await networkHelpers.time.increase(2n * DAY);
    await govern(planApplySource(guard, "secondary"));
    expect((await read()).guard?.secondary.address).to.equal(source);
  });

  it("schedules, executes and cancels calls of the access manager", async () => {
    const manager = toAddress(await env.authority.getAddress());
    const admin = toAddress(await env.signers.admin.getAddress());
    const data = env.authority.interface.encodeFunctionData("labelRole", [7n, "treasurer"]);
    const call = { manager, target: manager, data };
    // A delay of the admin's own, which counts from the next day on.
    await env.authority.grantRole(0n, admin, DAY);
    await networkHelpers.time.increase(DAY);
    await govern(planScheduleCall(call));
    await govern(planCancelCall(call, admin));
    await govern(planScheduleCall(call));
    await networkHelpers.time.increase(DAY);
    const [receipt] = await carryOut(env.signers.admin, planExecuteCall(call));
    const labels = (receipt?.logs ?? []).map((log) => env.authority.interface.parseLog(log)?.name);
    expect(labels).to.include.members(["OperationExecuted", "RoleLabel"]);
  });

  it("says each limit in its unit", () => {
    expect(limitInWords(env.market, "collateralCap", env.unit.collateral / 2n)).to.equal("0.5 ETH");
    expect(limitInWords(env.market, "systemLeverageCap", 45_500n)).to.equal("4.55x");
    expect(limitInWords(env.market, "supplyCap", 0n)).to.equal("0 USD");
  });
});
