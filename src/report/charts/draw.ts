import { parse, View } from "vega";
import { compile } from "vega-lite";
import { html, trusted, type Html } from "../html.ts";
import { COLORS, LAYOUTS, type LayeredSpec, type Layout, type Panel } from "./figure.ts";

/** Widths in pixels, on a desktop and on a phone. */
const WIDTHS: Readonly<Record<Layout, number>> = { wide: 900, narrow: 360 };

/**
 * Width of the labels of the vertical axis, in pixels. It is the same in all drawings, so that
 * their time axes are aligned.
 */
const LABEL_ROOM: Readonly<Record<Layout, number>> = { wide: 76, narrow: 64 };

const FONT_SIZE = 12;

/**
 * Draws a panel as inline SVG, once for each layout. The style sheet shows the one that fits the
 * width.
 */
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

/** Style of all drawings. */
function chartConfig(layout: Layout): NonNullable<LayeredSpec["config"]> {
  return {
    aria: false,
    font: "inherit",
    background: "transparent",
    view: { stroke: null },
    axis: {
      labelColor: COLORS.muted,
      labelFontSize: FONT_SIZE,
      labelPadding: 6,
      gridColor: COLORS.grid,
      domainColor: COLORS.grid,
      tickColor: COLORS.grid,
      title: null,
    },
    axisX: { grid: false, labelOverlap: false, labelFlush: 16 },
    axisY: { domain: false, ticks: false, minExtent: LABEL_ROOM[layout], maxExtent: LABEL_ROOM[layout] },
    line: { strokeWidth: 2, strokeJoin: "round", strokeCap: "round" },
    text: { color: COLORS.text, fontSize: FONT_SIZE },
  };
}

/**
 * Prepares a drawing for the page. It gets a title for screen readers, and unique ids, because Vega
 * numbers the ids of each drawing from zero. Namespace declarations are removed: HTML doesn't need
 * them, and the page then contains no URL.
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
