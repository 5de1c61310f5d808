import { Interface } from "ethers/abi";

import { abi as tokenAbi } from "../../abis/FaucetToken.ts";
import type { Address } from "../protocol/address.ts";
import { positionFigures, type PositionFigures } from "../protocol/position-figures.ts";
import { assetsForDown } from "../protocol/shares-math.ts";
import type { PoolLiquidity } from "../protocol/uniswap-v3/swap.ts";
import { askAboutMarket, MARKET, marketFrom, type MarketReading } from "./market-reading.ts";
import type { Market } from "./markets.ts";
import { ReadBatch, type Answers, type Asked, type BlockStamp, type StateSource } from "./state-reader.ts";

/** The position of an account as of a block, pending interest included. */
export interface PositionReading extends PositionFigures {
  readonly account: Address;
  /** Debt divided by the borrow index. */
  readonly debtShares: bigint;
  /** When the debt was drawn, on average, in 1/256 of a Unix second, the lower 40 bits. */
  readonly drawnAt: bigint;
}

/** What an account has, beside its position. */
export interface WalletReading {
  /** Of the chain's coin, wei. */
  readonly coin: bigint;
  /** Loan token units that it holds, and that it has approved the market to take. */
  readonly loan: { readonly balance: bigint; readonly allowance: bigint };
  /** Collateral token units, likewise. */
  readonly collateral: { readonly balance: bigint; readonly allowance: bigint };
  /**
   * Shares of the market, what they are worth in loan token units, and how many can be redeemed
   * now.
   */
  readonly shares: { readonly balance: bigint; readonly assets: bigint; readonly redeemable: bigint };
  /** Loan token units that it can deposit within the supply cap. */
  readonly depositRoom: bigint;
  /** With which it signs next for the market: operators, and permits of shares. */
  readonly nonce: bigint;
}

/** Everything that a screen about an account in a market needs, of one block. */
export interface AccountReading {
  readonly block: BlockStamp;
  readonly market: MarketReading;
  readonly position: PositionReading;
  readonly wallet: WalletReading;
  /** The pool that leverage is bought through; undefined if there is none. */
  readonly pool: PoolLiquidity | undefined;
}

/**
 * A market, the account's position and wallet in it, and the pool, at one block, by one `eth_call`.
 * @param block the latest if left out.
 */
export async function readAccount(
  source: StateSource,
  market: Market,
  account: Address,
  block?: number,
): Promise<AccountReading> {
  const batch = new ReadBatch();
  const asked = {
    market: askAboutMarket(batch, market),
    position: askAboutPosition(batch, market, account),
    wallet: askAboutWallet(batch, market, account),
  };
  const answers = await batch.read(source, { account, block, pool: market.pool });
  const reading = marketFrom(answers, market, asked.market);
  return {
    block: answers.block,
    market: reading,
    position: positionFrom(answers, reading, asked.position),
    wallet: walletFrom(answers, reading, asked.wallet),
    pool: answers.pool,
  };
}

/** Positions that one `eth_call` reads: its answer may be no longer than the code of a contract. */
const POSITIONS_AT_ONCE = 40;

/**
 * The positions of accounts, in their order; all of one block, by an `eth_call` for each forty of
 * them.
 */
export async function readPositions(
  source: StateSource,
  market: Market,
  accounts: readonly Address[],
  block?: number,
): Promise<{ readonly market: MarketReading; readonly positions: readonly PositionReading[] }> {
  const first = await readSomePositions(source, market, accounts.slice(0, POSITIONS_AT_ONCE), block);
  const positions = [...first.positions];
  for (let start = POSITIONS_AT_ONCE; start < accounts.length; start += POSITIONS_AT_ONCE) {
    const some = accounts.slice(start, start + POSITIONS_AT_ONCE);
    const { positions: next } = await readSomePositions(source, market, some, first.market.block.number);
    positions.push(...next);
  }
  return { market: first.market, positions };
}

async function readSomePositions(
  source: StateSource,
  market: Market,
  accounts: readonly Address[],
  block: number | undefined,
): ReturnType<typeof readPositions> {
  const batch = new ReadBatch();
  const askedMarket = askAboutMarket(batch, market);
  const asked = accounts.map((account) => askAboutPosition(batch, market, account));
  const answers = await batch.read(source, { block });
  const reading = marketFrom(answers, market, askedMarket);
  return { market: reading, positions: asked.map((one) => positionFrom(answers, reading, one)) };
}

const TOKEN = new Interface(tokenAbi);

interface AskedPosition {
  readonly account: Address;
  readonly position: Asked;
  readonly debt: Asked;
}

function askAboutPosition(batch: ReadBatch, { address }: Market, account: Address): AskedPosition {
  return {
    account,
    position: batch.add(address, MARKET, "position", account),
    debt: batch.add(address, MARKET, "debtOf", account),
  };
}

function positionFrom(answers: Answers, market: MarketReading, asked: AskedPosition): PositionReading {
  const [debtShares, collateral, drawnAt] = answers.all(asked.position) as unknown as [bigint, bigint, bigint];
  const figures = positionFigures(
    { debt: answers.number(asked.debt), collateral },
    {
      openPrice: market.openPrice,
      liquidationPrice: market.liquidationPrice,
      liquidationLeverage: market.limits.liquidationLeverage,
      borrowRatePerYear: market.borrowRatePerYear,
    },
  );
  return { ...figures, account: asked.account, debtShares, drawnAt };
}

interface AskedToken {
  readonly balance: Asked;
  readonly allowance: Asked;
}

interface AskedWallet {
  readonly loan: AskedToken;
  readonly collateral: AskedToken;
  readonly shares: Asked;
  readonly redeemable: Asked;
  readonly depositRoom: Asked;
  readonly nonce: Asked;
}

function askAboutWallet(batch: ReadBatch, market: Market, account: Address): AskedWallet {
  const ask = (name: string): Asked => batch.add(market.address, MARKET, name, account);
  const askAboutToken = (token: Address): AskedToken => ({
    balance: batch.add(token, TOKEN, "balanceOf", account),
    allowance: batch.add(token, TOKEN, "allowance", account, market.address),
  });
  return {
    loan: askAboutToken(market.loanToken.address),
    collateral: askAboutToken(market.collateralToken.address),
    shares: ask("balanceOf"),
    redeemable: ask("maxRedeem"),
    depositRoom: ask("maxDeposit"),
    nonce: ask("nonces"),
  };
}

function walletFrom(answers: Answers, market: MarketReading, asked: AskedWallet): WalletReading {
  const tokenFrom = ({ balance, allowance }: AskedToken): WalletReading["loan"] => ({
    balance: answers.number(balance),
    allowance: answers.number(allowance),
  });
  const shares = answers.number(asked.shares);
  return {
    coin: answers.balance,
    loan: tokenFrom(asked.loan),
    collateral: tokenFrom(asked.collateral),
    shares: {
      balance: shares,
      assets: assetsForDown(shares, market.shareTotals),
      redeemable: answers.number(asked.redeemable),
    },
    depositRoom: answers.number(asked.depositRoom),
    nonce: answers.number(asked.nonce),
  };
}
