import { expect } from "chai";
import { encodeBytes32String, type Addressable } from "ethers";
import { network } from "hardhat";

import { ADMIN_ROLE, GUARDIAN_ROLE, MARKET_CREATOR_ROLE, RISK_MANAGER_ROLE } from "../../src/protocol/roles.ts";
import { toAddress, ZERO_ADDRESS } from "../../src/protocol/address.ts";
import type { DeploymentParameters } from "../../src/deployment/parameters.ts";
import {
  AccessManager__factory,
  IPriceOracle__factory,
  LeverageMarket__factory,
  MarketAuthority__factory,
  MarketFactory__factory,
} from "../../types/index.ts";
import { DEPLOYER, deployOn, localParameters } from "./support/deploy.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;

const MAX_LEVERAGE = 0;
const LIQUIDATION_LEVERAGE = 1;
const DAY = 86_400;

/** The accounts that local.yaml names. */
async function deployed() {
  const [deployer, admin, guardian, riskManager, keeper, stranger] = await ethers.getSigners();
  if (!deployer || !admin || !guardian || !riskManager || !keeper || !stranger) throw new Error("Too few accounts.");
  const { addresses } = await deployOn(connection);
  return {
    deployer,
    admin,
    guardian,
    riskManager,
    stranger,
    accessManager: AccessManager__factory.connect(addresses.accessManager, stranger),
    factory: MarketFactory__factory.connect(addresses.factory, stranger),
    marketAuthority: MarketAuthority__factory.connect(addresses.marketAuthority, stranger),
    market: LeverageMarket__factory.connect(addresses.market, stranger),
  };
}

