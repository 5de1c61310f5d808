import { html, trusted, type Html } from "../html.ts";
import type { TextTable } from "../summary.ts";
import type { Column } from "../table.ts";

/** A table of the page; the first column names the rows. */
export function htmlTable({ title, columns, rows }: TextTable): Html {
  return html`<div class="scroll" role="region" aria-label="${title}" tabindex="0">
    <table>
      <caption>
        ${title}
      </caption>
      <thead>
        <tr>
          ${columns.map(headerCell)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => htmlRow(columns, row))}
      </tbody>
    </table>
  </div>`;
}

/** Above the names of the rows there may be no title, and a header cell without text would confuse those who listen. */
function headerCell(column: Column): Html {
  return column.title === "" ? html`<td></td>` : html`<th scope="col" ${numberClass(column)}>${column.title}</th>`;
}

function htmlRow(columns: readonly Column[], row: readonly string[]): Html {
  const cells = row.map((text, index) =>
    index === 0 ? html`<th scope="row">${text}</th>` : html`<td${numberClass(columns[index])}>${text}</td>`,
  );
  return html`<tr>
    ${cells}
  </tr>`;
}

function numberClass(column: Column | undefined): Html {
  return trusted(column?.align === "right" ? ' class="number"' : "");
}
