import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import {
  AccessManager__factory,
  ChainlinkOracle__factory,
  FaucetToken__factory,
  FlashLiquidator__factory,
  LeverageMarket__factory,
  MarketFactory__factory,
  MarketLens__factory,
  OracleGuard__factory,
  SequencerGate__factory,
  SettableFeed__factory,
  TestLiquidity__factory,
  UniswapV3Swapper__factory,
  UniswapV3TwapOracle__factory,
  VaultShareOracle__factory,
} from "../../types/index.ts";
import { contractError, revertDataOf } from "../../src/client/contract-error.ts";
import {
  ContractRevertedError,
  isRefusal,
  PanicError,
  RevertReasonError,
  TransactionRevertedError,
  UnknownRevertError,
} from "../../src/client/errors.ts";
import { adviceFor, CONTRACT_ERROR_ADVICE } from "../../src/protocol/contract-errors.ts";
import { explained, send } from "../../src/client/send.ts";

const MARKET = LeverageMarket__factory.createInterface();
/** The contracts that people and tools call. */
const CALLED = [
  AccessManager__factory,
  ChainlinkOracle__factory,
  FaucetToken__factory,
  FlashLiquidator__factory,
  LeverageMarket__factory,
  MarketFactory__factory,
  MarketLens__factory,
  OracleGuard__factory,
  SequencerGate__factory,
  SettableFeed__factory,
  TestLiquidity__factory,
  UniswapV3Swapper__factory,
  UniswapV3TwapOracle__factory,
  VaultShareOracle__factory,
].map((factory) => factory.createInterface());
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

  it("names limits and sources, and writes moments as dates", () => {
    const messageOf = (data: string): string => (contractError({ data }) as Error).message;
    expect(messageOf(MARKET.encodeErrorResult("RaiseNotReady", [3, 1_796_117_055n]))).to.contain(
      "RaiseNotReady(limit: debtCap, validFrom: 2026-12-01 09:24:15 UTC)",
    );
    const guard = OracleGuard__factory.createInterface();
    expect(messageOf(guard.encodeErrorResult("SourceNotReady", [1, 2n ** 60n]))).to.contain(
      `SourceNotReady(role: secondary, validFrom: ${2n ** 60n})`,
    );
    expect(messageOf(MARKET.encodeErrorResult("InvalidLimit", [0, 55_000n]))).to.contain(
      "InvalidLimit(limit: maxLeverage, value: 55000)",
    );
    // Both a market's limits and a guard's sources have this error.
    expect(messageOf(MARKET.encodeErrorResult("NothingScheduled", [1]))).to.match(/NothingScheduled\(\w+: 1\)/u);
  });

  it("tells a revert reason in its own words", () => {
    const reason = `0x08c379a0${"20".padStart(64, "0")}${"3".padStart(64, "0")}${"53504c".padEnd(64, "0")}`;
    const found = contractError({ data: reason });
    expect(found).to.be.instanceOf(RevertReasonError);
    expect((found as RevertReasonError).message).to.equal(
      'The contract refused: "SPL". No contract of Cantilever has this error: it comes from a token, an oracle or a ' +
        "receiver that was called.",
    );
  });

  it("tells the meaning of a panic's code, and the code of one that it does not know", () => {
    const panic = (code: string): string => `0x4e487b71${code.padStart(64, "0")}`;
    const overflow = contractError({ data: panic("11") });
    expect(overflow).to.be.instanceOf(PanicError).and.to.include({ panicCode: 0x11 });
    expect((overflow as PanicError).message).to.contain("arithmetic overflow or underflow (panic 0x11)");
    expect((contractError({ data: panic("99") }) as PanicError).message).to.contain("unknown (panic 0x99)");
  });

  it("says so where no known error explains the data", () => {
    expect(contractError({ data: "0x" })).to.be.instanceOf(UnknownRevertError);
    expect((contractError({ data: "0x12345678" }) as Error).message).to.contain("0x12345678");
    // A known selector without its arguments.
    expect(contractError({ data: DATA.slice(0, 10) })).to.be.instanceOf(UnknownRevertError);
  });

  it("takes an answer before an empty one beside it, and finds one among several errors", () => {
    expect(contractError({ data: "0x", error: { data: DATA } })).to.be.instanceOf(ContractRevertedError);
    expect(contractError(new AggregateError([new Error("other"), { data: DATA }]))).to.be.instanceOf(
      ContractRevertedError,
    );
  });

  it("survives a reason that is no text, and writes control characters so that they can be seen", () => {
    const reasonOf = (bytes: string): string =>
      `0x08c379a0${"20".padStart(64, "0")}${(bytes.length / 2).toString(16).padStart(64, "0")}${bytes.padEnd(64, "0")}`;
    expect(contractError({ data: reasonOf("fffefdfc") })).to.be.instanceOf(UnknownRevertError);
    expect((contractError({ data: reasonOf("1b5b324a") }) as Error).message).to.contain(String.raw`"\u001b[2J"`);
  });

  it("leaves what came from no contract as it is", () => {
    const lost = new Error("connection lost");
    expect(contractError(lost)).to.equal(lost);
    expect(contractError("text")).to.equal("text");
    const circle: { cause?: unknown } = {};
    circle.cause = circle;
    expect(revertDataOf(circle)).to.be.undefined;
  });
});

