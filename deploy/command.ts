import { UsageError } from "../src/cli/errors.ts";
import { EXIT_CODES } from "../src/cli/exit-codes.ts";
import { DEBUG_VARIABLE } from "../src/cli/failure.ts";
import type { Terminal } from "../src/cli/terminal.ts";
import type { AddressBook, BookedDeployment } from "../src/client/address-book.ts";
import { bookedDeployment } from "../src/deployment/booked.ts";
import { planCantilever, type CantileverPlan } from "../src/deployment/cantilever.ts";
import { LOCAL_CHAIN, type Node } from "../src/deployment/node.ts";
import { ACCOUNT_HELP, senderOf } from "./account.ts";
import { ARTIFACTS } from "./artifacts.ts";
import { findBook, writeDeployment } from "./book.ts";
import { carryOut } from "./carry-out.ts";
import { commitOf } from "./commit.ts";
import { checkChainId, connect } from "./connection.ts";
import { parametersOf } from "./networks.ts";
import { commonChoices, mannerOf, SENDING_HELP, SENDING_OPTIONS } from "./options.ts";
import { exitCodeHelp, parseWords, reporterOf, runCommand } from "./run.ts";

const USAGE = `Usage: npm run deploy -- [options]

Deploys the contracts that the parameters of a network describe. First it shows the steps, the cost
and what exists already. A repeated command makes only the missing steps. At the end it writes the
address book of the chain, deployments/<chain id>.json.

Options:
  --network NAME       deploy/parameters/NAME.yaml (default: local)
${SENDING_HELP}

With another --name, everything is deployed a second time.

${ACCOUNT_HELP}
${exitCodeHelp("done", "defect", "usage", "noNetwork", "wrongChain", "notEnough", "key", "refused", "notConfirmed", "closedTerminal", "notMined")}
Other commands: npm run create-market, npm run deploy:check. ${DEBUG_VARIABLE}=1 shows the stack trace of a defect.
`;

/**
 * Runs `npm run deploy`.
 * @param words of the command line after the program.
 * @returns the exit code. Failures are reported before it returns.
 */
export async function runDeployment(words: readonly string[], terminal: Terminal): Promise<number> {
  return runCommand(words, terminal, () => run(words, terminal));
}

async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseWords(words, { ...SENDING_OPTIONS, network: { type: "string" } });
  if (values.help === true) {
    terminal.stdout.write(USAGE);
    return EXIT_CODES.done;
  }
  const { rpcUrl, name, books, json } = commonChoices(values);
  const manner = mannerOf(values);
  const network = values.network ?? "local";
  const file = await parametersOf(network);
  const { node, chainId } = await connect(rpcUrl);
  checkChainId(chainId, file.parameters.chainId, `deploy/parameters/${network}.yaml`);
  // Read before anything is sent, so that an invalid address book does not interrupt a deployment.
  const book = await findBook(books, chainId);
  const commit = await commitOf(import.meta.dirname);
  const sender = await senderOf(node, terminal, { account: values.account, from: values.from });
  const plan = planCantilever(file.parameters, ARTIFACTS, sender.address, name);
  await checkName(book, plan, node);
  const reporter = reporterOf(terminal, json);
  const { isWhole, hasSent } = await carryOut(
    {
      plan,
      title: `Deployment ${JSON.stringify(name)} of ${sender.address} on chain ${chainId}`,
      written: file.written,
      afterwards: afterwardsOf(plan),
      question: "Deploy?",
    },
    { node, sender, reporter, terminal },
    manner,
  );
  if (!isWhole || manner.dryRun) return EXIT_CODES.done;
  // An entry in the address book is complete. If something had to be sent all the same, the local
  // chain is a new one: its blocks differ, and it lacks the markets that were created later.
  const isAnew = hasSent && chainId === LOCAL_CHAIN;
  const known = isAnew ? undefined : book?.deployments.find((one) => one.name === name);
  const booked = isOf(plan, known) ? known : await bookedDeployment(plan, node, { written: file.written, commit });
  const gone = await goneFrom(node, book, chainId);
  const path = await writeDeployment(books, chainId, booked, gone);
  const leftOut =
    gone.length === 0 ? "" : `Removed from it, since they were on an earlier local chain: ${gone.join(", ")}\n`;
  reporter.tell(
    { event: "deployed", deployment: name, hasSent, addresses: plan.addresses, addressBook: path },
    `\n${hasSent ? "Deployed." : "Everything exists already: nothing was sent."}\n${addressList(plan)}\n` +
      `Address book: ${path}\n${leftOut}`,
  );
  return EXIT_CODES.done;
}

/**
 * Names of the deployments in an address book that are not on the chain. A local chain starts empty
 * each time, but its address book stays. On other chains a node that lags is no reason to forget a
 * deployment.
 */
async function goneFrom(node: Node, book: AddressBook | undefined, chainId: bigint): Promise<readonly string[]> {
  if (book === undefined || chainId !== LOCAL_CHAIN) return [];
  const gone: string[] = [];
  for (const { name, contracts } of book.deployments) {
    if (!(await node.hasCode(contracts.accessManager.address))) gone.push(name);
  }
  return gone;
}

/**
 * Refuses a name that another deployer's deployment has in the address book, which would be lost.
 * @throws UsageError, unless its contracts do not exist any more: the chain was restarted.
 */
async function checkName(book: AddressBook | undefined, { name, deployer }: CantileverPlan, node: Node): Promise<void> {
  const known = book?.deployments.find((one) => one.name === name);
  if (known === undefined || known.deployer === deployer) return;
  if (!(await node.hasCode(known.contracts.factory.address))) return;
  throw new UsageError(
    `The address book has a deployment ${JSON.stringify(name)} of another deployer, ${known.deployer}`,
    "Give this one another name by --name.",
  );
}

/**
 * Whether the address book has this deployment already. Then its entry is kept, with its commit and
 * later markets.
 */
function isOf(
  { deployer, addresses: { factory, market } }: CantileverPlan,
  known: BookedDeployment | undefined,
): known is BookedDeployment {
  if (known?.deployer !== deployer || known.contracts.factory.address !== factory) return false;
  return known.markets.some(({ address }) => address === market);
}

function afterwardsOf({ deployerMay }: CantileverPlan): string {
  if (deployerMay.length === 0) return "Afterwards the deployer has no special powers.";
  const powers = deployerMay.map((power) => `  - ${power}`).join("\n");
  return `Afterwards the deployer holds no role. It can still:\n${powers}`;
}

function addressList({ addresses }: CantileverPlan): string {
  return Object.entries(addresses)
    .map(([name, address]) => `  ${name}: ${address as string}\n`)
    .join("");
}
