import type { ContractRunner } from "ethers";

import {
  FlashLiquidator__factory,
  LeverageMarket__factory,
  MarketLens__factory,
  UniswapV3Swapper__factory,
  type FlashLiquidator,
  type LeverageMarket,
  type MarketLens,
  type UniswapV3Swapper,
} from "../../types/index.ts";

/** Where a market and what surrounds it are. */
export interface ProtocolAddresses {
  readonly market: string;
  readonly lens: string;
  readonly swapper: string;
  readonly flashLiquidator: string;
}

export interface Protocol {
  readonly market: LeverageMarket;
  readonly lens: MarketLens;
  readonly swapper: UniswapV3Swapper;
  readonly flashLiquidator: FlashLiquidator;
}

/** Typed contracts at the addresses. */
export function connectProtocol(addresses: ProtocolAddresses, runner: ContractRunner): Protocol {
  return {
    market: LeverageMarket__factory.connect(addresses.market, runner),
    lens: MarketLens__factory.connect(addresses.lens, runner),
    swapper: UniswapV3Swapper__factory.connect(addresses.swapper, runner),
    flashLiquidator: FlashLiquidator__factory.connect(addresses.flashLiquidator, runner),
  };
}
