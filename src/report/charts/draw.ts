import { parse, View } from "vega";
import { compile } from "vega-lite";
import { html, trusted, type Html } from "../html.ts";
import { LAYOUTS, type Layout, type Panel } from "./figure.ts";
import { chartConfig, WIDTHS } from "./theme.ts";
import type { LayeredSpec } from "./vega-types.ts";

/** Draws a panel as inline SVG, once for each layout; the style sheet shows the one that fits. */
export async function drawPanel(panel: Panel, id: string): Promise<Html> {
  const drawings = await Promise.all(LAYOUTS.map((layout) => drawLayout(panel, id, layout)));
  return html`${drawings}`;
}

async function drawLayout(panel: Panel, id: string, layout: Layout): Promise<Html> {
  const spec: LayeredSpec = {
    width: WIDTHS[layout],
    height: panel.height[layout],
    autosize: { type: "fit", contains: "padding" },
    padding: { left: 2, right: 12, top: 8, bottom: 2 },
    config: chartConfig(layout),
    layer: [...panel.layers(layout)],
  };
  const view = new View(parse(compile(spec).spec), { renderer: "none" });
  try {
    return inline(await view.toSVG(), panel.description, id, layout);
  } finally {
    view.finalize();
  }
}

/**
 * Makes a drawing a part of the page: a title for people who can't see it; ids of its own, since those that Vega counts
 * up would clash with the other drawings'; no declarations of name spaces, which HTML does without, so that the page
 * holds no address at all.
 */
function inline(svg: string, description: string, id: string, layout: Layout): Html {
  const size = /viewBox="([^"]*)"/.exec(svg)?.[1] ?? `0 0 ${WIDTHS[layout]} 200`;
  const prefix = `${id}-${layout}`;
  const body = svg
    .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
    .replace(/\bid="([^"]*)"/g, `id="${prefix}-$1"`)
    .replace(/url\(#/g, `url(#${prefix}-`);
  return html`<svg class="plot ${layout}" viewBox="${size}" role="img" aria-label="${description}">
    <title>${description}</title>
    ${trusted(body)}
  </svg>`;
}
