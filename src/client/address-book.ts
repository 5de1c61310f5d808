import { toAddress, type Address } from "../protocol/address.ts";
import { AddressBookError } from "./errors.ts";

/** A contract, and the block in which it was created: its events begin there. */
export interface Placed {
  readonly address: Address;
  readonly block: number;
}

/** The contracts that all markets of a deployment share. */
export const SHARED_CONTRACTS = [
  "accessManager",
  "marketAuthority",
  "factory",
  "lens",
  "swapper",
  "flashLiquidator",
  "uniswapFactory",
] as const;

export type SharedContracts = Readonly<Record<(typeof SHARED_CONTRACTS)[number], Placed>>;

export interface BookedToken {
  readonly address: Address;
  readonly symbol: string;
  readonly decimals: number;
  /** Whether it is a `FaucetToken`, which anyone may mint. */
  readonly faucet: boolean;
}

export interface BookedFeed {
  readonly address: Address;
  /** What it says of itself, like `ETH / USD`. */
  readonly description: string;
  /** Whether it is a `SettableFeed`. */
  readonly settable: boolean;
}

/** A market and all that its prices and trades come from. */
export interface BookedMarket extends Placed {
  readonly name: string;
  readonly symbol: string;
  readonly loanToken: BookedToken;
  readonly collateralToken: BookedToken;
  /** The market's own oracle: the guard, where there is one. */
  readonly oracle: Address;
  /**
   * The `OracleGuard` and its sources when it was deployed; undefined for a market on a bare
   * oracle.
   */
  readonly guard: { readonly address: Address; readonly primary: Address; readonly secondary: Address } | undefined;
  readonly feeds: { readonly base: BookedFeed; readonly quote: BookedFeed } | undefined;
  /** The pool that leverage is bought through; its fee in hundredths of a basis point. */
  readonly pool: { readonly address: Address; readonly fee: number } | undefined;
  /**
   * The parameters that it was deployed with, as people write them: `market.maxLeverage` is `5x`.
   */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What one deployment brought to a chain. */
export interface BookedDeployment {
  /** Two deployments on a chain have different names. */
  readonly name: string;
  readonly deployer: Address;
  /** Commit of the sources that were deployed; undefined if they were in no repository. */
  readonly commit: string | undefined;
  readonly contracts: SharedContracts;
  readonly markets: readonly BookedMarket[];
}

/** All deployments on a chain: the file `deployments/<chain id>.json`. */
export interface AddressBook {
  readonly chainId: bigint;
  readonly deployments: readonly BookedDeployment[];
}

const FORMAT = 1;

/**
 * Reads an address book.
 * @param value parsed JSON.
 * @param source name of the file, for errors.
 * @throws AddressBookError if it is none, with the place that is wrong.
 */
export function parseAddressBook(value: unknown, source: string): AddressBook {
  const book = new Reader(value, source, "");
  const format = book.number("format");
  if (format !== FORMAT) {
    throw new AddressBookError(
      source,
      `has the format ${format} instead of ${FORMAT}`,
      "Take the version of Cantilever that wrote it, or deploy again, which writes it anew.",
    );
  }
  const deployments = book.list("deployments").map(readDeployment);
  const names = deployments.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw book.problem("deployments", `has two of the name ${JSON.stringify(twice)}`);
  return { chainId: BigInt(book.number("chainId")), deployments };
}

/** The JSON text of an address book: equal books give equal texts. */
export function formatAddressBook(book: AddressBook): string {
  const { deployments } = book;
  return `${JSON.stringify({ format: FORMAT, chainId: Number(book.chainId), deployments }, undefined, 2)}\n`;
}

/** The book with a deployment added, or put in the place of the one with its name. */
export function withDeployment(book: AddressBook, added: BookedDeployment): AddressBook {
  const others = book.deployments.filter(({ name }) => name !== added.name);
  return { ...book, deployments: [...others, added] };
}

function readDeployment(deployment: Reader): BookedDeployment {
  const contracts = deployment.object("contracts");
  return {
    name: deployment.text("name"),
    deployer: deployment.address("deployer"),
    commit: deployment.optional("commit", () => deployment.text("commit")),
    contracts: Object.fromEntries(
      SHARED_CONTRACTS.map((name) => [name, readPlaced(contracts.object(name))]),
    ) as SharedContracts,
    markets: deployment.list("markets").map(readMarket),
  };
}

function readPlaced(placed: Reader): Placed {
  return { address: placed.address("address"), block: placed.number("block") };
}

function readMarket(market: Reader): BookedMarket {
  return {
    ...readPlaced(market),
    name: market.text("name"),
    symbol: market.text("symbol"),
    loanToken: readToken(market.object("loanToken")),
    collateralToken: readToken(market.object("collateralToken")),
    oracle: market.address("oracle"),
    guard: market.optional("guard", () => {
      const guard = market.object("guard");
      return {
        address: guard.address("address"),
        primary: guard.address("primary"),
        secondary: guard.address("secondary"),
      };
    }),
    feeds: market.optional("feeds", () => {
      const feeds = market.object("feeds");
      return { base: readFeed(feeds.object("base")), quote: readFeed(feeds.object("quote")) };
    }),
    pool: market.optional("pool", () => {
      const pool = market.object("pool");
      return { address: pool.address("address"), fee: pool.number("fee") };
    }),
    parameters: market.object("parameters").texts(),
  };
}

function readToken(token: Reader): BookedToken {
  return {
    address: token.address("address"),
    symbol: token.text("symbol"),
    decimals: token.number("decimals"),
    faucet: token.flag("faucet"),
  };
}

function readFeed(feed: Reader): BookedFeed {
  return {
    address: feed.address("address"),
    description: feed.text("description"),
    settable: feed.flag("settable"),
  };
}

/** A JSON object whose fields are read by kind, with errors that say where. */
class Reader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #source: string;
  readonly #place: string;

