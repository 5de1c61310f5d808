import { network } from "hardhat";

import { priceAt } from "../scenario/price-at.ts";
import type { PricePath } from "../scenario/types.ts";
import { type Moment, replayGuard, toOraclePrice } from "./guard-replay.ts";

const MAX_RISE_PER_HOUR = 0.1;
/** Seconds. */
export const GRACE_PERIOD = 3_600;

const wad = (share: number): bigint => BigInt(Math.round(share * 1e6)) * 10n ** 12n;

/**
 * Takes a guard of its own, on a chain in this process, through a path.
 * @param maxDeviation How far two prices may be apart and still agree, as a share.
 * @param window That of the pool, seconds: a multiple of ten.
 */
export async function replayOnChain(path: PricePath, maxDeviation: number, window: number): Promise<Moment[]> {
  const { ethers, networkHelpers } = await network.create();
  const startsAt = (await networkHelpers.time.latest()) + 1_000_000;
  const start = toOraclePrice(priceAt(path, 0));
  const primary = await ethers.deployContract("MockOracle", [start]);
  const secondary = await ethers.deployContract("MockOracle", [start]);
  const [admin] = await ethers.getSigners();
  const guard = await ethers.deployContract("OracleGuard", [
    {
      primary,
      secondary,
      authority: await admin?.getAddress(),
      maxDeviation: wad(maxDeviation),
      maxRisePerHour: wad(MAX_RISE_PER_HOUR),
      gracePeriod: GRACE_PERIOD,
      sourceGas: 200_000,
      replacementDelay: 2 * 86_400,
    },
  ]);
  // A poke's block has the time of its moment; those that set the prices lie just before.
  const setNextTime = async (time: number) => networkHelpers.time.setNextBlockTimestamp(time);
  return replayGuard({ guard, primary, secondary, setNextTime }, path, startsAt, window);
}
