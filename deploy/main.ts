import { runDeployment } from "./command.ts";

process.exitCode = await runDeployment(process.argv.slice(2), process);
