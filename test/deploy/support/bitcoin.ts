import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { MaxUint256, type Signer } from "ethers";

import type { BookedDeployment } from "../../../src/client/address-book.ts";
import { addLiquidity } from "../../../src/client/uniswap-v3-pool.ts";
import type { Rpc } from "../../../src/deployment/node.ts";
import { createPool } from "../../../src/deployment/uniswap-v3.ts";
import { toAddress, type Address } from "../../../src/protocol/address.ts";
import { sortsFirst, sqrtPriceX96FromPrice } from "../../../src/protocol/uniswap-v3/price.ts";
import { fullRange } from "../../../src/protocol/uniswap-v3/ticks.ts";
import { PRICE_SCALE } from "../../../src/protocol/units.ts";
import { FaucetToken__factory, PoolOperator__factory, SettableFeed__factory } from "../../../types/index.ts";

/** The example file of a market's parameters. */
export const EXAMPLE = join(import.meta.dirname, "../../../deploy/markets/example.yaml");

/** 60,000 USDC per WBTC (6 and 8 decimals), scaled as in `IPriceOracle`. */
const PRICE = (60_000n * 10n ** 6n * PRICE_SCALE) / 10n ** 8n;
/** WBTC units in the pool: enough that a trade of 30 WBTC moves its price by less than 1%. */
const STOCK = 12_000n * 10n ** 8n;

/** The contracts of the example's market. */
export interface Bitcoin {
  readonly token: Address;
  readonly feed: Address;
  /** The example with their addresses. */
  readonly example: string;
}

/**
 * Deploys a token, its feed, and a pool that has been at the feeds' price for the guard's window.
 */
export async function bringBitcoin(rpc: Rpc, signer: Signer, deployment: BookedDeployment): Promise<Bitcoin> {
  const [first] = deployment.markets;
  const usdc = first?.loanToken.address ?? "";
  const tokenArguments = ["Test Wrapped Bitcoin", "WBTC", 8, 10n ** 8n, signer, STOCK] as const;
  const wbtc = await new FaucetToken__factory(signer).deploy(...tokenArguments);
  const feed = await new SettableFeed__factory(signer).deploy(8, "BTC / USD", signer);
  const operator = await new PoolOperator__factory(signer).deploy();
  for (const contract of [wbtc, feed, operator]) await contract.waitForDeployment();
  await (await feed.setAnswer(60_000n * 10n ** 8n)).wait();

  const loan = FaucetToken__factory.connect(usdc, signer);
  const worth = (STOCK * PRICE) / PRICE_SCALE;
  await (await loan.mint(signer, worth)).wait();
  for (const one of [wbtc, loan]) await (await one.approve(operator, MaxUint256)).wait();
  const token = toAddress(await wbtc.getAddress());
  const isToken0 = sortsFirst(token, usdc);
  const pool = await createPool(signer, deployment.contracts.uniswapFactory.address, {
    tokenA: token,
    tokenB: usdc,
    fee: 500,
    sqrtPriceX96: sqrtPriceX96FromPrice(PRICE, isToken0),
  });
  const [amount0, amount1] = isToken0 ? [STOCK, worth] : [worth, STOCK];
  await addLiquidity(operator, pool, fullRange(10), { amount0, amount1 });
  await rpc.send("evm_increaseTime", [90]);
  await rpc.send("evm_mine", []);

  const feedAddress = toAddress(await feed.getAddress());
  const example = (await readFile(EXAMPLE, "utf8"))
    .replace("put the loan token's address here", `"${usdc}"`)
    .replace("put the collateral token's address here", `"${token}"`)
    .replace("put the address of BTC / USD here", `"${feedAddress}"`)
    .replace("put the address of USDC / USD here", `"${first?.feeds?.quote.address ?? ""}"`);
  return { token, feed: feedAddress, example };
}
