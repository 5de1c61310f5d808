import { runVerification } from "./verify-command.ts";

process.exitCode = await runVerification(process.argv.slice(2), process);
