import { CantileverError } from "../errors.ts";
import { max, min } from "../protocol/rounding.ts";
import { bringCreate2Deployer, CREATE2_DEPLOYER_COST, hasCreate2Deployer } from "./create2.ts";
import { InsufficientFundsError, NodeError, StepFailedError } from "./errors.ts";
import { checkChain, failureOfCall, missingOf, missingSteps, refusal, waitOf, type MissingStep } from "./missing.ts";
import {
  isContractRefusal,
  LOCAL_CHAIN,
  sleep,
  type Account,
  type Call,
  type Fees,
  type Node,
  type Receipt,
} from "./node.ts";
import { Outbox, type OutboxEvent, type OutboxOptions } from "./outbox.ts";
import type { Plan, Step } from "./plan.ts";

/** Transactions under way at the same time: nodes keep few of an account whose earlier ones aren't mined. */
export const MOST_UNDER_WAY = 8;

/** Milliseconds for which one node may lag behind another one behind the same address, where nobody says otherwise. */
const USUAL_LAG = 1_500;

/** Milliseconds between two reports of a wait for the chain's time. */
const PAUSE_TOLD_EVERY = 15_000;

/** The most gas of a transaction, by EIP-7825. */
const MOST_GAS = 2n ** 24n;

/** A step as a dry run sees it. */
export interface StepReport {
  readonly step: Step;
  readonly done: boolean;
  /** Gas of its transaction; zero for a step that is done. */
  readonly gas: bigint;
  /** Whether the node has estimated the gas: it can't where the step needs an earlier one, or may be under way. */
  readonly estimated: boolean;
}

/** What a deployment would do now. */
export interface DryRun {
  readonly steps: readonly StepReport[];
  /** Transactions of the deployer that aren't mined yet: what they do isn't counted as done. */
  readonly underWay: number;
  /** Whether the deterministic deployer must be brought to the chain first. */
  readonly bringsCreate2Deployer: boolean;
  readonly fees: Fees;
  readonly gas: bigint;
  /** Wei at the present base fee and tip. */
  readonly cost: bigint;
  /** Wei that the deployer has. */
  readonly balance: bigint;
}

/**
 * Looks at a chain and says what a deployment would do on it. Sends nothing.
 * @throws WrongChainError for another chain than that of the plan.
 * @throws StepFailedError if a condition of the plan isn't fulfilled, or a step is refused already now.
 * @throws DeploymentDiffersError if the chain has the deployment of other parameters under this name.
 */
export async function dryRun(plan: Plan, node: Node, lag = USUAL_LAG): Promise<DryRun> {
  await checkChain(plan, node);
  const [mined, all] = await Promise.all([
    node.transactionCount(plan.deployer, "latest"),
    node.transactionCount(plan.deployer, "pending"),
  ]);
  const underWay = Math.max(0, all - mined);
  const [fees, balance, hasDeployer, calls] = await Promise.all([
    node.fees(),
    node.balance(plan.deployer),
    hasCreate2Deployer(node),
    missingOf(plan, node, lag),
  ]);
  const missing = new Map(calls.map(({ step, call }) => [step.id, call]));
  const steps: StepReport[] = [];
  for (const step of plan.steps) {
    const call = missing.get(step.id);
    const isReady = hasDeployer && underWay === 0 && step.after.every((id) => !missing.has(id));
    const canEstimate = isReady && (call === undefined || (await waitOf(step, node)) === 0n);
    if (call === undefined) steps.push({ step, done: true, gas: 0n, estimated: true });
    else if (!canEstimate) steps.push({ step, done: false, gas: step.usualGas, estimated: false });
    else steps.push({ step, done: false, gas: await estimated(step, call, plan, node), estimated: true });
  }
  const gas = steps.reduce((sum, report) => sum + report.gas, 0n);
  const perGas = fees.baseFee === undefined ? fees.maxFeePerGas : fees.baseFee + fees.maxPriorityFeePerGas;
  const cost = gas * perGas + (hasDeployer || missing.size === 0 ? 0n : CREATE2_DEPLOYER_COST + 21_000n * perGas);
  return { steps, underWay, bringsCreate2Deployer: !hasDeployer && missing.size > 0, fees, gas, cost, balance };
}

export type DeploymentEvent =
  | OutboxEvent
  | { readonly kind: "done"; readonly step: Step; readonly receipt: Receipt | undefined; readonly left: number }
  /** Nothing can be done before so many seconds have passed on the chain; told every now and then. */
  | { readonly kind: "pause"; readonly step: Step; readonly seconds: bigint }
  /** Another transaction has taken the place of the step's: the step is looked at again. */
  | { readonly kind: "displaced"; readonly step: Step };

