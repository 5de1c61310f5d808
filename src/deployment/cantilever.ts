import { getCreate2Address, Interface, keccak256 } from "ethers";

import uniswapFactoryArtifact from "@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json" with { type: "json" };

import { abi as accessManagerAbi } from "../../abis/AccessManager.ts";
import { abi as feedAbi } from "../../abis/AggregatorV3Interface.ts";
import { abi as leverageMarketAbi } from "../../abis/LeverageMarket.ts";
import { abi as marketFactoryAbi } from "../../abis/MarketFactory.ts";
import { abi as settableFeedAbi } from "../../abis/SettableFeed.ts";
import { toAddress, type Address } from "../protocol/address.ts";
import { nestParameters } from "../protocol/parameters.ts";
import { ADMIN_ROLE, GUARDIAN_ROLE, MARKET_CREATOR_ROLE, PUBLIC_ROLE, RISK_MANAGER_ROLE } from "../protocol/roles.ts";
import { saltOf } from "./create2.ts";
import { DeploymentDiffersError, ParameterError } from "./errors.ts";
import type { Call, Node } from "./node.ts";
import { problemOf, type DeploymentParameters, type FeedParameters } from "./parameters.ts";
import { creationCode, Steps, type Artifact, type Check, type Plan } from "./plan.ts";

/** The compiled contracts that a deployment takes. */
export type Artifacts = Readonly<
  Record<
    | "AccessManager"
    | "ChainlinkOracle"
    | "FaucetToken"
    | "FlashLiquidator"
    | "LeverageMarket"
    | "MarketAuthority"
    | "MarketFactory"
    | "MarketLens"
    | "SettableFeed"
    | "UniswapV3Swapper",
    Artifact
  >
>;

/** Where everything is, or will be. */
export interface CantileverAddresses {
  readonly accessManager: Address;
  readonly factory: Address;
  /** The authority of all markets of the factory. */
  readonly marketAuthority: Address;
  readonly market: Address;
  readonly lens: Address;
  readonly swapper: Address;
  readonly flashLiquidator: Address;
  readonly oracle: Address;
  readonly loanToken: Address;
  readonly collateralToken: Address;
  readonly baseFeed: Address;
  readonly quoteFeed: Address;
  readonly uniswapFactory: Address;
}

export interface CantileverPlan extends Plan {
  readonly addresses: CantileverAddresses;
}

const accessManager = new Interface(accessManagerAbi);
const factoryInterface = new Interface(marketFactoryAbi);
const feedInterface = new Interface(feedAbi);
const settableFeed = new Interface(settableFeedAbi);
const uniswapInterface = new Interface(uniswapFactoryArtifact.abi);

/** The result of a view that has one. */
async function view(
  node: Node,
  to: Address,
  target: Interface,
  name: string,
  args: readonly unknown[] = [],
): Promise<readonly unknown[]> {
  const data = target.encodeFunctionData(name, args);
  return target.decodeFunctionResult(name, await node.call({ to, data })).toArray() as unknown[];
}

/**
 * What is deployed, and in which order: tokens, feeds and Uniswap where the chain has none that are to be used; the
 * authority and the factory; the first market and what surrounds it; and as the last transaction all roles, after which
 * the deployer has none.
 * @param name of the deployment: the same parameters can be deployed a second time under another one.
 * @throws ParameterError for parameters with which nothing may be deployed.
 */
