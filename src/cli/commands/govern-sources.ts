import type { GuardReading } from "../../client/guard-reading.ts";
import { planApplySource, planCancelSource, planScheduleSource, type SourceRole } from "../../client/governance.ts";
import { readMarket } from "../../client/market-reading.ts";
import type { Plan } from "../../client/plan.ts";
import { parseAddress } from "../../client/typed-address.ts";
import { act, type SigningOptions } from "../act.ts";
import { marketPrice } from "../describe.ts";
import { UsageError } from "../errors.ts";
import { spanText, timeText } from "../numbers.ts";
import { pairs } from "../output.ts";
import type { Run } from "../program.ts";
import type { Surroundings } from "../surroundings.ts";
import { prepare } from "./acting.ts";

export const scheduleSource: Run<SigningOptions> = async (surroundings, [said, role = "", oracle = ""], options) => {
  const source = parseAddress(oracle);
  await govern(surroundings, said, role, options, ({ address }, of) => planScheduleSource(address, of, source));
};

export const cancelSource: Run<SigningOptions> = async (surroundings, [said, role = ""], options) => {
  await govern(surroundings, said, role, options, ({ address }, of) => planCancelSource(address, of));
};

export const applySource: Run<SigningOptions> = async (surroundings, [said, role = ""], options) => {
  await govern(surroundings, said, role, options, ({ address }, of) => planApplySource(address, of));
};

async function govern(
  surroundings: Surroundings,
  said: string | undefined,
  text: string,
  options: SigningOptions,
  planIt: (guard: GuardReading, role: SourceRole) => Plan,
): Promise<void> {
  const role = text.toLowerCase();
  if (role !== "primary" && role !== "secondary") {
    throw new UsageError(`A guard has no source ${JSON.stringify(text)}`, "Name primary or secondary.");
  }
  const { session, found, signer } = await prepare(surroundings, said, options);
  const { market } = found;
  const sourceNow = async () => {
    const { guard } = await readMarket(session.node, market);
    if (guard === undefined) throw new UsageError("The market has no guard", "Its oracle never changes.");
    const { address, price, scheduled } = guard[role];
    const announced =
      scheduled === undefined
        ? "none"
        : `${scheduled.address}, may be applied from ${timeText(scheduled.validFrom)} on`;
    const rows = [
      [`${role} source`, `${address}, ${marketPrice(price, market)}`],
      ["announced in its place", announced],
      ["delay of a replacement", spanText(guard.replacementDelay)],
    ] as const;
    return { guard, text: pairs(rows), result: { role, ...guard[role] } };
  };
  const before = await sourceNow();
  const plan = planIt(before.guard, role);
  await act(surroundings, session, signer, options, {
    title: plan.title,
    calls: plan.transactions,
    preview: before.text,
    expected: before.result,
    happened: sourceNow,
  });
}