/** How a plan is carried out. Times in milliseconds. */
export interface ExecutionOptions {
  /** Between two looks at the node: a second by default. */
  readonly pollInterval?: number;
  /** For a transaction to be mined, and for those of an earlier run: ten minutes by default. */
  readonly minedWithin?: number;
  /** For which a node may lag behind another one behind the same address: fifteen looks by default. */
  readonly lag?: number;
  /** Before a transaction that waits is replaced by one that pays more: a minute by default. */
  readonly replaceAfter?: number;
  /** Wei per gas that are never exceeded. No bound by default. */
  readonly mostPerGas?: bigint;
  /** Gas limit of each transaction. By default the node estimates it. */
  readonly gas?: bigint;
  /** Told of each transaction as soon as a node has it. */
  readonly onEvent?: (event: DeploymentEvent) => void;
}

/**
 * Carries out what is missing of a plan, and nothing else. It can end at any point, and be called again: what is done is
 * on the chain.
 * @param account must be the deployer that the plan was made for.
 * @throws StepFailedError if a contract refuses a step; those under way are waited for first.
 * @throws what `dryRun` throws, before anything is sent.
 */
export async function execute(
  plan: Plan,
  node: Node,
  account: Account,
  { onEvent = () => undefined, gas, pollInterval = 1_000, ...options }: ExecutionOptions = {},
): Promise<void> {
  if (account.address.toLowerCase() !== plan.deployer) {
    throw new NodeError(
      `The plan is one of ${plan.deployer}, and the account is ${account.address}`,
      "Make the plan for the account that sends.",
    );
  }
  const outboxOptions: OutboxOptions = {
    chainId: plan.chainId,
    pollInterval,
    lag: 15 * pollInterval,
    minedWithin: 600_000,
    replaceAfter: 60_000,
    ...options,
    onEvent,
  };
  await checkChain(plan, node);
  const outbox = await Outbox.open<string>(node, account, outboxOptions);
  if ((await missingOf(plan, node, outboxOptions.lag)).length === 0) return;
  await bringCreate2Deployer(node, outbox, outboxOptions);
  await new Execution(plan, node, outbox, outboxOptions, onEvent, gas).run();
}

class Execution {
  readonly #plan: Plan;
  readonly #node: Node;
  readonly #outbox: Outbox<string>;
  readonly #options: OutboxOptions;
  readonly #onEvent: (event: DeploymentEvent) => void;
  readonly #gas: bigint | undefined;
  /** Steps that are neither done nor under way. */
  readonly #open: Map<string, Step>;
  readonly #underWay = new Map<string, MissingStep>();
  readonly #done = new Set<string>();
  /** When a transaction of this run was seen in a block, the last time: nodes that lag may not have it for a while. */
  #lastMined = -Infinity;
  /** The first failure: nothing is sent after it. */
  #failure: unknown;
  /** Of the steps that were ready at the last look, the one that can be made first, if none can be made yet. */
  #pause: { readonly step: Step; readonly seconds: bigint } | undefined;
  /** When a pause was last told of, and when the seconds that are left were last seen to have become fewer. */
  #pauseTold = -Infinity;
  #pauseMoved: { readonly at: number; readonly seconds: bigint } | undefined;
  #canPassTime: boolean;

  constructor(
    plan: Plan,
    node: Node,
    outbox: Outbox<string>,
    options: OutboxOptions,
    onEvent: (event: DeploymentEvent) => void,
    gas: bigint | undefined,
  ) {
    this.#plan = plan;
    this.#node = node;
    this.#outbox = outbox;
    this.#options = options;
    this.#onEvent = onEvent;
    this.#gas = gas;
    this.#open = new Map(plan.steps.map((step) => [step.id, step]));
    this.#canPassTime = plan.chainId === LOCAL_CHAIN;
  }

