import { formatLeverage, formatPercent, formatPrice, formatSharePrice, formatUsd } from "../format.ts";
import { formatMoment } from "../format-time.ts";
import type { TextTable } from "../summary.ts";
import type { RunRecord, StepFigures } from "../../lab/record.ts";

const MOST_ROWS = 48;
const HOUR = 3600;

/**
 * The plots' figures as a table, hour by hour or, in long runs, several hours apart: for people who read numbers rather
 * than pictures.
 */
export function courseTable({ run, series }: RunRecord): TextTable {
  return {
    title: "Hour by hour",
    columns: [
      { title: "Time (UTC)" },
      { title: "Feed", align: "right" },
      { title: "Pool", align: "right" },
      { title: "Leverage", align: "right" },
      { title: "Share price", align: "right" },
      { title: "Buffer", align: "right" },
      { title: "Bad debt", align: "right" },
      { title: "Utilization", align: "right" },
      { title: "Borrow rate", align: "right" },
    ],
    rows: hourly(series).map((step) => [
      formatMoment(run.startsAt, step.seconds),
      formatPrice(step.feedPrice),
      formatPrice(step.poolPrice),
      formatLeverage(step.systemLeverage),
      formatSharePrice(step.lenderSharePrice),
      formatUsd(step.bufferUsd),
      formatUsd(step.badDebtUsd),
      formatPercent(step.utilization, 1),
      formatPercent(step.borrowRate),
    ]),
  };
}

/**
 * The first step of each span of an hour, or of as many hours as give at most `MOST_ROWS` rows, and the very last step.
 */
export function hourly(series: readonly StepFigures[]): readonly StepFigures[] {
  const first = series[0]?.seconds ?? 0;
  const last = series.at(-1);
  const hours = Math.max(1, Math.ceil(((last?.seconds ?? first) - first) / HOUR / MOST_ROWS));
  const span = (step: StepFigures): number => Math.floor((step.seconds - first) / (hours * HOUR));
  return series.filter((step, index) => {
    const previous = series[index - 1];
    return step === last || previous === undefined || span(previous) !== span(step);
  });
}
