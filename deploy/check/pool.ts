import { Interface } from "ethers";

import type { BookedMarket } from "../../src/client/address-book.ts";
import type { Node } from "../../src/deployment/node.ts";
import { sortsFirst } from "../../src/protocol/uniswap-v3/price.ts";
import { sqrtPriceX96AtTick } from "../../src/protocol/uniswap-v3/ticks.ts";
import { Findings, type Finding } from "./finding.ts";
import { amount, percent } from "./words.ts";
import { WAD } from "../../src/protocol/units.ts";

const poolInterface = new Interface([
  "function liquidity() view returns (uint128)",
  "function slot0() view returns (uint160 sqrtPriceX96, int24 tick, uint16, uint16, uint16, uint8, bool)",
  "function tickSpacing() view returns (int24)",
  "function ticks(int24) view returns (uint128, int128 liquidityNet, uint256, uint256, int56, uint160, uint32, bool)",
]);

/**
 * A usual position: equity in whole collateral tokens, and leverage. The rest of the collateral is
 * bought in the pool.
 */
const EQUITY = 10n;
const LEVERAGE = 4n;
const BOUGHT = EQUITY * (LEVERAGE - 1n);

/** Maximum price impact of opening this position, WAD. */
const MOST_MOVED = WAD / 100n;
/** Maximum distance of the search in ticks: a price impact of ten times the maximum. */
const FURTHEST = 1_000;

const Q96 = 1n << 96n;

/** Checks the price impact of opening a usual position. */
export async function checkPool(node: Node, market: BookedMarket): Promise<readonly Finding[]> {
  const findings = new Findings("pool");
  const { symbol, pool, collateralToken, loanToken } = market;
  if (pool === undefined) {
    findings.passed(symbol, "the market has no pool of its own");
    return findings.list;
  }
  const wanted = BOUGHT * 10n ** BigInt(collateralToken.decimals);
  const opening = `opening ${EQUITY} ${collateralToken.symbol} at ${LEVERAGE}x, which buys ${amount(wanted, collateralToken)},`;
  const moved = await movedBy(node, pool.address, wanted, sortsFirst(collateralToken.address, loanToken.address));
  const advice = "Add liquidity around the current price, or open smaller positions.";
  if (moved === undefined) {
    findings.wrong(symbol, `${opening} moves its price by more than 10%, or is impossible`, advice);
  } else if (moved > MOST_MOVED) {
    findings.wrong(
      symbol,
      `${opening} moves its price by ${percent(moved, 2)}, more than ${percent(MOST_MOVED)}`,
      advice,
    );
  } else {
    findings.passed(symbol, `${opening} moves its price by ${percent(moved, 2)}`);
  }
  return findings.list;
}

/**
 * Relative price rise (WAD) of buying `wanted` collateral token units; undefined if it exceeds the
 * search distance. Steps from tick to tick, as the pool does.
 */
async function movedBy(node: Node, pool: string, wanted: bigint, isToken0: boolean): Promise<bigint | undefined> {
  const read = async (name: string, args: readonly unknown[] = []) => node.answer(pool, poolInterface, name, args);
  const [slot0, liquidityNow, spacingNow] = await Promise.all([read("slot0"), read("liquidity"), read("tickSpacing")]);
  const [start, tickNow] = slot0 ?? [];
  let liquidity = liquidityNow?.[0];
  if (typeof start !== "bigint" || start === 0n || typeof liquidity !== "bigint") return undefined;
  const spacing = Number(spacingNow?.[0]);
  let price = start;
  let left = wanted;
  // The price of token0 rises with the tick, the price of token1 falls.
  let tick = Math.floor(Number(tickNow) / spacing) * spacing + (isToken0 ? spacing : 0);
  for (; Math.abs(tick - Number(tickNow)) <= FURTHEST; tick += isToken0 ? spacing : -spacing) {
    const next = sqrtPriceX96AtTick(tick);
    const available = isToken0 ? (liquidity * Q96 * (next - price)) / next / price : (liquidity * (price - next)) / Q96;
    if (available >= left) {
      price = isToken0
        ? (liquidity * Q96 * price) / (liquidity * Q96 - left * price)
        : price - (left * Q96) / liquidity;
      const [low, high] = isToken0 ? [start, price] : [price, start];
      return (high * high * WAD) / (low * low) - WAD;
    }
    left -= available;
    price = next;
    const [, net] = (await read("ticks", [tick])) as readonly [bigint, bigint];
    liquidity += isToken0 ? net : -net;
  }
  return undefined;
}
