import {
  SHARED_CONTRACTS,
  type BookedDeployment,
  type BookedFeed,
  type BookedToken,
  type Placed,
  type SharedContracts,
} from "../client/address-book.ts";
import type { Address } from "../protocol/address.ts";
import type { CantileverPlan } from "./cantilever.ts";
import { NodeError } from "./errors.ts";
import type { Node } from "./node.ts";
import type { WrittenParameter } from "./parameter-reader.ts";
import type { FeedParameters, TokenParameters } from "./parameters.ts";

/** What a book says of a deployment, beside what follows from its plan. */
export interface BookedSource {
  /** The parameters as they are written in their file. */
  readonly written: readonly Pick<WrittenParameter, "path" | "text">[];
  /** Commit of the sources; undefined if they are in no repository. */
  readonly commit: string | undefined;
}

/**
 * A deployment as an address book has it. The blocks of creation are found on the chain, so it is the same whenever it is
 * asked for.
 * @throws NodeError if a contract of the plan isn't there, or the node has forgotten the state of the blocks around its
 * creation.
 */
export async function bookedDeployment(
  { name, deployer, addresses, parameters }: CantileverPlan,
  node: Node,
  { written, commit }: BookedSource,
): Promise<BookedDeployment> {
  const latest = await node.blockNumber();
  const place = async (address: Address): Promise<Placed> => ({
    address,
    block: Number(await creationBlock(node, address, latest)),
  });
  const shared = SHARED_CONTRACTS.map(async (contract) => {
    const address = addresses[contract];
    // Of a factory that the chain had before, nobody here reads events from its beginning: its block is left at zero.
    const isFound = contract === "uniswapFactory" && parameters.uniswapFactory !== "new";
    return [contract, isFound ? { address, block: 0 } : await place(address)] as const;
  });
  const [market, ...contracts] = await Promise.all([place(addresses.market), ...shared]);
  return {
    name,
    deployer,
    commit,
    contracts: Object.fromEntries(contracts) as SharedContracts,
    markets: [
      {
        ...market,
        name: parameters.market.name,
        symbol: parameters.market.symbol,
        loanToken: token(addresses.loanToken, parameters.loanToken),
        collateralToken: token(addresses.collateralToken, parameters.collateralToken),
        oracle: addresses.guard,
        guard: { address: addresses.guard, primary: addresses.primary, secondary: addresses.secondary },
        feeds: {
          base: feed(addresses.baseFeed, parameters.baseFeed),
          quote: feed(addresses.quoteFeed, parameters.quoteFeed),
        },
        pool: { address: addresses.pool, fee: parameters.pool.fee },
        parameters: Object.fromEntries(written.map(({ path, text }) => [path, text])),
      },
    ],
  };
}

function token(address: Address, { symbol, decimals }: TokenParameters): BookedToken {
  return { address, symbol, decimals, faucet: true };
}

function feed(address: Address, { description, source }: FeedParameters): BookedFeed {
  return { address, description, settable: "firstAnswer" in source };
}

/**
 * The block after which an address has code for the first time. The search goes back from the latest block in steps that
 * double, then halves what is left: so a recent deployment is found on a node that has forgotten older states.
 * @throws NodeError if there is no contract, or the node doesn't know the states that have to be looked at.
 */
export async function creationBlock(node: Node, address: Address, latest: bigint): Promise<bigint> {
  const exists = async (block: bigint): Promise<boolean> => {
    try {
      return (await node.code(address, block)) !== "0x";
    } catch (error) {
      if (error instanceof NodeError) throw error;
      throw new NodeError(
        `The node doesn't say what was at ${address} after block ${block}`,
        "Ask a node that keeps the states of old blocks (an archive node).",
        error,
      );
    }
  };
  if (!(await exists(latest))) {
    throw new NodeError(
      `There is no contract at ${address}`,
      "Deploy first; the same command goes on where it stopped.",
    );
  }
  let [without, found] = [-1n, latest];
  for (let step = 1n; found > 0n; step *= 2n) {
    const earlier = found > step ? found - step : 0n;
    if (!(await exists(earlier))) {
      without = earlier;
      break;
    }
    found = earlier;
  }
  while (found - without > 1n) {
    const middle = (found + without) / 2n;
    if (await exists(middle)) found = middle;
    else without = middle;
  }
  return found;
}
