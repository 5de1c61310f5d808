import { ZERO_ADDRESS, type Address } from "../protocol/address.ts";
import { violationOf } from "../protocol/market-rules.ts";
import type { GuardParameters, MarketParameters } from "../protocol/parameters.ts";
import { MAX_PRICE } from "../protocol/units.ts";
import { sourceProblem } from "./source-rules.ts";

/** The unit in which amounts of a token are written. */
export interface TokenUnit {
  readonly symbol: string;
  readonly decimals: number;
}

/** A test token that anyone may mint. */
export interface TokenParameters extends TokenUnit {
  readonly name: string;
  /** Token units that an address can be given in a day. */
  readonly perDay: bigint;
}

/** A price feed: one of the chain's, or one whose answers the deployer sets. */
export interface FeedParameters {
  /** What it says of itself, like `ETH / USD`. */
  readonly description: string;
  readonly decimals: number;
  /** Seconds after which it answers at the latest, moved or not. */
  readonly heartbeat: bigint;
  /** How old the price is that it sees, seconds. */
  readonly lag: bigint;
  /** Seconds after which an answer counts no more. */
  readonly maxAge: bigint;
  readonly source: { readonly address: Address } | { readonly firstAnswer: bigint };
}

/** All that a deployment depends on, beside who deploys it and its name. */
export interface DeploymentParameters {
  readonly chainId: bigint;
  readonly roles: {
    readonly admin: Address;
    /** Seconds from scheduling what the admin does until it takes effect. */
    readonly adminDelay: bigint;
    readonly guardian: Address;
    readonly riskManager: Address;
    readonly marketCreator: Address | "everyone";
    /** Owns the `FlashLiquidator`. */
    readonly keeper: Address;
  };
  readonly loanToken: TokenParameters;
  readonly collateralToken: TokenParameters;
  /** Price of a collateral token. */
  readonly baseFeed: FeedParameters;
  /** Price of a loan token in the same unit. */
  readonly quoteFeed: FeedParameters;
  /** The chain's factory of Uniswap v3, or `new` for one of our own. */
  readonly uniswapFactory: Address | "new";
  /** The pool of both tokens, which the guard's second source reads and leverage is bought through. */
  readonly pool: {
    /** Hundredths of a basis point. */
    readonly fee: number;
    /** Collateral token units that it is filled with, over the whole range of prices; and loan tokens of the same worth. */
    readonly collateral: bigint;
  };
  readonly guard: GuardParameters;
  readonly market: {
    readonly name: string;
    readonly symbol: string;
    /** The collateral's price at the moment, within a factor of two, scaled as in `IPriceOracle`. */
    readonly expectedPrice: bigint;
    /** Loan token units that are lent from the first day on, and never withdrawn; zero for none. */
    readonly lendersStock: bigint;
    /** Collateral token units that are there from the first day on, in a position without debt, for good; zero for none. */
    readonly idleCollateral: bigint;
    readonly values: MarketParameters;
  };
}

/** What a market is made of, whoever has brought its parts to the chain. */
export interface MarketTerms extends Pick<
  DeploymentParameters,
  "chainId" | "baseFeed" | "quoteFeed" | "pool" | "guard"
> {
  readonly loanToken: TokenUnit;
  readonly collateralToken: TokenUnit;
  readonly market: Pick<DeploymentParameters["market"], "name" | "symbol" | "expectedPrice" | "values">;
}

/** A parameter that must not be deployed, by its place in the file. */
export interface ParameterProblem {
  readonly parameter: string;
  readonly problem: string;
  readonly advice: string;
}

/** Bounds of the expected price, as `MarketConfig` has them. */
const MIN_EXPECTED = 10n ** 6n;
const MAX_EXPECTED = MAX_PRICE / 2n ** 16n;
const MAX_TOKEN_DECIMALS = 24;
const MAX_FEED_DECIMALS = 18;
const MAX_ADMIN_DELAY = 2n ** 32n - 1n;

/**
 * What must not be deployed, as far as the parameters alone tell it; undefined if nothing.
 * @param deployer who deploys, if that is known already.
 */
export function problemOf(parameters: DeploymentParameters, deployer?: Address): ParameterProblem | undefined {
  return roleProblem(parameters.roles, deployer) ?? termsProblem(parameters) ?? stockProblem(parameters);
}

/** What no market may be made of. */
export function termsProblem(terms: MarketTerms): ParameterProblem | undefined {
  return tokenProblem(terms) ?? feedProblem(terms) ?? marketProblem(terms) ?? sourceProblem(terms);
}

function roleProblem(
  { admin, adminDelay, guardian, riskManager, marketCreator, keeper }: DeploymentParameters["roles"],
  deployer: Address | undefined,
): ParameterProblem | undefined {
  for (const [role, account] of Object.entries({ admin, guardian, riskManager, marketCreator, keeper })) {
    const parameter = `roles.${role}`;
    if (account === ZERO_ADDRESS) {
      return { parameter, problem: "is the zero address", advice: "Name an account whose key somebody has." };
    }
    if (account === deployer && role !== "keeper") {
      const advice = "Name another account: the deployer keeps no role, so that its key can be thrown away.";
      return { parameter, problem: "is the deployer", advice };
    }
  }
  if (admin === guardian || admin === riskManager) {
    return {
      parameter: "roles.admin",
      problem: `is the ${admin === guardian ? "guardian" : "risk manager"} as well`,
      advice: "Name another account: the admin takes a role away from whoever has lost its key.",
    };
  }
  if (adminDelay <= 0n || adminDelay > MAX_ADMIN_DELAY) {
    return {
      parameter: "roles.adminDelay",
      problem: adminDelay <= 0n ? "is zero" : "is more than a hundred years",
      advice:
        "Give the admin a delay, two days for a market in use: without one its key takes over every role at once.",
    };
  }
  return undefined;
}

