import { stringify } from "yaml";

import type { BookedDeployment, BookedMarket } from "../../src/client/address-book.ts";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import type { Node } from "../../src/deployment/node.ts";
import { parseMarketFile } from "../../src/deployment/market-file.ts";
import { parseParameters } from "../../src/deployment/parameter-file.ts";
import type { DeploymentParameters } from "../../src/deployment/parameters.ts";
import type { MarketParameters } from "../../src/protocol/parameters.ts";
import { readBook, readDeployment } from "../book.ts";
import { connect } from "../connection.ts";
import { COMMON_HELP, COMMON_OPTIONS, commonChoices } from "../options.ts";
import { hasCodeOf } from "../runtime-code.ts";
import { exitCodeHelp, parseWords, runCommand, toJson } from "../run.ts";
import { checkCode } from "./code.ts";
import { countFindings, findingLines, Findings, formatFindings, type Finding } from "./finding.ts";
import { checkLimits } from "./limits.ts";
import { checkPool } from "./pool.ts";
import { checkPowers } from "./powers.ts";
import { checkPrices } from "./prices.ts";
import { checkRoles, readHistory } from "./roles.ts";

/** Exit code if any check finds something wrong. */
const SOMETHING_WRONG = 1;

const USAGE = `Usage: npm run deploy:check -- [options]

Compares a chain with its address book, deployments/<chain id>.json: the code of each contract,
roles and delays, limits, the age of the feeds by the chain's time, the agreement of the guard's
sources, the depth of the pool, and the remaining powers of the deployer. Sends nothing. Each check
has passed, or found something changed by the holders of roles within their rights, or found
something wrong and says what to do about it.

Options:
${COMMON_HELP.replace("(default: main)", "(default: all)")}

${exitCodeHelp("done", "usage", "noNetwork", "noSuchMarket")}   ${SOMETHING_WRONG}  something is wrong
`;

/**
 * Runs `npm run deploy:check`.
 * @param words of the command line after the program.
 * @returns the exit code.
 */
export async function runCheck(words: readonly string[], terminal: Terminal): Promise<number> {
  return runCommand(words, terminal, () => run(words, terminal));
}

async function run(words: readonly string[], { stdout, stderr }: Terminal): Promise<number> {
  const { values } = parseWords(words, COMMON_OPTIONS);
  if (values.help === true) {
    stdout.write(USAGE);
    return EXIT_CODES.done;
  }
  const { rpcUrl, books, json } = commonChoices(values);
  const { node, chainId } = await connect(rpcUrl);
  const deployments =
    values.name === undefined
      ? (await readBook(books, chainId)).deployments
      : [await readDeployment(books, chainId, values.name)];
  let wrong = 0;
  for (const deployment of deployments) {
    const { name, commit, deployer } = deployment;
    const block = await node.blockNumber();
    const findings = await checkDeployment(node, deployment, (state) => {
      if (!json) stderr.write(`${state}\n`);
    });
    wrong += findings.filter(({ status }) => status === "wrong").length;
    const of = `Deployment ${JSON.stringify(name)} of ${deployer} on chain ${chainId}, block ${block}`;
    const from = commit === undefined ? "" : `, from commit ${commit}`;
    stdout.write(
      json ? findingLines(name, findings) : `${of}${from}\n\n${formatFindings(findings)}\n${countFindings(findings)}\n`,
    );
  }
  if (json) stdout.write(`${toJson({ event: "summary", chainId, wrong })}\n`);
  return wrong === 0 ? EXIT_CODES.done : SOMETHING_WRONG;
}

/**
 * All findings about a deployment.
 * @param tell reports the progress of long requests.
 */
async function checkDeployment(
  node: Node,
  deployment: BookedDeployment,
  tell: (state: string) => void,
): Promise<readonly Finding[]> {
  const parameters = parametersOf(deployment);
  const findings = [await checkCode(node, deployment, parameters)];
  if (await hasCodeOf(node, deployment.contracts.accessManager.address, "AccessManager")) {
    const history = await readHistory(node, deployment, tell);
    findings.push(
      await checkRoles(node, deployment, parameters, history),
      await checkPowers(node, deployment, parameters, history),
    );
  } else {
    findings.push(unknownRoles());
  }
  for (const market of deployment.markets) {
    findings.push(
      await checkLimits(node, market, valuesOf(market, parameters)),
      await checkPrices(node, market),
      await checkPool(node, market),
    );
  }
  return findings.flat();
}

function unknownRoles(): readonly Finding[] {
  const findings = new Findings("roles");
  findings.wrong("all", "can't be checked without the AccessManager", "See the finding about its code.");
  return findings.list;
}

/** The parameters of a deployment. The address book stores them with the first market. */
function parametersOf({ name, markets }: BookedDeployment): DeploymentParameters {
  const first = markets.find(isFirst);
  return parseParameters(yamlOf(first?.parameters ?? {}), `the parameters of ${JSON.stringify(name)}`).parameters;
}

function valuesOf(market: BookedMarket, parameters: DeploymentParameters): MarketParameters {
  if (isFirst(market)) return parameters.market.values;
  return parseMarketFile(yamlOf(market.parameters), `the parameters of ${market.symbol}`).parameters.market.values;
}

function isFirst({ parameters }: BookedMarket): boolean {
  return parameters["roles.admin"] !== undefined;
}

/** Rebuilds the parameter file from the texts in an address book. */
function yamlOf(written: Readonly<Record<string, string>>): string {
  const sections: Record<string, string | Record<string, string>> = {};
  for (const [path, text] of Object.entries(written)) {
    const [section = "", name] = path.split(".");
    const found = sections[section];
    if (name === undefined) sections[section] = text;
    else if (typeof found === "object") found[name] = text;
    else sections[section] = { [name]: text };
  }
  return stringify(sections);
}
