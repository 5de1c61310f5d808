import { formatCount, formatLeverage } from "../format.ts";
import { formatSpan } from "../format-time.ts";
import { html, type Html } from "../html.ts";
import type { RunRecord, Setting } from "../../lab/record.ts";

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
