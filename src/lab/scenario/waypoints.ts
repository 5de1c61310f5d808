import type { PricePath } from "./types.ts";

/** Minutes from the start, and dollars per ETH at that minute. */
export type Waypoint = readonly [minute: number, price: number];

/** Turns waypoints given by the minute into a path. */
export function pathFromWaypoints(about: Omit<PricePath, "points">, waypoints: readonly Waypoint[]): PricePath {
  return { ...about, points: waypoints.map(([minute, price]) => ({ seconds: minute * 60, price })) };
}