export function planCantilever(
  parameters: DeploymentParameters,
  artifacts: Artifacts,
  deployer: Address,
  name: string,
): CantileverPlan {
  const found = problemOf(parameters, deployer);
  if (found !== undefined) throw new ParameterError("The parameters", found.parameter, found.problem, found.advice);
  const { loanToken: loan, collateralToken: collateral, market, roles } = parameters;
  const steps = new Steps(deployer, name);
  const checks: Check[] = [];

  const token = (id: string, made: typeof loan): Address =>
    steps.contract({
      id,
      title: `${made.symbol}, a test token that anyone may mint`,
      artifact: artifacts.FaucetToken,
      args: [made.name, made.symbol, made.decimals, made.perDay],
      usualGas: 560_000n,
    });
  const loanToken = token("LoanToken", loan);
  const collateralToken = token("CollateralToken", collateral);

  const authority = steps.contract({
    id: "AccessManager",
    title: "the authority over all restricted functions",
    artifact: artifacts.AccessManager,
    args: [deployer],
    usualGas: 2_110_000n,
  });
  const factory = steps.contract({
    id: "MarketFactory",
    title: "the factory of markets",
    artifact: artifacts.MarketFactory,
    args: [authority],
    usualGas: 7_450_000n,
  });
  const marketAuthority = steps.contract({
    id: "MarketAuthority",
    title: "the authority of all markets, which asks the one over all restricted functions",
    artifact: artifacts.MarketAuthority,
    args: [authority, factory],
    after: ["AccessManager", "MarketFactory"],
    usualGas: 420_000n,
  });

  const feeds = { baseFeed: parameters.baseFeed, quoteFeed: parameters.quoteFeed };
  // Set by what follows, and read when the steps run.
  const places = { market: undefined as Address | undefined };
  const feedAt = (id: "BaseFeed" | "QuoteFeed", feed: FeedParameters): Address => {
    if ("address" in feed.source) {
      checks.push(feedCheck(id, feed, feed.source.address));
      return feed.source.address;
    }
    const { firstAnswer } = feed.source;
    const address = steps.contract({
      id,
      title: `a feed of ${feed.description} whose answers the deployer sets`,
      artifact: artifacts.SettableFeed,
      args: [feed.decimals, feed.description, deployer],
      usualGas: 435_000n,
    });
    steps.add({
      id: `${id}Answer`,
      title: `the first answer of ${feed.description}`,
      after: [id],
      usualGas: 70_000n,
      async missing(node) {
        const call = { to: address, data: settableFeed.encodeFunctionData("setAnswer", [firstAnswer]) };
        if (!(await node.hasCode(address))) return call;
        // Once there is a market, its feed is its owner's.
        if (places.market !== undefined && (await node.hasCode(places.market))) return undefined;
        return (await isFresh(node, address, feed.maxAge / 2n)) ? undefined : call;
      },
    });
    return address;
  };
  const baseFeed = feedAt("BaseFeed", feeds.baseFeed);
  const quoteFeed = feedAt("QuoteFeed", feeds.quoteFeed);

  const uniswapFactory = parameters.uniswapFactory === "new" ? newUniswap(steps) : parameters.uniswapFactory;
  if (parameters.uniswapFactory !== "new") checks.push(uniswapCheck(parameters.uniswapFactory));
  const swapper = steps.contract({
    id: "UniswapV3Swapper",
    title: "the swapper that opens and closes leverage in one call",
    artifact: artifacts.UniswapV3Swapper,
    args: [uniswapFactory],
    usualGas: 555_000n,
  });
  const flashLiquidator = steps.contract({
    id: "FlashLiquidator",
    title: "the keeper's liquidator",
    artifact: artifacts.FlashLiquidator,
    args: [uniswapFactory, roles.keeper],
    usualGas: 880_000n,
  });
  const lens = steps.contract({
    id: "MarketLens",
    title: "the views",
    artifact: artifacts.MarketLens,
    args: [],
    usualGas: 1_480_000n,
  });

  const isOwn = (feed: FeedParameters): boolean => "firstAnswer" in feed.source;
  const oracle = steps.contract({
    id: "ChainlinkOracle",
    title: "the oracle over both feeds",
    artifact: artifacts.ChainlinkOracle,
    args: [loanToken, collateralToken, baseFeed, feeds.baseFeed.maxAge, quoteFeed, feeds.quoteFeed.maxAge],
    after: [
      "LoanToken",
      "CollateralToken",
      ...(isOwn(feeds.baseFeed) ? ["BaseFeed"] : []),
      ...(isOwn(feeds.quoteFeed) ? ["QuoteFeed"] : []),
    ],
    usualGas: 360_000n,
  });

  const params = {
    loanToken,
    collateralToken,
    oracle,
    authority: marketAuthority,
    name: market.name,
    symbol: market.symbol,
    ...nestParameters(market.values),
  };
  const marketSalt = saltOf(deployer, name, "Market");
  const marketAddress = marketAddressOf(factory, artifacts.LeverageMarket, params, marketSalt);
  places.market = marketAddress;
  steps.add({
    id: "Market",
    title: `the market ${market.name} at ${marketAddress}`,
    after: [
      "MarketFactory",
      "MarketAuthority",
      "ChainlinkOracle",
      ...(isOwn(feeds.baseFeed) ? ["BaseFeedAnswer"] : []),
      ...(isOwn(feeds.quoteFeed) ? ["QuoteFeedAnswer"] : []),
    ],
    usualGas: 5_460_000n,
    async missing(node) {
      if (await node.hasCode(marketAddress)) return undefined;
      const args = [params, marketSalt, market.expectedPrice];
      return { to: factory, data: factoryInterface.encodeFunctionData("createMarket", args) };
    },
  });

  const goals = roleGoals(authority, factory, marketAuthority, parameters, deployer);
  steps.add({
    id: "Roles",
    title: `all roles at once; ${roles.admin} becomes the admin, the deployer keeps no role`,
    after: steps.ids,
    usualGas: 335_000n,
    missing: (node) => missingRoles(node, authority, goals, deployer),
  });

  return {
    chainId: parameters.chainId,
    name,
    deployer,
    steps: steps.list,
    checks,
    addresses: {
      accessManager: authority,
      factory,
      marketAuthority,
      market: marketAddress,
      lens,
      swapper,
      flashLiquidator,
      oracle,
      loanToken,
      collateralToken,
      baseFeed,
      quoteFeed,
      uniswapFactory,
    },
    refuseOther: (node, missing) => refuseOther(node, missing, { name, deployer, authority, factory, goals }),
    deployerMay: [
      ...(isOwn(feeds.baseFeed) ? [`set any answer of the feed ${feeds.baseFeed.description} (${baseFeed})`] : []),
      ...(isOwn(feeds.quoteFeed) ? [`set any answer of the feed ${feeds.quoteFeed.description} (${quoteFeed})`] : []),
    ],
  };
}

