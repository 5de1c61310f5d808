import { Contract, MaxUint256, parseUnits } from "ethers";
import { network } from "hardhat";

import { AccessManager__factory } from "../../types/index.ts";
import { createPool, deployUniswapFactory } from "../../src/deployment/uniswap-v3.ts";
import { addLiquidity } from "../../src/client/uniswap-v3-pool.ts";
import { nestParameters } from "../../src/protocol/parameters.ts";
import { ETHER_5X } from "../../src/protocol/presets.ts";
import { priceFromSqrtPriceX96, sortsFirst, sqrtPriceX96FromPrice } from "../../src/protocol/uniswap-v3/price.ts";
import { encodeSwap } from "../../src/client/leverage.ts";
import { MAX_SQRT_PRICE_LIMIT, MIN_SQRT_PRICE_LIMIT, tickDown, tickUp } from "../../src/protocol/uniswap-v3/ticks.ts";
import { tickAtSqrtPriceX96 } from "../../src/protocol/uniswap-v3/ticks.ts";

/** The chain that the periphery's tests share. */
export const { ethers, networkHelpers } = await network.create();

/**
 * 2,000 loan tokens (6 decimals) per collateral token (18 decimals), as `IPriceOracle` scales it.
 */
export const PRICE = 2_000n * 10n ** 24n;

export const usd = (amount: string): bigint => parseUnits(amount, 6);
export const eth = (amount: string): bigint => parseUnits(amount, 18);

/** Price `percent` away from `PRICE`, for limits and shocks. */
export const priceAwayBy = (percent: number): bigint => (PRICE * BigInt(Math.round(10_000 + percent * 100))) / 10_000n;

/**
 * Names a token contract of contracts/mocks with the constructor of `HookToken`, or the plain
 * token.
 */
type CollateralKind = "MockERC20" | "HookToken" | "NoZeroTransferToken";

/**
 * A market with a pool at the oracle's price, a lender with two million, and a trader with a
 * hundred of each.
 * @param collateralIsToken0 which of the two orders in the pool the tokens are to have.
 */
