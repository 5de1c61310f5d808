import { toJson } from "../run.ts";

/** The parts of a deployment that are looked at. */
export const AREAS = ["code", "roles", "limits", "prices", "pool", "powers"] as const;

export type Area = (typeof AREAS)[number];

/** What one look has found. */
export interface Finding {
  readonly area: Area;
  /** What was looked at, such as `clUSDC-WETH maxLeverage`. */
  readonly subject: string;
  /** `changed`: not as it was deployed, by a change that those who hold the roles may make. */
  readonly status: "passed" | "changed" | "wrong";
  /** What was found. */
  readonly detail: string;
  /** What to do about it, in whole sentences; empty if nothing. */
  readonly advice: string;
}

/** Collects the findings of one area. */
export class Findings {
  readonly list: Finding[] = [];
  readonly #area: Area;

  constructor(area: Area) {
    this.#area = area;
  }

  passed(subject: string, detail: string): void {
    this.list.push({ area: this.#area, subject, status: "passed", detail, advice: "" });
  }

  changed(subject: string, detail: string, advice = ""): void {
    this.list.push({ area: this.#area, subject, status: "changed", detail, advice });
  }

  wrong(subject: string, detail: string, advice: string): void {
    this.list.push({ area: this.#area, subject, status: "wrong", detail, advice });
  }
}

/** The findings for people, a line each, with the advice below it. */
export function formatFindings(findings: readonly Finding[]): string {
  const areas = AREAS.map((area) => {
    const lines = findings
      .filter((finding) => finding.area === area)
      .map(({ subject, status, detail, advice }) => {
        const line = `  ${status.padEnd(7)}  ${subject}: ${detail}\n`;
        return advice === "" ? line : `${line}           ${advice}\n`;
      });
    return lines.length === 0 ? "" : `${area}\n${lines.join("")}`;
  });
  return areas.join("");
}

/** How many findings of each kind there are, in words. */
export function countFindings(findings: readonly Finding[]): string {
  const count = (status: Finding["status"]): number => findings.filter((one) => one.status === status).length;
  return `${findings.length} checks: ${count("passed")} passed, ${count("changed")} changed, ${count("wrong")} wrong.`;
}

/** The findings for programs, a JSON object on each line. */
export function findingLines(deployment: string, findings: readonly Finding[]): string {
  return findings.map((finding) => `${toJson({ event: "checked", deployment, ...finding })}\n`).join("");
}
