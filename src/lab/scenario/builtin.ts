import { UnknownScenarioError } from "../errors.ts";
import type { PricePath } from "./price-path.ts";

/** Minutes from the start, and dollars per ETH at that minute. */
type Waypoint = readonly [minute: number, price: number];

/**
 * "Black Thursday": ETH falls from 194.6 to 86.00 (02:15 UTC on the 13th) and comes half way back.
 */
const march2020: PricePath = pathFromWaypoints(
  {
    name: "march-2020",
    title: "12-13 March 2020",
    source: "Waypoints of ETH on Binance spot, from 12 March 2020 00:00 UTC, joined by straight lines on a log scale.",
    startsAt: Date.UTC(2020, 2, 12) / 1000,
  },
  // prettier-ignore
  [
    [0, 194.6], [611, 168.9], [636, 162.2], [646, 144.2], [648, 125], [649, 143.1], [656, 151.1], [658, 130], [661, 123],
    [663, 140.8], [666, 130], [671, 150], [673, 134], [703, 126.2], [738, 142.5], [816, 126.8], [878, 143], [1193, 139.8],
    [1253, 125], [1331, 134.9], [1401, 123.2], [1406, 117], [1408, 102.1], [1411, 116.9], [1413, 104.1], [1428, 101.2],
    [1431, 115.2], [1433, 104.2], [1443, 116.4], [1541, 108.1], [1576, 86], [1591, 95.52], [1593, 110], [1596, 101.7],
    [1598, 119.6], [1601, 108.5], [1606, 120.2], [1631, 112], [1651, 138], [1668, 118], [1706, 121.9], [1738, 106],
    [1751, 122.8], [1798, 113.7], [1926, 132.8], [1956, 120], [2033, 133.4], [2164, 126.2],
  ],
);

/**
 * The flash crash: ETH falls from 4343 to 3435 (21:20 UTC on the 10th), 14% of it within half an
 * hour, and swings by 13% in two minutes.
 */
const october2025: PricePath = pathFromWaypoints(
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

const scenarios: readonly PricePath[] = [march2020, october2025];

export const defaultScenario = march2020.name;

/** Names of the built-in scenarios, the default first. */
export const scenarioNames: readonly string[] = scenarios.map((path) => path.name);

/**
 * The built-in scenario of a name.
 * @throws UnknownScenarioError if there is none of that name; its message lists those that there
 * are.
 */
export function builtinScenario(name: string): PricePath {
  const found = scenarios.find((path) => path.name === name);
  if (found === undefined) {
    throw new UnknownScenarioError(
      `There is no scenario ${JSON.stringify(name)}`,
      `Choose one of: ${scenarioNames.join(", ")}; or give your own prices with --prices FILE.csv.`,
    );
  }
  return found;
}

/** Turns waypoints given by the minute into a path. */
function pathFromWaypoints(about: Omit<PricePath, "points">, waypoints: readonly Waypoint[]): PricePath {
  return { ...about, points: waypoints.map(([minute, price]) => ({ seconds: minute * 60, price })) };
}
