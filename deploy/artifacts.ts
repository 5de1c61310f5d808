import type { Artifacts } from "../src/deployment/cantilever.ts";
import {
  AccessManager__factory,
  ChainlinkOracle__factory,
  FaucetToken__factory,
  FlashLiquidator__factory,
  LeverageMarket__factory,
  MarketAuthority__factory,
  MarketFactory__factory,
  MarketLens__factory,
  OracleGuard__factory,
  SettableFeed__factory,
  TestLiquidity__factory,
  UniswapV3Swapper__factory,
  UniswapV3TwapOracle__factory,
} from "../types/index.ts";

/** The contracts as compiled by Hardhat. */
export const ARTIFACTS: Artifacts = {
  AccessManager: AccessManager__factory,
  ChainlinkOracle: ChainlinkOracle__factory,
  FaucetToken: FaucetToken__factory,
  FlashLiquidator: FlashLiquidator__factory,
  LeverageMarket: LeverageMarket__factory,
  MarketAuthority: MarketAuthority__factory,
  MarketFactory: MarketFactory__factory,
  MarketLens: MarketLens__factory,
  OracleGuard: OracleGuard__factory,
  SettableFeed: SettableFeed__factory,
  TestLiquidity: TestLiquidity__factory,
  UniswapV3Swapper: UniswapV3Swapper__factory,
  UniswapV3TwapOracle: UniswapV3TwapOracle__factory,
};
