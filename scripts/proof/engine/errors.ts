/** A proof tool can't do what it was asked; the message says why. */
export class ProofError extends Error {
  override readonly name = "ProofError";
}
