/** Thrown when a proof tool can't do its task. The message states the reason. */
export class ProofError extends Error {
  override readonly name = "ProofError";
}
