import { timeAxis, valueAxis, type TimeSpan, type ValueAxis } from "./axes.ts";
import type { Layer, Layout } from "./figure.ts";
import { COLORS, DASHES } from "./theme.ts";

/** A value at a moment, in Unix milliseconds; null breaks the line. */
export interface TimeValue {
  readonly time: number;
  readonly value: number | null;
}

/** What the layers of one drawing over time share. */
export interface TimeFrame {
  readonly span: TimeSpan;
  readonly values: ValueAxis;
  readonly layout: Layout;
}

export interface LineStyle {
  readonly color: string;
  readonly dashed?: boolean;
  /** Holds each value until the next one instead of joining them. */
  readonly steps?: boolean;
}

function channels({ span, values, layout }: TimeFrame): {
  x: ReturnType<typeof timeAxis>;
  y: ReturnType<typeof valueAxis>;
} {
  return { x: timeAxis("time", span, layout), y: valueAxis("value", values) };
}

export function lineLayer(
  frame: TimeFrame,
  points: readonly TimeValue[],
  { color, dashed = false, steps = false }: LineStyle,
): Layer {
  return {
    data: { values: [...points] },
    mark: {
      type: "line",
      color,
      interpolate: steps ? "step-after" : "linear",
      ...(dashed ? { strokeDash: DASHES, strokeWidth: 1.5 } : {}),
    },
    encoding: channels(frame),
  };
}

export function areaLayer(frame: TimeFrame, points: readonly TimeValue[], { color, steps = false }: LineStyle): Layer {
  return {
    data: { values: [...points] },
    mark: { type: "area", color, fillOpacity: 0.18, line: { color }, interpolate: steps ? "step-after" : "linear" },
    // Down to the rim of the drawing, which is not zero everywhere: leverage starts at 1x.
    encoding: { ...channels(frame), y2: { datum: frame.values.domain[0] } },
  };
}

/** A thin vertical line through all drawings at the moment of the lowest price. */
export function lowLayer(frame: TimeFrame, time: number): Layer {
  return {
    data: { values: [{ time }] },
    mark: { type: "rule", color: COLORS.muted, strokeDash: [2, 3], strokeWidth: 1 },
    encoding: { x: timeAxis("time", frame.span, frame.layout) },
  };
}

/** A dot with a text beside it, on the side where there is room. */
export function labelLayer(frame: TimeFrame, point: TimeValue, text: string): Layer {
  const { from, to } = frame.span;
  const right = point.time < (from + to) / 2;
  return {
    data: { values: [{ ...point, text }] },
    layer: [
      { mark: { type: "point", filled: true, size: 45, color: COLORS.text, opacity: 1 }, encoding: channels(frame) },
      {
        mark: { type: "text", align: right ? "left" : "right", dx: right ? 9 : -9, dy: 1, fontWeight: 600 },
        encoding: { ...channels(frame), text: { field: "text" } },
      },
    ],
  };
}
