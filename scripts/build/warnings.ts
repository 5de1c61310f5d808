import type { HardhatPlugin } from "hardhat/types/plugins";

/** The compiler's codes of warnings that are not shown, each with the reason. */
const KNOWN: ReadonlySet<string> = new Set([
  // "Transient storage … can break the composability of smart contracts": the compiler says it once for a build that uses
  // any, OpenZeppelin's reentrancy guard included. Each transient variable of ours says where it is declared how long it
  // is meant to live (contracts/market/MarketStorage.sol).
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
