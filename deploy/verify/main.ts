import { runVerification } from "./command.ts";

process.exitCode = await runVerification(process.argv.slice(2), process);
