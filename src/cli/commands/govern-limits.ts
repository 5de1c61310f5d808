import { planApplyRaise, planLowerLimit, planRamp, planScheduleRaise } from "../../client/governance.ts";
import { readMarket, type MarketReading } from "../../client/market-reading.ts";
import type { Plan } from "../../client/plan.ts";
import type { LimitName } from "../../protocol/parameters.ts";
import { act, type SigningOptions } from "../act.ts";
import type { Rows } from "../describe.ts";
import { limitText, parseLimit, parseLimitValue } from "../limits.ts";
import { leverageText, parseDuration, parseLeverage, spanText, timeText } from "../numbers.ts";
import { pairs } from "../output.ts";
import type { Run } from "../program.ts";
import type { Surroundings } from "../surroundings.ts";
import { prepare } from "./acting.ts";

export const lower: Run<SigningOptions> = async (surroundings, [said, name = "", text = ""], options) => {
  const limit = parseLimit(name);
  await govern(surroundings, said, options, (reading) => {
    const { market, limits } = reading;
    const value = parseLimitValue(limit, text, market);
    return {
      plan: planLowerLimit(market, limit, value),
      rows: [
        [limit, `${limitText(limit, limits[limit], market)}, then ${limitText(limit, value, market)} at once`],
        clearedRow(reading),
      ],
    };
  });
};

export const schedule: Run<SigningOptions> = async (surroundings, [said, name = "", text = ""], options) => {
  const limit = parseLimit(name);
  await govern(surroundings, said, options, ({ market, limits, config, block }) => {
    const value = parseLimitValue(limit, text, market);
    const validFrom = block.timestamp + config.raiseDelay;
    return {
      plan: planScheduleRaise(market, limit, value),
      rows: [
        [limit, `${limitText(limit, limits[limit], market)}, then ${limitText(limit, value, market)}`],
        ["anyone may apply it", `in ${spanText(config.raiseDelay)}, ${timeText(validFrom)}, for a week`],
      ],
    };
  });
};

export const apply: Run<SigningOptions> = async (surroundings, [said, name = ""], options) => {
  const limit = parseLimit(name);
  await govern(surroundings, said, options, ({ market, limits, raises }) => {
    const raise = raises.find((one) => one.limit === limit);
    const after = raise === undefined ? "nothing is scheduled" : limitText(limit, raise.value, market);
    return {
      plan: planApplyRaise(market, limit),
      rows: [[limit, `${limitText(limit, limits[limit], market)}, then ${after} at once`]],
    };
  });
};

export const ramp: Run<SigningOptions> = async (surroundings, [said, text = "", duration = ""], options) => {
  const target = parseLeverage(text);
  const seconds = parseDuration(duration);
  await govern(surroundings, said, options, (reading) => ({
    plan: planRamp(reading.market, target, seconds),
    rows: [
      [
        "liquidationLeverage",
        `${leverageText(reading.limits.liquidationLeverage)}, falling to ${leverageText(target)}`,
      ],
      ["reaches it", `in ${spanText(seconds)}, ${timeText(reading.block.timestamp + seconds)}`],
      clearedRow(reading),
    ],
  }));
};

/** Lowering a limit and starting a ramp clear all raises that are scheduled. */
function clearedRow({ raises, market }: MarketReading): Rows[number] {
  const cleared = raises.map(({ limit, value }) => `${limit} to ${limitText(limit, value, market)}`);
  return ["clears the scheduled raises", cleared.length === 0 ? "there is none" : cleared.join(", ")];
}

async function govern(
  surroundings: Surroundings,
  said: string | undefined,
  options: SigningOptions,
  propose: (reading: MarketReading) => { readonly plan: Plan; readonly rows: Rows },
): Promise<void> {
  const { session, found, signer } = await prepare(surroundings, said, options);
  const reading = await readMarket(session.node, found.market);
  const { plan, rows } = propose(reading);
  await act(surroundings, session, signer, options, {
    title: plan.title,
    calls: plan.transactions,
    preview: pairs(rows),
    expected: { limits: reading.limits, raises: reading.raises },
    happened: async () => limitsNow(await readMarket(session.node, found.market)),
  });
}

function limitsNow(reading: MarketReading): { text: string; result: object } {
  const { market, limits, raises, ramp } = reading;
  const rows = (Object.entries(limits) as [LimitName, bigint][]).map(
    ([limit, value]) => [limit, `${limitText(limit, value, market)}${pendingOf(limit, reading)}`] as const,
  );
  return { text: pairs(rows), result: { limits, raises, ramp } };
}

function pendingOf(limit: LimitName, { market, raises, ramp, block }: MarketReading): string {
  const falls = limit === "liquidationLeverage" && ramp !== undefined && block.timestamp < ramp.end;
  const course = falls ? `, falling to ${leverageText(ramp.to)} until ${timeText(ramp.end)}` : "";
  const raise = raises.find((one) => one.limit === limit);
  if (raise === undefined) return course;
  return `${course}, ${limitText(limit, raise.value, market)} from ${timeText(raise.validFrom)} on`;
}
