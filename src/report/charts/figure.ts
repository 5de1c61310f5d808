import type { TopLevelSpec } from "vega-lite";

/** A specification of one drawing in layers. */
export type LayeredSpec = Extract<TopLevelSpec, { layer: unknown }>;

type AnyLayer = LayeredSpec["layer"][number];

/** A layer that is a single mark. */
export type UnitSpec = Extract<AnyLayer, { mark: unknown }>;

/** A layer that consists of layers. */
export type LayerSpec = Extract<AnyLayer, { layer: unknown }>;

export type Layer = UnitSpec | LayerSpec;

type Encoding = NonNullable<UnitSpec["encoding"]>;

export type XChannel = NonNullable<Encoding["x"]>;
export type YChannel = NonNullable<Encoding["y"]>;

/**
 * Every drawing is made in two layouts, because the text of a wide plot is too small when scaled
 * down to a phone.
 */
export type Layout = "wide" | "narrow";

export const LAYOUTS: readonly Layout[] = ["wide", "narrow"];

/**
 * Colors are variables of the page's style sheet, so that drawings follow the reader's choice of
 * light or dark mode.
 */
export const COLORS = {
  primary: "var(--primary)",
  secondary: "var(--secondary)",
  danger: "var(--danger)",
  text: "var(--text)",
  muted: "var(--muted)",
  grid: "var(--grid)",
} as const;

export type Color = (typeof COLORS)[keyof typeof COLORS];

/** Height of a drawing in pixels. */
export type Height = Readonly<Record<Layout, number>>;

/** One drawing with its own axes. */
export interface Panel {
  /** Quantity of the vertical axis, with its unit. */
  readonly caption: string;
  readonly legend: readonly LegendEntry[];
  /** The content of the drawing in words and figures, for screen readers. */
  readonly description: string;
  readonly height: Height;
  readonly layers: (layout: Layout) => readonly Layer[];
}

/** An entry of a legend. */
export interface LegendEntry {
  readonly label: string;
  readonly color: Color;
  readonly mark: "line" | "area" | "dashed";
}

/** One or more panels under a title, with an explanation. */
export interface Figure {
  /** Anchor in the page: `price`. */
  readonly id: string;
  readonly title: string;
  readonly explanation: string;
  readonly panels: readonly Panel[];
}