function newUniswap(steps: Steps): Address {
  return steps.contract({
    id: "UniswapV3Factory",
    title: "the factory of Uniswap v3, as published; nobody can add fee tiers or take protocol fees",
    artifact: uniswapFactoryArtifact,
    args: [],
    usualGas: 5_460_000n,
  });
}

/** Where the factory creates a market, as `MarketFactory.marketAddress` says. */
function marketAddressOf(factory: Address, artifact: Artifact, params: object, salt: string): Address {
  return toAddress(getCreate2Address(factory, salt, keccak256(creationCode(artifact, [params]))));
}

/** Whether a feed has an answer that is at most so many seconds old. */
async function isFresh(node: Node, feed: Address, maxAge: bigint): Promise<boolean> {
  try {
    const [, , , updatedAt] = await view(node, feed, feedInterface, "latestRoundData");
    return typeof updatedAt === "bigint" && (await node.time()) - updatedAt <= maxAge;
  } catch {
    // Without an answer it reverts.
    return false;
  }
}

function feedCheck(id: string, { description, decimals, maxAge }: FeedParameters, feed: Address): Check {
  return {
    title: `${id} ${feed} is a feed of ${description} that is up to date`,
    async problem(node) {
      if (!(await node.hasCode(feed))) return "there is no contract at this address";
      const [said] = await view(node, feed, feedInterface, "description");
      if (said !== description) return `it says of itself that it is ${JSON.stringify(said)}`;
      const [digits] = await view(node, feed, feedInterface, "decimals");
      if (digits !== BigInt(decimals)) return `it has ${String(digits)} decimals instead of ${decimals}`;
      return (await isFresh(node, feed, maxAge)) ? undefined : `its answer is older than ${maxAge} seconds`;
    },
  };
}

/** Fee tiers that every Uniswap v3 factory has, with their tick spacings. */
const FEE_TIERS = [
  [500, 10n],
  [3000, 60n],
  [10_000, 200n],
] as const;

function uniswapCheck(factory: Address): Check {
  return {
    title: `${factory} is a factory of Uniswap v3`,
    async problem(node) {
      if (!(await node.hasCode(factory))) return "there is no contract at this address";
      for (const [fee, expected] of FEE_TIERS) {
        try {
          const [spacing] = await view(node, factory, uniswapInterface, "feeAmountTickSpacing", [fee]);
          if (spacing === expected) continue;
        } catch {
          // Not even the function is there.
        }
        return `it doesn't know the fee tier ${fee}`;
      }
      return undefined;
    },
  };
}

/** Something about the roles that shall be so, and the call of the authority that makes it so. */
interface RoleGoal {
  readonly call: string;
  readonly words: string;
  isReached(node: Node): Promise<boolean>;
}

/** Without delay: what these roles may do is either harmless or delayed by the market itself. */
const AT_ONCE = 0n;

