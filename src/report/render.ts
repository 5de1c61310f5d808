import { CantileverError } from "../errors.ts";
import type { RunRecord } from "../record.ts";
import { drawPanel } from "./charts/draw.ts";
import type { Figure, LegendEntry, Panel } from "./charts/figure.ts";
import { healthFigure } from "./charts/health.ts";
import { bufferFigure, sharePriceFigure } from "./charts/lenders.ts";
import { liquidationsFigure } from "./charts/liquidations.ts";
import { leverageFigure, priceFigure, ratesFigure } from "./charts/market.ts";
import { html, trusted, type Html } from "./html.ts";
import { glossary, reproduce } from "./page/appendix.ts";
import { leadText, tiles } from "./page/lead.ts";
import { STYLE } from "./page/style.ts";
import { courseTable, htmlTable, largestLiquidations } from "./page/tables.ts";
import { eventsTable, marketTable } from "./terminal.ts";

const FIGURES = [
  priceFigure,
  leverageFigure,
  liquidationsFigure,
  healthFigure,
  sharePriceFigure,
  bufferFigure,
  ratesFigure,
];

/**
 * The page may load nothing and run no script, even if a text were inserted unescaped.
 */
const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** Thrown for a record without steps: there is nothing to draw. */
export class EmptyRecordError extends CantileverError {
  constructor() {
    super({
      code: "EMPTY_RECORD",
      problem: "The record has no steps, so there is nothing to draw",
      advice: "Add at least one step of the run to `series`.",
    });
  }
}

/**
 * Renders a self-contained HTML page with plots, tables and explanations. It loads nothing, runs no
 * script, and supports phones, dark mode and screen readers. The same record gives the same page,
 * byte for byte.
 * @throws EmptyRecordError if the record has no steps.
 */
export async function renderReport(record: RunRecord): Promise<string> {
  if (record.series.length === 0) throw new EmptyRecordError();
  const figures = await Promise.all(FIGURES.map((figure) => figureSection(figure(record))));
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Cantilever: ${record.run.title}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <header>
          <p class="brand">Cantilever</p>
          <h1>${record.run.title}</h1>
          <p class="lead">${leadText(record)}</p>
        </header>
        <main>
          ${tiles(record)}
          <div class="pair">${[marketTable(record), eventsTable(record)].map((table) => card(htmlTable(table)))}</div>
          ${figures} ${record.liquidations.length > 0 ? card(htmlTable(largestLiquidations(record))) : trusted("")}
          <details class="card">
            <summary>The run in numbers</summary>
            ${htmlTable(courseTable(record))}
          </details>
          ${glossary()} ${reproduce(record)}
        </main>
        <footer>
          Real contracts on a local chain, a real Uniswap v3 pool, made-up borrowers, and prices as stated above. Not a
          forecast.
        </footer>
      </body>
    </html>`;
  return `${page.html}\n`;
}

function card(content: Html): Html {
  return html`<section class="card">${content}</section>`;
}

/** A figure of the page: title, explanation and drawings. */
async function figureSection({ id, title, explanation, panels }: Figure): Promise<Html> {
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
