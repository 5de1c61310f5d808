import type { TopLevelSpec } from "vega-lite";

/** A specification of one drawing in layers. */
export type LayeredSpec = Extract<TopLevelSpec, { layer: unknown }>;

type AnyLayer = LayeredSpec["layer"][number];

/** A layer that is a single mark. */
export type UnitSpec = Extract<AnyLayer, { mark: unknown }>;

/** A layer that is made of layers itself. */
export type LayerSpec = Extract<AnyLayer, { layer: unknown }>;

type Encoding = NonNullable<UnitSpec["encoding"]>;

export type XChannel = NonNullable<Encoding["x"]>;
export type YChannel = NonNullable<Encoding["y"]>;
