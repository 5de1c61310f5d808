import { Interface } from "ethers";

import { abi as feedAbi } from "../../abis/AggregatorV3Interface.ts";
import { abi as chainlinkOracleAbi } from "../../abis/ChainlinkOracle.ts";
import { abi as oracleGuardAbi } from "../../abis/OracleGuard.ts";
import { abi as priceOracleAbi } from "../../abis/IPriceOracle.ts";
import type { BookedFeed, BookedMarket } from "../../src/client/address-book.ts";
import type { Node } from "../../src/deployment/node.ts";
import { toAddress, type Address } from "../../src/protocol/address.ts";
import { agree } from "../../src/protocol/guard-rules.ts";
import { WAD } from "../../src/protocol/units.ts";
import { Findings, type Finding } from "./finding.ts";
import { about, duration, moment, percent } from "./words.ts";

const feedInterface = new Interface(feedAbi);
const oracleInterface = new Interface(chainlinkOracleAbi);
const pricesInterface = new Interface(priceOracleAbi);
const guardInterface = new Interface(oracleGuardAbi);

const ROLES = ["primary", "secondary"] as const;

/**
 * Checks that a market's feeds are fresh by the chain's time, that its guard's sources agree, and
 * that there is a price to borrow at.
 */
export async function checkPrices(node: Node, market: BookedMarket): Promise<readonly Finding[]> {
  const findings = new Findings("prices");
  const { guard, feeds, oracle } = market;
  const overFeeds = guard?.primary ?? oracle;
  if (feeds !== undefined) {
    const [baseMaxAge, quoteMaxAge] = await Promise.all(
      ["baseMaxAge", "quoteMaxAge"].map(async (name) => (await node.answer(overFeeds, oracleInterface, name))?.[0]),
    );
    await checkFeed(findings, node, feeds.base, baseMaxAge);
    await checkFeed(findings, node, feeds.quote, quoteMaxAge);
  }
  if (guard !== undefined) await checkSources(findings, node, market, guard);
  await checkOpening(findings, node, market);
  return findings.list;
}

async function checkFeed(
  findings: Findings,
  node: Node,
  { address, description, settable }: BookedFeed,
  maxAge: unknown,
): Promise<void> {
  const subject = `feed ${description}`;
  const repair = settable
    ? "The feed's owner must set an answer (setAnswer)."
    : "Wait for the feed's next answer, or ask its operators. Until then, nobody can borrow.";
  const [, answer, , updatedAt] = (await node.answer(address, feedInterface, "latestRoundData")) ?? [];
  if (typeof answer !== "bigint" || typeof updatedAt !== "bigint") {
    findings.wrong(subject, `${address} has no answer`, repair);
    return;
  }
  if (typeof maxAge !== "bigint") {
    findings.wrong(
      subject,
      "the oracle over it does not return the maximum age of an answer",
      "See the finding about its code.",
    );
    return;
  }
  const age = (await node.time()) - updatedAt;
  if (answer <= 0n) findings.wrong(subject, `its answer ${answer} is not a valid price`, repair);
  else if (age > maxAge) findings.wrong(subject, `stale: ${about(age)} old, valid for ${duration(maxAge)}`, repair);
  else findings.passed(subject, `${about(age > 0n ? age : 0n)} old, valid for ${duration(maxAge)}`);
}

async function checkSources(
  findings: Findings,
  node: Node,
  { symbol }: BookedMarket,
  { address, ...booked }: NonNullable<BookedMarket["guard"]>,
): Promise<void> {
  const prices: bigint[] = [];
  for (const [index, role] of ROLES.entries()) {
    const subject = `${symbol} ${role} source`;
    const [source] = (await node.answer(address, guardInterface, "sourceOf", [index])) ?? [];
    if (typeof source !== "string") {
      findings.wrong(subject, "the guard does not return its address", "See the finding about its code.");
      return;
    }
    const inPlace = toAddress(source);
    if (inPlace !== booked[role]) findings.changed(subject, `replaced by ${inPlace}, deployed with ${booked[role]}`);
    const [next, validFrom] = (await node.answer(address, guardInterface, "scheduledSource", [index])) ?? [];
    if (typeof validFrom === "bigint" && validFrom > 0n) {
      const detail = `${String(next)} is scheduled to replace it from ${moment(validFrom)}`;
      findings.changed(subject, detail, "If it is unwanted, the guardian can cancel it with cancelSource.");
    }
    prices.push((await liquidationPriceOf(node, inPlace)) ?? 0n);
  }
  const [primary = 0n, secondary = 0n] = prices;
  const subject = `${symbol} guard`;
  const [maxDeviation] = (await node.answer(address, guardInterface, "maxDeviation")) ?? [];
  const silent = ROLES.filter((_, index) => prices[index] === 0n);
  if (typeof maxDeviation !== "bigint") {
    findings.wrong(subject, `${address} doesn't answer as a guard`, "See the finding about its code.");
    return;
  }
  if (silent.length > 0) {
    const advice =
      "Until both have a price, nobody can borrow, and liquidations are delayed. For a stale feed see above. A pool whose " +
      "observations don't cover the window has a price again after a window without trades.";
    findings.wrong(subject, `the ${silent.join(" and the ")} source has no price`, advice);
    return;
  }
  const high = primary > secondary ? primary : secondary;
  const deviation = ((high - (primary + secondary - high)) * WAD) / high;
  const detail = `its sources are ${percent(deviation, 2)} apart; the maximum is ${percent(maxDeviation)}`;
  if (agree(primary, secondary, maxDeviation)) {
    findings.passed(subject, detail);
  } else {
    const advice =
      `Trade the pool to the feeds' price (\`npm run cantilever -- align ${symbol}\`); its mean follows within the guard's ` +
      "window. Until the sources agree, nobody can borrow.";
    findings.wrong(subject, detail, advice);
  }
}

async function liquidationPriceOf(node: Node, source: Address): Promise<bigint | undefined> {
  const [, price] = (await node.answer(source, pricesInterface, "prices")) ?? [];
  return typeof price === "bigint" ? price : undefined;
}

async function checkOpening(findings: Findings, node: Node, { symbol, oracle }: BookedMarket): Promise<void> {
  const [openPrice, liquidationPrice] = (await node.answer(oracle, pricesInterface, "prices")) ?? [];
  const subject = `${symbol} price`;
  if (typeof openPrice !== "bigint" || typeof liquidationPrice !== "bigint") {
    findings.wrong(subject, "there is none: nobody can borrow or be liquidated", "See the findings about its sources.");
  } else if (openPrice === 0n) {
    findings.wrong(
      subject,
      "there is none for borrowing, only one for liquidations",
      "See the findings about its sources.",
    );
  } else if (openPrice * 100n < liquidationPrice * 99n) {
    const below = percent(((liquidationPrice - openPrice) * WAD) / liquidationPrice, 1);
    const advice = `Poke the guard regularly: \`npm run cantilever -- poke ${symbol}\`.`;
    findings.changed(subject, `the price for borrowing is ${below} below the price for liquidations`, advice);
  } else {
    findings.passed(subject, "available for borrowing");
  }
}
