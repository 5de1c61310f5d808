import { UsageError } from "../src/cli/errors.ts";
import { EXIT_CODES } from "../src/cli/exit-codes.ts";
import { DEBUG_VARIABLE } from "../src/cli/failure.ts";
import type { Terminal } from "../src/cli/terminal.ts";
import type { AddressBook, BookedDeployment } from "../src/client/address-book.ts";
import { bookedDeployment } from "../src/deployment/booked.ts";
import { planCantilever, type CantileverPlan } from "../src/deployment/cantilever.ts";
import type { Node } from "../src/deployment/node.ts";
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

Deploys what the parameters of a network describe. Says first what that is, what it costs and what is
there already; a repeated command only does what is missing. Writes the address book of the chain,
deployments/<chain id>.json, at the end.

Options:
  --network NAME       deploy/parameters/NAME.yaml (default: local)
${SENDING_HELP}

Another name deploys everything a second time.

${ACCOUNT_HELP}
${exitCodeHelp("done", "defect", "usage", "noNetwork", "wrongChain", "notEnough", "key", "refused", "notConfirmed", "closedTerminal", "notMined")}
Other commands: npm run create-market, npm run deploy:check. ${DEBUG_VARIABLE}=1 shows the stack of a defect.
`;

/**
 * The command that deploys.
 * @param words of the command line after the program.
 * @returns the exit code; a failure has been told then.
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
  if (!/^[\w-]+$/u.test(network)) {
    throw new UsageError(`--network is ${JSON.stringify(network)}`, "Name a file in deploy/parameters, like sepolia.");
  }
  const file = await parametersOf(network);
  const { node, chainId } = await connect(rpcUrl);
  checkChainId(chainId, file.parameters.chainId, `deploy/parameters/${network}.yaml`);
  // Read before anything is sent: one that can't be written is no reason to stop halfway.
  const book = await findBook(books, chainId);
  const commit = await commitOf(import.meta.dirname);
  const sender = await senderOf(node, terminal, { account: values.account, from: values.from });
  const plan = planCantilever(file.parameters, ARTIFACTS, sender.address, name);
  await checkName(book, plan, node);
  const reporter = reporterOf(terminal, json);
  const { isWhole, hasSent } = await carryOut(
    {
      plan,
      title: `Deployment ${JSON.stringify(name)} of ${sender.address} on the chain ${chainId}`,
      written: file.written,
      afterwards: afterwardsOf(plan),
      question: "Deploy?",
    },
    { node, sender, reporter, terminal },
    manner,
  );
  if (!isWhole || manner.dryRun) return EXIT_CODES.done;
  const known = book?.deployments.find((one) => one.name === name);
  const booked = isOf(plan, known) ? known : await bookedDeployment(plan, node, { written: file.written, commit });
  const path = await writeDeployment(books, chainId, booked);
  reporter.tell(
    { event: "deployed", deployment: name, hasSent, addresses: plan.addresses, addressBook: path },
    `\n${hasSent ? "Deployed." : "Everything is there: nothing was sent."}\n${addressList(plan)}\nAddress book: ${path}\n`,
  );
  return EXIT_CODES.done;
}

/**
 * A book has one deployment of a name: that of another deployer would be lost from it.
 * @throws UsageError, unless nothing is at its addresses any more: the chain was started anew.
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

/** Whether it is booked already: then it keeps the commit that it was deployed from, and the markets that came later. */
function isOf(
  { deployer, addresses: { factory, market } }: CantileverPlan,
  known: BookedDeployment | undefined,
): known is BookedDeployment {
  if (known?.deployer !== deployer || known.contracts.factory.address !== factory) return false;
  return known.markets.some(({ address }) => address === market);
}

function afterwardsOf({ deployerMay }: CantileverPlan): string {
  if (deployerMay.length === 0) return "Afterwards the deployer can do nothing that a stranger can't.";
  const powers = deployerMay.map((power) => `  - ${power}`).join("\n");
  return `Afterwards the deployer has no role. It can still:\n${powers}`;
}

function addressList({ addresses }: CantileverPlan): string {
  return Object.entries(addresses)
    .map(([name, address]) => `  ${name}: ${address as string}\n`)
    .join("");
}
