import type { Address } from "../../protocol/address.ts";

/** The compiler's input in its standard JSON format. */
export interface StandardJsonInput {
  readonly language: string;
  readonly sources: Readonly<Record<string, { readonly content: string }>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The sources of a contract and their compilation. */
export interface ContractSource {
  /**
   * File and name of the contract in the compiler's form:
   * `project/contracts/periphery/MarketLens.sol:MarketLens`.
   */
  readonly identifier: string;
  /** Version with commit: `0.8.37+commit.f401782d`. */
  readonly compilerVersion: string;
  /** Contains only the sources that the contract needs. */
  readonly input: StandardJsonInput;
}

/** A contract on a chain, with the sources of its code. */
export interface Submission extends ContractSource {
  /** Id within the deployment, such as `LoanToken`. */
  readonly id: string;
  readonly address: Address;
  /** ABI-encoded; `0x` if the constructor takes none. */
  readonly constructorArguments: string;
}

/** A service's result for a submission. */
export type Verdict =
  | { readonly status: "verified" | "already verified" }
  /** `reason` has no final full stop. */
  | { readonly status: "refused"; readonly reason: string };

/** A service that compiles sources and compares the result with a contract's code. */
export interface VerificationService {
  /** Display name, such as `Sourcify`. */
  readonly name: string;
  /**
   * Whether the service already has the sources of a contract.
   * @throws VerificationServiceError if the service can't be used.
   */
  isVerified(address: Address): Promise<boolean>;
  /**
   * Submits a contract and waits until the service has checked it.
   * @throws VerificationServiceError if the service can't be used.
   */
  verify(submission: Submission): Promise<Verdict>;
}
