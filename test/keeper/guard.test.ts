import { expect } from "chai";
import { network } from "hardhat";

import { pokeIfDue, readGuard, type GuardKeeper } from "../../src/keeper/guard.ts";
import { POKE_SETTINGS } from "../../src/keeper/poke.ts";

const { ethers, networkHelpers } = await network.create();

const PRICE = 2_000n * 10n ** 24n;
const GRACE_PERIOD = 3_600;

describe("pokeIfDue", () => {
  async function deploy() {
    const [admin, stranger] = await ethers.getSigners();
    if (admin === undefined || stranger === undefined) throw new Error("The chain has too few accounts.");
    const primary = await ethers.deployContract("MockOracle", [PRICE]);
    const secondary = await ethers.deployContract("MockOracle", [PRICE]);
    const guard = await ethers.deployContract("OracleGuard", [
      {
        primary,
        secondary,
        authority: admin,
        maxDeviation: 15n * 10n ** 15n,
        maxRisePerHour: 10n ** 17n,
        maxFallPerHour: 10n ** 18n,
        gracePeriod: GRACE_PERIOD,
        sourceGas: 200_000,
        replacementDelay: 2 * 86_400,
      },
    ]);
    let announced = 0;
    const keeper: GuardKeeper = {
      guard: guard.connect(stranger),
      settings: POKE_SETTINGS,
      beforeSending: () => {
        ++announced;
        return Promise.resolve();
      },
    };
    /** Advances time and lets the keeper check the guard. Returns whether it poked. */
    const look = async (seconds: number): Promise<boolean> => {
      await networkHelpers.time.increase(seconds);
      const before = announced;
      const receipt = await pokeIfDue(keeper, BigInt(await networkHelpers.time.latest()));
      expect(announced - before).to.equal(receipt === undefined ? 0 : 1);
      return receipt !== undefined;
    };
    return { primary, secondary, guard, look };
  }

  it("does not poke a guard while its sources don't move", async () => {
    const { look } = await networkHelpers.loadFixture(deploy);
    expect(await look(7_200)).to.equal(false);
  });

  it("pokes once within the hour after a price move", async () => {
    const { primary, secondary, guard, look } = await networkHelpers.loadFixture(deploy);
    await primary.setPrice((PRICE * 99n) / 100n);
    await secondary.setPrice((PRICE * 99n) / 100n);
    expect(await look(60)).to.equal(false);
    expect(await look(3_600)).to.equal(true);
    const { floor } = await guard.state();
    expect(floor > (PRICE * 98n) / 100n && floor < PRICE).to.equal(true);
    expect(await look(7_200)).to.equal(false);
  });

  it("pokes through the grace period while a correct primary is below a stuck secondary, then until the count is zero", async () => {
    const { primary, secondary, guard, look } = await networkHelpers.loadFixture(deploy);
    await primary.setPrice(PRICE / 2n);
    for (let seconds = 0; seconds < 2 * GRACE_PERIOD + 120; seconds += 60) expect(await look(60)).to.equal(true);
    expect((await guard.state()).disagreement).to.equal(2 * GRACE_PERIOD);
    // Down to the floor, which falls by at most 100% an hour in the second hour.
    const [open, liquidation] = await guard.prices();
    expect(open).to.equal(0n);
    expect(liquidation < PRICE).to.equal(true);

    await secondary.setPrice(PRICE / 2n);
    let pokes = 0;
    while (await look(60)) ++pokes;
    expect(pokes).to.be.within(115, 120);
    expect((await guard.state()).disagreement).to.equal(0n);
  });

  it("treats a reverting source as unavailable and pokes until it recovers", async () => {
    const { primary, secondary, guard, look } = await networkHelpers.loadFixture(deploy);
    await primary.fail();
    expect(await look(60)).to.equal(true);
    expect((await readGuard(guard, 0n)).primary).to.equal(0n);
    expect(await look(30)).to.equal(false);
    for (let seconds = 0; seconds < GRACE_PERIOD; seconds += 60) expect(await look(60)).to.equal(true);
    const [, outage] = await guard.sourceOf(0n);
    expect(outage >= GRACE_PERIOD).to.equal(true);
    expect((await guard.prices()).liquidationPrice).to.equal(PRICE);

    await secondary.fail();
    expect(await look(60)).to.equal(true);
    await primary.setPrice(PRICE);
    await secondary.setPrice(PRICE);
    expect(await look(60)).to.equal(false);
  });
});
