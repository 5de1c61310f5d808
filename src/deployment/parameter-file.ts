import { ParameterReader, type WrittenParameter } from "./parameter-reader.ts";
import { problemOf, type DeploymentParameters, type TokenParameters } from "./parameters.ts";
import { readTerms } from "./terms-file.ts";

/** The parsed parameter file of a deployment. */
export interface ParameterFile {
  readonly parameters: DeploymentParameters;
  /** Every parameter as written, in the order of the file, for people to confirm. */
  readonly written: readonly WrittenParameter[];
}

/**
 * Parses a file of deployment parameters: YAML with human-readable units (`5x`, `0.5%`, `2 days`,
 * `1 000 000 USDC`).
 * @param file name of the file in errors.
 * @throws ParameterError with the line of a parameter that is unreadable, missing, unknown, or
 * inconsistent with others.
 */
export function parseParameters(text: string, file: string): ParameterFile {
  const reader = new ParameterReader(text, file, "deploy/parameters/local.yaml");
  const parameters = deployment(reader);
  reader.refuseUnread();
  const found = problemOf(parameters);
  if (found !== undefined) throw reader.error(found.parameter, found.problem, found.advice);
  return { parameters, written: reader.written };
}

function deployment(reader: ParameterReader): DeploymentParameters {
  const roles = {
    admin: reader.address("roles.admin"),
    adminDelay: reader.duration("roles.adminDelay"),
    guardian: reader.address("roles.guardian"),
    riskManager: reader.address("roles.riskManager"),
    marketCreator: reader.addressOr("roles.marketCreator", "everyone"),
    keeper: reader.address("roles.keeper"),
  };
  const loanToken = token(reader, "loanToken");
  const collateralToken = token(reader, "collateralToken");
  const { market, ...terms } = readTerms(reader, { loanToken, collateralToken });
  return {
    ...terms,
    roles,
    loanToken,
    collateralToken,
    uniswapFactory: reader.addressOr("uniswapFactory", "new"),
    market: {
      ...market,
      lendersStock: reader.amount("market.lendersStock", loanToken.symbol, loanToken.decimals),
      idleCollateral: reader.amount("market.idleCollateral", collateralToken.symbol, collateralToken.decimals),
    },
  };
}

function token(reader: ParameterReader, path: string): TokenParameters {
  const symbol = reader.text(`${path}.symbol`);
  const decimals = reader.decimals(`${path}.decimals`);
  return {
    name: reader.text(`${path}.name`),
    symbol,
    decimals,
    perDay: reader.amount(`${path}.perDay`, symbol, decimals),
  };
}
