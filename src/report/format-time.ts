const DAY_AND_TIME = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: "UTC",
});

/** A moment of a run, in UTC: `13 Mar, 02:16`. */
export function formatMoment(startsAt: number, seconds: number): string {
  return DAY_AND_TIME.format(new Date((startsAt + seconds) * 1000));
}

const UNITS = [
  { seconds: 86_400, one: "day" },
  { seconds: 3600, one: "hour" },
  { seconds: 60, one: "minute" },
  { seconds: 1, one: "second" },
] as const;

/**
 * A span in its two largest units, rounded down: `36 hours 4 minutes`, `5 minutes`, `2 days 3 hours`. Up to two days it
 * counts hours.
 */
export function formatSpan(seconds: number): string {
  let left = Math.floor(seconds);
  const parts: string[] = [];
  for (const unit of seconds < 2 * 86_400 ? UNITS.slice(1) : UNITS) {
    const count = Math.floor(left / unit.seconds);
    if (count === 0) {
      if (parts.length > 0) break;
      continue;
    }
    left -= count * unit.seconds;
    parts.push(`${count} ${unit.one}${count === 1 ? "" : "s"}`);
    if (parts.length === 2) break;
  }
  return parts.length > 0 ? parts.join(" ") : "0 seconds";
}
