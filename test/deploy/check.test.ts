import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { Interface, JsonRpcProvider, MaxUint256, type JsonRpcSigner } from "ethers";

import { readDeployment } from "../../deploy/book.ts";
import { runCheck } from "../../deploy/check/command.ts";
import type { Finding } from "../../deploy/check/finding.ts";
import { logsOf } from "../../deploy/check/logs.ts";
import type { BookedDeployment, BookedMarket } from "../../src/client/address-book.ts";
import { addLiquidity, readPool, swapInPool } from "../../src/client/uniswap-v3-pool.ts";
import { Node } from "../../src/deployment/node.ts";
import { GUARDIAN_ROLE } from "../../src/protocol/roles.ts";
import { sortsFirst } from "../../src/protocol/uniswap-v3/price.ts";
import { MAX_SQRT_PRICE_LIMIT, MIN_SQRT_PRICE_LIMIT, tickDown, tickUp } from "../../src/protocol/uniswap-v3/ticks.ts";
import {
  AccessManager__factory,
  FaucetToken__factory,
  LeverageMarket__factory,
  OracleGuard__factory,
  PoolOperator__factory,
  SettableFeed__factory,
} from "../../types/index.ts";
import { timeLimit } from "../support/effort.ts";
import { freePort, startAnvil, type RunningNode } from "./support/anvil.ts";
import { captured } from "./support/captured.ts";
import { runProgram } from "./support/command.ts";

const CHAIN = 31_337n;
const STRANGER = "0x00000000000000000000000000000000000000f1";
const SYMBOL = "clUSDC-WETH";

/** Numbers of the changed limits in the contract's enum. */
const MAX_LEVERAGE = 0;
const DEBT_CAP = 3;

