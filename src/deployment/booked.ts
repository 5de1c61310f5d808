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

/** Entries of an address book about a deployment that do not follow from its plan. */
export interface BookedSource {
  /** The parameters as written in their file. */
  readonly written: readonly Pick<WrittenParameter, "path" | "text">[];
  /** Commit of the sources; undefined if they are not in a repository. */
  readonly commit: string | undefined;
}

/**
 * The entry of a deployment in an address book. The blocks of creation are found on the chain, so
 * the result is the same at any time.
 * @throws NodeError if a contract of the plan does not exist, or if the node no longer has the
 * states around its creation.
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
    // The block of an existing Uniswap factory stays zero: nothing here reads its events from the
    // beginning.
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
 * The block that created the contract at an address. The search goes back from the latest block in
 * doubling steps, then bisects. So a recent contract is found even on a node without old states.
 * @throws NodeError if there is no contract, or if the node lacks a state that the search needs.
 */
export async function creationBlock(node: Node, address: Address, latest: bigint): Promise<bigint> {
  const exists = async (block: bigint): Promise<boolean> => {
    try {
      return (await node.code(address, block)) !== "0x";
    } catch (error) {
      if (error instanceof NodeError) throw error;
      throw new NodeError(
        `The node does not return the code of ${address} after block ${block}`,
        "Use a node that keeps the states of old blocks (an archive node).",
        error,
      );
    }
  };
  if (!(await exists(latest))) {
    throw new NodeError(
      `There is no contract at ${address}`,
      "Deploy first. An interrupted deployment continues when the same command runs again.",
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
