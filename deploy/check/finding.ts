import { toJson } from "../run.ts";

/** The parts of a deployment that are checked. */
export const AREAS = ["code", "roles", "limits", "prices", "pool", "powers"] as const;

export type Area = (typeof AREAS)[number];

/** The result of one check. */
export interface Finding {
  readonly area: Area;
  /** The checked subject, such as `clUSDC-WETH maxLeverage`. */
  readonly subject: string;
  /** `changed`: differs from the deployment by a change that holders of roles may make. */
  readonly status: "passed" | "changed" | "wrong";
  /** The finding in words. */
  readonly detail: string;
  /** What to do about it, in whole sentences; empty if nothing is to be done. */
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

/** Formats findings for people: one line each, with the advice below. */
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

/** The number of findings of each status, in words. */
export function countFindings(findings: readonly Finding[]): string {
  const count = (status: Finding["status"]): number => findings.filter((one) => one.status === status).length;
  return `${findings.length} checks: ${count("passed")} passed, ${count("changed")} changed, ${count("wrong")} wrong.`;
}

/** Formats findings for programs: one JSON object per line. */
export function findingLines(deployment: string, findings: readonly Finding[]): string {
  return findings.map((finding) => `${toJson({ event: "checked", deployment, ...finding })}\n`).join("");
}
