import { readFile } from "node:fs/promises";

import { Interface } from "ethers";

import { abi as accessManagerAbi } from "../abis/AccessManager.ts";
import { abi as oracleGuardAbi } from "../abis/OracleGuard.ts";
import type { BookedDeployment, BookedMarket } from "../src/client/address-book.ts";
import { UsageError } from "../src/cli/errors.ts";
import { EXIT_CODES } from "../src/cli/exit-codes.ts";
import type { Terminal } from "../src/cli/terminal.ts";
import { creationBlock } from "../src/deployment/booked.ts";
import { ParameterError } from "../src/deployment/errors.ts";
import { parseMarketFile, type MarketFile } from "../src/deployment/market-file.ts";
import { planMarket, type MarketPlan } from "../src/deployment/market-plan.ts";
import type { Node } from "../src/deployment/node.ts";
import { GUARDIAN_ROLE, RISK_MANAGER_ROLE } from "../src/protocol/roles.ts";
import { ACCOUNT_HELP, senderOf } from "./account.ts";
import { ARTIFACTS } from "./artifacts.ts";
import { readDeployment, writeDeployment } from "./book.ts";
import { carryOut } from "./carry-out.ts";
import { checkChainId, connect } from "./connection.ts";
import { commonChoices, mannerOf, SENDING_HELP, SENDING_OPTIONS } from "./options.ts";
import { exitCodeHelp, parseWords, reporterOf, runCommand } from "./run.ts";
import { hasCodeOf } from "./runtime-code.ts";

const USAGE = `Usage: npm run create-market -- FILE [options]

Creates a further market on the factory of a deployment, as FILE describes it, with its own guard
over existing feeds and an existing pool. deploy/markets/example.yaml is an example. First the
command shows the steps and the cost. A repeated command makes only the missing steps. At the end it
adds the market to the address book.

Options:
${SENDING_HELP}

${ACCOUNT_HELP}The sender must be allowed to create markets.

${exitCodeHelp("done", "defect", "usage", "noNetwork", "wrongChain", "noSuchMarket", "notEnough", "key", "refused", "notConfirmed", "closedTerminal", "notMined")}`;

/**
 * Runs `npm run create-market`.
 * @param words of the command line after the program.
 * @returns the exit code. Failures are reported before it returns.
 */
export async function runCreateMarket(words: readonly string[], terminal: Terminal): Promise<number> {
  return runCommand(words, terminal, () => run(words, terminal));
}

async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseWords(words, SENDING_OPTIONS, true);
  if (values.help === true) {
    terminal.stdout.write(USAGE);
    return EXIT_CODES.done;
  }
  const { rpcUrl, name, books, json } = commonChoices(values);
  const manner = mannerOf(values);
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) {
    throw new UsageError(
      "The command takes exactly one parameter file",
      "Give its path: npm run create-market -- FILE.",
    );
  }
  const file = await readMarketFile(path);
  const { node, chainId } = await connect(rpcUrl);
  checkChainId(chainId, file.parameters.chainId, path);
  const deployment = await readDeployment(books, chainId, name);
  const sender = await senderOf(node, terminal, { account: values.account, from: values.from });
  const plan = planMarket(file.parameters, ARTIFACTS, sender.address, deployment);
  const { symbol } = file.parameters.market;
  const reporter = reporterOf(terminal, json);
  const { isWhole, hasSent } = await carryOut(
    {
      plan,
      title: `Market ${symbol} of the deployment ${JSON.stringify(name)} on chain ${chainId}, created by ${sender.address}`,
      written: file.written,
      afterwards: "Afterwards the sender has no powers over the market other than those of its roles.",
      question: "Create the market?",
    },
    { node, sender, reporter, terminal },
    manner,
  );
  if (!isWhole || manner.dryRun) return EXIT_CODES.done;
  const market = await bookedMarket(node, plan, file);
  const kept = deployment.markets.filter(({ address }) => address !== market.address);
  const bookPath = await writeDeployment(books, chainId, { ...deployment, markets: [...kept, market] });
  const ties = guardTies(deployment, plan);
  reporter.tell(
    {
      event: "created",
      deployment: name,
      hasSent,
      market: symbol,
      addresses: plan.addresses,
      adminCalls: ties,
      addressBook: bookPath,
    },
    created(plan, hasSent, ties, deployment, bookPath),
  );
  return EXIT_CODES.done;
}

async function readMarketFile(path: string): Promise<MarketFile> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    throw new ParameterError(path, "the file", "can't be read", "Check its path and its permissions.");
  }
  return parseMarketFile(text, path);
}

async function bookedMarket(
  node: Node,
  { addresses, parameters }: MarketPlan,
  { written }: MarketFile,
): Promise<BookedMarket> {
  const { market, guard, primary, secondary, pool } = addresses;
  const { loanToken, collateralToken, baseFeed, quoteFeed } = parameters;
  const token = async ({ address, symbol, decimals }: typeof loanToken) => ({
    address,
    symbol,
    decimals,
    faucet: await hasCodeOf(node, address, "FaucetToken"),
  });
  const feed = async ({ description, source: { address } }: typeof baseFeed) => ({
    address,
    description,
    settable: await hasCodeOf(node, address, "SettableFeed"),
  });
  return {
    address: market,
    block: Number(await creationBlock(node, market, await node.blockNumber())),
    name: parameters.market.name,
    symbol: parameters.market.symbol,
    loanToken: await token(loanToken),
    collateralToken: await token(collateralToken),
    oracle: guard,
    guard: { address: guard, primary, secondary },
    feeds: { base: await feed(baseFeed), quote: await feed(quoteFeed) },
    pool: { address: pool, fee: parameters.pool.fee },
    parameters: Object.fromEntries(written.map(({ path, text }) => [path, text])),
  };
}

interface AdminCall {
  readonly to: string;
  readonly data: string;
  readonly does: string;
}

/**
 * The calls that the admin must schedule and execute so that guardian and risk manager may replace
 * the guard's sources.
 */
function guardTies({ contracts }: BookedDeployment, { addresses: { guard } }: MarketPlan): readonly AdminCall[] {
  const of = new Interface(oracleGuardAbi);
  const manager = new Interface(accessManagerAbi);
  const tie = (name: string, role: bigint, who: string): AdminCall => {
    const args = [guard, [of.getFunction(name)?.selector], role];
    return {
      to: contracts.accessManager.address,
      data: manager.encodeFunctionData("setTargetFunctionRole", args),
      does: `lets the ${who} call ${name} of the guard`,
    };
  };
  return [tie("cancelSource", GUARDIAN_ROLE, "guardian"), tie("scheduleSource", RISK_MANAGER_ROLE, "risk manager")];
}

function created(
  { addresses, parameters }: MarketPlan,
  hasSent: boolean,
  ties: readonly AdminCall[],
  { contracts }: BookedDeployment,
  path: string,
): string {
  const list = Object.entries(addresses).map(([key, address]) => `  ${key}: ${address as string}`);
  return [
    "",
    hasSent ? `Created ${parameters.market.symbol}.` : "Everything exists already: nothing was sent.",
    ...list,
    "",
    "Until the admin assigns the guard's functions to roles, nobody can replace a source. For this, the admin must schedule",
    `and execute these calls on the AccessManager ${contracts.accessManager.address}:`,
    ...ties.map(({ data, does }) => `  ${data}\n    ${does}`),
    "",
    `Address book: ${path}`,
    "",
  ].join("\n");
}
