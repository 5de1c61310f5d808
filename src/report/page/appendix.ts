import type { RunRecord, Setting } from "../../record.ts";
import { formatCount, formatLeverage, formatSpan } from "../format.ts";
import { html, type Html } from "../html.ts";

const TERMS: readonly (readonly [term: string, meaning: string])[] = [
  [
    "Leverage",
    "Collateral over equity, where equity is collateral value minus debt. At 5x, a price change of 1% " +
      "changes the equity by 5%.",
  ],
  ["LTV (loan-to-value)", "Debt over collateral value: 80% at a leverage of 5x, because LTV is 1 - 1/leverage."],
  [
    "Health factor",
    "Distance of a position from liquidation: the debt at which it would reach the limit, over its debt. " +
      "Below 1, anyone may liquidate it.",
  ],
  [
    "Liquidation bonus",
    "Collateral that a liquidator gets beyond the repaid debt. It grows as the health factor falls, up to a " +
      "maximum. While the equity suffices, the borrower keeps a part of it.",
  ],
  ["Bad debt", "Debt that is no longer covered by collateral. The market writes it off at once."],
  ["Buffer", "Shares of the vault that the market itself holds. They cover losses before any lender does."],
  ["Utilization", "The share of the lenders' assets that is borrowed."],
  ["System leverage", "Leverage of all positions together, as if they were one."],
];

/** The glossary of the page. */
export function glossary(): Html {
  return html`<section class="card" aria-labelledby="glossary">
    <h2 id="glossary">Glossary</h2>
    <dl class="terms">
      ${TERMS.map(
        ([term, meaning]) =>
          html`<dt>${term}</dt>
            <dd>${meaning}</dd>`,
      )}
    </dl>
  </section>`;
}

/** The command that repeats the run, and its settings. */
export function reproduce({ run, positions }: RunRecord): Html {
  const settings: readonly Setting[] = [
    { name: "Scenario", value: run.scenario },
    { name: "Prices", value: run.source },
    { name: "Seed", value: run.seed },
    { name: "Positions", value: formatCount(positions.opened) },
    { name: "Maximum leverage", value: formatLeverage(run.market.maxLeverage) },
    { name: "Liquidation above", value: formatLeverage(run.market.liquidationLeverage) },
    ...run.settings,
    { name: "Took", value: formatSpan(run.durationSeconds) },
  ];
  return html`<section class="card" aria-labelledby="again">
    <h2 id="again">Run it again</h2>
    <p class="note">The same seed gives the same figures. Another seed gives other borrowers of the same kind.</p>
    <pre tabindex="0">${run.command}</pre>
    <div class="scroll">
      <table>
        <tbody>
          ${settings.map(
            ({ name, value }) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td class="value">${value}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