describe("governance of a deployment", () => {
  it("gives the admin an execution delay of two days and leaves the deployer without a role", async () => {
    const { accessManager, admin, deployer } = await networkHelpers.loadFixture(deployed);
    expect(await accessManager.hasRole(ADMIN_ROLE, admin)).to.deep.equal([true, 2n * BigInt(DAY)]);
    for (const role of [ADMIN_ROLE, GUARDIAN_ROLE, RISK_MANAGER_ROLE, MARKET_CREATOR_ROLE]) {
      expect(await accessManager.hasRole(role, deployer), `role ${role}`).to.deep.equal([false, 0n]);
    }
  });

  it("gives each role only to the accounts in the parameters", async () => {
    const { accessManager, admin, deployer, guardian, riskManager, stranger } =
      await networkHelpers.loadFixture(deployed);
    const holders = new Map([
      [GUARDIAN_ROLE, [guardian, riskManager]],
      [RISK_MANAGER_ROLE, [riskManager]],
      [MARKET_CREATOR_ROLE, [riskManager]],
    ]);
    for (const [role, members] of holders) {
      for (const account of [admin, deployer, guardian, riskManager, stranger]) {
        const [isMember, delay] = await accessManager.hasRole(role, account);
        expect(isMember, `role ${role} of ${account.address}`).to.equal(members.includes(account));
        expect(delay).to.equal(0n);
      }
    }
  });

  it("assigns each restricted function of all markets to its role", async () => {
    const { accessManager, factory, market, marketAuthority } = await networkHelpers.loadFixture(deployed);
    const roleOf = (name: "lowerLimit" | "scheduleRaise" | "rampLiquidationLeverage") =>
      accessManager.getTargetFunctionRole(marketAuthority, market.interface.getFunction(name).selector);
    expect(toAddress(await market.authority())).to.equal(marketAuthority.target);
    expect(toAddress(await marketAuthority.authority())).to.equal(accessManager.target);
    expect(toAddress(await marketAuthority.factory())).to.equal(factory.target);
    expect(await roleOf("lowerLimit")).to.equal(GUARDIAN_ROLE);
    expect(await roleOf("scheduleRaise")).to.equal(RISK_MANAGER_ROLE);
    expect(await roleOf("rampLiquidationLeverage")).to.equal(RISK_MANAGER_ROLE);
    const createMarket = factory.interface.getFunction("createMarket").selector;
    expect(await accessManager.getTargetFunctionRole(factory, createMarket)).to.equal(MARKET_CREATOR_ROLE);
  });

  it("lowerLimit: only guardian and risk manager may call it, at once", async () => {
    const { market, admin, deployer, guardian, riskManager, stranger } = await networkHelpers.loadFixture(deployed);
    for (const account of [admin, deployer, stranger]) {
      await expect(market.connect(account).lowerLimit(MAX_LEVERAGE, 40_000n))
        .to.be.revertedWithCustomError(market, "AccessManagedUnauthorized")
        .withArgs(account.address);
    }
    await market.connect(guardian).lowerLimit(MAX_LEVERAGE, 40_000n);
    await market.connect(riskManager).lowerLimit(MAX_LEVERAGE, 30_000n);
    expect((await market.limits()).maxLeverage).to.equal(30_000n);
  });

  it("applies the roles of guardian and risk manager to a later market at once", async () => {
    const { factory, market, guardian, riskManager, stranger } = await networkHelpers.loadFixture(deployed);
    const [created] = await factory.queryFilter(factory.filters.MarketCreated());
    if (!created) throw new Error("No market has been created.");
    const { openPrice } = await IPriceOracle__factory.connect(await market.oracle(), stranger).prices();
    const salt = encodeBytes32String("second");
    const data = factory.interface.encodeFunctionData("createMarket", [created.args.params, salt, openPrice]);
    await riskManager.sendTransaction({ to: factory, data });
    const second = LeverageMarket__factory.connect(await factory.marketAt(1), guardian);

    await second.lowerLimit(MAX_LEVERAGE, 40_000n);
    expect((await second.limits()).maxLeverage).to.equal(40_000n);
    expect((await market.limits()).maxLeverage).to.equal(50_000n);
    await second.connect(riskManager).scheduleRaise(MAX_LEVERAGE, 45_000n);
    await expect(second.connect(stranger).lowerLimit(MAX_LEVERAGE, 0n))
      .to.be.revertedWithCustomError(second, "AccessManagedUnauthorized")
      .withArgs(stranger.address);
  });

  it("lets the admin close a market and change its authority, after its delay", async () => {
    const { accessManager, admin, guardian, market, marketAuthority } = await networkHelpers.loadFixture(deployed);
    const manager = accessManager.connect(admin);
    const afterDelay = async (target: Addressable, call: string): Promise<void> => {
      await manager.schedule(target, call, 0);
      await networkHelpers.time.increase(2 * DAY);
      await manager.execute(target, call);
    };
    await afterDelay(
      manager,
      manager.interface.encodeFunctionData("setTargetClosed", [await market.getAddress(), true]),
    );
    await expect(market.connect(guardian).lowerLimit(MAX_LEVERAGE, 40_000n)).to.be.revertedWithCustomError(
      market,
      "AccessManagedUnauthorized",
    );
    const to = toAddress(await accessManager.getAddress());
    await afterDelay(
      marketAuthority,
      marketAuthority.interface.encodeFunctionData("updateAuthority", [await market.getAddress(), to]),
    );
    expect(toAddress(await market.authority())).to.equal(to);
  });

  it("scheduleRaise and rampLiquidationLeverage: only the risk manager may call them", async () => {
    const { market, guardian, riskManager } = await networkHelpers.loadFixture(deployed);
    await expect(market.connect(guardian).scheduleRaise(MAX_LEVERAGE, 50_100n))
      .to.be.revertedWithCustomError(market, "AccessManagedUnauthorized")
      .withArgs(guardian.address);
    await expect(market.connect(guardian).rampLiquidationLeverage(64_000n, 3 * DAY))
      .to.be.revertedWithCustomError(market, "AccessManagedUnauthorized")
      .withArgs(guardian.address);

    await market.connect(riskManager).scheduleRaise(MAX_LEVERAGE, 50_100n);
    expect((await market.scheduledRaise(MAX_LEVERAGE)).value).to.equal(50_100n);
    await market.connect(riskManager).rampLiquidationLeverage(64_000n, 3 * DAY);
    expect((await market.ramp()).to).to.equal(64_000n);
    expect((await market.scheduledRaise(LIQUIDATION_LEVERAGE)).value).to.equal(0n);
  });

  it("executes an operation of the admin after two days, and not a second earlier", async () => {
    const { accessManager, admin, stranger } = await networkHelpers.loadFixture(deployed);
    const manager = accessManager.connect(admin);
    const grant = manager.interface.encodeFunctionData("grantRole", [GUARDIAN_ROLE, stranger.address, 0]);
    await expect(manager.grantRole(GUARDIAN_ROLE, stranger, 0)).to.be.revertedWithCustomError(
      manager,
      "AccessManagerNotScheduled",
    );

    await manager.schedule(manager, grant, 0);
    const ready = (await networkHelpers.time.latest()) + 2 * DAY;
    await networkHelpers.time.setNextBlockTimestamp(ready - 1);
    await expect(manager.execute(manager, grant)).to.be.revertedWithCustomError(manager, "AccessManagerNotReady");
    await networkHelpers.time.setNextBlockTimestamp(ready);
    await manager.execute(manager, grant);
    expect((await manager.hasRole(GUARDIAN_ROLE, stranger)).isMember).to.be.true;
  });

  it("createMarket: everyone may call it if the parameters say so", async () => {
    const open = await network.create();
    const parameters = await localParameters();
    const { addresses } = await deployOn(open, {
      ...parameters,
      roles: { ...parameters.roles, marketCreator: "everyone" },
    });
    const accessManager = AccessManager__factory.connect(addresses.accessManager, open.ethers.provider);
    const createMarket = MarketFactory__factory.createInterface().getFunction("createMarket").selector;
    const [, , , , , stranger] = await open.ethers.getSigners();
    if (!stranger) throw new Error("Too few accounts.");
    const [immediate] = await accessManager.canCall(stranger, addresses.factory, createMarket);
    expect(immediate).to.be.true;
  });

  it("changes all roles in one transaction, before which only the deployer holds a role", async () => {
    const { ethers: own } = await network.create();
    const { addresses } = await deployOn({ ethers: own });
    const manager = AccessManager__factory.connect(addresses.accessManager, own.provider);
    const grants = await manager.queryFilter(manager.filters.RoleGranted());
    const [construction, ...others] = grants;
    expect(construction?.args.account.toLowerCase()).to.equal(DEPLOYER);
    const changes = [
      ...others,
      ...(await manager.queryFilter(manager.filters.RoleRevoked())),
      ...(await manager.queryFilter(manager.filters.TargetFunctionRoleUpdated())),
    ];
    expect(new Set(changes.map(({ transactionHash }) => transactionHash))).to.have.length(1);
  });

  for (const role of ["admin", "guardian", "riskManager", "marketCreator"] as const) {
    it(`rejects the deployer as ${role} before anything is sent`, async () => {
      await expectRefusal({ [role]: DEPLOYER }, `roles.${role} is the deployer`);
    });
  }

  it("rejects the zero address for a role before anything is sent", async () => {
    await expectRefusal({ guardian: ZERO_ADDRESS }, "roles.guardian is the zero address");
  });

  it("rejects an admin that is also guardian or risk manager before anything is sent", async () => {
    const { roles } = await localParameters();
    await expectRefusal({ admin: roles.guardian }, "roles.admin is also the guardian");
    await expectRefusal({ admin: roles.riskManager }, "roles.admin is also the risk manager");
  });

  it("rejects an admin without a delay before anything is sent", async () => {
    await expectRefusal({ adminDelay: 0n }, "roles.adminDelay is zero");
  });
});

/** Tries to deploy with other roles, and expects that the deployer has sent nothing. */
async function expectRefusal(changes: Partial<DeploymentParameters["roles"]>, problem: string): Promise<void> {
  const chain = await network.create();
  const parameters = await localParameters();
  let message = "";
  try {
    await deployOn(chain, { ...parameters, roles: { ...parameters.roles, ...changes } });
  } catch (error) {
    message = String(error);
  }
  expect(message).to.contain(problem);
  expect(await chain.ethers.provider.getTransactionCount(DEPLOYER, "pending")).to.equal(0);
}
