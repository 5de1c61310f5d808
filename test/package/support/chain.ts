import { writeFile, mkdir } from "node:fs/promises";
import { join } from "node:path";

import { HDNodeWallet, JsonRpcProvider, Mnemonic, parseUnits } from "ethers";

import { formatAddressBook } from "../../../src/client/address-book.ts";
import { faucetTokenAt } from "../../../src/client/contracts.ts";
import { bookedDeployment } from "../../../src/deployment/booked.ts";
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
  /** Accounts with a thousand WETH and a million USDC each, that have done nothing yet. */
  readonly borrower: HDNodeWallet;
  readonly integrator: HDNodeWallet;
  stop(): Promise<void>;
}

/**
 * Starts a chain in another process, deploys to it by the plan of `npm run deploy:local`, and writes its address book
 * into a project.
 */
export async function startChain({ folder }: Project): Promise<Chain> {
  const anvil = await startAnvil();
  const provider = new JsonRpcProvider(anvil.url, LOCAL_CHAIN, { staticNetwork: true, cacheTimeout: -1 });
  const node = new Node(anvil.rpc);
  const plan = await planOf();
  await execute(plan, node, { address: DEPLOYER }, { pollInterval: 20 });
  const deployment = await bookedDeployment(plan, node, { written: [], commit: undefined });
  await mkdir(join(folder, "deployments"), { recursive: true });
  const book = formatAddressBook({ chainId: LOCAL_CHAIN, deployments: [deployment] });
  await writeFile(join(folder, `deployments/${LOCAL_CHAIN}.json`), book);
  // Those before number 5 have roles.
  const account = async (number: number): Promise<HDNodeWallet> => {
    const wallet = HDNodeWallet.fromMnemonic(WORDS, `m/44'/60'/0'/0/${number}`).connect(provider);
    const { loanToken, collateralToken } = plan.addresses;
    await (await faucetTokenAt(collateralToken, wallet).mint(wallet, parseUnits("1000", 18))).wait();
    await (await faucetTokenAt(loanToken, wallet).mint(wallet, parseUnits("1000000", 6))).wait();
    return wallet;
  };
  const [borrower, integrator] = [await account(5), await account(6)];
  return {
    url: anvil.url,
    provider,
    borrower,
    integrator,
    async stop() {
      provider.destroy();
      await anvil.stop();
    },
  };
}
