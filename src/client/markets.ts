import type { Provider } from "ethers";
import { Interface } from "ethers/abi";

import { abi as faucetAbi } from "../../abis/FaucetToken.ts";
import { abi as guardAbi } from "../../abis/OracleGuard.ts";
import { abi as marketAbi } from "../../abis/LeverageMarket.ts";
import { readCreatedMarkets, type PlacedCreation } from "../events/read.ts";
import { toAddress, type Address } from "../protocol/address.ts";
import { FEE_TIERS } from "../protocol/uniswap-v3/ticks.ts";
import type { AddressBook, BookedMarket, BookedToken } from "./address-book.ts";
import { AmbiguousMarketError, MarketNotFoundError, WrongChainError } from "./errors.ts";
import { inRanges } from "./log-ranges.ts";
import { ReadBatch, type Asked, type Answers, type StateSource } from "./state-reader.ts";
import { poolAddress } from "./uniswap-v3-pool.ts";

/** A market, and the contracts that it is used through. */
export interface Market {
  readonly chainId: bigint;
  readonly address: Address;
  /** In which it was created. */
  readonly block: number;
  /** Name and symbol of the lenders' shares. */
  readonly name: string;
  readonly symbol: string;
  readonly loanToken: BookedToken;
  readonly collateralToken: BookedToken;
  /** Where its prices come from: the guard, where there is one. */
  readonly oracle: Address;
  /** The `OracleGuard`; undefined for a market on a bare oracle. */
  readonly guard: Address | undefined;
  /** The feeds behind its oracle, where that is known. */
  readonly feeds: BookedMarket["feeds"];
  /**
   * The pool that leverage is bought through, its fee in hundredths of a basis point; undefined if
   * there is none.
   */
  readonly pool: { readonly address: Address; readonly fee: number } | undefined;
  readonly factory: Address;
  /** Undefined if that of the chain is not known: then nothing can be swapped. */
  readonly swapper: Address | undefined;
  /** Undefined if that of the chain is not known. It liquidates for its owner alone. */
  readonly flashLiquidator: Address | undefined;
}

/** The markets of all deployments in an address book. */
export function marketsOf(book: AddressBook): readonly Market[] {
  return book.deployments.flatMap(({ contracts, markets }) =>
    markets.map((market) => ({
      chainId: book.chainId,
      address: market.address,
      block: market.block,
      name: market.name,
      symbol: market.symbol,
      loanToken: market.loanToken,
      collateralToken: market.collateralToken,
      oracle: market.oracle,
      guard: market.guard?.address,
      feeds: market.feeds,
      pool: market.pool,
      factory: contracts.factory.address,
      swapper: contracts.swapper.address,
      flashLiquidator: contracts.flashLiquidator.address,
    })),
  );
}

/**
 * The market of that symbol, name or address. Symbols and names are taken in any case.
 * @throws MarketNotFoundError or AmbiguousMarketError unless there is one such market.
 */
export function findMarket(markets: readonly Market[], asked: string): Market {
  const wanted = asked.trim().toLowerCase();
  const found = markets.filter(({ address, symbol, name }) =>
    [address, symbol.toLowerCase(), name.toLowerCase()].includes(wanted),
  );
  const [market] = found;
  if (market === undefined) throw new MarketNotFoundError(asked, [...new Set(markets.map(({ symbol }) => symbol))]);
  if (found.length > 1)
    throw new AmbiguousMarketError(
      asked,
      found.map(({ address }) => address),
    );
  return market;
}

/** @throws WrongChainError if the provider's node is on another chain than the addresses. */
export async function checkChain(provider: Pick<Provider, "getNetwork">, chainId: bigint): Promise<void> {
  const { chainId: actual } = await provider.getNetwork();
  if (actual !== chainId) throw new WrongChainError(chainId, actual);
}

/** A factory, and what its markets are used through. */
export interface FactoryAddresses {
  readonly factory: Address;
  /** The block in which it was created, or an earlier one. */
  readonly block: number;
  readonly swapper?: Address;
  readonly flashLiquidator?: Address;
  /** The Uniswap v3 factory in whose pools leverage is bought. */
  readonly uniswapFactory?: Address;
}

/**
 * Fees of pools, hundredths of a basis point: a tier that most factories have been given, and those
 * that all have.
 */
const FEES: readonly number[] = [100, ...FEE_TIERS.map(([fee]) => fee)];

/** Markets that one `eth_call` reads: its answer may be no longer than the code of a contract. */
const MARKETS_AT_ONCE = 8;

