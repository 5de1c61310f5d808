import { MaxUint256, ZeroHash, type Signer } from "ethers";

import {
  AccessManager__factory,
  MarketFactory__factory,
  MarketLens__factory,
  MockERC20__factory,
  MockOracle__factory,
  OracleGuard__factory,
  PoolOperator__factory,
  UniswapV3Swapper__factory,
} from "../../types/index.ts";
import type { BookedToken } from "../../src/client/address-book.ts";
import { marketAt } from "../../src/client/contracts.ts";
import type { Market } from "../../src/client/markets.ts";
import { addLiquidity } from "../../src/client/uniswap-v3-pool.ts";
import { createPool, deployUniswapFactory } from "../../src/deployment/uniswap-v3.ts";
import { toAddress } from "../../src/protocol/address.ts";
import { nestParameters, type MarketParameters } from "../../src/protocol/parameters.ts";
import { ETHER_5X, ETHER_GUARD } from "../../src/protocol/presets.ts";
import { WAD } from "../../src/protocol/units.ts";
import { sortsFirst, sqrtPriceX96FromPrice } from "../../src/protocol/uniswap-v3/price.ts";
import { tickAtSqrtPriceX96, tickDown, tickUp } from "../../src/protocol/uniswap-v3/ticks.ts";

/** What differs between the markets that the client is tested with. */
export interface TradedKind {
  readonly loanDecimals: number;
  readonly collateralDecimals: number;
  /** Which of the two orders in the pool the tokens are to have. */
  readonly collateralIsToken0: boolean;
  /** Hundredths of a basis point. */
  readonly fee: number;
  /**
   * Whether an `OracleGuard` stands between the market and its oracle, with a second source that
   * says the same.
   */
  readonly guarded?: boolean;
}

/** Ticks between two that may be initialized, by the fee. */
const SPACINGS: Readonly<Record<number, number>> = { 500: 10, 3_000: 60, 10_000: 200 };
/** Whole loan tokens per whole collateral token. */
const WHOLE_PRICE = 2_000n;

/**
 * A market on an oracle that says what it is told, and a pool at its price whose liquidity is
 * uneven: seven ranges that overlap, near and far. A lender has lent two million loan tokens, a
 * trader has a hundred thousand of each token.
 * @param signers administrator, lender, trader, another.
 */
