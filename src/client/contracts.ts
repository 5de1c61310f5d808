import { Contract, type ContractRunner } from "ethers";

import { abi as faucetTokenAbi } from "../../abis/FaucetToken.ts";
import { abi as flashLiquidatorAbi } from "../../abis/FlashLiquidator.ts";
import { abi as leverageMarketAbi } from "../../abis/LeverageMarket.ts";
import { abi as marketLensAbi } from "../../abis/MarketLens.ts";
import { abi as oracleGuardAbi } from "../../abis/OracleGuard.ts";
import { abi as priceOracleAbi } from "../../abis/IPriceOracle.ts";
import { abi as settableFeedAbi } from "../../abis/SettableFeed.ts";
import { abi as swapperAbi } from "../../abis/UniswapV3Swapper.ts";
import type {
  FaucetToken,
  FlashLiquidator,
  IPriceOracle,
  LeverageMarket,
  MarketLens,
  OracleGuard,
  SettableFeed,
  UniswapV3Swapper,
} from "../../types/index.ts";
import type { Address } from "../protocol/address.ts";

/**
 * Makes typed contracts at an address. The types are TypeChain's; the ABIs come without the
 * bytecode that TypeChain's own factories carry, so that a browser loads what it calls and no more.
 */
type Connect<Typed> = (address: string, runner: ContractRunner) => Typed;

function connector(abi: readonly object[]): (address: string, runner: ContractRunner) => unknown {
  return (address, runner) => new Contract(address, abi, runner);
}

export const marketAt = connector(leverageMarketAbi) as Connect<LeverageMarket>;
export const lensAt = connector(marketLensAbi) as Connect<MarketLens>;
export const swapperAt = connector(swapperAbi) as Connect<UniswapV3Swapper>;
export const flashLiquidatorAt = connector(flashLiquidatorAbi) as Connect<FlashLiquidator>;
export const oracleGuardAt = connector(oracleGuardAbi) as Connect<OracleGuard>;
export const priceOracleAt = connector(priceOracleAbi) as Connect<IPriceOracle>;
export const faucetTokenAt = connector(faucetTokenAbi) as Connect<FaucetToken>;
export const settableFeedAt = connector(settableFeedAbi) as Connect<SettableFeed>;

/** Where a market is and what surrounds it. */
export interface ProtocolAddresses {
  readonly factory: Address;
  readonly market: Address;
  readonly lens: Address;
  readonly swapper: Address;
  readonly flashLiquidator: Address;
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
    market: marketAt(addresses.market, runner),
    lens: lensAt(addresses.lens, runner),
    swapper: swapperAt(addresses.swapper, runner),
    flashLiquidator: flashLiquidatorAt(addresses.flashLiquidator, runner),
  };
}