export async function deployMarketWithPools(collateralIsToken0: boolean, kind: CollateralKind = "MockERC20") {
  const [admin, lender, trader, operator, stranger] = await ethers.getSigners();
  if (!admin || !lender || !trader || !operator || !stranger) throw new Error("The chain has too few accounts.");

  const loan = await ethers.deployContract("MockERC20", ["US dollar", "USD", 6]);
  const deployCollateral = async () => {
    const contract =
      kind === "MockERC20"
        ? await ethers.deployContract("MockERC20", ["Ether", "ETH", 18])
        : await ethers.deployContract(kind, [18]);
    return ethers.getContractAt("MockERC20", await contract.getAddress());
  };
  const loanAddress = await loan.getAddress();
  let collateral = await deployCollateral();
  while (sortsFirst(await collateral.getAddress(), loanAddress) !== collateralIsToken0) {
    collateral = await deployCollateral();
  }
  const collateralAddress = await collateral.getAddress();

  const oracle = await ethers.deployContract("MockOracle", [PRICE]);
  const authority = await new AccessManager__factory(admin).deploy(admin);
  const factory = await ethers.deployContract("MarketFactory", [authority]);
  const params = {
    loanToken: loanAddress,
    collateralToken: collateralAddress,
    oracle: await oracle.getAddress(),
    authority: await authority.getAddress(),
    name: "Lent dollar",
    symbol: "cUSD",
    ...nestParameters({
      ...ETHER_5X,
      maxLeverage: 100_000n,
      liquidationLeverage: 200_000n,
      systemLeverageCap: 100_000n,
      targetLeverage: 60_000n,
      safetyMargin: parseUnits("0.03", 18),
      bonusMin: parseUnits("0.01", 18),
      bonusMax: parseUnits("0.04", 18),
      bonusSlope: parseUnits("0.2", 18),
      debtCap: usd("10000000"),
      dailyAllowance: parseUnits("1", 18),
      collateralCap: eth("100000"),
      minDebt: usd("100"),
    }),
  };
  const salt = ethers.ZeroHash;
  await factory.createMarket(params, salt, PRICE);
  const market = await ethers.getContractAt("LeverageMarket", await factory.marketAddress(params, salt));

  const uniswap = await deployUniswapFactory(admin);
  const pools = await ethers.deployContract("PoolOperator");
  for (const token of [loan, collateral]) {
    for (const account of [lender, trader, operator]) {
      await token.connect(account).approve(market, MaxUint256);
    }
    await token.connect(admin).approve(pools, MaxUint256);
    await token.mint(admin, 10n ** 30n);
  }
  // The cheap pool takes some millions at little slippage, the other some hundred thousands.
  const sqrtPriceX96 = sqrtPriceX96FromPrice(PRICE, collateralIsToken0);
  const createFilled = async (fee: number, spacing: number, dollars: bigint) => {
    const pool = await createPool(admin, uniswap, {
      tokenA: loanAddress,
      tokenB: collateralAddress,
      fee,
      sqrtPriceX96,
    });
    const tick = tickAtSqrtPriceX96(sqrtPriceX96);
    const range = { lower: tickDown(tick - 5_000, spacing), upper: tickUp(tick + 5_000, spacing) };
    const [amount0, amount1] = collateralIsToken0
      ? [(dollars * 10n ** 36n) / PRICE, dollars]
      : [dollars, (dollars * 10n ** 36n) / PRICE];
    await addLiquidity(pools, pool, range, { amount0, amount1 });
    return pool;
  };
  const pool500 = await createFilled(500, 10, usd("5000000"));
  const pool3000 = await createFilled(3000, 60, usd("500000"));

  await loan.mint(lender, usd("2000000"));
  await market.connect(lender).deposit(usd("2000000"), lender);
  for (const account of [trader, operator]) {
    await loan.mint(account, usd("100"));
    await collateral.mint(account, eth("100"));
  }
  const swapper = await ethers.deployContract("UniswapV3Swapper", [uniswap]);

  /**
   * The pool's form of a price limit; without a price, the limit that never binds in that
   * direction.
   */
  const limit = (selling: "loan" | "collateral", worstPrice?: bigint): bigint => {
    if (worstPrice !== undefined) return sqrtPriceX96FromPrice(worstPrice, collateralIsToken0);
    const falls = (selling === "collateral") === collateralIsToken0;
    return falls ? MIN_SQRT_PRICE_LIMIT : MAX_SQRT_PRICE_LIMIT;
  };

  return {
    accounts: { admin, lender, trader, operator, stranger },
    loan,
    collateral,
    oracle,
    params,
    factory,
    market,
    uniswap,
    pools,
    pool500,
    pool3000,
    swapper,
    limit,
    /** The price in a pool as `IPriceOracle` scales it. */
    toPrice: (sqrt: bigint) => priceFromSqrtPriceX96(sqrt, collateralIsToken0),
    buy: (worstPrice?: bigint, fee = 500, exactOutput = false, deadline = MaxUint256) =>
      encodeSwap({ fee, exactOutput, sqrtPriceLimitX96: limit("loan", worstPrice), deadline }),
    sell: (worstPrice?: bigint, fee = 500, exactOutput = false, deadline = MaxUint256) =>
      encodeSwap({ fee, exactOutput, sqrtPriceLimitX96: limit("collateral", worstPrice), deadline }),
  };
}

export type MarketWithPools = Awaited<ReturnType<typeof deployMarketWithPools>>;

/** One fixture for each order of the tokens in their pools. */
export const collateralFirst = () => deployMarketWithPools(true);
export const loanFirst = () => deployMarketWithPools(false);

/** The same with a collateral token that refuses to transfer nothing. */
export const collateralFirstNoZero = () => deployMarketWithPools(true, "NoZeroTransferToken");
export const loanFirstNoZero = () => deployMarketWithPools(false, "NoZeroTransferToken");

const CREATE_POOL = ["function createPool(address tokenA, address tokenB, uint24 fee) returns (address)"];

/**
 * Creates the pool of a market's tokens with the dearest fee, without any liquidity.
 * @param initialized whether it has a price: the market's.
 * @returns the fee.
 */
export async function createEmptyPool(env: MarketWithPools, initialized = true): Promise<number> {
  const { admin } = env.accounts;
  const [tokenA, tokenB, fee] = [await env.loan.getAddress(), await env.collateral.getAddress(), 10_000];
  if (initialized) {
    const sqrtPriceX96 = sqrtPriceX96FromPrice(PRICE, sortsFirst(tokenB, tokenA));
    await createPool(admin, env.uniswap, { tokenA, tokenB, fee, sqrtPriceX96 });
  } else {
    await new Contract(env.uniswap, CREATE_POOL, admin).getFunction("createPool").send(tokenA, tokenB, fee);
  }
  return fee;
}
