import type { FeedModel } from "../config.ts";
import { courseOf, durationOf, type Course, type PricePath, type PricePoint } from "../scenario/price-path.ts";
import { LEAST_STEPS, resample, stepFor } from "../scenario/resample.ts";

/** A feed that looks at a course of prices, at ascending moments, and reports as its model says. */
export class Feed {
  readonly #course: Course;
  readonly #model: FeedModel;
  #last: PricePoint;

  /** The feed has reported the first price at second 0. */
  constructor(course: Course, model: FeedModel) {
    this.#course = course;
    this.#model = model;
    this.#last = { seconds: 0, price: course(0) };
  }

  /** Its last report: the price as it was seen, and when it was reported. */
  get last(): PricePoint {
    return this.#last;
  }

  /** The report of this moment, or undefined if none is due. */
  look(seconds: number): PricePoint | undefined {
    const { deviation, heartbeatSeconds, leastIntervalSeconds } = this.#model;
    const silence = seconds - this.#last.seconds;
    if (silence < leastIntervalSeconds) return undefined;
    const move = Math.abs(Math.log(this.#seen(seconds) / this.#last.price));
    return silence >= heartbeatSeconds || move >= Math.log1p(deviation) ? this.report(seconds) : undefined;
  }

  /** Reports at this moment, due or not. */
  report(seconds: number): PricePoint {
    this.#last = { seconds, price: this.#seen(seconds) };
    return this.#last;
  }

  #seen(seconds: number): number {
    return this.#course(seconds - this.#model.lagSeconds);
  }
}

/**
 * At most this many looks at the price: a path of years is looked at less often than at each block.
 */
const MOST_LOOKS = 20_000;
/** What the deviation grows by while there are too many reports. */
const COARSER = 1.5;

/**
 * The reports of a feed during a replay: those that its model makes, and others on a regular grid
 * and at the turns of the price (both as `resample` has them), so that the highest and the lowest
 * price are among them and the figures of a run have no holes.
 * @param maxReports most reports. If there were more, larger moves are reported, at longer
 * intervals.
 * @returns ascending in time; the last one comes when the feed has seen the end of the path.
 */
export function reportsOf(path: PricePath, model: FeedModel, maxReports: number): readonly PricePoint[] {
  const most = Math.max(maxReports, LEAST_STEPS);
  const step = stepFor(path, Math.max(Math.floor(most / 4), LEAST_STEPS));
  const grid = resample(path, step);
  const leastIntervalSeconds = Math.max(model.leastIntervalSeconds, Math.ceil(durationOf(path) / MOST_LOOKS));
  // The grid stands in for the heartbeat where it is the coarser of both.
  const heartbeatSeconds = Math.max(model.heartbeatSeconds, step + model.lagSeconds);
  for (let deviation = model.deviation; ; deviation *= COARSER) {
    const reports = reportsWith(path, grid, { ...model, deviation, heartbeatSeconds, leastIntervalSeconds });
    if (reports.length <= most) return reports;
  }
}

function reportsWith(path: PricePath, grid: readonly PricePoint[], model: FeedModel): readonly PricePoint[] {
  const { lagSeconds, leastIntervalSeconds: interval } = model;
  const feed = new Feed(courseOf(path), model);
  const reports: PricePoint[] = [];
  for (const [index, point] of grid.entries()) {
    // What happens at a line of the grid is seen after the lag; but for the first price, which is
    // known from the start.
    const begins = index === 0 ? 0 : point.seconds + lagSeconds;
    const ends = (grid[index + 1]?.seconds ?? -Infinity) + lagSeconds;
    reports.push(feed.report(begins));
    for (let seconds = begins + interval; seconds <= ends - interval; seconds += interval) {
      const report = feed.look(seconds);
      if (report !== undefined) reports.push(report);
    }
  }
  return reports;
}
