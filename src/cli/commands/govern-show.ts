import type { SourceReading } from "../../client/guard-reading.ts";
import { readMarket, type MarketReading } from "../../client/market-reading.ts";
import { LIMIT_NAMES } from "../../protocol/parameters.ts";
import { DAY } from "../../protocol/units.ts";
import { readManager, type Operation, type RoleHolder } from "../access-manager.ts";
import { marketIn } from "../books.ts";
import { marketPrice, NONE } from "../describe.ts";
import { limitText } from "../limits.ts";
import { leverageText, spanText, timeText } from "../numbers.ts";
import { show, table, withProgress } from "../output.ts";
import type { Run } from "../program.ts";
import { openSession } from "../session.ts";
import type { GlobalOptions } from "../surroundings.ts";

/** A raise, a source or an operation expires a week after it could first be applied. Seconds. */
const EXPIRATION = 7n * DAY;

export const showGovernance: Run<GlobalOptions> = async (surroundings, [said], options) => {
  const { node, book } = await openSession(surroundings, options);
  const { market, deployment } = marketIn(book, said);
  const { accessManager } = deployment.contracts;
  const [reading, { holders, operations }] = await withProgress(surroundings.terminal, "Reading roles", async () =>
    Promise.all([readMarket(node, market), readManager(node, accessManager.address, accessManager.block)]),
  );
  const { block, limits, raises, ramp, guard } = reading;
  const text = [
    `${market.name} (${market.symbol}), block ${block.number}, ${timeText(block.timestamp)}`,
    table(
      ["limit", "now", "pending", "when"],
      LIMIT_NAMES.map((name) => limitRow(name, reading)),
    ),
    ...rampLines(reading),
    ...sourceTables(reading),
    holdersTable(holders),
    operationsTable(operations, block.timestamp),
  ].join("\n\n");
  const result = { market, block, limits, raises, ramp, guard, holders, operations };
  show(surroundings.terminal, options.json, result, text);
};

function limitRow(name: (typeof LIMIT_NAMES)[number], reading: MarketReading): readonly string[] {
  const { market, limits, raises, block } = reading;
  const raise = raises.find(({ limit }) => limit === name);
  const now = limitText(name, limits[name], market);
  if (raise === undefined) return [name, now, "", ""];
  return [name, now, limitText(name, raise.value, market), whenText(raise.validFrom, block.timestamp, "applied")];
}

/** From when something may be done, by the block's time. */
export function whenText(from: bigint, now: bigint, done: string): string {
  if (now < from) return `in ${spanText(from - now)}, ${timeText(from)}`;
  const end = from + EXPIRATION;
  return now > end ? "has expired" : `can be ${done} now, for ${spanText(end - now)}`;
}

function rampLines({ ramp, block, limits }: MarketReading): readonly string[] {
  if (ramp === undefined) return [];
  const { from, to, end } = ramp;
  const course = `from ${leverageText(from)} to ${leverageText(to)}`;
  return [
    block.timestamp >= end
      ? `The liquidation limit has fallen ${course}, until ${timeText(end)}.`
      : `The liquidation limit falls ${course}: ${leverageText(limits.liquidationLeverage)} now, ` +
        `at its end in ${spanText(end - block.timestamp)}, ${timeText(end)}.`,
  ];
}

function sourceTables(reading: MarketReading): readonly string[] {
  const { guard, market, block } = reading;
  if (guard === undefined) return [];
  const row = (role: string, { address, price, scheduled }: SourceReading): readonly string[] => [
    role,
    address,
    marketPrice(price, market),
    scheduled === undefined ? "" : scheduled.address,
    scheduled === undefined ? "" : whenText(scheduled.validFrom, block.timestamp, "applied"),
  ];
  const rows = [row("primary", guard.primary), row("secondary", guard.secondary)];
  return [table(["source", "oracle", "price", "announced", "when"], rows)];
}

function holdersTable(holders: readonly RoleHolder[]): string {
  const delayOf = (delay: bigint): string => (delay === 0n ? "at once" : `after ${spanText(delay)}`);
  const rows = holders.map(({ role, account, delay }) => [role, account, delayOf(delay)]);
  return table(["role", "account", "acts"], rows.length === 0 ? [["nobody", NONE, NONE]] : rows);
}

function operationsTable(operations: readonly Operation[], now: bigint): string {
  if (operations.length === 0) return "No operation waits in the AccessManager.";
  const rows = operations.map(({ id, call, target, executableFrom }) => [
    id,
    `${call} on ${target}`,
    whenText(executableFrom, now, "executed"),
  ]);
  return table(["operation", "call", "when"], rows);
}
