import { VerificationServiceError } from "../errors.ts";
import type { Submission, Verdict, VerificationService } from "./submission.ts";

/** The result for a contract at a service. */
export type Outcome = { readonly id: string; readonly service: string } & (
  | Verdict
  /** The service can't be used. */
  | { readonly status: "not submitted"; readonly reason: string }
);

/** Progress of `verifyAll`. */
export type VerificationEvent =
  | { readonly kind: "submitted"; readonly id: string; readonly service: string }
  | { readonly kind: "decided"; readonly outcome: Outcome };

/**
 * Verifies contracts on services. Each service checks one contract after the other; the services
 * work in parallel. Contracts that a service already has are not submitted again. A service that
 * can't be used gets no further requests.
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