  async run(): Promise<void> {
    while (this.#underWay.size > 0 || (this.#open.size > 0 && this.#failure === undefined)) {
      const outcomes = await this.#outbox.poll();
      for (const { label, receipt } of outcomes) await this.#conclude(label, receipt);
      const sent = this.#failure === undefined && (await this.#sendReady());
      if (outcomes.length > 0 || sent) continue;
      if (this.#underWay.size > 0 || !(await this.#passTime())) await sleep(this.#options.pollInterval);
    }
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- as it was caught
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Sends what waits for nothing any more. Returns whether anything has changed. */
  async #sendReady(): Promise<boolean> {
    const ready = [...this.#open.values()].filter(({ after }) => after.every((id) => this.#done.has(id)));
    if (ready.length === 0) {
      if (this.#underWay.size > 0 || this.#open.size === 0) return false;
      throw new StepFailedError(
        [...this.#open.keys()].join(", "),
        "it waits for steps that wait for it",
        "Report this.",
      );
    }
    let changed = false;
    const missing = new Map((await missingSteps(ready, this.#node)).map((one) => [one.step, one]));
    this.#pause = undefined;
    for (const step of ready) {
      const one = missing.get(step);
      if (one === undefined) {
        this.#finish(step, undefined);
        changed = true;
      } else if (this.#underWay.size < MOST_UNDER_WAY) {
        const seconds = await waitOf(step, this.#node);
        if (seconds > 0n) {
          if (this.#pause === undefined || seconds < this.#pause.seconds) this.#pause = { step, seconds };
          continue;
        }
        try {
          await this.#send(one);
        } catch (error) {
          this.#failure = error;
          return true;
        }
        changed = true;
      }
    }
    return changed;
  }

  async #send({ step, call }: MissingStep): Promise<void> {
    const gas = this.#gas ?? (await this.#gasLimit(step, call));
    if (gas === undefined) {
      this.#finish(step, undefined);
      return;
    }
    try {
      await this.#outbox.send(step.id, call, gas);
    } catch (error) {
      // A node that mines at once says right here that a contract refuses.
      throw isContractRefusal(error) ? await refusal(step, this.#node, error) : error;
    }
    this.#open.delete(step.id);
    this.#underWay.set(step.id, { step, call });
  }

  /**
   * Brings a chain on one's own machine forward to the time for which everything waits: it may mine on demand only. The
   * time of other chains passes by itself.
   * @returns whether it has passed.
   */
  async #passTime(): Promise<boolean> {
    if (this.#pause === undefined) return false;
    const { step, seconds } = this.#pause;
    const now = Date.now();
    if (now - this.#pauseTold > PAUSE_TOLD_EVERY) {
      this.#pauseTold = now;
      this.#onEvent({ kind: "pause", step, seconds });
    }
    if (this.#canPassTime) this.#canPassTime = await this.#node.passTime(seconds);
    if (this.#pauseMoved === undefined || this.#pauseMoved.seconds !== seconds) this.#pauseMoved = { at: now, seconds };
    else if (now - this.#pauseMoved.at > this.#options.minedWithin) {
      throw new StepFailedError(
        step.id,
        `it waits for ${seconds} seconds of the chain's time, which doesn't pass`,
        "Let the node mine at intervals, then run the same command again: it goes on where it stopped.",
      );
    }
    return this.#canPassTime;
  }

  /** Gas with some room; undefined if the step turns out to be done. */
  async #gasLimit(step: Step, call: Call): Promise<bigint | undefined> {
    for (;;) {
      try {
        const gas = await this.#node.estimateGas(call, this.#plan.deployer);
        return max(gas, min((gas * 6n) / 5n, MOST_GAS));
      } catch (error) {
        if (!isContractRefusal(error) && !(error instanceof CantileverError)) throw error;
        // The node may lag behind the one that has mined the step before, or has this step already.
        if ((await step.missing(this.#node)) === undefined) return undefined;
        if (!this.#mayLag()) throw await refusal(step, this.#node, error);
        await sleep(this.#options.pollInterval);
      }
    }
  }

  async #conclude(id: string, receipt: Receipt | undefined): Promise<void> {
    const one = this.#underWay.get(id);
    if (one === undefined) return;
    this.#underWay.delete(id);
    const { step } = one;
    if (receipt === undefined) {
      this.#open.set(id, step);
      this.#onEvent({ kind: "displaced", step });
      return;
    }
    this.#lastMined = Date.now();
    do {
      if ((await step.missing(this.#node)) === undefined) {
        this.#finish(step, receipt);
        return;
      }
      await sleep(this.#options.pollInterval);
    } while (this.#mayLag());
    this.#failure ??= receipt.succeeded
      ? new StepFailedError(id, `${receipt.hash} is mined, but has not done it`, "Check the node, and report this.")
      : await refusal(step, this.#node, await failureOfCall(one, this.#plan, this.#node), receipt.hash);
  }

  #mayLag(): boolean {
    return Date.now() - this.#lastMined <= this.#options.lag;
  }

  #finish(step: Step, receipt: Receipt | undefined): void {
    this.#open.delete(step.id);
    this.#done.add(step.id);
    this.#onEvent({ kind: "done", step, receipt, left: this.#plan.steps.length - this.#done.size });
  }
}

async function estimated(step: Step, call: Call, plan: Plan, node: Node): Promise<bigint> {
  try {
    return await node.estimateGas(call, plan.deployer);
  } catch (error) {
    throw await refusal(step, node, error);
  }
}

/** @throws InsufficientFundsError if the deployer can't pay what a dry run has found. */
export function checkBalance({ balance, cost }: DryRun, deployer: string): void {
  if (balance >= cost) return;
  throw new InsufficientFundsError(
    deployer,
    `it has ${balance} wei, and the deployment costs ${cost} at the present fee`,
  );
}
