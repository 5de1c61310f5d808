/** HTML that is safe to insert without escaping: made by `html`, or marked by `trusted`. */
export interface Html {
  readonly html: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text for use between tags or in a quoted attribute. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}

/**
 * Marks text as HTML without escaping it. Only for text that contains nothing from users or tokens.
 */
export function trusted(text: string): Html {
  return { html: text };
}

/** Template tag for HTML. Inserted texts are escaped; inserted `Html` and lists of it are not. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  const inserted = values.map((value) =>
    typeof value === "string" ? escapeHtml(value) : isList(value) ? joined(value) : value.html,
  );
  return { html: parts.map((part, index) => part + (inserted[index] ?? "")).join("") };
}

function isList(value: Html | readonly Html[]): value is readonly Html[] {
  return Array.isArray(value);
}

function joined(list: readonly Html[]): string {
  return list.map((item) => item.html).join("\n");
}