/**
 * Names of the errors of every contract that people or other contracts call, from the compiled
 * artifacts.
 */
function errorsOfContracts(): ReadonlySet<string> {
  const artifacts = join(import.meta.dirname, "../../artifacts");
  const files = globSync(["contracts/**/*.json", "@openzeppelin/contracts/access/manager/*/*.json"], {
    cwd: artifacts,
  });
  const names = files
    .filter((file) => !file.startsWith("contracts/mocks/"))
    .flatMap((file) => {
      const { abi } = JSON.parse(readFileSync(join(artifacts, file), "utf8")) as {
        abi: { type: string; name: string }[];
      };
      return abi.filter(({ type }) => type === "error").map(({ name }) => name);
    });
  return new Set(names);
}

/** A value of a type, whichever. */
function exampleOf(type: string): string | bigint {
  if (type === "address") return ZeroAddress;
  if (type === "string") return "";
  return type.startsWith("bytes") ? `0x${"00".repeat(Number(type.slice("bytes".length)))}` : 0n;
}

describe("CONTRACT_ERROR_ADVICE", () => {
  it("has advice for every error of the contracts, and for no other", () => {
    const known = errorsOfContracts();
    expect(known.size).to.be.greaterThan(100);
    expect(Object.keys(CONTRACT_ERROR_ADVICE)).to.have.members([...known]);
  });

  it("is what the client decodes: every error of a contract that is called comes with its advice", () => {
    for (const abi of CALLED) {
      abi.forEachError((error) => {
        const args = error.inputs.map(({ type }) => exampleOf(type));
        const found = contractError({ data: abi.encodeErrorResult(error, args) });
        expect(found, error.name).to.be.instanceOf(ContractRevertedError);
        expect((found as ContractRevertedError).advice, error.name).to.equal(adviceFor(error.name)?.advice);
      });
    }
  });
});

describe("send and explained", () => {
  it("turn a chain's refusal into a named error, and pass what works", async () => {
    const { ethers } = await network.create();
    const [signer] = await ethers.getSigners();
    if (!signer) throw new Error("The chain has no accounts.");
    const token = await ethers.deployContract("FaucetToken", ["Token", "TOK", 18, 100n, signer, 0n]);
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

  it("tell a refusal in the block from one before it", async () => {
    const { ethers, networkHelpers } = await network.create();
    const [signer] = await ethers.getSigners();
    if (!signer) throw new Error("The chain has no accounts.");
    const token = await ethers.deployContract("FaucetToken", ["Token", "TOK", 18, 100n, signer, 0n]);
    await ethers.provider.send("evm_setAutomine", [false]);
    // With a gas limit nothing is estimated, and the node takes what will fail in its block.
    const response = await token.mint(signer, 101n, { gasLimit: 200_000n });
    await networkHelpers.mine();
    const reverted = await failureOf(send(Promise.resolve(response)));
    expect(reverted).to.be.instanceOf(TransactionRevertedError).and.to.include({ retryable: true });
    expect(isRefusal(reverted)).to.be.true;
  });
});