export async function deployTradedMarket(signers: readonly Signer[], kind: TradedKind) {
  const [admin, lender, trader, other] = signers;
  if (!admin || !lender || !trader || !other) throw new Error("The chain has too few accounts.");
  const unit = { loan: 10n ** BigInt(kind.loanDecimals), collateral: 10n ** BigInt(kind.collateralDecimals) };
  const price = (WHOLE_PRICE * 10n ** 36n * unit.loan) / unit.collateral;

  const loan = await deployed(new MockERC20__factory(admin).deploy("Dollar", "USD", kind.loanDecimals));
  const loanAddress = await loan.getAddress();
  const deployCollateral = () =>
    deployed(new MockERC20__factory(admin).deploy("Ether", "ETH", kind.collateralDecimals));
  let collateral = await deployCollateral();
  while (sortsFirst(await collateral.getAddress(), loanAddress) !== kind.collateralIsToken0) {
    collateral = await deployCollateral();
  }
  const collateralAddress = await collateral.getAddress();
  const oracle = await deployed(new MockOracle__factory(admin).deploy(price));
  const authority = await deployed(new AccessManager__factory(admin).deploy(admin));
  const secondary = await deployed(new MockOracle__factory(admin).deploy(price));
  const guard = await deployed(
    new OracleGuard__factory(admin).deploy({ primary: oracle, secondary, authority, ...ETHER_GUARD }),
  );
  const factory = await deployed(new MarketFactory__factory(admin).deploy(authority));
  const params: MarketParameters = {
    ...ETHER_5X,
    debtCap: 10_000_000n * unit.loan,
    dailyAllowance: (3n * WAD) / 10n,
    collateralCap: 100_000n * unit.collateral,
    supplyCap: 100_000_000n * unit.loan,
    minDebt: 100n * unit.loan,
  };
  const created = {
    loanToken: loanAddress,
    collateralToken: collateralAddress,
    oracle: await (kind.guarded === true ? guard : oracle).getAddress(),
    authority: await authority.getAddress(),
    name: "Lent dollar",
    symbol: "cUSD",
    ...nestParameters(params),
  };
  const receipt = await (await factory.createMarket(created, ZeroHash, price)).wait();
  const address = toAddress(await factory.marketAt(0n));
  const contract = marketAt(address, admin);

  const uniswap = await deployUniswapFactory(admin);
  const operator = await deployed(new PoolOperator__factory(admin).deploy());
  for (const token of [loan, collateral]) {
    await (await token.mint(admin, 10n ** 36n)).wait();
    await (await token.approve(operator, MaxUint256)).wait();
  }
  const sqrtPriceX96 = sqrtPriceX96FromPrice(price, kind.collateralIsToken0);
  const pool = await createPool(admin, uniswap, {
    tokenA: loanAddress,
    tokenB: collateralAddress,
    fee: kind.fee,
    sqrtPriceX96,
  });
  const spacing = SPACINGS[kind.fee] ?? 1;
  const tick = tickAtSqrtPriceX96(sqrtPriceX96);
  for (const [below, above, thousands] of [
    [400, 400, 100n],
    [900, 500, 300n],
    [1_500, 2_500, 500n],
    [5_000, 5_000, 1_000n],
    [9_000, 9_000, 500n],
    [-300, 1_100, 50n],
    [1_700, -600, 50n],
  ] as const) {
    const range = { lower: tickDown(tick - below, spacing), upper: tickUp(tick + above, spacing) };
    const dollars = thousands * 1_000n * unit.loan;
    const coins = (dollars * 10n ** 36n) / price;
    const [amount0, amount1] = kind.collateralIsToken0 ? [coins, dollars] : [dollars, coins];
    await addLiquidity(operator, pool, range, { amount0, amount1 });
  }
  const swapper = await deployed(new UniswapV3Swapper__factory(admin).deploy(uniswap));
  const lens = await deployed(new MarketLens__factory(admin).deploy());

  await (await loan.mint(lender, 2_000_000n * unit.loan)).wait();
  await (await loan.connect(lender).approve(address, MaxUint256)).wait();
  await (await contract.connect(lender).deposit(2_000_000n * unit.loan, lender)).wait();
  for (const account of [trader, other]) {
    await (await loan.mint(account, 100_000n * unit.loan)).wait();
    await (await collateral.mint(account, 100_000n * unit.collateral)).wait();
  }

  const { provider } = admin;
  if (!provider) throw new Error("The signer has no provider.");
  const { chainId } = await provider.getNetwork();
  const tokenOf = (token: string, symbol: string, decimals: number): BookedToken => ({
    address: toAddress(token),
    symbol,
    decimals,
    faucet: false,
  });
  const market: Market = {
    chainId,
    address,
    block: receipt?.blockNumber ?? 0,
    name: "Lent dollar",
    symbol: "cUSD",
    loanToken: tokenOf(loanAddress, "USD", kind.loanDecimals),
    collateralToken: tokenOf(collateralAddress, "ETH", kind.collateralDecimals),
    oracle: toAddress(created.oracle),
    guard: kind.guarded === true ? toAddress(created.oracle) : undefined,
    feeds: undefined,
    pool: { address: toAddress(pool), fee: kind.fee },
    factory: toAddress(await factory.getAddress()),
    swapper: toAddress(await swapper.getAddress()),
    flashLiquidator: undefined,
  };
  return {
    kind,
    unit,
    price,
    provider,
    market,
    contract,
    loan,
    collateral,
    oracle,
    secondary,
    guard,
    factory,
    authority,
    operator,
    uniswap: toAddress(uniswap),
    lens,
    signers: { admin, lender, trader, other },
    /** Address of the trader, whom most tests are about. */
    account: toAddress(await trader.getAddress()),
  };
}

export type TradedMarket = Awaited<ReturnType<typeof deployTradedMarket>>;

async function deployed<T extends { waitForDeployment(): Promise<unknown> }>(contract: Promise<T>): Promise<T> {
  const made = await contract;
  await made.waitForDeployment();
  return made;
}

/** Tokens of 6, 8 and 18 decimals on either side, in both orders of the pool. */
export const TRADED_KINDS: readonly TradedKind[] = [
  { loanDecimals: 6, collateralDecimals: 18, collateralIsToken0: true, fee: 500 },
  { loanDecimals: 6, collateralDecimals: 18, collateralIsToken0: false, fee: 3_000 },
  { loanDecimals: 18, collateralDecimals: 8, collateralIsToken0: true, fee: 3_000 },
  { loanDecimals: 8, collateralDecimals: 6, collateralIsToken0: false, fee: 500 },
  { loanDecimals: 18, collateralDecimals: 18, collateralIsToken0: false, fee: 10_000 },
];

/** A kind in words. */
export function nameOf({ loanDecimals, collateralDecimals, collateralIsToken0 }: TradedKind): string {
  const first = collateralIsToken0 ? "collateral" : "loan token";
  return `loan of ${loanDecimals} decimals, collateral of ${collateralDecimals}, ${first} first`;
}
