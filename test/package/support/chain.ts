import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { HDNodeWallet, JsonRpcProvider, Mnemonic, parseUnits } from "ethers";

import { formatAddressBook } from "../../../src/client/address-book.ts";
import { faucetTokenAt } from "../../../src/client/contracts.ts";
import { bookedDeployment } from "../../../src/deployment/booked.ts";
import type { CantileverAddresses } from "../../../src/deployment/cantilever.ts";
import { execute } from "../../../src/deployment/execute.ts";
import { LOCAL_CHAIN, Node } from "../../../src/deployment/node.ts";
import { startAnvil } from "../../deploy/support/anvil.ts";
import { DEPLOYER, planOf } from "../../deploy/support/deploy.ts";
import type { Project } from "./packed.ts";

/** The words of a local node's accounts. */
const WORDS = Mnemonic.fromPhrase("test test test test test test test test test test test junk");

/** A chain with a market that works. */
export interface Chain {
  readonly url: string;
  readonly provider: JsonRpcProvider;
  /** Has a thousand WETH. */
  readonly borrower: HDNodeWallet;
  /** Has no tokens. */
  readonly integrator: HDNodeWallet;
  stop(): Promise<void>;
}

/**
 * Starts a chain in another process, deploys to it by the plan of `npm run deploy:local`, and
 * writes its address book into a project.
 */
export async function startChain(project: Project): Promise<Chain> {
  const anvil = await startAnvil();
  const provider = new JsonRpcProvider(anvil.url, LOCAL_CHAIN, { staticNetwork: true, cacheTimeout: -1 });
  const stop = async (): Promise<void> => {
    provider.destroy();
    await anvil.stop();
  };
  try {
    const { collateralToken } = await deploy(new Node(anvil.rpc), project);
    // Those before number 5 have roles.
    const account = (number: number): HDNodeWallet =>
      HDNodeWallet.fromMnemonic(WORDS, `m/44'/60'/0'/0/${number}`).connect(provider);
    const borrower = account(5);
    await (await faucetTokenAt(collateralToken, borrower).mint(borrower, parseUnits("1000", 18))).wait();
    return { url: anvil.url, provider, borrower, integrator: account(6), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function deploy(node: Node, { folder }: Project): Promise<CantileverAddresses> {
  const plan = await planOf();
  await execute(plan, node, { address: DEPLOYER }, { pollInterval: 20 });
  const deployment = await bookedDeployment(plan, node, { written: [], commit: undefined });
  await mkdir(join(folder, "deployments"), { recursive: true });
  const book = formatAddressBook({ chainId: LOCAL_CHAIN, deployments: [deployment] });
  await writeFile(join(folder, `deployments/${LOCAL_CHAIN}.json`), book);
  return plan.addresses;
}