const MARKET = new Interface(marketAbi);
const GUARD = new Interface(guardAbi);
const TOKEN = new Interface(faucetAbi);
const POOL = new Interface(["function liquidity() view returns (uint128)"]);

/**
 * The markets that a factory has created, from its events, the oldest first. Of the pools of a
 * market's tokens, that with the most liquidity in use is taken.
 * @throws ReadingError if a market or a token does not answer.
 */
export async function readMarkets(
  provider: StateSource & Pick<Provider, "getBlock" | "getLogs" | "getBlockNumber">,
  addresses: FactoryAddresses,
): Promise<readonly Market[]> {
  const { factory, block } = addresses;
  const latest = await provider.getBlockNumber();
  const created = await readCreatedMarkets(inRanges(provider), factory, block, latest);
  if (created.length === 0) return [];
  const markets: Market[] = [];
  for (let start = 0; start < created.length; start += MARKETS_AT_ONCE) {
    const batch = new ReadBatch();
    const some = created.slice(start, start + MARKETS_AT_ONCE);
    const asked = some.map((market) => askAbout(batch, market, addresses.uniswapFactory));
    const answers = await batch.read(provider, { block: latest });
    markets.push(...asked.map((questions) => marketFrom(answers, questions, addresses)));
  }
  return markets;
}

interface AskedToken {
  readonly address: Address;
  readonly symbol: Asked;
  readonly decimals: Asked;
  readonly dailyCap: Asked;
}

interface AskedMarket {
  readonly placed: PlacedCreation;
  readonly name: Asked;
  readonly symbol: Asked;
  readonly loanToken: AskedToken;
  readonly collateralToken: AskedToken;
  /** A guard alone answers. */
  readonly gracePeriod: Asked;
  readonly pools: readonly { readonly address: Address; readonly fee: number; readonly liquidity: Asked }[];
}

function askAbout(batch: ReadBatch, placed: PlacedCreation, uniswapFactory: Address | undefined): AskedMarket {
  const { address, loanToken, collateralToken, oracle } = placed.created;
  const pools = uniswapFactory === undefined ? [] : FEES;
  return {
    placed,
    name: batch.add(address, MARKET, "name"),
    symbol: batch.add(address, MARKET, "symbol"),
    loanToken: askAboutToken(batch, loanToken),
    collateralToken: askAboutToken(batch, collateralToken),
    gracePeriod: batch.add(oracle, GUARD, "gracePeriod"),
    pools: pools.map((fee) => {
      const pool = toAddress(poolAddress(uniswapFactory ?? "", loanToken, collateralToken, fee));
      return { address: pool, fee, liquidity: batch.add(pool, POOL, "liquidity") };
    }),
  };
}

function askAboutToken(batch: ReadBatch, address: Address): AskedToken {
  return {
    address,
    symbol: batch.add(address, TOKEN, "symbol"),
    decimals: batch.add(address, TOKEN, "decimals"),
    // A faucet's token alone answers.
    dailyCap: batch.add(address, TOKEN, "dailyCap"),
  };
}

function marketFrom(answers: Answers, asked: AskedMarket, addresses: FactoryAddresses): Market {
  const { created, place } = asked.placed;
  const pools = asked.pools
    .map(({ address, fee, liquidity }) => ({
      address,
      fee,
      liquidity: (answers.maybe(liquidity)?.[0] ?? 0n) as bigint,
    }))
    .filter(({ liquidity }) => liquidity > 0n);
  const [deepest] = pools.sort((one, other) => (one.liquidity < other.liquidity ? 1 : -1));
  return {
    chainId: answers.chainId,
    address: created.address,
    block: place.blockNumber,
    name: answers.text(asked.name),
    symbol: answers.text(asked.symbol),
    loanToken: tokenFrom(answers, asked.loanToken),
    collateralToken: tokenFrom(answers, asked.collateralToken),
    oracle: created.oracle,
    guard: answers.maybe(asked.gracePeriod) === undefined ? undefined : created.oracle,
    feeds: undefined,
    pool: deepest && { address: deepest.address, fee: deepest.fee },
    factory: addresses.factory,
    swapper: addresses.swapper,
    flashLiquidator: addresses.flashLiquidator,
  };
}

function tokenFrom(answers: Answers, { address, symbol, decimals, dailyCap }: AskedToken): BookedToken {
  const faucet = answers.maybe(dailyCap) !== undefined;
  return { address, symbol: answers.text(symbol), decimals: Number(answers.number(decimals)), faucet };
}
