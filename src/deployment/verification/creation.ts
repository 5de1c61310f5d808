import { dataLength, dataSlice, Interface } from "ethers";

import { abi as marketFactoryAbi } from "../../../abis/MarketFactory.ts";
import type { BookedDeployment, BookedMarket } from "../../client/address-book.ts";
import { CREATE2_DEPLOYER, toAddress, type Address } from "../../protocol/address.ts";
import { creationBlock } from "../booked.ts";
import { create2Address } from "../create2.ts";
import type { Node } from "../node.ts";
import { creationCode, type Artifact } from "../plan.ts";

const factoryInterface = new Interface(marketFactoryAbi);
const SALT_LENGTH = 32;

/** A contract of an address book that is not part of the deployment's own plan. */
export interface LaterContract {
  /** Role and market: `Guard.clUSDC-WETH-2`. */
  readonly id: string;
  readonly address: Address;
  /**
   * Creation code followed by constructor arguments; undefined if they can't be found on the chain.
   */
  readonly creation: (node: Node) => Promise<string | undefined>;
}

/**
 * The contracts of markets that were created after a deployment, with their creation code from the
 * chain.
 * @param known addresses of the contracts in the deployment's own plan.
 * @param market the compiled `LeverageMarket`.
 */
export function laterContracts(
  { contracts: { factory }, markets }: BookedDeployment,
  known: ReadonlySet<Address>,
  market: Artifact,
): readonly LaterContract[] {
  const later = new Map<Address, LaterContract>();
  const add = (id: string, address: Address, creation: LaterContract["creation"]): void => {
    if (!known.has(address) && !later.has(address)) later.set(address, { id, address, creation });
  };
  for (const one of markets) {
    for (const [part, address] of partsOf(one)) {
      add(`${part}.${one.symbol}`, address, (node) => deterministicCreation(node, address));
    }
    add(`Market.${one.symbol}`, one.address, (node) => marketCreation(node, factory.address, one, market));
  }
  return [...later.values()];
}

/** The oracle, tokens and feeds of a market that can be contracts of Cantilever. */
function partsOf(market: BookedMarket): readonly (readonly [string, Address])[] {
  const { oracle, guard, loanToken, collateralToken, feeds } = market;
  return [
    ...(guard === undefined
      ? [["Oracle", oracle] as const]
      : ([
          ["Primary", guard.primary],
          ["Secondary", guard.secondary],
          ["Guard", guard.address],
        ] as const)),
    ...(loanToken.faucet ? [["LoanToken", loanToken.address] as const] : []),
    ...(collateralToken.faucet ? [["CollateralToken", collateralToken.address] as const] : []),
    ...(feeds?.base.settable === true ? [["BaseFeed", feeds.base.address] as const] : []),
    ...(feeds?.quote.settable === true ? [["QuoteFeed", feeds.quote.address] as const] : []),
  ];
}

/**
 * Creation code from the transaction to the deterministic deployer; undefined if another account
 * created the contract.
 */
async function deterministicCreation(node: Node, address: Address): Promise<string | undefined> {
  const number = await creationBlock(node, address, await node.blockNumber());
  for (const { to, input } of await node.transactionsIn(number)) {
    if (to === null || toAddress(to) !== CREATE2_DEPLOYER || dataLength(input) <= SALT_LENGTH) continue;
    const creation = dataSlice(input, SALT_LENGTH);
    if (create2Address(dataSlice(input, 0, SALT_LENGTH), creation) === address) return creation;
  }
  return undefined;
}

/** Creation code of a market from the factory's event, which contains its parameters. */
async function marketCreation(
  node: Node,
  factory: Address,
  { address, block }: BookedMarket,
  artifact: Artifact,
): Promise<string | undefined> {
  const topics = factoryInterface.encodeFilterTopics("MarketCreated", [address]);
  const logs = await node.logsIn(BigInt(block), factory, topics);
  const params = logs[0] && (factoryInterface.parseLog(logs[0])?.args.getValue("params") as unknown);
  return params === undefined ? undefined : creationCode(artifact, [params]);
}