  constructor(value: unknown, source: string, place: string) {
    this.#source = source;
    this.#place = place;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.problem("", "is no object");
    }
    this.#fields = value as Readonly<Record<string, unknown>>;
  }

  problem(field: string, problem: string): AddressBookError {
    const place = this.#placeOf(field);
    return new AddressBookError(
      this.#source,
      place === "" ? problem : `has a field ${place} that ${problem}`,
      "Restore it from the repository, or deploy again by the same command: that changes nothing and writes it anew.",
    );
  }

  text(field: string): string {
    return this.#checked(field, (value) => typeof value === "string", "is no text");
  }

  number(field: string): number {
    const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
    return this.#checked(field, isCount, "is no whole number from zero on");
  }

  flag(field: string): boolean {
    return this.#checked(field, (value) => typeof value === "boolean", "is neither true nor false");
  }

  address(field: string): Address {
    const text = this.text(field);
    try {
      return toAddress(text);
    } catch {
      throw this.problem(field, "is no address");
    }
  }

  object(field: string): Reader {
    return new Reader(this.#fields[field], this.#source, this.#placeOf(field));
  }

  list(field: string): readonly Reader[] {
    const values = this.#checked(field, (value): value is unknown[] => Array.isArray(value), "is no list");
    return values.map((value, index) => new Reader(value, this.#source, `${this.#placeOf(field)}[${index}]`));
  }

  /** All fields, if all are texts. */
  texts(): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.keys(this.#fields).map((field) => [field, this.text(field)]));
  }

  optional<T>(field: string, read: () => T): T | undefined {
    return this.#fields[field] === undefined ? undefined : read();
  }

  #checked<T>(field: string, fits: (value: unknown) => value is T, problem: string): T {
    const value = this.#fields[field];
    if (value === undefined) throw this.problem(field, "is missing");
    if (!fits(value)) throw this.problem(field, problem);
    return value;
  }

  #placeOf(field: string): string {
    return this.#place === "" || field === "" ? this.#place + field : `${this.#place}.${field}`;
  }
}
