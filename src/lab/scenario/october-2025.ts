import { pathFromWaypoints } from "./waypoints.ts";
import type { PricePath } from "./types.ts";

/**
 * The flash crash: ETH falls from 4343 to 3435 (21:20 UTC on the 10th), 14% of it within half an hour, and swings by
 * 13% in two minutes.
 */
export const october2025: PricePath = pathFromWaypoints(
  {
    name: "october-2025",
    title: "10-11 October 2025",
    source:
      "Waypoints of ETH on Binance spot, from 10 October 2025 12:00 UTC, joined by straight lines on a log scale.",
    startsAt: Date.UTC(2025, 9, 10, 12) / 1000,
  },
  // prettier-ignore
  [
    [0, 4343], [176, 4329], [213, 4074], [531, 4013], [538, 3850], [551, 3905], [553, 3640], [556, 3789], [558, 3480],
    [561, 3435], [563, 3728], [568, 3514], [571, 3562], [573, 3779], [591, 3833], [593, 4185], [594, 3896], [596, 3872],
    [598, 4380], [599, 3950], [601, 4200], [603, 3880], [606, 3836], [608, 4025], [623, 3834], [673, 3792], [701, 3918],
    [833, 3726], [883, 3862], [1444, 3834],
  ],
);
