import { WAD } from "../protocol/units.ts";
import { NotConfirmedError, PriceImpactError } from "./errors.ts";
import { percentText } from "./numbers.ts";
import { ask, type Terminal } from "./terminal.ts";

/** Above it the person is warned, has to type a word, and is refused. Shares (WAD). */
const WARNED = WAD / 20n;
const TYPED = WAD / 10n;
const REFUSED = WAD / 4n;

/** The word to type. */
const WORD = "impact";

/** A warning about a price impact that is worth one. @throws PriceImpactError above a quarter */
export function impactWarning(impact: bigint): string | undefined {
  if (impact > REFUSED) {
    throw new PriceImpactError(
      `The price impact would be ${percentText(impact)}, more than the ${percentText(REFUSED)} that are allowed`,
      "Trade less at once: in parts, or with less leverage.",
    );
  }
  if (impact <= WARNED) return undefined;
  return `WARNING: the price impact is ${percentText(impact)}: that much less is bought than at the pool's price of now.`;
}

/**
 * Asks for a word above 10% price impact.
 * @param accepted whether the option says so already.
 * @throws NotConfirmedError for any other word.
 */
export async function acceptImpact(terminal: Terminal, impact: bigint, accepted: boolean): Promise<void> {
  if (impact <= TYPED || accepted) return;
  const question = `The price impact is above ${percentText(TYPED)}. Type the word ${WORD} to go on: `;
  const answer = await ask(terminal, question, "Give --accept-price-impact to trade without typing the word.");
  if (answer.trim() !== WORD) throw new NotConfirmedError("The price impact was not accepted: nothing was signed");
}
