import { trusted, type Html } from "../html.ts";

/**
 * Style sheet of the page: one column; light or dark by the reader's system settings, light on
 * paper; plots in the layout that fits the width.
 */
export const STYLE: Html = trusted(`
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #16202c; --muted: #5a6675; --grid: #dfe4ea; --line: #e3e7ec;
  --primary: #1f5fbf; --secondary: #c9790a; --danger: #c0303a; --soft: #eef3fb;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #0f141a; --card: #171e27; --text: #e6ebf1; --muted: #9aa7b6; --grid: #2b3643; --line: #27313d;
    --primary: #6ea8ff; --secondary: #f0a840; --danger: #ff7078; --soft: #1c2836;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main, header, footer { max-width: 980px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 40px; padding-bottom: 8px; }
.brand { margin: 0; color: var(--primary); font-weight: 600; letter-spacing: .02em; }
h1 { margin: 4px 0 12px; font-size: clamp(1.7rem, 5vw, 2.4rem); line-height: 1.15; letter-spacing: -.01em; }
h2 { margin: 0 0 6px; font-size: 1.2rem; line-height: 1.3; }
.lead { margin: 0; max-width: 46em; font-size: 1.08rem; }
.card { margin: 20px 0; padding: 20px 20px 16px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.tiles { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 12px; margin: 24px 0 20px; padding: 0; }
.tile { padding: 14px 16px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.tile dt { color: var(--muted); font-size: .85rem; }
.tile dd { margin: 2px 0 0; font-size: 1.5rem; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tile dd small { display: block; color: var(--muted); font-size: .82rem; font-weight: 400; }
figure { margin: 0; }
figure p, .note { margin: 0 0 14px; max-width: 48em; color: var(--muted); }
.panel + .panel { margin-top: 16px; }
.caption { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0 0 2px; font-size: .88rem; font-weight: 600; }
.key { display: inline-flex; align-items: center; gap: 7px; color: var(--muted); font-weight: 400; }
.key::before { content: ""; width: 18px; border-top: 3px solid var(--key); border-radius: 2px; }
.key.area::before { height: 11px; background: color-mix(in srgb, var(--key) 18%, transparent); border-radius: 0; }
.key.dashed::before { border-top-style: dashed; border-radius: 0; }
.plot { display: block; width: 100%; height: auto; font-family: inherit; }
.plot.narrow { display: none; }
/* A shade at the right edge while there is more to scroll to: the first layer moves with the
   table and covers it. */
.scroll {
  overflow-x: auto;
  background:
    linear-gradient(var(--card), var(--card)) right / 16px 100% no-repeat local,
    linear-gradient(to left, var(--grid), transparent) right / 16px 100% no-repeat scroll;
}
table { width: 100%; border-collapse: collapse; font-size: .93rem; font-variant-numeric: tabular-nums; }
caption { padding: 0 0 6px; font-size: 1.2rem; font-weight: 700; line-height: 1.3; text-align: left; }
th, td { padding: 7px 10px; border-top: 1px solid var(--line); text-align: left; white-space: nowrap; }
thead th, thead td { border-top: 0; color: var(--muted); font-size: .85rem; font-weight: 600; white-space: normal; vertical-align: bottom; }
tbody th { font-weight: 400; }
.pair tbody th { white-space: normal; }
.number { text-align: right; }
.value { white-space: normal; overflow-wrap: anywhere; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
.pair { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 20px; }
.pair .card { margin: 0; }
@media (max-width: 860px) { .pair { grid-template-columns: minmax(0, 1fr); } }
.terms dt { margin-top: 10px; font-weight: 600; }
.terms dd { margin: 0; color: var(--muted); }
pre { margin: 8px 0 14px; padding: 12px 14px; overflow-x: auto; background: var(--soft); border-radius: 8px; font: .88rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .92em; }
summary { cursor: pointer; font-size: 1.2rem; font-weight: 700; }
details[open] summary { margin-bottom: 10px; }
footer { padding-top: 4px; padding-bottom: 40px; color: var(--muted); font-size: .88rem; }
@media (max-width: 640px) {
  main, header, footer { padding-left: 12px; padding-right: 12px; }
  header { padding-top: 24px; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px; }
  .tile { padding: 10px 12px; }
  .card { padding: 16px 12px 12px; }
  table { font-size: .84rem; }
  th, td { padding: 6px; }
  .pair th, .pair td { padding-left: 3px; padding-right: 3px; font-size: .8rem; white-space: normal; }
  .plot.wide { display: none; }
  .plot.narrow { display: block; }
}
@media print {
  @page { margin: 14mm; }
  :root { color-scheme: light; --page: #ffffff; }
  body { font-size: 12px; }
  main, header, footer { max-width: none; padding-left: 0; padding-right: 0; }
  h2, caption, summary, dt { break-after: avoid; }
  .card, .tile, .panel, tr { break-inside: avoid; }
  details.card { break-inside: auto; }
  .card { padding: 12px 14px; }
  .pair { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
  footer { padding-bottom: 0; }
  .scroll { overflow: visible; background: none; }
  table { font-size: 10.5px; }
  th, td { padding: 3px 5px; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  /* Paper has no button to open it with. */
  details::details-content { content-visibility: visible; block-size: auto; display: block; }
}
`);
