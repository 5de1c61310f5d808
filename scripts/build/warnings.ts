import type { HardhatPlugin } from "hardhat/types/plugins";

/** The compiler's codes of warnings that are not shown, each with the reason. */
const KNOWN: ReadonlySet<string> = new Set([
  // "Transient storage … can break the composability of smart contracts": it comes with every use of OpenZeppelin's
  // transient reentrancy guard. docs/architecture.md says how long each transient variable of a market is meant to live.
  "2394",
]);

/** Leaves out warnings that have been looked at, and that nobody who compiles this project can act on. */
export const dropKnownWarnings: HardhatPlugin = {
  id: "drop-known-warnings",
  hookHandlers: {
    solidity: () =>
      Promise.resolve({
        default: () =>
          Promise.resolve({
            getCompilationJobErrors: async (context, job, output, next) => {
              const errors = await next(context, job, output);
              return errors.filter(({ errorCode }) => errorCode === undefined || !KNOWN.has(errorCode));
            },
          }),
      }),
  },
};