function tokenProblem({ loanToken, collateralToken }: MarketTerms): ParameterProblem | undefined {
  for (const [parameter, { decimals }] of Object.entries({ loanToken, collateralToken })) {
    if (decimals > MAX_TOKEN_DECIMALS) {
      return {
        parameter: `${parameter}.decimals`,
        problem: `is above ${MAX_TOKEN_DECIMALS}`,
        advice: "Take 18 or fewer.",
      };
    }
  }
  if (loanToken.symbol !== collateralToken.symbol) return undefined;
  const advice = "Give the tokens different symbols: amounts are written with them.";
  return { parameter: "collateralToken.symbol", problem: "is the loan token's as well", advice };
}

function feedProblem({ baseFeed, quoteFeed }: MarketTerms): ParameterProblem | undefined {
  for (const [parameter, { decimals, heartbeat, lag, maxAge, source }] of Object.entries({ baseFeed, quoteFeed })) {
    if (decimals > MAX_FEED_DECIMALS) {
      return {
        parameter: `${parameter}.decimals`,
        problem: `is above ${MAX_FEED_DECIMALS}`,
        advice: "Feeds have 8 or 18 decimals.",
      };
    }
    if (maxAge <= heartbeat || maxAge > 2n * heartbeat) {
      return {
        parameter: `${parameter}.maxAge`,
        problem: maxAge <= heartbeat ? "is not above the feed's heartbeat" : "is more than twice the feed's heartbeat",
        advice: "Take the feed's heartbeat and some delay.",
      };
    }
    if (lag >= heartbeat) {
      return {
        parameter: `${parameter}.lag`,
        problem: "is not below the feed's heartbeat",
        advice: "Give the age of the price that the feed sees when it reports: a minute, say.",
      };
    }
    if ("firstAnswer" in source && (source.firstAnswer <= 0n || source.firstAnswer >= 2n ** 191n)) {
      return { parameter: `${parameter}.startsAt`, problem: "is no price", advice: "Give a price above zero." };
    }
  }
  return undefined;
}

function marketProblem({
  market,
  loanToken,
  collateralToken,
  baseFeed,
  quoteFeed,
}: MarketTerms): ParameterProblem | undefined {
  const { expectedPrice, values } = market;
  const violation = violationOf(values);
  if (violation !== undefined) {
    return {
      parameter: `market.${violation.parameter}`,
      problem: violation.rule,
      advice: "docs/deployment.md explains the limits of the recommended market.",
    };
  }
  const parameter = "market.expectedPrice";
  if (expectedPrice < MIN_EXPECTED || expectedPrice > MAX_EXPECTED) {
    return { parameter, problem: "has too few digits, or too many", advice: "Check the decimals of the tokens." };
  }
  if ("firstAnswer" in baseFeed.source && "firstAnswer" in quoteFeed.source) {
    const price = crossPrice(
      {
        answer: baseFeed.source.firstAnswer,
        feedDecimals: baseFeed.decimals,
        tokenDecimals: collateralToken.decimals,
      },
      { answer: quoteFeed.source.firstAnswer, feedDecimals: quoteFeed.decimals, tokenDecimals: loanToken.decimals },
    );
    if (!isNear(price, expectedPrice)) {
      return {
        parameter,
        problem: "is not within a factor of two of what the feeds will say",
        advice: "Give the price that baseFeed.startsAt and quoteFeed.startsAt make.",
      };
    }
  }
  return undefined;
}

/** What a deployment gives away at its beginning. */
function stockProblem({ loanToken, collateralToken, market }: DeploymentParameters): ParameterProblem | undefined {
  for (const [parameter, { perDay }] of Object.entries({ loanToken, collateralToken })) {
    if (perDay > 0n) continue;
    return { parameter: `${parameter}.perDay`, problem: "is zero", advice: "Nobody could have any of the token." };
  }
  const { lendersStock, idleCollateral, values } = market;
  if (lendersStock > values.supplyCap) {
    return {
      parameter: "market.lendersStock",
      problem: "is above market.supplyCap",
      advice: "The market takes no more deposits than that.",
    };
  }
  if (idleCollateral > values.collateralCap / 2n) {
    return {
      parameter: "market.idleCollateral",
      problem: "is more than half of market.collateralCap",
      advice: "The rest is what borrowers can have: take less.",
    };
  }
  return undefined;
}

/** A feed's answer, and the decimals that it counts in. */
interface FeedAnswer {
  readonly answer: bigint;
  readonly feedDecimals: number;
  readonly tokenDecimals: number;
}

/** The price that the answers of two feeds make, as `IPriceOracle` scales it. */
export function crossPrice(base: FeedAnswer, quote: FeedAnswer): bigint {
  const above = base.answer * 10n ** BigInt(36 + quote.tokenDecimals + quote.feedDecimals);
  return above / (quote.answer * 10n ** BigInt(base.tokenDecimals + base.feedDecimals));
}

/** Whether a price is within a factor of two of the expected one, as `MarketConfig` asks. */
export function isNear(price: bigint, expected: bigint): boolean {
  return price <= 2n * expected && price >= expected / 2n;
}
