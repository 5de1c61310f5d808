import { expect } from "chai";

import { LeverageMarket__factory, MarketFactory__factory } from "../../types/index.ts";
import { decodeMarketCreated, decodeMarketLog, marketEventsIn, type RawLog } from "../../src/events/decode.ts";
import { InconsistentEventsError, UnexpectedLogError } from "../../src/events/errors.ts";
import { accountOf } from "../support/accounts.ts";

const MARKET = accountOf(0xc3);
const ACCOUNT = accountOf(0xa1);
const OTHER = accountOf(0xb2);
const ABI = LeverageMarket__factory.createInterface();

/** A log as the market emits it. */
function logOf(name: Parameters<typeof ABI.getEvent>[0], values: readonly unknown[], address: string = MARKET): RawLog {
  return { address, ...ABI.encodeEventLog(name, values) };
}

describe("decodeMarketLog", () => {
  const cases: readonly (readonly [RawLog, object])[] = [
    [logOf("Accrued", [5n, 7n]), { name: "Accrued", borrowIndex: 5n, rateAtTarget: 7n }],
    [
      logOf("PositionAdjusted", [ACCOUNT, OTHER, -3n, 4n, -(2n ** 127n)]),
      {
        name: "PositionAdjusted",
        account: ACCOUNT,
        caller: OTHER,
        collateralDelta: -3n,
        debtDelta: 4n,
        debtSharesDelta: -(2n ** 127n),
      },
    ],
    [
      logOf("Liquidated", [ACCOUNT, OTHER, 1n, 2n, 3n, 4n, 2n ** 256n - 1n]),
      {
        name: "Liquidated",
        account: ACCOUNT,
        liquidator: OTHER,
        debtShares: 1n,
        collateral: 2n,
        payment: 3n,
        fee: 4n,
        loss: 2n ** 256n - 1n,
      },
    ],
    [
      logOf("OperatorSet", [ACCOUNT, OTHER, true]),
      { name: "OperatorSet", account: ACCOUNT, operator: OTHER, approved: true },
    ],
    [
      logOf("OperatorSet", [ACCOUNT, OTHER, false]),
      { name: "OperatorSet", account: ACCOUNT, operator: OTHER, approved: false },
    ],
    [logOf("LimitSet", [3n, 9n]), { name: "LimitSet", limit: "debtCap", value: 9n }],
    [logOf("RaisesCleared", []), { name: "RaisesCleared" }],
  ];
  for (const [log, expected] of cases) {
    it(`reads every argument of ${(expected as { name: string }).name} as ethers does`, () => {
      expect(decodeMarketLog(MARKET, log)).to.deep.equal(expected);
    });
  }

  it("accepts the market's address in any case and throws for a log of another contract", () => {
    const log = logOf("Accrued", [1n, 2n], `0x${MARKET.slice(2).toUpperCase()}`);
    expect(decodeMarketLog(MARKET, log)).to.include({ name: "Accrued" });
    expect(() => decodeMarketLog(MARKET, { ...log, address: OTHER })).to.throw(
      UnexpectedLogError,
      "not a log of the market",
    );
  });

  it("returns undefined for a log that does not change the market's state", () => {
    expect(decodeMarketLog(MARKET, logOf("Approval", [ACCOUNT, OTHER, 1n]))).to.equal(undefined);
    expect(decodeMarketLog(MARKET, { address: MARKET, topics: [], data: "0x" })).to.equal(undefined);
  });

  it("decodes a log with upper-case digits to the same event", () => {
    const log = logOf("CollateralSupplied", [ACCOUNT, OTHER, 0xabcdefn]);
    const upper = (text: string): string => `0x${text.slice(2).toUpperCase()}`;
    const shouted = { address: upper(log.address), topics: log.topics.map(upper), data: upper(log.data) };
    expect(decodeMarketLog(MARKET, shouted)).to.deep.equal(decodeMarketLog(MARKET, log));
  });

  it("throws for invalid words of a type and for invalid digits", () => {
    const set = logOf("OperatorSet", [ACCOUNT, OTHER, true]);
    const dirty = `0x${"1".padEnd(24, "0")}${ACCOUNT.slice(2)}`;
    const broken = [
      { ...set, data: `0x${"2".padStart(64, "0")}` },
      { ...set, data: `0x${"11".padStart(64, "0")}` },
      { ...set, topics: [set.topics[0] ?? "", dirty, set.topics[2] ?? ""] },
      { ...set, topics: [set.topics[0] ?? "", "0x12", set.topics[2] ?? ""] },
      { ...set, data: `ff${set.data.slice(2)}` },
      { ...set, data: set.data.replace("1", "g") },
    ];
    for (const log of broken) expect(() => decodeMarketLog(MARKET, log), log.data).to.throw(UnexpectedLogError);
  });

  it("throws for a truncated log and for an unknown limit", () => {
    const log = logOf("PositionAdjusted", [ACCOUNT, OTHER, 1n, 2n, 3n]);
    const short = [
      { ...log, data: log.data.slice(0, -2) },
      { ...log, data: "0x" },
      { ...log, topics: log.topics.slice(0, 2) },
    ];
    for (const broken of short)
      expect(() => decodeMarketLog(MARKET, broken)).to.throw(UnexpectedLogError, "not a complete");
    const limit = logOf("LimitSet", [4n, 9n]);
    const unknown = { ...limit, topics: [limit.topics[0] ?? "", `0x${"6".padStart(64, "0")}`] };
    expect(() => decodeMarketLog(MARKET, unknown)).to.throw(InconsistentEventsError, "limit number 6");
  });
});

describe("decodeMarketCreated", () => {
  const abi = MarketFactory__factory.createInterface();
  const factory = accountOf(0xd4);

  it("throws for a log of another contract and for a truncated log", () => {
    const topic = abi.getEvent("MarketCreated").topicHash;
    const topics = [topic, ...[1, 2, 3].map((number) => `0x${String(number).padStart(64, "0")}`)];
    for (const data of ["0x", `0x${"00".repeat(64)}`]) {
      expect(() => decodeMarketCreated(factory, { address: factory, topics, data })).to.throw(UnexpectedLogError);
    }
    expect(() => decodeMarketCreated(factory, { address: OTHER, topics, data: "0x" })).to.throw(
      UnexpectedLogError,
      "not a log of the factory",
    );
    expect(decodeMarketCreated(factory, { address: factory, topics: [], data: "0x" })).to.equal(undefined);
  });
});

describe("marketEventsIn", () => {
  it("returns the events with one name that this market emitted, and none of other contracts", () => {
    const logs = [
      logOf("Accrued", [1n, 2n]),
      logOf("Liquidated", [ACCOUNT, OTHER, 1n, 2n, 3n, 4n, 0n]),
      logOf("Liquidated", [OTHER, ACCOUNT, 1n, 2n, 3n, 4n, 0n], OTHER),
      { address: OTHER, topics: [], data: "0x" },
    ];
    expect(marketEventsIn(MARKET, "Liquidated", logs).map(({ account }) => account)).to.deep.equal([ACCOUNT]);
  });
});
