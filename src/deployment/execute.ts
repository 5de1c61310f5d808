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

/** Most pending transactions at a time: nodes keep only a few of an account. */
export const MOST_UNDER_WAY = 8;

/** Default for `ExecutionOptions.lag` in a dry run, milliseconds. */
const USUAL_LAG = 1_500;

/** Milliseconds between two reports of a pause. */
const PAUSE_TOLD_EVERY = 15_000;

/** Maximum gas limit of a transaction, by EIP-7825. */
const MOST_GAS = 2n ** 24n;

/** The state of a step in a dry run. */
export interface StepReport {
  readonly step: Step;
  readonly done: boolean;
  /** Gas of its transaction; zero for a step that is done. */
  readonly gas: bigint;
  /**
   * Whether the node estimated the gas. It can't if an earlier step is missing or transactions are
   * pending.
   */
  readonly estimated: boolean;
}

/** Result of a dry run: what a deployment would do now, and its cost. */
export interface DryRun {
  readonly steps: readonly StepReport[];
  /** Pending transactions of the deployer. Their effects don't count as done. */
  readonly underWay: number;
  /** Whether the deterministic deployer must be created first. */
  readonly bringsCreate2Deployer: boolean;
  readonly fees: Fees;
  readonly gas: bigint;
  /** Estimated cost at the current base fee and tip, wei. */
  readonly cost: bigint;
  /** Balance of the deployer, wei. */
  readonly balance: bigint;
}

/**
 * Reports what a deployment would do on a chain. Sends nothing.
 * @param lag milliseconds, see `missingOf`.
 * @throws WrongChainError for another chain than that of the plan.
 * @throws StepFailedError if a condition of the plan is not met, or a step would fail now.
 * @throws DeploymentDiffersError if the chain has a deployment of this name with other parameters.
 * @throws NodeError if the node can't be used.
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

/** Progress of `execute`. */
export type DeploymentEvent =
  | OutboxEvent
  | { readonly kind: "done"; readonly step: Step; readonly receipt: Receipt | undefined; readonly left: number }
  /**
   * The next step must wait until this many seconds have passed on the chain. Reported repeatedly.
   */
  | { readonly kind: "pause"; readonly step: Step; readonly seconds: bigint }
  /** Another transaction used the nonce of the step's transaction. The step is checked again. */
  | { readonly kind: "displaced"; readonly step: Step };

/** Options of `execute`. Times in milliseconds. */
export interface ExecutionOptions {
  /** Time between two polls of the node: a second by default. */
  readonly pollInterval?: number;
  /**
   * Time limit for a transaction to be mined, and for pending transactions of an earlier run: ten
   * minutes by default.
   */
  readonly minedWithin?: number;
  /** How long a node may lag behind another node with the same URL: fifteen polls by default. */
  readonly lag?: number;
  /**
   * Time after which a pending transaction is replaced by one with a higher fee: a minute by
   * default.
   */
  readonly replaceAfter?: number;
  /** Maximum fee per gas, wei. Unlimited by default. */
  readonly mostPerGas?: bigint;
  /** Gas limit of each transaction. By default the node estimates it. */
  readonly gas?: bigint;
  /** Called for each transaction as soon as a node has it, and for the other events. */
  readonly onEvent?: (event: DeploymentEvent) => void;
}

/**
 * Executes the missing steps of a plan. It may be interrupted at any point and called again: the
 * chain shows which steps are done.
 * @param account must be the deployer of the plan.
 * @throws StepFailedError if a contract rejects a step, after all pending transactions are mined.
 * @throws InsufficientFundsError if the account can't pay, TransactionStuckError if a transaction
 * is not mined in time, Create2DeployerError if the chain can't get the deterministic deployer.
 * @throws the errors of `dryRun`, before anything is sent.
 */
export async function execute(
  plan: Plan,
  node: Node,
  account: Account,
  { onEvent = () => undefined, gas, pollInterval = 1_000, ...options }: ExecutionOptions = {},
): Promise<void> {
  if (account.address.toLowerCase() !== plan.deployer) {
    throw new NodeError(
      `The plan is for ${plan.deployer}, but the account is ${account.address}`,
      "Make the plan for the sending account.",
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
  /** Steps that are neither done nor pending. */
  readonly #open: Map<string, Step>;
  readonly #underWay = new Map<string, MissingStep>();
  readonly #done = new Set<string>();
  /**
   * Last time at which a transaction of this run was found mined. Lagging nodes may not have its
   * effects for a while.
   */
  #lastMined = -Infinity;
  /** The first error. Nothing is sent after it. */
  #failure: unknown;
  /** If every ready step must wait for the chain's time: the step with the shortest wait. */
  #pause: { readonly step: Step; readonly seconds: bigint } | undefined;
  /** Time of the last report of a pause, and of the last decrease of its remaining seconds. */
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

  /** Sends the steps whose predecessors are done. Returns whether anything changed. */
  async #sendReady(): Promise<boolean> {
    const ready = [...this.#open.values()].filter(({ after }) => after.every((id) => this.#done.has(id)));
    if (ready.length === 0) {
      if (this.#underWay.size > 0 || this.#open.size === 0) return false;
      throw new StepFailedError(
        [...this.#open.keys()].join(", "),
        "the steps wait for each other",
        "Report this as a defect.",
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
      // A node that mines at once reports the revert here.
      throw isContractRefusal(error) ? await refusal(step, this.#node, error) : error;
    }
    this.#open.delete(step.id);
    this.#underWay.set(step.id, { step, call });
  }

  /**
   * Advances the time of a local chain to the end of the pause, because such a chain may mine only
   * on demand. On other chains, time passes by itself.
   * @returns whether the time was advanced.
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
        `it must wait ${seconds} seconds of the chain's time, but the chain's time does not advance`,
        "Let the node mine at intervals, then run the same command again: it continues where it stopped.",
      );
    }
    return this.#canPassTime;
  }

  /** Estimated gas plus a fifth; undefined if the step turns out to be done. */
  async #gasLimit(step: Step, call: Call): Promise<bigint | undefined> {
    for (;;) {
      try {
        const gas = await this.#node.estimateGas(call, this.#plan.deployer);
        return max(gas, min((gas * 6n) / 5n, MOST_GAS));
      } catch (error) {
        if (!isContractRefusal(error) && !(error instanceof CantileverError)) throw error;
        // The node may lag behind the one that mined the previous step, or this step may be done
        // already.
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
      ? new StepFailedError(
          id,
          `${receipt.hash} is mined, but has no effect`,
          "Check the node, and report this as a defect.",
        )
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

/**
 * Checks the deployer's balance against the estimated cost of a dry run.
 * @throws InsufficientFundsError if the balance is too low.
 */
export function checkBalance({ balance, cost }: DryRun, deployer: string): void {
  if (balance >= cost) return;
  throw new InsufficientFundsError(
    deployer,
    `its balance is ${balance} wei, but the deployment costs ${cost} wei at the current fee`,
  );
}
