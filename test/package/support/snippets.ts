import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "./packed.ts";

/** A block of code on a page of the documentation. */
export interface Snippet {
  /** As the page says it: `ts`, `solidity`, `sh`, `text`. */
  readonly language: string;
  readonly code: string;
}

/** The blocks of code on a page, in its order. */
export function snippetsOf(page: string): readonly Snippet[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  return [...text.matchAll(/^```(?<language>\w+)\n(?<code>.*?)^```$/gmsu)].map(({ groups }) => ({
    language: groups?.language ?? "",
    code: groups?.code ?? "",
  }));
}

/** A script, and what the page says that it prints: the block of `text` that follows it. */
export interface Script {
  /** Of its file, as a comment in its first line says it; empty without. */
  readonly name: string;
  readonly code: string;
  readonly prints: string | undefined;
}

/** The scripts on a page: blocks of TypeScript that import the package. */
export function scriptsOf(page: string): readonly Script[] {
  const snippets = snippetsOf(page);
  return snippets.flatMap(({ language, code }, index) => {
    if (language !== "ts" || !code.includes(`"cantilever/`)) return [];
    const next = snippets[index + 1];
    const name = /^\/\/ (?<name>[\w-]+\.ts)$/mu.exec(code)?.groups?.name ?? "";
    return [{ name, code, prints: next?.language === "text" ? next.code : undefined }];
  });
}
