import type { Submission } from "../../src/deployment/verification/submission.ts";
import type { Outcome, VerificationEvent } from "../../src/deployment/verification/verify.ts";
import type { Address } from "../../src/protocol/address.ts";
import { renderTable } from "../../src/report/table.ts";
import type { Reporter } from "../run.ts";
import type { Skipped } from "./submissions.ts";

/** Describes a submission for people. */
export function describe({
  id,
  address,
  identifier,
  compilerVersion,
  constructorArguments,
  input,
}: Submission): string {
  const files = Object.keys(input.sources);
  return [
    `${id} at ${address}`,
    `  contract: ${identifier}`,
    `  compiler: v${compilerVersion}`,
    `  constructor arguments: ${constructorArguments === "0x" ? "none" : constructorArguments}`,
    `  sources: ${files.length} files, ${JSON.stringify(input).length} characters with the settings`,
    ...files.map((file) => `    ${file}`),
    "\n",
  ].join("\n");
}

/** Reports the contracts that can't be verified. */
export function tellSkipped(reporter: Reporter, skipped: readonly Skipped[]): void {
  for (const one of skipped) {
    reporter.tell({ event: "skipped", ...one }, `${one.id} at ${one.address} is skipped: ${one.reason}.\n`);
  }
}

/** Reports the progress of the verification. */
export function tellProgress(reporter: Reporter, event: VerificationEvent): void {
  if (event.kind === "submitted") {
    const { service, id } = event;
    reporter.tell({ event: "submitted", service, id }, `${service}: submitting ${id} …\n`);
    return;
  }
  const { outcome } = event;
  reporter.tell({ event: "decided", ...outcome }, `${outcome.service}: ${outcome.id} ${outcome.status}\n`);
}

/** All results as a table, followed by the reasons of contracts that are not verified. */
export function tableOf(results: readonly (Outcome & { readonly address: Address | undefined })[]): string {
  const columns = ["contract", "address", "service", "result"].map((title) => ({ title }));
  const rows = results.map(({ id, address, service, status }) => [id, address ?? "", service, status]);
  const reasons = results.flatMap((result) => {
    if (!("reason" in result)) return [];
    const { id, service, status, reason } = result;
    // If a service can't be used, all remaining contracts have the same reason.
    const subject = status === "refused" ? `${id} on ${service}: ` : `${service}: `;
    return [`${subject}${status}, because ${reason}.\n`];
  });
  return `\n${renderTable(columns, rows)}\n\n${[...new Set(reasons)].join("")}`;
}
