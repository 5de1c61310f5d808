const BYTES = /^0x([0-9a-f]{2})*$/iu;
/** Libraries wrap errors in errors; none known goes deeper. */
const DEEPEST = 6;
/** Where they put the inner one. */
const WRAPPERS = ["error", "info", "cause"] as const;

/** The bytes with which a contract reverted, wherever in an error the library has put them; undefined if it has none. */
export function revertDataOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== "object" || error === null || depth > DEEPEST) return undefined;
  const { data } = error as { data?: unknown };
  if (typeof data === "string" && BYTES.test(data)) return data;
  const inner = [data, ...WRAPPERS.map((name) => (error as Record<string, unknown>)[name])];
  for (const candidate of inner) {
    const found = revertDataOf(candidate, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
