import { lognormal, withParetoTail, type Quantile } from "./distributions.ts";

const DEVIATION_OF_LOG = 1.95;
const TAIL_ALPHA = 1.3;

/**
 * Share of the accounts below the Pareto tail. At this quantile the lognormal body falls off just as steeply as the
 * tail does (its density's slope on log scales is z/s plus the hazard's, which makes 1.3 at z = 2.2), so the joint
 * shows no kink.
 */
const TAIL_FROM = 0.985;

/** Sizes relative to the median account: lognormal, with few very large ones. */
export const relativeSize: Quantile = withParetoTail(lognormal(1, DEVIATION_OF_LOG), TAIL_FROM, TAIL_ALPHA);
