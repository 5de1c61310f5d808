import { ProofError } from "../engine/errors.ts";
import type { Project } from "../engine/project.ts";

/**
 * The verdict on a claim: `unknown` also after a timeout, `vacuous` if no input fulfills the
 * premises.
 */
export type Verdict = "proved" | "refuted" | "unknown" | "vacuous";

/** A contract of test/formal. */
export interface Claim {
  readonly source: string;
  readonly contract: string;
  /** The verdict that the checker must return. */
  readonly expected: "proved" | "refuted" | "vacuous";
  /** The purpose of an exception, or the test that covers the rest. */
  readonly note?: string;
}

const SOURCES = "test/formal/*.sol";
const CONTRACT = /^contract (\w+)/gmu;

const WIDTH = "60 bits a number, 40 in the third step; at full width fuzzed by testFuzz_Liquidate_NeverRaisesLtv";

/**
 * Claims that must not be proved, or that cover less than the full range. All others must be
 * proved.
 */
const EXCEPTIONS: Readonly<Record<string, Pick<Claim, "expected" | "note">>> = {
  FalseClaimEveryPositionIsWithin: { expected: "refuted", note: "shows that the checker refutes" },
  FalseClaimNoDebtIsTooLarge: { expected: "refuted", note: "shows that the checker finds an overflow" },
  FalseClaimOfNoInput: { expected: "vacuous", note: "shows that premises are checked" },
  LtvLemmaSeizedPerShare: { expected: "proved", note: WIDTH },
  LtvLemmaHeldPerShare: { expected: "proved", note: WIDTH },
  LtvLemmaValues: { expected: "proved", note: WIDTH },
  LtvLemmaCollateral: { expected: "proved", note: WIDTH },
};

/**
 * All claims, in the order of their sources.
 * @throws ProofError if an exception is for a claim that doesn't exist.
 */
export function readClaims(project: Project): Claim[] {
  const claims = project.find(SOURCES).flatMap((source) =>
    [...project.source(source).matchAll(CONTRACT)].map(([, contract = ""]): Claim => {
      return { source, contract, ...(EXCEPTIONS[contract] ?? { expected: "proved" }) };
    }),
  );
  const known = new Set(claims.map(({ contract }) => contract));
  const gone = Object.keys(EXCEPTIONS).find((contract) => !known.has(contract));
  if (gone !== undefined) throw new ProofError(`There is no claim ${gone} under test/formal.`);
  return claims;
}

/** The name in words: `NoDebtRises` is "no debt rises". */
export function wordsOf({ contract }: Claim): string {
  return contract.replaceAll(/(?<=.)(?=[A-Z])/gu, " ").toLowerCase();
}
