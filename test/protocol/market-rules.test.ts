import { expect } from "chai";
import { network } from "hardhat";

import { ContractRevertedError } from "../../src/client/errors.ts";
import { explained } from "../../src/client/send.ts";
import { CONFIG_NAMES, LIMIT_NAMES, nestParameters, type MarketParameters } from "../../src/protocol/parameters.ts";
import { violationOf } from "../../src/protocol/market-rules.ts";
import { ETHER_5X } from "../../src/protocol/presets.ts";
import { MarketFactory__factory } from "../../types/index.ts";
import { effort, randomOf } from "../support/effort.ts";

const PRICE = 2_000n * 10n ** 24n;
const NAMES = [...LIMIT_NAMES, ...CONFIG_NAMES];
/** Values at which rules change, in addition to values near the preset's. */
const EDGES = [0n, 1n, 999n, 1_000n, 10_000n, 10_001n, 2n ** 24n - 1n, 172_799n, 172_800n, 10n ** 18n, 10n ** 18n + 1n];

/** A factory, and the tokens and oracle that each of its markets uses. */
async function deployed() {
  const { ethers } = await network.create();
  const [admin] = await ethers.getSigners();
  if (!admin) throw new Error("The chain has no account.");
  const authority = await ethers.deployContract("AccessManager", [admin.address]);
  const factory = MarketFactory__factory.connect(
    await (await ethers.deployContract("MarketFactory", [authority])).getAddress(),
    admin,
  );
  const [loanToken, collateralToken, oracle] = await Promise.all([
    (await ethers.deployContract("MockERC20", ["US dollar", "USD", 6])).getAddress(),
    (await ethers.deployContract("MockERC20", ["Ether", "ETH", 18])).getAddress(),
    (await ethers.deployContract("MockOracle", [PRICE])).getAddress(),
  ]);
  const common = {
    loanToken,
    collateralToken,
    oracle,
    authority: await authority.getAddress(),
    name: "m",
    symbol: "m",
  };
  /** The parameter that the factory rejects; undefined if it would create the market. */
  const refused = async (values: MarketParameters): Promise<string | undefined> => {
    try {
      await explained(
        factory.createMarket.staticCall({ ...common, ...nestParameters(values) }, ethers.ZeroHash, PRICE),
      );
      return undefined;
    } catch (error) {
      if (error instanceof ContractRevertedError && error.errorName === "InvalidParameter") {
        return String(error.args.parameter);
      }
      throw error;
    }
  };
  return { refused };
}

describe("violationOf", () => {
  it("returns undefined for the recommended market", () => {
    expect(violationOf(ETHER_5X)).to.be.undefined;
  });

  it("names the parameter that the factory rejects, after one or two random changes", async function () {
    this.timeout(300_000);
    const { refused } = await deployed();
    const random = randomOf("market rules");
    const pick = <T>(values: readonly T[]): T => values[random.nextInteger(values.length)] as T;
    const seen = new Set<string | undefined>();
    for (let round = 0; round < effort(300, 5_000); round++) {
      const values: Record<string, bigint> = { ...ETHER_5X };
      for (const name of [pick(NAMES), pick(NAMES)]) {
        const own = ETHER_5X[name];
        values[name] = pick([...EDGES, own - 1n, own + 1n, (own * 9n) / 10n, (own * 11n) / 10n, own * 2n]);
      }
      const expected = await refused(values as MarketParameters);
      expect(
        violationOf(values as MarketParameters)?.parameter,
        JSON.stringify(values, (_, v: unknown) => String(v)),
      ).to.equal(expected);
      seen.add(expected);
    }
    expect(seen).to.include.members([undefined, "maxLeverage", "bonusMax", "minDebt", "raiseDelay"]);
  });
});
