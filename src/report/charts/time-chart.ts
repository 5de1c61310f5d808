import type { RunRecord, StepFigures } from "../../record.ts";
import { timeAxis, valueAxis, widened, type ValueAxis } from "./axes.ts";
import { COLORS, type Color, type Height, type Layer, type Layout, type Panel } from "./figure.ts";
import type { Domain } from "./ticks.ts";

/** Maximum number of steps in a drawing. More steps than pixels only enlarge the page. */
const MOST_STEPS = 1000;

const DASHES = [5, 4];

/** A value over the steps of a run. */
export interface Series {
  readonly label: string;
  readonly color: Color;
  /**
   * `steps` keeps each value until the next one instead of connecting them. `dashed` does so too,
   * and leaves a line below it visible.
   */
  readonly kind: "line" | "area" | "steps" | "dashed";
  readonly value: (step: StepFigures) => number;
}

/** Content of a panel of values over time. */
export interface TimeChart {
  readonly caption: string;
  readonly description: string;
  readonly height: Height;
  readonly axis: Omit<ValueAxis, "domain"> & {
    /** The domain for the finite values of all series. */
    readonly domain: (values: readonly number[]) => Domain;
  };
  /** In the order of the legend. Each series is drawn over the ones before it. */
  readonly series: readonly Series[];
  /** A value to label at the moment of the lowest price. */
  readonly atLow?: { readonly value: number; readonly text: string };
}

/**
 * A panel of values over time. A single series has no legend, because the caption names it.
 */
export function timeChart(record: RunRecord, { caption, description, height, axis, series, atLow }: TimeChart): Panel {
  const drawn = series.flatMap(({ value }) => record.series.map(value));
  const values = (atLow === undefined ? drawn : [...drawn, atLow.value]).filter(Number.isFinite);
  const domain = widened(axis.domain(values));
  const lines = series.map((line) => ({ ...line, points: pointsOf(record, line.value, domain) }));
  return {
    caption,
    legend: series.length > 1 ? series.map(legendOf) : [],
    description,
    height,
    layers: (layout) => {
      const frame: Frame = { span: spanOf(record), values: { ...axis, domain }, layout };
      return [
        lowLayer(record, layout),
        ...lines.map((line) => seriesLayer(frame, line)),
        ...(atLow === undefined ? [] : [labelLayer(frame, { time: lowOf(record), ...atLow })]),
      ];
    },
  };
}

/** The time of a step, Unix milliseconds. */
export function timeOf({ run }: RunRecord, seconds: number): number {
  return (run.startsAt + seconds) * 1000;
}

/** The time span of all drawings; never empty. */
export function spanOf(record: RunRecord): Domain {
  const { series, moments } = record;
  const first = Math.min(series[0]?.seconds ?? 0, moments.before.seconds);
  const last = Math.max(series.at(-1)?.seconds ?? first, moments.after.seconds, first + 1);
  return [timeOf(record, first), timeOf(record, last)];
}

/** A thin vertical line at the moment of the lowest price. */
export function lowLayer(record: RunRecord, layout: Layout): Layer {
  return {
    data: { values: [{ time: lowOf(record) }] },
    mark: { type: "rule", color: COLORS.muted, strokeDash: [2, 3], strokeWidth: 1 },
    encoding: { x: timeAxis("time", spanOf(record), layout) },
  };
}

function lowOf(record: RunRecord): number {
  return timeOf(record, record.moments.atLow.seconds);
}

/**
 * Thins out the steps of a long run: of each section it keeps the ends and the steps with the
 * lowest and the highest value.
 */
export function thinned(series: readonly StepFigures[], value: (step: StepFigures) => number): readonly StepFigures[] {
  if (series.length <= MOST_STEPS) return series;
  const length = Math.ceil((series.length * 4) / MOST_STEPS);
  const kept = new Set<StepFigures>();
  for (let start = 0; start < series.length; start += length) {
    const stretch = series.slice(start, start + length);
    const ordered = stretch.filter((step) => !Number.isNaN(value(step))).toSorted((a, b) => value(a) - value(b) || 0);
    for (const step of [stretch[0], stretch.at(-1), ordered[0], ordered.at(-1)]) if (step !== undefined) kept.add(step);
  }
  return series.filter((step) => kept.has(step));
}

/** A value at a moment, in Unix milliseconds; null breaks the line. */
interface Point {
  readonly time: number;
  readonly value: number | null;
}

/** Values beyond the axis, such as leverage without equity, are drawn at its end. */
function pointsOf(record: RunRecord, value: (step: StepFigures) => number, [from, to]: Domain): readonly Point[] {
  return thinned(record.series, value).map((step) => {
    const exact = value(step);
    return {
      time: timeOf(record, step.seconds),
      value: Number.isNaN(exact) ? null : Math.min(to, Math.max(from, exact)),
    };
  });
}

interface Frame {
  readonly span: Domain;
  readonly values: ValueAxis;
  readonly layout: Layout;
}

interface Line extends Series {
  readonly points: readonly Point[];
}

function channels({ span, values, layout }: Frame): {
  x: ReturnType<typeof timeAxis>;
  y: ReturnType<typeof valueAxis>;
} {
  return { x: timeAxis("time", span, layout), y: valueAxis("value", values) };
}

function seriesLayer(frame: Frame, { kind, color, points }: Line): Layer {
  const data = { values: [...points] };
  if (kind === "area") {
    return {
      data,
      mark: { type: "area", color, fillOpacity: 0.18, line: { color } },
      // Down to the edge of the drawing, which is not always zero: leverage starts at 1x.
      encoding: { ...channels(frame), y2: { datum: frame.values.domain[0] } },
    };
  }
  return {
    data,
    mark: {
      type: "line",
      color,
      interpolate: kind === "line" ? "linear" : "step-after",
      ...(kind === "dashed" ? { strokeDash: DASHES, strokeWidth: 1.5 } : {}),
    },
    encoding: channels(frame),
  };
}

function legendOf({ label, color, kind }: Series): Panel["legend"][number] {
  return { label, color, mark: kind === "steps" ? "line" : kind };
}

/** A dot with a text on the side with more room. */
function labelLayer(frame: Frame, point: { time: number; value: number; text: string }): Layer {
  const [from, to] = frame.span;
  const right = point.time < (from + to) / 2;
  return {
    data: { values: [point] },
    layer: [
      { mark: { type: "point", filled: true, size: 45, color: COLORS.text, opacity: 1 }, encoding: channels(frame) },
      {
        mark: { type: "text", align: right ? "left" : "right", dx: right ? 9 : -9, dy: 1, fontWeight: 600 },
        encoding: { ...channels(frame), text: { field: "text" } },
      },
    ],
  };
}
