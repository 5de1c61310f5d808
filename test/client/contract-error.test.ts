import { expect } from "chai";
import { network } from "hardhat";

import { LeverageMarket__factory } from "../../types/index.ts";
import { contractError } from "../../src/client/contract-error.ts";
import { ContractRevertedError, UnknownRevertError } from "../../src/client/errors.ts";
import { EXPLANATIONS } from "../../src/client/explanations.ts";
import { revertDataOf } from "../../src/client/revert-data.ts";
import { explained, send } from "../../src/client/send.ts";
import {
  FlashLiquidator__factory,
  ChainlinkOracle__factory,
  OracleGuard__factory,
  FaucetToken__factory,
} from "../../types/index.ts";

const MARKET = LeverageMarket__factory.createInterface();
const DATA = MARKET.encodeErrorResult("LeverageAboveMaximum", [90n, 100n, 50_000n]);

/** What `promise` is rejected with. */
async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It did not fail.");
}

describe("contractError", () => {
  const shapes: readonly (readonly [string, unknown])[] = [
    ["on the error itself", { data: DATA }],
    ["in an object", { data: { data: DATA, message: "reverted" } }],
    ["of an ethers error", { code: "CALL_EXCEPTION", info: { error: { code: 3, data: DATA } } }],
    ["of a nested error", { error: { error: { data: DATA } } }],
    ["of a cause", new Error("outer", { cause: Object.assign(new Error("inner"), { data: DATA }) })],
  ];
  for (const [where, error] of shapes) {
    it(`finds the contract's answer ${where}`, () => {
      const found = contractError(error);
      expect(found).to.be.instanceOf(ContractRevertedError);
      expect((found as ContractRevertedError).message).to.equal(
        "The contract refused: LeverageAboveMaximum(debt: 90, collateralValue: 100, maxLeverage: 50000). " +
          "Borrow less, or add collateral.",
      );
      expect((found as ContractRevertedError).args).to.deep.equal({
        debt: 90n,
        collateralValue: 100n,
        maxLeverage: 50_000n,
      });
    });
  }

  it("tells a reason in words, and a panic", () => {
    const reason = `0x08c379a0${"20".padStart(64, "0")}${"3".padStart(64, "0")}${"53504c".padEnd(64, "0")}`;
    expect((contractError({ data: reason }) as Error).message)
      .to.contain("Error(")
      .and.to.contain("SPL");
    const panic = `0x4e487b71${"11".padStart(64, "0")}`;
    expect((contractError({ data: panic }) as Error).message)
      .to.contain("Panic(")
      .and.to.contain("17");
  });

  it("says so where no known error explains the data", () => {
    expect(contractError({ data: "0x" })).to.be.instanceOf(UnknownRevertError);
    expect((contractError({ data: "0x12345678" }) as Error).message).to.contain("0x12345678");
    // A known selector without its arguments.
    expect(contractError({ data: DATA.slice(0, 10) })).to.be.instanceOf(UnknownRevertError);
  });

  it("leaves what came from no contract as it is", () => {
    const lost = new Error("connection lost");
    expect(contractError(lost)).to.equal(lost);
    expect(contractError("text")).to.equal("text");
    const circle: { cause?: unknown } = {};
    circle.cause = circle;
    expect(revertDataOf(circle)).to.be.undefined;
  });

  it("explains only errors that the contracts have", () => {
    const known = [
      MARKET,
      ...[FlashLiquidator__factory, ChainlinkOracle__factory, OracleGuard__factory, FaucetToken__factory].map(
        (factory) => factory.createInterface(),
      ),
    ];
    for (const name of Object.keys(EXPLANATIONS)) {
      expect(
        known.some((abi) => abi.getError(name) !== null),
        name,
      ).to.be.true;
    }
  });
});

describe("send and explained", () => {
  it("turn a chain's refusal into a named error, and pass what works", async () => {
    const { ethers } = await network.create();
    const [signer] = await ethers.getSigners();
    if (!signer) throw new Error("The chain has no accounts.");
    const token = await ethers.deployContract("FaucetToken", ["Token", "TOK", 18, 100n]);
    const refused = await failureOf(send(token.mint(signer, 101n)));
    expect(refused).to.be.instanceOf(ContractRevertedError);
    expect((refused as ContractRevertedError).args).to.deep.equal({
      recipient: signer.address,
      requested: 101n,
      available: 100n,
    });
    expect(await failureOf(explained(token.mint.staticCall(signer, 101n)))).to.be.instanceOf(ContractRevertedError);
    const receipt = await send(token.mint(signer, 100n));
    expect(receipt.status).to.equal(1);
    expect(await explained(token.balanceOf(signer))).to.equal(100n);
  });
});
