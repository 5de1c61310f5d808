import type { RunRecord, Setting } from "../../record.ts";
import { formatCount, formatLeverage, formatSpan } from "../format.ts";
import { html, type Html } from "../html.ts";

const TERMS: readonly (readonly [term: string, meaning: string])[] = [
  [
    "Leverage",
    "Collateral over equity, where equity is what remains of the collateral after the debt. At 5x, a price " +
      "move of 1% moves the equity by 5%.",
  ],
  ["LTV (loan-to-value)", "Debt over collateral: 80% at a leverage of 5x, since LTV is 1 - 1/leverage."],
  [
    "Health factor",
    "How far a position is from liquidation: the debt it could carry at the limit, over the debt it has. " +
      "Below 1 anyone may liquidate it.",
  ],
  [
    "Liquidation bonus",
    "What a liquidator gets in collateral beyond the debt repaid. It grows as health falls, up to a maximum, " +
      "and leaves the borrower a part of the equity while there is enough.",
  ],
  ["Bad debt", "Debt that no collateral stands behind any more. It is booked at once, not carried along."],
  ["Buffer", "Shares of the vault that the market holds itself. They take losses before any lender does."],
  ["Utilization", "The share of the lenders' money that is lent out."],
  ["System leverage", "Leverage of all positions taken together as if they were one."],
];

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

/** How to make the same run again, and with which settings it was made. */
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
