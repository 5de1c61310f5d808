import type { Address } from "../protocol/address.ts";
import { ParameterReader, type WrittenParameter } from "./parameter-reader.ts";
import { termsProblem, type FeedParameters, type MarketTerms, type TokenUnit } from "./parameters.ts";
import { readTerms } from "./terms-file.ts";

/** An existing token of the chain. */
export interface ChainToken extends TokenUnit {
  readonly address: Address;
}

/** An existing feed of the chain. */
export interface ChainFeed extends FeedParameters {
  readonly source: { readonly address: Address };
}

/** Parameters of a further market on existing tokens, feeds and a pool of the chain. */
export interface NewMarketParameters extends MarketTerms {
  readonly loanToken: ChainToken;
  readonly collateralToken: ChainToken;
  readonly baseFeed: ChainFeed;
  readonly quoteFeed: ChainFeed;
}

/** The parsed parameter file of a market. */
export interface MarketFile {
  readonly parameters: NewMarketParameters;
  /** Every parameter as written, in the order of the file, for people to confirm. */
  readonly written: readonly WrittenParameter[];
}

/**
 * Parses the parameter file of a further market. It has the sections of a deployment's file that a
 * market needs, with the addresses of existing tokens and feeds.
 * @param file name of the file in errors.
 * @throws ParameterError with the line of an invalid, missing or unknown parameter.
 */
export function parseMarketFile(text: string, file: string): MarketFile {
  const reader = new ParameterReader(text, file, "deploy/markets/example.yaml");
  const loanToken = token(reader, "loanToken");
  const collateralToken = token(reader, "collateralToken");
  const { baseFeed, quoteFeed, ...terms } = readTerms(reader, { loanToken, collateralToken });
  const parameters = {
    ...terms,
    loanToken,
    collateralToken,
    baseFeed: onChain(reader, "baseFeed", baseFeed),
    quoteFeed: onChain(reader, "quoteFeed", quoteFeed),
  };
  reader.refuseUnread();
  const found = termsProblem(parameters);
  if (found !== undefined) throw reader.error(found.parameter, found.problem, found.advice);
  return { parameters, written: reader.written };
}

function token(reader: ParameterReader, path: string): ChainToken {
  return {
    address: reader.address(`${path}.address`),
    symbol: reader.text(`${path}.symbol`),
    decimals: reader.decimals(`${path}.decimals`),
  };
}

function onChain(reader: ParameterReader, path: string, { source, ...feed }: FeedParameters): ChainFeed {
  if ("address" in source) return { ...feed, source };
  throw reader.error(
    `${path}.startsAt`,
    "is only for new feeds of a deployment",
    `Give the feed's ${path}.address instead.`,
  );
}
