import { expect } from "chai";

import { failureMessage } from "../../../scripts/command/failure.ts";
import { UsageError } from "../../../scripts/command/words.ts";
import { BorrowersRefusedError } from "../../../src/lab/errors.ts";

describe("failureMessage", () => {
  it("is the message alone where the user can help, and the stack where not", () => {
    expect(failureMessage(new UsageError("Wrong", "Do right."))).to.equal("Wrong. Do right. Try --help.");
    expect(failureMessage(new BorrowersRefusedError("Wrong", "Do right."))).to.equal("Wrong. Do right.");
    expect(failureMessage(new Error("a defect"))).to.match(/a defect\n\s+at /u);
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
      syscall: "write",
    });
    expect(failureMessage(full)).to.equal("ENOSPC: no space left on device, write");
    expect(failureMessage("text")).to.equal("Failed: text");
  });
});