describe("npm run deploy:check", function () {
  this.timeout(timeLimit(120_000));
  let anvil: RunningNode;
  let provider: JsonRpcProvider;
  let books: string;
  let deployment: BookedDeployment;
  let market: BookedMarket;
  let snapshot: unknown;
  /** Accounts of local.yaml, by their index at the node. */
  let deployer: JsonRpcSigner;
  let admin: JsonRpcSigner;
  let guardian: JsonRpcSigner;
  let riskManager: JsonRpcSigner;

  before(async () => {
    anvil = await startAnvil();
    books = await mkdtemp(join(tmpdir(), "cantilever-"));
    const args = ["--rpc-url", anvil.url, "--deployments", books, "--yes"];
    const { code, said } = await runProgram("deploy/main.ts", args);
    expect(code, said).to.equal(0);
    provider = new JsonRpcProvider(anvil.url, Number(CHAIN), { staticNetwork: true, cacheTimeout: -1 });
    provider.pollingInterval = 20;
    [deployer, admin, guardian, riskManager] = (await Promise.all(
      [0, 1, 2, 3].map((number) => provider.getSigner(number)),
    )) as [JsonRpcSigner, JsonRpcSigner, JsonRpcSigner, JsonRpcSigner];
    deployment = await readDeployment(books, CHAIN, "main");
    const [first] = deployment.markets;
    if (first === undefined) throw new Error("The address book has no market.");
    market = first;
  });
  beforeEach(async () => {
    snapshot = await anvil.rpc.send("evm_snapshot", []);
  });
  afterEach(async () => {
    await anvil.rpc.send("evm_revert", [snapshot]);
  });
  after(async () => {
    provider.destroy();
    await anvil.stop();
    await rm(books, { recursive: true });
  });

  /** Output and exit code of the command. */
  async function check(...args: readonly string[]) {
    const { terminal, stdout, stderr } = captured();
    const code = await runCheck(["--rpc-url", anvil.url, "--deployments", books, ...args], terminal);
    return { code, stdout: stdout(), stderr: stderr() };
  }

  /** The findings that have not passed, each as `status subject`, and the text of all findings. */
  async function findings() {
    const { code, stdout } = await check("--json");
    const lines = stdout.trim().split("\n");
    const all = lines.map((line) => JSON.parse(line) as Finding & { readonly event: string });
    expect(all.pop()?.event).to.equal("summary");
    const notable = all.filter(({ status }) => status !== "passed");
    const text = notable.map(({ detail, advice }) => `${detail} ${advice}`).join("\n");
    return { code, notable: notable.map(({ status, subject }) => `${status} ${subject}`), text };
  }

  async function expectFound(notable: readonly string[], ...texts: readonly string[]): Promise<void> {
    const found = await findings();
    expect(found.notable).to.deep.equal(notable);
    expect(found.code).to.equal(notable.some((one) => one.startsWith("wrong")) ? 1 : 0);
    for (const text of texts) expect(found.text).to.contain(text);
  }

  async function pass(seconds: number): Promise<void> {
    await anvil.rpc.send("evm_increaseTime", [seconds]);
    await anvil.rpc.send("evm_mine", []);
  }

  const manager = () => AccessManager__factory.connect(deployment.contracts.accessManager.address, admin);
  const marketBy = (signer: JsonRpcSigner) => LeverageMarket__factory.connect(market.address, signer);

  /**
   * Executes an operation of the admin through the `AccessManager`, after its delay. Then updates
   * the feeds, which the delay makes stale.
   */
  async function govern(call: string): Promise<void> {
    const { accessManager } = deployment.contracts;
    await (await manager().schedule(accessManager.address, call, 0)).wait();
    await pass(2 * 86_400);
    await (await manager().execute(accessManager.address, call)).wait();
    for (const [feed, answer] of [
      [market.feeds?.base, 2_000n],
      [market.feeds?.quote, 1n],
    ] as const) {
      await (await SettableFeed__factory.connect(feed?.address ?? "", deployer).setAnswer(answer * 10n ** 8n)).wait();
    }
  }

  it("passes every check after a deployment, with one line each", async () => {
    const { code, stdout } = await check();
    expect(code, stdout).to.equal(0);
    expect(stdout).to.match(/^\d+ checks: \d+ passed, 0 changed, 0 wrong\.$/mu);
    expect(stdout).to.match(/^ {2}passed {3}clUSDC-WETH guard: its sources are 0% apart; the maximum is 1\.5%$/mu);
    expect(stdout).to.match(/^ {2}passed {3}admin: 0x70997970c51812dc3a010c7d01b50e0d17dc79c8 after 2 days$/mu);
    expect(stdout).to.contain("opening 10 WETH at 4x, which buys 30 WETH, moves its price by 0.6%");
  });

  it("reports a feed that is stale by the chain's time as wrong", async () => {
    await pass(76 * 60);
    await expectFound(
      ["wrong feed ETH / USD", `wrong ${SYMBOL} guard`, `wrong ${SYMBOL} price`],
      "stale: 77 minutes old, valid for 75 minutes",
      "the primary source has no price",
    );
  });

  it("reports a role that was granted or revoked later as wrong", async () => {
    const { interface: of } = manager();
    await govern(of.encodeFunctionData("grantRole", [GUARDIAN_ROLE, STRANGER, 0]));
    await expectFound(["wrong guardian"], `${STRANGER} also holds it, but should not`, "revokeRole(1, account)");
    await govern(of.encodeFunctionData("revokeRole", [GUARDIAN_ROLE, STRANGER]));
    await expectFound([]);
    await govern(of.encodeFunctionData("revokeRole", [GUARDIAN_ROLE, guardian.address]));
    await expectFound(["wrong guardian"], `${guardian.address.toLowerCase()} does not hold it`);
  });

  it("reports an admin's delay that is being shortened as wrong", async () => {
    await govern(manager().interface.encodeFunctionData("grantRole", [0, admin.address, 60]));
    await expectFound(["wrong admin"], "will have a delay of 1 minute at");
    await pass(5 * 86_400);
    const { notable, text } = await findings();
    expect(notable).to.include("wrong admin");
    expect(text).to.contain("has a delay of 1 minute instead of 2 days");
  });

  it("reports a function of another role, and a function without a parameter, as wrong", async () => {
    const { marketAuthority, factory } = deployment.contracts;
    const { interface: of } = manager();
    const lowerLimit = LeverageMarket__factory.createInterface().getFunction("lowerLimit").selector;
    await govern(of.encodeFunctionData("setTargetFunctionRole", [marketAuthority.address, [lowerLimit], 7]));
    await expectFound(["wrong lowerLimit of all markets"], "role 7 instead of guardian");
    await govern(
      of.encodeFunctionData("setTargetFunctionRole", [marketAuthority.address, [lowerLimit], GUARDIAN_ROLE]),
    );
    await govern(of.encodeFunctionData("setTargetFunctionRole", [factory.address, ["0x12345678"], 3]));
    await expectFound([`wrong 0x12345678 of ${factory.address}`], "market creator may call it");
  });

  it("reports a market that the admin closed as wrong", async () => {
    await govern(manager().interface.encodeFunctionData("setTargetClosed", [market.address, true]));
    await expectFound(["wrong closed"], `the admin has closed the market ${SYMBOL} to all roles`, "setTargetClosed");
  });

  it("reports an operation that the admin scheduled as changed", async () => {
    const call = manager().interface.encodeFunctionData("grantRole", [GUARDIAN_ROLE, STRANGER, 0]);
    await (await manager().schedule(deployment.contracts.accessManager.address, call, 0)).wait();
    await expectFound(["changed operation"], `has scheduled grantRole(1, ${STRANGER}, 0)`);
  });

  it("reports a role of the deployer as wrong", async () => {
    await govern(manager().interface.encodeFunctionData("grantRole", [GUARDIAN_ROLE, deployer.address, 0]));
    await expectFound(["wrong guardian", "wrong the deployer"], "holds the roles 1");
  });

  it("reports a feed with another owner as changed", async () => {
    const feed = SettableFeed__factory.connect(market.feeds?.base.address ?? "", deployer);
    await (await feed.transferOwnership(STRANGER)).wait();
    await expectFound(["changed feed ETH / USD"], `its answers are now set by ${STRANGER}`);
  });

  it("reports a lowered limit and a scheduled raise as changed", async () => {
    await (await marketBy(guardian).lowerLimit(DEBT_CAP, 30_000_000n * 10n ** 6n)).wait();
    await expectFound([`changed ${SYMBOL} debtCap`], "lowered to 30 000 000 USDC, deployed with 40 000 000 USDC");
    await (await marketBy(riskManager).scheduleRaise(DEBT_CAP, 50_000_000n * 10n ** 6n)).wait();
    const raise = "a raise from 30 000 000 USDC to 50 000 000 USDC is scheduled";
    await expectFound([`changed ${SYMBOL} debtCap`, `changed ${SYMBOL} debtCap`], raise);
  });

  it("reports a ramp of the liquidation limit as changed", async () => {
    await (await marketBy(guardian).lowerLimit(MAX_LEVERAGE, 40_000n)).wait();
    const target = await marketBy(guardian).limits();
    await (await marketBy(riskManager).rampLiquidationLeverage(target.liquidationLeverage - 1_000n, 3 * 86_400)).wait();
    await expectFound(
      [`changed ${SYMBOL} maxLeverage`, `changed ${SYMBOL} liquidationLeverage`],
      "lowered to 4x, deployed with 5x",
      "falls from 6.5x to 6.4x until",
    );
  });

  it("reports a pool that was traded away from the feeds as wrong", async () => {
    const { pool, collateralToken, loanToken } = market;
    const amount = 500n * 10n ** 18n;
    const operator = await new PoolOperator__factory(deployer).deploy();
    await operator.waitForDeployment();
    const token = FaucetToken__factory.connect(collateralToken.address, deployer);
    await (await token.mint(deployer.address, amount)).wait();
    await (await token.approve(operator, amount)).wait();
    const isToken0 = sortsFirst(collateralToken.address, loanToken.address);
    const limit = isToken0 ? MIN_SQRT_PRICE_LIMIT : MAX_SQRT_PRICE_LIMIT;
    await swapInPool(operator, pool?.address ?? "", isToken0, amount, limit);
    await pass(180);
    await expectFound(
      [`wrong ${SYMBOL} guard`, `wrong ${SYMBOL} price`],
      "its sources are 9.2",
      "apart; the maximum is 1.5%",
      `align ${SYMBOL}`,
    );
  });

  it("computes the price impact of an opening as the pool does, across ticks", async () => {
    const { collateralToken, loanToken } = market;
    const pool = market.pool?.address ?? "";
    const operator = await new PoolOperator__factory(deployer).deploy();
    await operator.waitForDeployment();
    const amounts = { [collateralToken.address]: 5n * 10n ** 18n, [loanToken.address]: 100_000n * 10n ** 6n };
    for (const [address, amount] of Object.entries(amounts)) {
      const token = FaucetToken__factory.connect(address, deployer);
      await (await token.mint(deployer.address, 2n * amount)).wait();
      await (await token.approve(operator, MaxUint256)).wait();
    }
    const isToken0 = sortsFirst(collateralToken.address, loanToken.address);
    const [collateral, loan] = [amounts[collateralToken.address] ?? 0n, 10_000n * 10n ** 6n];
    const [amount0, amount1] = isToken0 ? [collateral, loan] : [loan, collateral];
    const { tick, sqrtPriceX96: before } = await readPool(provider, pool);
    // Two ranges on both sides of the price, so that the trade crosses two ticks.
    for (const width of [20, 40]) {
      const range = { lower: tickDown(tick, 10) - width, upper: tickUp(tick, 10) + width };
      await addLiquidity(operator, pool, range, { amount0: amount0 / 2n, amount1: amount1 / 2n });
    }
    const { stdout } = await check();
    const said = Number(/buys 30 WETH, moves its price by ([\d.]+)%/u.exec(stdout)?.[1]);

    const limit = isToken0 ? MAX_SQRT_PRICE_LIMIT : MIN_SQRT_PRICE_LIMIT;
    const after = (await swapInPool(operator, pool, !isToken0, -30n * 10n ** 18n, limit)).sqrtPriceX96;
    const ratio = isToken0 ? Number(after) / Number(before) : Number(before) / Number(after);
    const moved = (ratio ** 2 - 1) * 100;
    expect(said).to.be.within(moved - 0.011, moved);
    expect(said).to.be.lessThan(0.6);
  });

  it("reports a pool with too little liquidity as wrong", async () => {
    // The fifth storage slot of a pool is its active liquidity.
    const liquidity = `0x${(10n ** 15n).toString(16).padStart(64, "0")}`;
    await anvil.rpc.send("anvil_setStorageAt", [market.pool?.address, `0x${"4".padStart(64, "0")}`, liquidity]);
    const { code, notable, text } = await findings();
    expect(code).to.equal(1);
    expect(notable).to.include(`wrong ${SYMBOL}`);
    expect(text).to.match(/moves its price by \d+\.\d+%, more than 1%. Add liquidity|by more than 10%/u);
  });

  it("reports a scheduled replacement of a guard's source as changed", async () => {
    const guard = OracleGuard__factory.connect(market.guard?.address ?? "", riskManager);
    await (await guard.scheduleSource(1, STRANGER)).wait();
    await expectFound([`changed ${SYMBOL} secondary source`], "is scheduled to replace it from");
  });

  it("reports other code, a missing contract, and code that differs in one byte as wrong", async () => {
    const { lens, swapper } = deployment.contracts;
    await anvil.rpc.send("anvil_setCode", [lens.address, "0x00"]);
    await expectFound(["wrong lens"], `${lens.address} has other code than MarketLens`);
    await anvil.rpc.send("anvil_setCode", [lens.address, "0x"]);
    await expectFound(["wrong lens"], "there is no contract at");
    await anvil.rpc.send("evm_revert", [snapshot]);
    snapshot = await anvil.rpc.send("evm_snapshot", []);
    const code = await provider.getCode(swapper.address);
    const last = code.endsWith("0") ? "1" : "0";
    await anvil.rpc.send("anvil_setCode", [swapper.address, code.slice(0, -1) + last]);
    await expectFound(["wrong swapper"]);
  });

  it("reports changed code of Uniswap as wrong", async () => {
    const pool = market.pool?.address ?? "";
    const code = await provider.getCode(pool);
    const { selector } = new Interface(["function slot0()"]).getFunction("slot0") ?? { selector: "" };
    const changed = code.replace(selector.slice(2), "deadbeef");
    expect(changed).not.to.equal(code);
    await anvil.rpc.send("anvil_setCode", [pool, changed]);
    const { notable } = await findings();
    expect(notable).to.include(`wrong ${SYMBOL} pool`);
  });

  it("reports a chain without the contracts of its address book as wrong, such as a restarted local chain", async () => {
    const other = await startAnvil();
    try {
      const { terminal, stdout } = captured();
      expect(await runCheck(["--rpc-url", other.url, "--deployments", books], terminal)).to.equal(1);
      expect(stdout()).to.contain(`wrong    factory: there is no contract at ${deployment.contracts.factory.address}`);
      expect(stdout()).to.contain("wrong    all: can't be checked without the AccessManager");
      expect(stdout()).to.contain(`wrong    ${SYMBOL}: ${market.address} doesn't answer as a market`);
    } finally {
      await other.stop();
    }
  });

  it("reads events in ranges that the node accepts", async () => {
    const ranges: bigint[] = [];
    const node = new Node({
      send: async (method, params) => {
        if (method !== "eth_getLogs") return anvil.rpc.send(method, params);
        const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }];
        const length = BigInt(toBlock) - BigInt(fromBlock) + 1n;
        if (length > 12n) throw new Error("query exceeds max block range 12");
        ranges.push(length);
        return anvil.rpc.send(method, params);
      },
    });
    const { address, block } = deployment.contracts.accessManager;
    const all = await logsOf(new Node(anvil.rpc), address, BigInt(block), () => undefined);
    expect(await logsOf(node, address, BigInt(block), () => undefined)).to.deep.equal(all);
    expect(all.length).to.be.greaterThan(10);
    expect(ranges.length).to.be.greaterThan(1);
  });

  it("ends with a distinct exit code without a node, an address book, or the deployment", async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const { terminal, stderr } = captured();
    expect(await runCheck(["--rpc-url", nowhere], terminal)).to.equal(3);
    expect(stderr()).to.match(/^The node at 127\.0\.0\.1:\d+ doesn't answer \(ECONNREFUSED\)\. Check that it runs/u);
    const none = await check("--deployments", join(books, "none"));
    expect(none.code).to.equal(5);
    expect(none.stderr).to.contain("There is no address book of chain 31337").and.to.contain("Deploy first");
    const unknown = await check("--name", "other", "--json");
    expect(unknown.code).to.equal(5);
    const { error } = JSON.parse(unknown.stderr) as { error: Record<string, unknown> };
    expect(error.code).to.equal("NO_ADDRESS_BOOK");
  });
});
