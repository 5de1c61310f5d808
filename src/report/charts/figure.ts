import type { LayerSpec, UnitSpec } from "./vega-types.ts";

/**
 * Every drawing is made twice, since text that reads well on a desk is too small when a wide plot shrinks to a phone.
 */
export type Layout = "wide" | "narrow";

export const LAYOUTS: readonly Layout[] = ["wide", "narrow"];

/** One drawing with its own axes. */
export interface Panel {
  /** What the vertical axis shows, with its unit. */
  readonly caption: string;
  readonly legend: readonly LegendEntry[];
  /** What the drawing shows, in words with figures, for people who can't see it. */
  readonly description: string;
  readonly height: Readonly<Record<Layout, number>>;
  readonly layers: (layout: Layout) => readonly Layer[];
}

export type Layer = UnitSpec | LayerSpec;

export interface LegendEntry {
  readonly label: string;
  readonly color: string;
  readonly mark: "line" | "dashed";
}

/** One or more panels under a title, with what to see in them and what to conclude. */
export interface Figure {
  /** Anchor in the page: `price`. */
  readonly id: string;
  readonly title: string;
  readonly explanation: string;
  readonly panels: readonly Panel[];
}
