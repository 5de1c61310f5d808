import { expect } from "chai";

import { safeBatch } from "../../src/cli/safe.ts";
import { toAddress } from "../../src/protocol/address.ts";

const SAFE = toAddress("0x000000000000000000000000000000000000beef");
const TOKEN = toAddress("0x00000000000000000000000000000000000070c0");

const batchOf = (...titles: readonly string[]) =>
  safeBatch(
    11_155_111n,
    SAFE,
    titles.map((title) => ({ title, to: TOKEN, data: "0x12345678", value: 0n })),
    1_700_000_000n,
  ) as { meta: { checksum: string; name: string }; transactions: unknown[]; chainId: string; createdAt: number };

describe("A batch for a Safe", () => {
  it("has the form that its Transaction Builder reads", () => {
    const batch = batchOf("Approve", "Add");
    expect(batch).to.deep.include({ version: "1.0", chainId: "11155111", createdAt: 1_700_000_000_000 });
    expect(batch.transactions).to.deep.equal(
      Array.from({ length: 2 }, () => ({
        to: TOKEN,
        value: "0",
        data: "0x12345678",
        contractMethod: null,
        contractInputsValues: null,
      })),
    );
    expect(batch.meta).to.deep.include({ createdFromSafeAddress: SAFE, name: "Add", description: "Approve; Add" });
  });

  it("has a checksum of all but its name", () => {
    const { meta } = batchOf("Add");
    expect(meta.checksum).to.match(/^0x[0-9a-f]{64}$/u);
    expect(batchOf("Add").meta.checksum).to.equal(meta.checksum);
    expect(batchOf("Add", "Add").meta.checksum).not.to.equal(meta.checksum);
  });
});
