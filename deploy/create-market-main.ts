import { runCreateMarket } from "./create-market.ts";

process.exitCode = await runCreateMarket(process.argv.slice(2), process);
