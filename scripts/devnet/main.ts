import { devnet } from "./devnet.ts";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    stop.abort();
  });
}
// Who read it has gone.
process.stdout.on("error", () => {
  stop.abort();
});
process.stderr.on("error", () => undefined);

// Where npm itself is killed, it can't pass that on: nobody shall be left behind who holds the
// port.
const parent = process.ppid;
if (process.env.npm_lifecycle_event !== undefined) {
  setInterval(() => {
    if (process.ppid !== parent) stop.abort();
  }, 1_000).unref();
}

// Set-up that is under way when it's told to stop, and the simulator's threads, end with the
// process.
process.exit(await devnet(process.argv.slice(2), process, stop.signal));
