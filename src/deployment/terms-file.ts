import { CONFIG_NAMES, LIMIT_NAMES, type MarketParameters } from "../protocol/parameters.ts";
import type { FeedParameters, MarketTerms, TokenUnit } from "./parameters.ts";
import type { ParameterReader } from "./parameter-reader.ts";

const PRICE_DECIMALS = 18;
/** A hundredth of a basis point, WAD. */
const FEE_UNIT = 10n ** 12n;

/**
 * Reads the sections of feeds, pool, guard and market, which every market has.
 * @throws ParameterError with the line of an invalid or missing parameter.
 */
export function readTerms(
  reader: ParameterReader,
  { loanToken, collateralToken }: Pick<MarketTerms, "loanToken" | "collateralToken">,
): Omit<MarketTerms, "loanToken" | "collateralToken"> {
  return {
    chainId: reader.digits("chainId"),
    baseFeed: feed(reader, "baseFeed"),
    quoteFeed: feed(reader, "quoteFeed"),
    pool: {
      fee: feeTier(reader),
      collateral: reader.amount("pool.collateral", collateralToken.symbol, collateralToken.decimals),
    },
    guard: {
      maxDeviation: reader.percent("guard.maxDeviation"),
      maxRisePerHour: reader.percent("guard.maxRisePerHour"),
      maxFallPerHour: reader.percent("guard.maxFallPerHour"),
      gracePeriod: reader.duration("guard.gracePeriod"),
      sourceGas: reader.amount("guard.sourceGas", "gas", 0),
      replacementDelay: reader.duration("guard.replacementDelay"),
      window: reader.duration("guard.window"),
      blockTime: reader.duration("guard.blockTime"),
    },
    market: {
      name: reader.text("market.name"),
      symbol: reader.text("market.symbol"),
      expectedPrice: price(reader, loanToken, collateralToken),
      values: values(reader, loanToken, collateralToken),
    },
  };
}

/** The section of a feed. */
function feed(reader: ParameterReader, path: string): FeedParameters {
  const description = reader.text(`${path}.description`);
  const unit = description.split("/").at(-1)?.trim() ?? "";
  const decimals = reader.decimals(`${path}.decimals`);
  const source = reader.has(`${path}.address`)
    ? { address: reader.address(`${path}.address`) }
    : { firstAnswer: reader.amount(`${path}.startsAt`, unit, decimals) };
  return {
    description,
    decimals,
    heartbeat: reader.duration(`${path}.heartbeat`),
    lag: reader.duration(`${path}.lag`),
    maxAge: reader.duration(`${path}.maxAge`),
    source,
  };
}

/** Converts a written fee to hundredths of a basis point, the unit of Uniswap v3. */
function feeTier(reader: ParameterReader): number {
  const fee = reader.percent("pool.fee");
  if (fee % FEE_UNIT === 0n) return Number(fee / FEE_UNIT);
  throw reader.error("pool.fee", "has too many decimals", "Use 0.05%, 0.3% or 1%, the fees of pools.");
}

/** The expected price, scaled as in `IPriceOracle`, rounded down. */
function price(reader: ParameterReader, loan: TokenUnit, collateral: TokenUnit): bigint {
  const written = reader.amount("market.expectedPrice", loan.symbol, PRICE_DECIMALS);
  return (written * 10n ** BigInt(36 + loan.decimals)) / 10n ** BigInt(collateral.decimals + PRICE_DECIMALS);
}

function values(reader: ParameterReader, loan: TokenUnit, collateral: TokenUnit): MarketParameters {
  const leverages = new Set<string>(["maxLeverage", "liquidationLeverage", "systemLeverageCap", "targetLeverage"]);
  const amounts = new Map<string, TokenUnit>([
    ["debtCap", loan],
    ["supplyCap", loan],
    ["minDebt", loan],
    ["collateralCap", collateral],
  ]);
  const value = (name: string): bigint => {
    const path = `market.${name}`;
    const of = amounts.get(name);
    if (of !== undefined) return reader.amount(path, of.symbol, of.decimals);
    if (leverages.has(name)) return reader.leverage(path);
    return name === "raiseDelay" ? reader.duration(path) : reader.percent(path);
  };
  const names = [...LIMIT_NAMES, ...CONFIG_NAMES];
  return Object.fromEntries(names.map((name) => [name, value(name)])) as unknown as MarketParameters;
}
