import { builtinScenario } from "./scenario/builtin.ts";
import { readPriceFile } from "./scenario/price-file.ts";
import type { PricePath } from "./scenario/types.ts";
import type { PriceSource } from "../../scripts/demo/options.ts";
import { checkPrices } from "./prices.ts";

/**
 * The prices to replay.
 * @throws UnknownScenarioError, PriceFileError or UnusablePricesError if they can't be had, or not be used.
 */
export async function loadPrices(source: PriceSource): Promise<PricePath> {
  const path = "file" in source ? await readPriceFile(source.file) : builtinScenario(source.scenario);
  checkPrices(path);
  return path;
}
