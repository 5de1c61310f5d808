import { SHARED_CONTRACTS } from "../../src/client/address-book.ts";
import type { LiveFigures } from "../../src/lab/live/live-market.ts";
import type { PricePath } from "../../src/lab/scenario/price-path.ts";
import type { DevnetOptions } from "./options.ts";
import { PUBLIC_PHRASE, type Role } from "./accounts.ts";
import { GIFTS, type Devnet } from "./start.ts";
import { DEFAULT_BOOK, DEFAULT_PORT } from "./usage.ts";

/** What is said of how the devnet runs. */
export interface About extends Pick<DevnetOptions, "port" | "speed" | "book" | "keeper"> {
  /** Seconds that it took to start once the contracts were compiled. */
  readonly startSeconds: number;
  /** Seconds of the chain's time between two lines. */
  readonly interval: number;
}

const ROLE_NAMES: Readonly<Record<Role, string>> = {
  admin: "admin",
  guardian: "guardian",
  riskManager: "risk manager",
};

/** What a person reads when the devnet is ready. */
export function readyText(devnet: Devnet, about: About): string {
  const { accounts, chainId, deployment, path, url } = devnet;
  const { speed, book, keeper, interval, startSeconds } = about;
  const [market] = deployment.markets;
  const [first] = accounts;
  if (market === undefined || first === undefined) throw new RangeError("A devnet has a market and accounts.");
  const { loanToken, collateralToken, guard, pool, feeds } = market;
  const start = grouped(path.points[0]?.price ?? 0);
  const addresses: readonly (readonly [string, string | undefined])[] = [
    ["market", market.address],
    [loanToken.symbol, loanToken.address],
    [collateralToken.symbol, collateralToken.address],
    ["pool", pool?.address],
    ["guard", guard?.address],
    [feeds?.base.description ?? "", feeds?.base.address],
    [feeds?.quote.description ?? "", feeds?.quote.address],
    ...SHARED_CONTRACTS.map((name) => [name, deployment.contracts[name].address] as const),
  ];
  const gifts = [
    `${grouped(GIFTS.ether)} ETH`,
    `${grouped(GIFTS.loan)} ${loanToken.symbol}`,
    `${grouped(GIFTS.collateral)} ${collateralToken.symbol}`,
  ];
  const next = [
    "markets",
    `positions ${market.symbol} --riskiest 10`,
    `open ${market.symbol} --equity 10 --leverage 4 --from ${first.address}`,
    `watch ${market.symbol} ${first.address}`,
  ];
  return [
    "",
    `Chain ${chainId} answers JSON-RPC on ${url} (ready after ${startSeconds.toFixed(1)} s).`,
    "",
    `${path.title}, from ${start} dollars; ${speed} seconds pass on the chain in one. ` +
      (keeper ? "A keeper liquidates." : "Nobody liquidates, pokes the guard or aligns the pool."),
    "",
    `${market.name} (${market.symbol}), also in ${book}:`,
    ...addresses.map(([name, address]) => `  ${name.padEnd(16)} ${address ?? ""}`),
    "",
    `Accounts for you, each with ${gifts.slice(0, -1).join(", ")} and ${gifts.at(-1) ?? ""}. Everybody knows their keys`,
    `(from the phrase "${PUBLIC_PHRASE}"): never send them anything of value.`,
    ...accounts.map(({ address, role }, index) =>
      `  ${index}  ${address}  ${role === undefined ? "" : ROLE_NAMES[role]}`.trimEnd(),
    ),
    "",
    "Try next, in another terminal:",
    ...next.map((words) => `  npm run cantilever -- ${words}${whereToLook(url, about)}`),
    "",
    `A line for each ${spanOf(interval)} of the chain's time; Ctrl-C ends it.`,
    "",
  ].join("\n");
}

/** What tells other commands where the devnet is, if it isn't where they look by themselves. */
function whereToLook(url: string, { port, book }: About): string {
  return [
    ...(port === DEFAULT_PORT ? [] : [` --rpc-url ${url}`]),
    ...(book === DEFAULT_BOOK ? [] : [` --book ${book}`]),
  ].join("");
}

/** The same for programs. */
export function readyObject(devnet: Devnet, { speed, book, keeper, interval, startSeconds }: About): object {
  const { accounts, chainId, deployment, path, url } = devnet;
  return {
    event: "ready",
    url,
    chainId: Number(chainId),
    seconds: startSeconds,
    scenario: path.name,
    speed,
    interval,
    keeper,
    book,
    deployment,
    accounts: accounts.map(({ address, role }) => ({ address, ...(role === undefined ? {} : { role }) })),
  };
}

/** How the market is, in a line. */
export function intervalLine(figures: LiveFigures, { points }: Pick<PricePath, "points">): string {
  const { time, marketPrice, feedPrice, poolPrice, systemLeverage, utilization, borrowRate, positions } = figures;
  const decimals = decimalsFor(points[0]?.price ?? marketPrice);
  const price = (value: number): string => grouped(value, decimals);
  const when = new Date(time * 1_000).toISOString().slice(0, 16).replace("T", " ");
  const parts = [
    when,
    `${price(marketPrice)} dollars`,
    `feed ${price(feedPrice)}`,
    `pool ${price(poolPrice)}`,
    `${systemLeverage.toFixed(2)}x`,
    `lent ${percent(utilization)} at ${percent(borrowRate)} a year`,
    `${positions} position${positions === 1 ? "" : "s"}`,
  ];
  if (figures.liquidations > 0) {
    parts.push(`${figures.liquidations} liquidated, ${grouped(Math.round(figures.repaidUsd))} dollars repaid`);
  }
  if (figures.badDebtUsd > 0) parts.push(`bad debt ${grouped(Math.round(figures.badDebtUsd))} dollars so far`);
  return `${parts.join(" · ")}\n`;
}

/** The same for programs. */
export function intervalObject(figures: LiveFigures): object {
  return { event: "interval", ...figures };
}

/** A number as people write it. */
function grouped(value: number, decimals = Number.isInteger(value) ? 0 : decimalsFor(value)): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** Decimals with which a price of that size has five digits or more. */
function decimalsFor(price: number): number {
  return Math.max(0, 4 - Math.floor(Math.log10(price)));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** A time as one says it after "each": `10 minutes`, `hour`. */
function spanOf(seconds: number): string {
  const [count, unit] =
    seconds < 60 ? [seconds, "second"] : seconds < 3_600 ? [seconds / 60, "minute"] : [seconds / 3_600, "hour"];
  return count === 1 ? unit : `${count} ${unit}s`;
}
