import { expect } from "chai";
import { network } from "hardhat";

import { dryRun } from "../../src/deployment/execute.ts";
import { Node } from "../../src/deployment/node.ts";
import type { DeploymentParameters } from "../../src/deployment/parameters.ts";
import { MarketFactory__factory } from "../../types/index.ts";
import { DEPLOYER, deployOn, localParameters, planOf } from "./support/deploy.ts";

/** Maximum relative deviation of a step's gas from the plan. */
const TOLERANCE = 0.1;

describe("a repeated deployment", () => {
  it("sends nothing the second time", async () => {
    const chain = await network.create();
    await deployOn(chain);
    const sent = await chain.ethers.provider.getTransactionCount(DEPLOYER, "pending");
    const block = await chain.ethers.provider.getBlockNumber();
    expect(sent).to.be.greaterThan(0);
    await deployOn(chain);
    expect(await chain.ethers.provider.getTransactionCount(DEPLOYER, "pending")).to.equal(sent);
    expect(await chain.ethers.provider.getBlockNumber()).to.equal(block);
  });

  it("deploys everything a second time under another name", async () => {
    const chain = await network.create();
    const first = await deployOn(chain, undefined, "first");
    const second = await deployOn(chain, undefined, "second");
    const addresses = [first, second].flatMap((plan) => Object.values<string>({ ...plan.addresses }));
    expect(new Set(addresses)).to.have.length(addresses.length);
    for (const {
      addresses: { factory },
    } of [first, second]) {
      expect(await MarketFactory__factory.connect(factory, chain.ethers.provider).marketCount()).to.equal(1n);
    }
  });

  it("has the same addresses on every chain, and different ones for another deployer", async () => {
    const [one, other] = [await network.create(), await network.create()];
    const first = await deployOn(one);
    expect((await deployOn(other)).addresses).to.deep.equal(first.addresses);
    const { roles } = await localParameters();
    const second = await planOf(undefined, "test", roles.keeper);
    expect(second.addresses.market).not.to.equal(first.addresses.market);
  });

  const changes: readonly (readonly [string, (parameters: DeploymentParameters) => DeploymentParameters, string])[] = [
    [
      "a limit",
      (parameters) => ({
        ...parameters,
        market: { ...parameters.market, values: { ...parameters.market.values, systemLeverageCap: 30_000n } },
      }),
      "lacks steps of these parameters: Market",
    ],
    [
      "the keeper",
      (parameters) => ({ ...parameters, roles: { ...parameters.roles, keeper: parameters.roles.guardian } }),
      "lacks steps of these parameters: FlashLiquidator",
    ],
    [
      "a role",
      (parameters) => ({ ...parameters, roles: { ...parameters.roles, guardian: parameters.roles.keeper } }),
      'is a guardian": the admin has changed it since, or the parameters differ',
    ],
  ];
  for (const [what, change, problem] of changes) {
    it(`rejects parameters that differ from the deployed ones in ${what}`, async () => {
      const chain = await network.create();
      await deployOn(chain);
      const sent = await chain.ethers.provider.getTransactionCount(DEPLOYER, "pending");
      let message = "";
      try {
        await deployOn(chain, change(await localParameters()));
      } catch (error) {
        message = String(error);
      }
      expect(message).to.contain(problem);
      expect(await chain.ethers.provider.getTransactionCount(DEPLOYER, "pending")).to.equal(sent);
    });
  }
});

describe("a dry run", () => {
  it("estimates the gas of each step on an empty chain within a tenth", async () => {
    const chain = await network.create();
    const node = new Node(chain.ethers.provider);
    const before = await dryRun(await planOf(), node);
    expect(before.bringsCreate2Deployer).to.be.true;
    expect(before.steps.map(({ done }) => done)).not.to.include(true);
    expect(await chain.ethers.provider.getTransactionCount(DEPLOYER, "pending")).to.equal(0);
    const used = new Map<string, bigint>();
    const plan = await deployOn(chain, undefined, undefined, {
      onEvent: (event) => {
        if (event.kind === "done" && event.receipt) used.set(event.step.id, event.receipt.gasUsed);
      },
    });
    expect([...used.keys()].sort()).to.deep.equal(plan.steps.map(({ id }) => id).sort());
    for (const { step, gas } of before.steps) {
      const real = Number(used.get(step.id));
      expect(Number(gas), step.id).to.be.within(real * (1 - TOLERANCE), real * (1 + TOLERANCE));
    }
    const after = await dryRun(plan, node);
    expect(after.steps.map(({ done }) => done)).not.to.include(false);
    expect(after.cost).to.equal(0n);
  });
});
