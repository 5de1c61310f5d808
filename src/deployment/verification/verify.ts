import { VerificationServiceError } from "../errors.ts";
import type { Submission, Verdict, VerificationService } from "./submission.ts";

/** How a contract stands with a service. */
export type Outcome = { readonly id: string; readonly service: string } & (
  | Verdict
  /** The service can't be worked with. */
  | { readonly status: "not submitted"; readonly reason: string }
);

export type VerificationEvent =
  | { readonly kind: "submitted"; readonly id: string; readonly service: string }
  | { readonly kind: "decided"; readonly outcome: Outcome };

/**
 * Verifies contracts on services, one contract after the other with each service. What a service has by now isn't submitted
 * again; a service that can't be worked with is asked no more.
 * @returns the outcomes, in the order of services and contracts.
 */
export async function verifyAll(
  submissions: readonly Submission[],
  services: readonly VerificationService[],
  onEvent: (event: VerificationEvent) => void = () => undefined,
): Promise<readonly Outcome[]> {
  const outcomes = await Promise.all(services.map((service) => verifyOn(service, submissions, onEvent)));
  return outcomes.flat();
}

async function verifyOn(
  service: VerificationService,
  submissions: readonly Submission[],
  onEvent: (event: VerificationEvent) => void,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let useless: VerificationServiceError | undefined;
  for (const submission of submissions) {
    const { id } = submission;
    let verdict: Verdict | undefined;
    try {
      verdict = useless === undefined ? await verdictOf(service, submission, onEvent) : undefined;
    } catch (error) {
      if (!(error instanceof VerificationServiceError)) throw error;
      useless = error;
    }
    const outcome: Outcome = {
      id,
      service: service.name,
      ...(verdict ?? { status: "not submitted", reason: (useless?.message ?? "").replace(/\.$/u, "") }),
    };
    outcomes.push(outcome);
    onEvent({ kind: "decided", outcome });
  }
  return outcomes;
}

async function verdictOf(
  service: VerificationService,
  submission: Submission,
  onEvent: (event: VerificationEvent) => void,
): Promise<Verdict> {
  if (await service.isVerified(submission.address)) return { status: "already verified" };
  onEvent({ kind: "submitted", id: submission.id, service: service.name });
  return service.verify(submission);
}
