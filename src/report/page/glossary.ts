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
