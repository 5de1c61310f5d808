import { writeFile } from "node:fs/promises";

import { commitOf } from "../../deploy/commit.ts";
import { formatAddressBook, type BookedDeployment } from "../../src/client/address-book.ts";
import { send } from "../../src/client/send.ts";
import { toUnits } from "../../src/client/units.ts";
import { bookedDeployment } from "../../src/deployment/booked.ts";
import { Node } from "../../src/deployment/node.ts";
import { DEMO_CONFIG, type SimulationConfig } from "../../src/lab/config.ts";
import { LiveMarket } from "../../src/lab/live/live-market.ts";
import { thereAndBack, type PricePath } from "../../src/lab/scenario/price-path.ts";
import type { Progress } from "../../src/lab/simulation/progress.ts";
import type { Simulation } from "../../src/lab/simulation/replay.ts";
import { setUp } from "../../src/lab/simulation/set-up.ts";
import { deployNamed, type LocalDeployment } from "../command/local-deployment.ts";
import { publicAccounts, type PublicAccount, type Role } from "./accounts.ts";
import type { DevnetOptions } from "./options.ts";
import type { RpcServer } from "./rpc-server.ts";
import { Turns } from "./turns.ts";

/** Name of the deployment. */
const NAME = "devnet";

/** The demo's market, with more left to borrow: 20% of what is lent. */
const CONFIG: SimulationConfig = { ...DEMO_CONFIG, lenders: { ...DEMO_CONFIG.lenders, utilization: 0.8 } };

/** What each account of a person has of the tokens to begin with, and of ether for gas. */
export const GIFTS = { loan: 1_000_000, collateral: 100, ether: 1_000_000 };

/** A market that is ready to live. */
export interface Devnet {
  readonly url: string;
  readonly chainId: bigint;
  readonly market: LiveMarket;
  /** Those of everyone who acts in it. */
  readonly turns: Turns;
  readonly path: PricePath;
  readonly deployment: BookedDeployment;
  readonly accounts: readonly PublicAccount[];
}

/**
 * Starts the chain, deploys, fills pool and vault, opens the positions, and opens the port. The
 * chain's time is the machine's when that is done, and goes its own way from then on.
 */
export async function startDevnet(
  options: DevnetOptions,
  path: PricePath,
  server: RpcServer,
  progress: Progress,
): Promise<Devnet> {
  const accounts = publicAccounts();
  const startsAt = Math.floor(Date.now() / 1_000);
  let made: LocalDeployment | undefined;
  const { simulation } = await setUp(
    {
      config: CONFIG,
      path: { ...path, startsAt },
      seed: options.seed,
      positions: options.borrowers,
      others: accounts.map(({ privateKey }) => privateKey),
      deploy: async (chain, request) => {
        made = await deployNamed(NAME, chain, { ...request, roles: { ...request.roles, ...rolesOf(accounts) } });
        return made.plan.addresses;
      },
    },
    progress,
  );
  if (made === undefined) throw new Error("Nothing was deployed.");

  progress.begin("Giving the accounts their tokens, writing the address book");
  await giveTokens(simulation, accounts);
  const market = await LiveMarket.begin(simulation, {
    course: thereAndBack(path),
    startsAt,
    keeper: options.keeper,
  });
  const { plan, file } = made;
  const { provider, onMessage } = simulation.chain;
  const deployment = await bookedDeployment(plan, new Node(provider), {
    written: file.written,
    commit: await commitOf(import.meta.dirname),
  });
  // The chain is a new one: what an earlier book says isn't there any more.
  await writeFile(options.book, formatAddressBook({ chainId: plan.chainId, deployments: [deployment] }));
  const turns = new Turns();
  server.open({ rpc: provider, accounts: accounts.map(({ address }) => address), turns, onMessage });
  return { url: server.url, chainId: plan.chainId, market, turns, path, deployment, accounts };
}

/** Who has the roles: accounts of people, so that they can govern. */
function rolesOf(accounts: readonly PublicAccount[]): Readonly<Record<Role, string>> {
  const holder = (role: Role): string => {
    const found = accounts.find((account) => account.role === role);
    if (found === undefined) throw new RangeError(`No account is the ${role}.`);
    return found.address;
  };
  return { admin: holder("admin"), guardian: holder("guardian"), riskManager: holder("riskManager") };
}

async function giveTokens(
  { clock, deployment: { loanToken, collateralToken, decimals } }: Simulation,
  accounts: readonly PublicAccount[],
): Promise<void> {
  for (const { address } of accounts) {
    await clock.tick();
    await send(loanToken.mint(address, toUnits(GIFTS.loan, decimals.loan)));
    await clock.tick();
    await send(collateralToken.mint(address, toUnits(GIFTS.collateral, decimals.collateral)));
  }
}