/** In this order: the deployer gives up the admin's role, which all the others need, at the end. */
function roleGoals(
  authority: Address,
  factory: Address,
  marketAuthority: Address,
  { roles }: DeploymentParameters,
  deployer: Address,
): readonly RoleGoal[] {
  const { admin, adminDelay, guardian, riskManager, marketCreator } = roles;
  const encode = (name: string, args: readonly unknown[]): string => accessManager.encodeFunctionData(name, args);
  const access = async (node: Node, role: bigint, account: Address) => {
    const [isMember, delay] = await view(node, authority, accessManager, "hasRole", [role, account]);
    return { isMember: isMember as boolean, delay: delay as bigint };
  };
  const grant = (words: string, role: bigint, account: Address, delay: bigint): RoleGoal => ({
    words: `${account} is ${words}`,
    call: encode("grantRole", [role, account, delay]),
    async isReached(node) {
      const now = await access(node, role, account);
      return now.isMember && now.delay === delay;
    },
  });
  const tie = (target: Address, abi: Interface, name: string, role: bigint): RoleGoal => {
    const { selector } = abi.getFunction(name) ?? { selector: "" };
    return {
      words: `role ${role} may call ${name} of ${target}`,
      call: encode("setTargetFunctionRole", [target, [selector], role]),
      async isReached(node) {
        const [now] = await view(node, authority, accessManager, "getTargetFunctionRole", [target, selector]);
        return now === role;
      },
    };
  };
  const leverageMarket = new Interface(leverageMarketAbi);
  const creatorRole = marketCreator === "everyone" ? PUBLIC_ROLE : MARKET_CREATOR_ROLE;
  return [
    tie(marketAuthority, leverageMarket, "lowerLimit", GUARDIAN_ROLE),
    tie(marketAuthority, leverageMarket, "scheduleRaise", RISK_MANAGER_ROLE),
    tie(marketAuthority, leverageMarket, "rampLiquidationLeverage", RISK_MANAGER_ROLE),
    tie(factory, factoryInterface, "createMarket", creatorRole),
    grant("a guardian", GUARDIAN_ROLE, guardian, AT_ONCE),
    // A function has one role, and both may lower limits: so the risk manager is a guardian too.
    ...(riskManager === guardian ? [] : [grant("a guardian", GUARDIAN_ROLE, riskManager, AT_ONCE)]),
    grant("a risk manager", RISK_MANAGER_ROLE, riskManager, AT_ONCE),
    ...(marketCreator === "everyone" ? [] : [grant("a market creator", MARKET_CREATOR_ROLE, marketCreator, AT_ONCE)]),
    grant(`the admin, with a delay of ${adminDelay} seconds`, ADMIN_ROLE, admin, adminDelay),
    {
      words: "the deployer is not an admin",
      call: encode("renounceRole", [ADMIN_ROLE, deployer]),
      async isReached(node) {
        return !(await access(node, ADMIN_ROLE, deployer)).isMember;
      },
    },
  ];
}

/** Names of the roles for whoever reads the events. */
const LABELS: readonly (readonly [bigint, string])[] = [
  [GUARDIAN_ROLE, "Guardian"],
  [RISK_MANAGER_ROLE, "RiskManager"],
  [MARKET_CREATOR_ROLE, "MarketCreator"],
];

/**
 * The call that reaches all goals in one transaction: so the deployer has every right before it and none after it, and
 * nothing in between needs to be told apart.
 */
async function missingRoles(
  node: Node,
  authority: Address,
  goals: readonly RoleGoal[],
  deployer: Address,
): Promise<Call | undefined> {
  if ((await node.hasCode(authority)) && !(await isAdmin(node, authority, deployer))) return undefined;
  const labels = LABELS.map((label) => accessManager.encodeFunctionData("labelRole", label));
  const calls = [...labels, ...goals.map(({ call }) => call)];
  return { to: authority, data: accessManager.encodeFunctionData("multicall", [calls]) };
}

async function isAdmin(node: Node, authority: Address, account: Address): Promise<boolean> {
  const [isMember] = await view(node, authority, accessManager, "hasRole", [ADMIN_ROLE, account]);
  return isMember === true;
}

/** What tells one deployment of a name from another. */
interface Identity {
  readonly name: string;
  readonly deployer: Address;
  readonly authority: Address;
  readonly factory: Address;
  readonly goals: readonly RoleGoal[];
}

/**
 * A deployment that is finished lacks nothing and has the roles that were asked for, and one that isn't finished has no
 * market but its own: otherwise the addresses, which follow from parameters and code, are those of another.
 */
async function refuseOther(
  node: Node,
  missing: ReadonlySet<string>,
  { name, deployer, authority, factory, goals }: Identity,
): Promise<void> {
  if (missing.has("AccessManager")) return;
  const deployment = `The deployment ${JSON.stringify(name)} of ${deployer}`;
  if (await isAdmin(node, authority, deployer)) {
    if (missing.has("MarketFactory") || !missing.has("Market")) return;
    const [count] = await view(node, factory, factoryInterface, "marketCount");
    if (count === 0n) return;
    throw new DeploymentDiffersError(`${deployment} has a market already, and not the one of these parameters`);
  }
  if (missing.size > 0) {
    const ids = [...missing].join(", ");
    throw new DeploymentDiffersError(`${deployment} is finished, and lacks what these parameters ask for: ${ids}`);
  }
  const reached = await Promise.all(goals.map((goal) => goal.isReached(node)));
  const unreached = goals.find((_, index) => reached[index] === false);
  if (unreached === undefined) return;
  throw new DeploymentDiffersError(
    `${deployment} is finished, but not so that ${unreached.words}: ` +
      "the admin has changed it since, or the parameters differ",
  );
}
