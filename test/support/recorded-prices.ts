import { join } from "node:path";

/**
 * A folder beside the project's own with recorded five-minute bars of ether in dollars,
 * `eth-usd-2020-03-12-5m.csv` and `eth-usd-2025-10-10-5m.csv`: exchange data that is not ours to
 * publish. Where it is missing, the tests that compare with it are skipped, and say so; CI refuses
 * a skip where it is there.
 */
export const RECORDED_PRICES = join(import.meta.dirname, "../../../shared/data");
