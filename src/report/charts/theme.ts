import type { LayeredSpec } from "./vega-types.ts";
import type { Layout } from "./figure.ts";

/** Colours are variables of the page's style sheet, so that drawings follow the reader's choice of light or dark. */
export const COLORS = {
  primary: "var(--primary)",
  secondary: "var(--secondary)",
  danger: "var(--danger)",
  text: "var(--text)",
  muted: "var(--muted)",
  grid: "var(--grid)",
} as const;

/** Widths in pixels: of a page on a desk, of a phone. */
export const WIDTHS: Readonly<Record<Layout, number>> = { wide: 900, narrow: 360 };

/**
 * Room for the labels of the vertical axis: the same in all drawings, so that their times stand one below the other.
 */
const LABEL_ROOM: Readonly<Record<Layout, number>> = { wide: 72, narrow: 56 };

const FONT_SIZE = 12;

export const DASHES = [5, 4];

/** Look of all drawings. */
export function chartConfig(layout: Layout): NonNullable<LayeredSpec["config"]> {
  return {
    aria: false,
    font: "inherit",
    background: "transparent",
    view: { stroke: null },
    axis: {
      labelColor: COLORS.muted,
      labelFontSize: FONT_SIZE,
      labelPadding: 6,
      gridColor: COLORS.grid,
      domainColor: COLORS.grid,
      tickColor: COLORS.grid,
      title: null,
    },
    axisX: { grid: false, labelOverlap: false, labelFlush: 16 },
    axisY: { domain: false, ticks: false, minExtent: LABEL_ROOM[layout], maxExtent: LABEL_ROOM[layout] },
    line: { strokeWidth: 2, strokeJoin: "round", strokeCap: "round" },
    text: { color: COLORS.text, fontSize: FONT_SIZE },
  };
}
