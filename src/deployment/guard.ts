import { Interface } from "ethers";

import poolArtifact from "@uniswap/v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json" with { type: "json" };

import type { Address } from "../protocol/address.ts";
import { ceilDiv, min } from "../protocol/rounding.ts";
import type { Node } from "./node.ts";
import type { MarketTerms } from "./parameters.ts";
import type { Artifact, Steps } from "./plan.ts";
import { leastLiquidity } from "./pool.ts";

const poolInterface = new Interface(poolArtifact.abi);

/** Number of observation slots that one transaction adds, as `UniswapV3TwapOracle.MAX_GROWTH`. */
const MAX_GROWTH = 400n;

/**
 * Adds the guard's secondary source, the mean price of the pool, and slots for the pool's
 * observations.
 */
export function addSecondary(
  steps: Steps,
  artifact: Artifact,
  parameters: MarketTerms,
  { loanToken, collateralToken, pool }: Readonly<Record<"loanToken" | "collateralToken" | "pool", Address>>,
  after: readonly string[],
): Address {
  const { window, blockTime } = parameters.guard;
  const needed = ceilDiv(window, blockTime) + 1n;
  const secondary = steps.contract({
    id: "UniswapV3TwapOracle",
    title: `the mean price of the pool over ${window} seconds`,
    artifact,
    args: [loanToken, collateralToken, pool, window, leastLiquidity(parameters), blockTime],
    after,
    usualGas: 640_000n + 22_800n * min(needed - 1n, MAX_GROWTH),
  });
  // A pool is created with one slot. The constructor of the source adds the first ones.
  for (let room = 1n + MAX_GROWTH; room < needed; room += MAX_GROWTH) {
    const next = min(needed, room + MAX_GROWTH);
    const data = poolInterface.encodeFunctionData("increaseObservationCardinalityNext", [next]);
    steps.add({
      id: `PoolRoom${next}`,
      title: `slots for ${next} observations of the pool`,
      after: [room === 1n + MAX_GROWTH ? "UniswapV3TwapOracle" : `PoolRoom${room}`],
      usualGas: 40_000n + 22_300n * (next - room),
      async missing(node) {
        const slot0 = (await node.answer(pool, poolInterface, "slot0")) ?? [];
        const cardinality = slot0[4];
        return typeof cardinality === "bigint" && cardinality >= next ? undefined : { to: pool, data };
      },
    });
  }
  return secondary;
}

/** The contracts and conditions that a guard needs. */
export interface GuardParts {
  /** The oracle over the feeds. */
  readonly primary: Address;
  /** The mean price of the pool. */ readonly secondary: Address;
  /** The `AccessManager`, whose roles may replace sources. */
  readonly authority: Address;
  /** Seconds until the pool has observations over a whole window. */
  readonly untilServed: (node: Node) => Promise<bigint>;
}

/**
 * Adds the guard over both sources. Its creation requires that they agree, so it waits until the
 * pool has observations over a whole window.
 */
export function addGuard(
  steps: Steps,
  artifact: Artifact,
  { guard }: MarketTerms,
  { primary, secondary, authority, untilServed }: GuardParts,
  after: readonly string[],
): Address {
  const { maxDeviation, maxRisePerHour, maxFallPerHour, gracePeriod, sourceGas, replacementDelay } = guard;
  const numbers = { maxDeviation, maxRisePerHour, maxFallPerHour, gracePeriod, sourceGas, replacementDelay };
  return steps.contract({
    id: "OracleGuard",
    title: "the guard over feeds and pool, the oracle of the market",
    artifact,
    args: [{ primary, secondary, authority, ...numbers }],
    after: [...after, "UniswapV3TwapOracle"],
    usualGas: 1_635_000n,
    wait: untilServed,
  });
}
