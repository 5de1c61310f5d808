import { ZERO_ADDRESS, type Address } from "../protocol/address.ts";
import { violationOf } from "../protocol/market-rules.ts";
import type { GuardParameters, MarketParameters } from "../protocol/parameters.ts";
import { MAX_PRICE } from "../protocol/units.ts";
import { sourceProblem } from "./source-rules.ts";

/** Symbol and decimals with which amounts of a token are written. */
export interface TokenUnit {
  readonly symbol: string;
  readonly decimals: number;
}

/** A test token that anyone may mint. */
export interface TokenParameters extends TokenUnit {
  readonly name: string;
  /** Maximum that an address can mint per day, token units. */
  readonly perDay: bigint;
}

/** A price feed: an existing one, or a new one with answers set by the deployer. */
export interface FeedParameters {
  /** The feed's own description, such as `ETH / USD`. */
  readonly description: string;
  readonly decimals: number;
  /** Longest time between two answers, even without a price change, seconds. */
  readonly heartbeat: bigint;
  /** Delay between the market price and the feed's answer, seconds. */
  readonly lag: bigint;
  /** Age at which an answer becomes stale, seconds. */
  readonly maxAge: bigint;
  readonly source: { readonly address: Address } | { readonly firstAnswer: bigint };
}

/** Parameters of a deployment. Together with the deployer and the name they determine it. */
export interface DeploymentParameters {
  readonly chainId: bigint;
  readonly roles: {
    readonly admin: Address;
    /** Delay between scheduling and execution of an admin operation, seconds. */
    readonly adminDelay: bigint;
    readonly guardian: Address;
    readonly riskManager: Address;
    readonly marketCreator: Address | "everyone";
    /** Owns the `FlashLiquidator`. */
    readonly keeper: Address;
  };
  readonly loanToken: TokenParameters;
  readonly collateralToken: TokenParameters;
  /** Feed of the collateral token's price. */
  readonly baseFeed: FeedParameters;
  /** Feed of the loan token's price in the same unit. */
  readonly quoteFeed: FeedParameters;
  /** The existing factory of Uniswap v3, or `new` to deploy one. */
  readonly uniswapFactory: Address | "new";
  /**
   * The pool of both tokens. The guard's secondary source reads it, and leveraged positions trade
   * through it.
   */
  readonly pool: {
    /** Fee tier, hundredths of a basis point. */
    readonly fee: number;
    /**
     * Initial collateral of the pool over the full price range, token units. Loan tokens of the
     * same value are added.
     */
    readonly collateral: bigint;
  };
  readonly guard: GuardParameters;
  readonly market: {
    readonly name: string;
    readonly symbol: string;
    /** Current price of the collateral within a factor of two, scaled as in `IPriceOracle`. */
    readonly expectedPrice: bigint;
    /** Initial deposit, which is never withdrawn, loan token units; zero for none. */
    readonly lendersStock: bigint;
    /**
     * Initial collateral in a position without debt, which is never withdrawn, collateral token
     * units; zero for none.
     */
    readonly idleCollateral: bigint;
    readonly values: MarketParameters;
  };
}

/** The parameters of a market that don't depend on who deployed its tokens and feeds. */
export interface MarketTerms extends Pick<
  DeploymentParameters,
  "chainId" | "baseFeed" | "quoteFeed" | "pool" | "guard"
> {
  readonly loanToken: TokenUnit;
  readonly collateralToken: TokenUnit;
  readonly market: Pick<DeploymentParameters["market"], "name" | "symbol" | "expectedPrice" | "values">;
}

/** An invalid parameter, by its path in the file. */
export interface ParameterProblem {
  readonly parameter: string;
  readonly problem: string;
  readonly advice: string;
}

/** Bounds of the expected price, as in `MarketConfig`. */
const MIN_EXPECTED = 10n ** 6n;
const MAX_EXPECTED = MAX_PRICE / 2n ** 16n;
const MAX_TOKEN_DECIMALS = 24;
const MAX_FEED_DECIMALS = 18;
const MAX_ADMIN_DELAY = 2n ** 32n - 1n;

/**
 * The first problem of a deployment's parameters that can be found without a chain; undefined if
 * there is none.
 * @param deployer if it is known already.
 */
export function problemOf(parameters: DeploymentParameters, deployer?: Address): ParameterProblem | undefined {
  return roleProblem(parameters.roles, deployer) ?? termsProblem(parameters) ?? stockProblem(parameters);
}

