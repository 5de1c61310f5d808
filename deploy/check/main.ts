import { runCheck } from "./command.ts";

process.exitCode = await runCheck(process.argv.slice(2), process);
