/** A price at a moment of a path. */
export interface PricePoint {
  /** Whole seconds from the start of the path. */
  readonly seconds: number;
  /** Loan tokens (dollars) per collateral token (ETH), positive. */
  readonly price: number;
}

/** A course of prices: points joined by straight lines on a logarithmic scale. */
export interface PricePath {
  /** Short name, as one types it. */
  readonly name: string;
  /** Title for people. */
  readonly title: string;
  /** Where the figures come from, in a sentence. */
  readonly source: string;
  /** Unix seconds of the first point. */
  readonly startsAt: number;
  /** At least two, strictly ascending in time; the first is at second 0. */
  readonly points: readonly PricePoint[];
}

/** One OHLC bar: open, highest, lowest and last price of a span of time. */
export interface Bar {
  /** Unix seconds at which the span starts. */
  readonly timestamp: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}
