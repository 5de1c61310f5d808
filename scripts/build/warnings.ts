import type { HardhatPlugin } from "hardhat/types/plugins";

/** The compiler's codes of warnings that are not shown, each with the reason. */
const KNOWN: ReadonlySet<string> = new Set([
  // "Transient storage … can break the composability of smart contracts": the compiler warns once
  // per build that uses any, including OpenZeppelin's reentrancy guard. Each transient variable of
  // this project documents its intended lifetime (contracts/market/MarketStorage.sol).
  "2394",
]);

/** Hides warnings that were reviewed and that require no action. */
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
