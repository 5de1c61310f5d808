import type { Signer } from "ethers";

import type { FaucetToken, OracleGuard, SettableFeed } from "../../../types/index.ts";
import {
  connectProtocol,
  faucetTokenAt,
  oracleGuardAt,
  settableFeedAt,
  type Protocol,
  type ProtocolAddresses,
} from "../../client/contracts.ts";
import type { Address } from "../../protocol/address.ts";
import { sqrtPriceX96FromPrice } from "../../protocol/uniswap-v3/price.ts";
import type { Chain } from "./chain.ts";

/** What a simulation asks of whoever deploys its contracts. */
export interface DeploymentRequest {
  /** First answer of the collateral's feed, dollars per token; the dollar's feed says one. */
  readonly startPrice: number;
  /** Dollars' worth of collateral that the market takes, at the first price. */
  readonly collateralCapUsd: number;
  /**
   * Dollars' worth of each test token that an address can be given in a day, at the first price.
   */
  readonly faucetUsd: number;
  readonly pool: {
    /** Fee tier, hundredths of a basis point. */
    readonly fee: number;
    /**
     * Dollars' worth of each token in it at the first price, spread over the whole range of prices.
     */
    readonly usd: number;
  };
  /** Addresses of those who act for the protocol. */
  readonly roles: {
    readonly admin: string;
    readonly guardian: string;
    readonly riskManager: string;
    readonly keeper: string;
  };
}

/** Where everything is. */
export interface DeployedAddresses extends ProtocolAddresses {
  /** The market's oracle. */
  readonly guard: Address;
  /** The guard's first source, over the feeds. */
  readonly primary: Address;
  readonly pool: Address;
  readonly loanToken: Address;
  readonly collateralToken: Address;
  /** Dollars per collateral token. */
  readonly baseFeed: Address;
  /** Dollars per loan token. */
  readonly quoteFeed: Address;
}

/**
 * Deploys a market on a guard over a pool and over feeds that the deployer sets, with tokens that
 * anyone may mint, and nothing lent yet.
 */
export type Deploy = (chain: Chain, request: DeploymentRequest) => Promise<DeployedAddresses>;

/** Decimals of tokens and feeds, as the contracts state them. */
export interface Decimals {
  readonly loan: number;
  readonly collateral: number;
  /** Of the collateral's feed. */
  readonly base: number;
  /** Of the dollar's feed. */
  readonly quote: number;
}

/** Everything that has been deployed, as the deployer sees it. */
export interface Deployment extends Protocol {
  readonly addresses: DeployedAddresses;
  readonly loanToken: FaucetToken;
  readonly collateralToken: FaucetToken;
  readonly baseFeed: SettableFeed;
  readonly quoteFeed: SettableFeed;
  readonly guard: OracleGuard;
  readonly decimals: Decimals;
}

/** Typed contracts at the addresses, and what they say of their decimals. */
export async function connectDeployment(addresses: DeployedAddresses, deployer: Signer): Promise<Deployment> {
  const loanToken = faucetTokenAt(addresses.loanToken, deployer);
  const collateralToken = faucetTokenAt(addresses.collateralToken, deployer);
  const baseFeed = settableFeedAt(addresses.baseFeed, deployer);
  const quoteFeed = settableFeedAt(addresses.quoteFeed, deployer);
  const [loan, collateral, base, quote] = await Promise.all(
    [loanToken, collateralToken, baseFeed, quoteFeed].map(async (contract) => Number(await contract.decimals())),
  );
  if (loan === undefined || collateral === undefined || base === undefined || quote === undefined) {
    throw new Error("A token or feed has no decimals.");
  }
  return {
    addresses,
    ...connectProtocol(addresses, deployer),
    loanToken,
    collateralToken,
    baseFeed,
    quoteFeed,
    guard: oracleGuardAt(addresses.guard, deployer),
    decimals: { loan, collateral, base, quote },
  };
}

/**
 * A feed's answer for a price, rounded to the nearest.
 * @param price dollars per collateral token.
 */
export function feedAnswer(price: number, { base }: Pick<Decimals, "base">): bigint {
  return BigInt(Math.round(price * 10 ** base));
}

/**
 * What the oracle makes of a price that its feed answers, with the dollar's feed at exactly one:
 * loan token units per collateral token unit, times 1e36.
 * @param price dollars per collateral token, rounded to what the feed can say.
 */
export function oraclePrice(price: number, decimals: Pick<Decimals, "base" | "loan" | "collateral">): bigint {
  const { base, loan, collateral } = decimals;
  return feedAnswer(price, decimals) * 10n ** BigInt(36 + loan - collateral - base);
}

/** A price as the pool counts it, rounded down. */
export function sqrtPriceX96Of(price: number, decimals: Decimals, collateralIsToken0: boolean): bigint {
  return sqrtPriceX96FromPrice(oraclePrice(price, decimals), collateralIsToken0);
}
