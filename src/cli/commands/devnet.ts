import { UsageError } from "../errors.ts";
import type { Run } from "../program.ts";
import type { GlobalOptions } from "../surroundings.ts";

/**
 * The devnet and the deployment need Hardhat and the sources, which the package does not contain.
 */
export const devnet: Run<GlobalOptions> = () =>
  Promise.reject(
    new UsageError(
      "The devnet is not part of this command: it needs Hardhat and the sources",
      "In a checkout of Cantilever, install with `npm ci`, then start it with `npm run devnet`.",
    ),
  );
