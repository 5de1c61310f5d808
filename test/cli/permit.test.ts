import { expect } from "chai";

import { marketAt } from "../../src/client/contracts.ts";
import { nestParameters, flattenParameters } from "../../src/protocol/parameters.ts";
import { toAddress, type Address } from "../../src/protocol/address.ts";
import { MarketFactory__factory } from "../../types/index.ts";
import { ACCOUNTS, ALICE_KEY, MARKET, TestChain } from "./support/chain.ts";
import { jsonOf, run } from "./support/cli.ts";

/** Selectors of `permit` and `approve`. */
const PERMIT = "0xd505accf";
const APPROVE = "0x095ea7b3";

/** A market that lends the shares of another one, which take permits. */
async function createSharesMarket(chain: TestChain): Promise<Address> {
  const creator = await chain.provider.getSigner(ACCOUNTS.riskManager);
  const { market, factory, collateralToken, guard, marketAuthority } = chain.plan.addresses;
  const model = marketAt(market, chain.provider);
  const [limits, config] = await Promise.all([model.limits(), model.config()]);
  const params = {
    loanToken: market,
    collateralToken,
    oracle: guard,
    authority: marketAuthority,
    name: "Shares",
    symbol: "clSHARES",
    ...nestParameters({ ...flattenParameters({ limits, config }), supplyCap: 10n ** 30n }),
  };
  const markets = MarketFactory__factory.connect(factory, creator);
  const salt = `0x${"00".repeat(32)}`;
  await (await markets.createMarket(params, salt, 2_000n * 10n ** 24n)).wait();
  return toAddress(await markets.marketAddress(params, salt));
}

describe("cantilever lend", function () {
  this.timeout(60_000);
  let chain: TestChain;
  let sharesMarket: Address;
  before(async () => {
    chain = await TestChain.start();
    sharesMarket = await createSharesMarket(chain);
    const { deployment } = chain;
    const [model] = deployment.markets;
    if (model === undefined) throw new Error("A deployment has a market.");
    const loanToken = { address: chain.plan.addresses.market, symbol: MARKET, decimals: 12, faucet: false };
    const shares = { ...model, address: sharesMarket, name: "Shares", symbol: "clSHARES", loanToken };
    await chain.writeBook({ chainId: 31_337n, deployments: [{ ...deployment, markets: [model, shares] }] });
    for (const words of [
      ["faucet", MARKET],
      ["lend", MARKET, "1000"],
    ]) {
      await act(ACCOUNTS.alice, ...words);
    }
  });
  after(async () => {
    await chain.stop();
  });

  async function act(from: string, ...words: readonly string[]): Promise<readonly string[]> {
    const ended = await run([...words, "--yes", "--json", "--from", from, ...chain.named], chain.environment());
    return selectors(jsonOf(ended));
  }
  /** Of the functions that the transactions called. */
  async function selectors(result: Record<string, unknown>): Promise<readonly string[]> {
    const { transactions } = result as { transactions: { hash: string }[] };
    const sent = await Promise.all(transactions.map(async ({ hash }) => chain.provider.getTransaction(hash)));
    return sent.map((one) => one?.data.slice(0, 10) ?? "");
  }

  it("signs a permit where the token takes one, and it is used up", async () => {
    expect((await act(ACCOUNTS.alice, "lend", "clSHARES", "100"))[0]).to.equal(PERMIT);
    const shares = marketAt(chain.plan.addresses.market, chain.provider);
    expect(await shares.allowance(ACCOUNTS.alice, sharesMarket)).to.equal(0n);
    expect(await marketAt(sharesMarket, chain.provider).totalAssets()).to.equal(100n * 10n ** 12n);
  });

  it("signs it with a key of its own, too", async () => {
    const environment = { ...chain.environment(), CANTILEVER_PRIVATE_KEY: ALICE_KEY };
    const ended = await run(["lend", "clSHARES", "100", "--yes", "--json", ...chain.named], environment);
    expect((await selectors(jsonOf(ended)))[0]).to.equal(PERMIT);
  });

  it("approves by a transaction if one asks for that", async () => {
    expect((await act(ACCOUNTS.alice, "lend", "clSHARES", "100", "--no-permit"))[0]).to.equal(APPROVE);
  });

  it("approves by a transaction where the token takes no permit", async () => {
    expect((await act(ACCOUNTS.alice, "lend", MARKET, "100"))[0]).to.equal(APPROVE);
  });
});
