import type { RunRecord, StepFigures } from "../../lab/record.ts";
import type { TimeSpan } from "./axes.ts";
import type { TimeFrame, TimeValue } from "./layers.ts";
import type { ValueAxis } from "./axes.ts";
import type { Layout } from "./figure.ts";
import { thinned } from "./thin.ts";

/** What the drawings over time need of a run: its steps with times as Unix milliseconds. */
export interface Timeline {
  readonly span: TimeSpan;
  readonly lowAt: number;
  readonly steps: readonly StepFigures[];
  readonly timeOf: (seconds: number) => number;
}

export function timelineOf({ run, series, moments }: RunRecord): Timeline {
  const timeOf = (seconds: number): number => (run.startsAt + seconds) * 1000;
  const first = Math.min(series[0]?.seconds ?? 0, moments.before.seconds);
  const last = Math.max(series.at(-1)?.seconds ?? first, moments.after.seconds, first + 1);
  return {
    span: { from: timeOf(first), to: timeOf(last) },
    lowAt: timeOf(moments.atLow.seconds),
    steps: thinned(series),
    timeOf,
  };
}

export function frameOf({ span }: Timeline, values: ValueAxis, layout: Layout): TimeFrame {
  return { span, values, layout };
}

/** A course over time; what is not finite becomes a gap. */
export function courseOf({ steps, timeOf }: Timeline, value: (step: StepFigures) => number): readonly TimeValue[] {
  return steps.map((step) => ({
    time: timeOf(step.seconds),
    value: Number.isFinite(value(step)) ? value(step) : null,
  }));
}

/** The finite ones of the values that a drawing has to make room for. */
export function finiteOf(
  { steps }: Timeline,
  ...values: readonly ((step: StepFigures) => number)[]
): readonly number[] {
  return steps.flatMap((step) => values.map((value) => value(step))).filter(Number.isFinite);
}
