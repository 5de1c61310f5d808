import type { Address } from "../../protocol/address.ts";

/** What the compiler was given: `{ language, sources, settings }`, as its documentation describes it. */
export interface StandardJsonInput {
  readonly language: string;
  readonly sources: Readonly<Record<string, { readonly content: string }>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The sources of a contract, and how they were compiled. */
export interface ContractSource {
  /** Its file and name as the compiler knows them: `project/contracts/periphery/MarketLens.sol:MarketLens`. */
  readonly identifier: string;
  /** With its commit: `0.8.37+commit.f401782d`. */
  readonly compilerVersion: string;
  /** With the sources that the contract needs, and no others. */
  readonly input: StandardJsonInput;
}

/** A contract on a chain, with the sources that its code is compiled from. */
export interface Submission extends ContractSource {
  /** What it is within the deployment, like `LoanToken`. */
  readonly id: string;
  readonly address: Address;
  /** ABI-encoded, `0x` if the constructor takes none. */
  readonly constructorArguments: string;
}

/** What a service says of a submission. */
export type Verdict =
  | { readonly status: "verified" | "already verified" }
  /** `reason` has no full stop at its end. */
  | { readonly status: "refused"; readonly reason: string };

/** A service that compiles sources and compares the code with that of a contract. */
export interface VerificationService {
  /** As people call it, like `Sourcify`. */
  readonly name: string;
  /**
   * Whether the service has the sources of a contract by now.
   * @throws VerificationServiceError if the service can't be worked with.
   */
  isVerified(address: Address): Promise<boolean>;
  /**
   * Submits a contract, and waits until the service has checked it.
   * @throws VerificationServiceError if the service can't be worked with.
   */
  verify(submission: Submission): Promise<Verdict>;
}
