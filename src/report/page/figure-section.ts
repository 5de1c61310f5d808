import { drawPanel } from "../charts/draw.ts";
import type { Figure, LegendEntry, Panel } from "../charts/figure.ts";
import { html, type Html } from "../html.ts";

/** A figure of the page: title, what to see in it, and its drawings. */
export async function figureSection({ id, title, explanation, panels }: Figure): Promise<Html> {
  const drawn = await Promise.all(panels.map((panel, index) => panelBlock(panel, `${id}-${index + 1}`)));
  return html`<section class="card" id="${id}" aria-labelledby="${id}-title">
    <figure>
      <h2 id="${id}-title">${title}</h2>
      <p>${explanation}</p>
      ${drawn}
    </figure>
  </section>`;
}

async function panelBlock(panel: Panel, id: string): Promise<Html> {
  return html`<div class="panel">
    <div class="caption"><span>${panel.caption}</span> ${panel.legend.map(legendEntry)}</div>
    ${await drawPanel(panel, id)}
  </div>`;
}

function legendEntry({ label, color, mark }: LegendEntry): Html {
  return html`<span class="key ${mark}" style="--key: ${color}">${label}</span>`;
}
