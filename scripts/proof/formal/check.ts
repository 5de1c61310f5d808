/**
 * Asks the model checker about one claim, in a separate process, because the checker can't be
 * interrupted. Arguments: source, contract, engine.
 */
import { ProofError } from "../engine/errors.ts";
import { Project } from "../engine/project.ts";
import { compile, type Diagnostic } from "../engine/solc.ts";
import { withoutUnreached } from "./reached.ts";

/** The checker's result for a claim. */
export interface Answer {
  /** Numbers and examples of assertions and arithmetic that are proved, refuted, and neither. */
  readonly proved: number;
  readonly refuted: readonly string[];
  readonly unknown: number;
  /** Whether no input fulfills the premises, so that everything would be proved. */
  readonly isVacuous: boolean;
}

const MATH = "@openzeppelin/contracts/utils/math/Math.sol";
const MODEL = "test/formal/MathModel.sol";

const [source = "", contract = "", engine = ""] = process.argv.slice(2);
const project = new Project();

/**
 * Claims have no loops and no state, so the bounded engine is complete: its bound is never reached.
 * It passes the formula to the solver directly and answers in seconds. The engine for Horn clauses
 * needs minutes for many products.
 */
function ask(text: string): Diagnostic[] {
  const changed = new Map([
    [source, text],
    [MATH, project.source(MODEL)],
  ]);
  const sources = withoutUnreached(project.closure([source], changed), source);
  const { errors = [] } = compile(sources, {
    evmVersion: "cancun",
    modelChecker: {
      engine,
      solvers: ["z3"],
      contracts: { [source]: [contract] },
      targets: ["assert", "overflow", "underflow", "divByZero"],
      showProvedSafe: true,
      showUnproved: true,
    },
    outputSelection: { [source]: { [contract]: ["abi"] } },
  });
  const broken = errors.find(({ severity }) => severity === "error");
  if (broken !== undefined) throw new ProofError(broken.formattedMessage ?? broken.message);
  return errors.filter(({ message }) => message.startsWith(`${engine.toUpperCase()}: `));
}

/**
 * The claim with an assertion at its end that always fails when reached, and the offset of that
 * assertion.
 */
function withContradiction(text: string): { text: string; start: number } {
  const start = text.indexOf(`contract ${contract} {`);
  const end = text.indexOf("\n    }\n}", start);
  if (start < 0 || end < 0) throw new ProofError(`${source} has no contract ${contract} of a single function.`);
  const before = `${text.slice(0, end)}\n        `;
  return { text: `${before}assert(false);${text.slice(end)}`, start: Buffer.byteLength(before) };
}

const having = (answers: readonly Diagnostic[], words: string): Diagnostic[] =>
  answers.filter(({ message }) => message.includes(words));
const text = project.source(source);
const answers = ask(text);
const proved = having(answers, "check is safe!").length;
const contradiction = withContradiction(text);
const contradicted = ask(contradiction.text);
process.send?.({
  proved,
  // Only the formatted text contains the example.
  refuted: having(answers, "happens here").map(({ message, formattedMessage }) => formattedMessage ?? message),
  unknown: having(answers, "might happen here").length,
  // The false assertion is proved if nothing reaches it.
  isVacuous: having(contradicted, "check is safe!").some(
    ({ sourceLocation: place }) => place?.file === source && place.start === contradiction.start,
  ),
} satisfies Answer);
