/**
 * Public API of `cantilever/protocol`: the mathematics of a market and its model on plain data,
 * without a package. Within the repository, import from the file that defines a name.
 */
export { CantileverError, type Failure } from "../errors.ts";

export { toAddress, ZERO_ADDRESS, type Address } from "./address.ts";
export { ALL, DAY, MAX_PRICE, ONE_X, PRICE_SCALE, WAD, YEAR } from "./units.ts";
export { mulDivDown, mulDivUp } from "./rounding.ts";

export {
  CONFIG_NAMES,
  flattenParameters,
  LIMIT_NAMES,
  nestParameters,
  type ConfigName,
  type GuardParameters,
  type LimitName,
  type MarketParameters,
  type NestedParameters,
} from "./parameters.ts";
export { ETHER_5X, ETHER_GUARD } from "./presets.ts";
export { violationOf, type Violation } from "./market-rules.ts";
export { ADMIN_ROLE, GUARDIAN_ROLE, MARKET_CREATOR_ROLE, PUBLIC_ROLE, RISK_MANAGER_ROLE } from "./roles.ts";

export {
  distanceToLiquidation,
  dropToLiquidation,
  equityAfterMove,
  healthFactor,
  leverageOf,
  liquidationPriceOf,
  loopLeverage,
  ltvOfLeverage,
  maxLoopLeverage,
  toxicLtv,
} from "./closed-forms.ts";
export {
  collateralDown,
  debtDown,
  debtUp,
  isWithin,
  sharesDown,
  sharesUp,
  valueDown,
  valueUp,
} from "./leverage-math.ts";
export { positionFigures, type Holdings, type PositionFigures, type Yardstick } from "./position-figures.ts";
export { bonus, repaymentToTarget, withoutDust, type BonusTerms } from "./liquidation-math.ts";
export { assetsForDown, assetsForUp, sharesForDown, sharesForUp, type ShareTotals } from "./shares-math.ts";
export { adapt, borrowRate, relax, utilizationError, type AdaptedRate } from "./adaptive-curve.ts";

export {
  bufferShares,
  newMarket,
  positionOf,
  sharesOf,
  type Books,
  type DebtCeiling,
  type Interest,
  type Lenders,
  type MarketState,
  type Position,
  type Ramp,
} from "./market/state.ts";
export { adjust, type Adjusted } from "./market/adjust.ts";
export { deposit, mint, redeem, transferShares, withdraw, type Lent } from "./market/lend.ts";
export { liquidate, type BookedLoss, type LiquidatedBatch, type LiquidatedPosition } from "./market/liquidate.ts";
export { accrue, borrowRateAt, debtOfAt, indexAt, totalDebtAt } from "./market/interest.ts";
export { liquidationLeverageAt, liquidationPrice, openPrice, type OraclePrices } from "./market/limits.ts";
export { debtAllowanceAt } from "./market/debt-ceilings.ts";
export { convertToAssets, convertToShares, totalAssets, totalsAt } from "./market/vault.ts";

export {
  amountsForLiquidity,
  liquidityForAmounts,
  type PriceRange,
  type TokenAmounts,
} from "./uniswap-v3/liquidity.ts";
export {
  simulateSwap,
  type PoolLiquidity,
  type PoolTick,
  type SimulatedSwap,
  type SwapOrder,
} from "./uniswap-v3/swap.ts";
export { priceFromSqrtPriceX96, sortsFirst, sqrtPriceX96FromPrice } from "./uniswap-v3/price.ts";
export {
  MAX_SQRT_PRICE_LIMIT,
  MIN_SQRT_PRICE_LIMIT,
  sqrtPriceX96AtTick,
  tickAtSqrtPriceX96,
} from "./uniswap-v3/ticks.ts";

export { adviceFor, CONTRACT_ERROR_ADVICE, type ContractErrorAdvice } from "./contract-errors.ts";
export { InvalidAddressError, OutOfRangeError, RefusedError, type RefusalReason } from "./errors.ts";