/** The first problem of a market's parameters; undefined if there is none. */
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
      return { parameter, problem: "is the zero address", advice: "Use an account whose key somebody holds." };
    }
    if (account === deployer && role !== "keeper") {
      const advice = "Use another account: the deployer keeps no role, so that its key can be discarded.";
      return { parameter, problem: "is the deployer", advice };
    }
  }
  if (admin === guardian || admin === riskManager) {
    return {
      parameter: "roles.admin",
      problem: `is also the ${admin === guardian ? "guardian" : "risk manager"}`,
      advice: "Use another account: the admin must be able to revoke a role whose key is lost.",
    };
  }
  if (adminDelay <= 0n || adminDelay > MAX_ADMIN_DELAY) {
    return {
      parameter: "roles.adminDelay",
      problem: adminDelay <= 0n ? "is zero" : "is more than a hundred years",
      advice: "Give the admin a delay, two days for a market in use: without one, its key controls every role at once.",
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
        advice: "Use a token with 18 decimals or fewer.",
      };
    }
  }
  if (loanToken.symbol !== collateralToken.symbol) return undefined;
  const advice = "Give the tokens distinct symbols: amounts are written with them.";
  return { parameter: "collateralToken.symbol", problem: "is also the loan token's", advice };
}

function feedProblem({ baseFeed, quoteFeed }: MarketTerms): ParameterProblem | undefined {
  for (const [parameter, { decimals, heartbeat, lag, maxAge, source }] of Object.entries({ baseFeed, quoteFeed })) {
    if (decimals > MAX_FEED_DECIMALS) {
      return {
        parameter: `${parameter}.decimals`,
        problem: `is above ${MAX_FEED_DECIMALS}`,
        advice: "Use a feed with 8 or 18 decimals.",
      };
    }
    if (maxAge <= heartbeat || maxAge > 2n * heartbeat) {
      return {
        parameter: `${parameter}.maxAge`,
        problem: maxAge <= heartbeat ? "is not above the feed's heartbeat" : "is more than twice the feed's heartbeat",
        advice: "Use the feed's heartbeat plus some delay.",
      };
    }
    if (lag >= heartbeat) {
      return {
        parameter: `${parameter}.lag`,
        problem: "is not below the feed's heartbeat",
        advice: "Use the delay between the market price and the feed's answer, such as a minute.",
      };
    }
    if ("firstAnswer" in source && (source.firstAnswer <= 0n || source.firstAnswer >= 2n ** 191n)) {
      return { parameter: `${parameter}.startsAt`, problem: "is not a valid price", advice: "Use a price above zero." };
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
      advice: "Correct it; docs/deployment.md explains the limits of the recommended market.",
    };
  }
  const parameter = "market.expectedPrice";
  if (expectedPrice < MIN_EXPECTED || expectedPrice > MAX_EXPECTED) {
    return { parameter, problem: "is too low or too high", advice: "Check the decimals of the tokens." };
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
        problem: "is not within a factor of two of the price of the feeds' first answers",
        advice: "Use the quotient of baseFeed.startsAt and quoteFeed.startsAt.",
      };
    }
  }
  return undefined;
}

/** The first problem of a deployment's faucets and initial liquidity. */
function stockProblem({ loanToken, collateralToken, market }: DeploymentParameters): ParameterProblem | undefined {
  for (const [parameter, { perDay }] of Object.entries({ loanToken, collateralToken })) {
    if (perDay > 0n) continue;
    return {
      parameter: `${parameter}.perDay`,
      problem: "is zero",
      advice: "Use an amount above zero: otherwise nobody can get any of the token.",
    };
  }
  const { lendersStock, idleCollateral, values } = market;
  if (lendersStock > values.supplyCap) {
    return {
      parameter: "market.lendersStock",
      problem: "is above market.supplyCap",
      advice: "Use at most the supply cap, which limits all deposits.",
    };
  }
  if (idleCollateral > values.collateralCap / 2n) {
    return {
      parameter: "market.idleCollateral",
      problem: "is more than half of market.collateralCap",
      advice: "Use less: only the rest of the cap is available to borrowers.",
    };
  }
  return undefined;
}

/** A feed's answer, the feed's decimals, and the decimals of the priced token. */
interface FeedAnswer {
  readonly answer: bigint;
  readonly feedDecimals: number;
  readonly tokenDecimals: number;
}

/** The quotient of the answers of two feeds, scaled as in `IPriceOracle`, rounded down. */
export function crossPrice(base: FeedAnswer, quote: FeedAnswer): bigint {
  const above = base.answer * 10n ** BigInt(36 + quote.tokenDecimals + quote.feedDecimals);
  return above / (quote.answer * 10n ** BigInt(base.tokenDecimals + base.feedDecimals));
}

/** Whether a price is within a factor of two of the expected one, as `MarketConfig` requires. */
export function isNear(price: bigint, expected: bigint): boolean {
  return price <= 2n * expected && price >= expected / 2n;
}
