import { healthFigure } from "./charts/health.ts";
import { bufferFigure, sharePriceFigure } from "./charts/lenders.ts";
import { leverageFigure } from "./charts/leverage.ts";
import { liquidationsFigure } from "./charts/liquidations.ts";
import { priceFigure } from "./charts/price.ts";
import { ratesFigure } from "./charts/rates.ts";
import { EmptyReportError } from "./errors.ts";
import { html, trusted, type Html } from "./html.ts";
import { courseTable } from "./page/course.ts";
import { figureSection } from "./page/figure-section.ts";
import { glossary } from "./page/glossary.ts";
import { htmlTable } from "./page/html-table.ts";
import { largestLiquidations } from "./page/largest.ts";
import { leadText, tiles } from "./page/lead.ts";
import { reproduce } from "./page/reproduce.ts";
import { STYLE } from "./page/style.ts";
import { eventsTable, marketTable } from "./summary.ts";
import type { RunRecord } from "../lab/record.ts";

const FIGURES = [
  priceFigure,
  leverageFigure,
  liquidationsFigure,
  healthFigure,
  sharePriceFigure,
  bufferFigure,
  ratesFigure,
];

/** Nothing may be loaded from anywhere, and no script runs, even if a text should slip through unescaped. */
const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * One HTML page with everything in it: plots, tables, explanations. It loads nothing, runs no script, and reads well on
 * a phone, in the dark and aloud. The same report gives the same page, byte for byte.
 * @throws EmptyReportError if the report has no steps.
 */
export async function renderReport(report: RunRecord): Promise<string> {
  if (report.series.length === 0) throw new EmptyReportError();
  const figures = await Promise.all(FIGURES.map((figure) => figureSection(figure(report))));
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Cantilever: ${report.run.title}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <header>
          <p class="brand">Cantilever</p>
          <h1>${report.run.title}</h1>
          <p class="lead">${leadText(report)}</p>
        </header>
        <main>
          ${tiles(report)}
          <div class="pair">${[marketTable(report), eventsTable(report)].map((table) => card(htmlTable(table)))}</div>
          ${figures} ${report.liquidations.length > 0 ? card(htmlTable(largestLiquidations(report))) : trusted("")}
          <details class="card">
            <summary>The run in numbers</summary>
            ${htmlTable(courseTable(report))}
          </details>
          ${glossary()} ${reproduce(report)}
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
