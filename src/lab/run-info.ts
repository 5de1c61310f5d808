import { formatUsdShort } from "../report/format.ts";
import type { MarketInfo, Setting } from "./record.ts";
import { fromUnits } from "../client/units.ts";
import type { Deployment } from "./deploy.ts";
import type { DemoOptions } from "../../scripts/demo/options.ts";
import { SETTINGS } from "./settings.ts";

/** The command that makes the same run again. */
export function commandFor({ prices, seed, positions }: Pick<DemoOptions, "prices" | "seed" | "positions">): string {
  const source = "file" in prices ? `--prices ${quoted(prices.file)}` : `--scenario ${prices.scenario}`;
  return `npm run demo -- ${source} --seed ${quoted(seed)} --positions ${positions}`;
}

/** Settings worth stating next to the figures. */
export function settingsOf(steps: number, debtUsd: number, heldUp: number): readonly Setting[] {
  return [
    { name: "Debt to open", value: formatUsdShort(debtUsd) },
    { name: "Pool", value: `${formatUsdShort(SETTINGS.poolDepthUsd)} to sell for a fall by 2%, at the first price` },
    {
      name: "Arbitrage",
      value: `${formatUsdShort(SETTINGS.arbitragePerMinuteUsd)} a minute against the keeper's sales`,
    },
    { name: "Price reports", value: `${steps}: after each move of 1%, at turns, and at regular times` },
    { name: "Keeper", value: `up to ${SETTINGS.keeperRounds} batches after each report` },
    { name: "Openings held up by the system cap", value: String(heldUp) },
  ];
}

/** The market as the report names it. */
export async function marketInfo({ market, loanToken, collateralToken }: Deployment): Promise<MarketInfo> {
  const { maxLeverage, liquidationLeverage } = await market.limits();
  return {
    loanSymbol: await loanToken.symbol(),
    collateralSymbol: await collateralToken.symbol(),
    maxLeverage: fromUnits(maxLeverage, 4),
    liquidationLeverage: fromUnits(liquidationLeverage, 4),
  };
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w./:@-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
