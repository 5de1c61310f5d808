import { keccak256, type TransactionLike } from "ethers";

import { max, min } from "../protocol/rounding.ts";
import { InsufficientFundsError, NodeError, TransactionStuckError } from "./errors.ts";
import {
  failureOf,
  sleep,
  toBeHexQuantity,
  type Account,
  type Call,
  type Fees,
  type Node,
  type Receipt,
} from "./node.ts";

/** Times in milliseconds. */
export interface OutboxOptions {
  readonly chainId: bigint;
  /** Between two looks at the node. */
  readonly pollInterval: number;
  /** For a transaction to be mined, whatever it takes; and for those of an earlier run. */
  readonly minedWithin: number;
  /** How long a node may lag behind another one behind the same address: what it says is believed after that. */
  readonly lag: number;
  /** A transaction that waits longer is replaced by one that pays more. */
  readonly replaceAfter: number;
  /** Wei per gas that are never exceeded. */
  readonly mostPerGas?: bigint;
  readonly onEvent: (event: OutboxEvent) => void;
}

export type OutboxEvent =
  /** Transactions of an earlier run or another program are waited for. */
  | { readonly kind: "waiting"; readonly transactions: number }
  /** The base fee is above the most that may be paid; wei per gas. */
  | { readonly kind: "fee too high"; readonly baseFee: bigint }
  /** A transaction was handed to the node. The hash is undefined where its answer was lost, and the node signs itself. */
  | {
      readonly kind: "sent" | "rebroadcast" | "replaced";
      readonly label: string;
      readonly nonce: number;
      readonly hash: string | undefined;
    };

/** What became of a transaction: its receipt, or that another one of the account has taken its place. */
export interface Outcome<Label> {
  readonly label: Label;
  readonly receipt: Receipt | undefined;
}

interface UnderWay<Label> {
  readonly label: Label;
  readonly call: Call;
  readonly gas: bigint;
  readonly nonce: number;
  readonly since: number;
  fees: Fees;
  /** When the latest attempt was sent. */
  attemptSince: number;
  /** Hashes of all attempts, the latest last. Each of them may be mined. */
  hashes: string[];
  /** Signed form of the latest attempt. */
  raw: string | undefined;
  /** Since when the node doesn't have it, though its nonce is free. */
  unknownSince: number | undefined;
  /** Since when its nonce is used, and none of the attempts has a receipt. */
  displacedSince: number | undefined;
}

/** Attempts to find a free nonce, or a fee that is taken. */
const MOST_ATTEMPTS = 20;
/** Nodes take a replacement that offers 10% more, some 12.5%. */
const RAISE = { by: 5n, of: 4n };

/** The transactions of an account that are under way, each until it is mined or another has taken its place. */
export class Outbox<Label extends string> {
  readonly #node: Node;
  readonly #account: Account;
  readonly #options: OutboxOptions;
  readonly #underWay: UnderWay<Label>[] = [];
  #nextNonce: number;

  private constructor(node: Node, account: Account, options: OutboxOptions, nextNonce: number) {
    this.#node = node;
    this.#account = account;
    this.#options = options;
    this.#nextNonce = nextNonce;
  }

  /**
   * Begins when nothing of the account waits any more: what waits, an earlier run may have sent just before it ended,
   * and only when it is mined does the chain say what is still to be done.
   * @throws TransactionStuckError if something waits for too long.
   */
  static async open<Label extends string>(
    node: Node,
    account: Account,
    options: OutboxOptions,
  ): Promise<Outbox<Label>> {
    const until = Date.now() + options.minedWithin;
    let reported = 0;
    for (;;) {
      const [mined, all] = await Promise.all([
        node.transactionCount(account.address, "latest"),
        node.transactionCount(account.address, "pending"),
      ]);
      if (all <= mined) return new Outbox<Label>(node, account, options, mined);
      if (Date.now() > until) {
        throw new TransactionStuckError(
          `Transactions ${mined} to ${all - 1} of ${account.address}, of an earlier run or another program, are not mined`,
          "Wait until they are, or replace them in a wallet by transactions that pay more; then run the same command again.",
        );
      }
      if (reported !== all - mined) options.onEvent({ kind: "waiting", transactions: all - mined });
      reported = all - mined;
      await sleep(options.pollInterval);
    }
  }

  /** Number of transactions under way. */
  get size(): number {
    return this.#underWay.length;
  }

  /** Broadcasts a call as the account's next transaction. Returns when a node has taken it. */
  async send(label: Label, call: Call, gas: bigint): Promise<void> {
    const fees = await this.#affordableFees();
    const now = Date.now();
    for (let attempt = 0, offered = fees; attempt < MOST_ATTEMPTS; attempt++) {
      const transaction: UnderWay<Label> = {
        label,
        call,
        gas,
        nonce: this.#nextNonce,
        since: now,
        fees: offered,
        attemptSince: now,
        hashes: [],
        raw: undefined,
        unknownSince: undefined,
        displacedSince: undefined,
      };
      const failure = await this.#broadcast(transaction, "sent");
      if (failure === undefined) {
        this.#nextNonce = transaction.nonce + 1;
        this.#underWay.push(transaction);
        return;
      }
      // Another program has used the nonce, or the node that counted lags behind the one that refused.
      if (failure === "nonceUsed" || failure === "nonceTaken") await this.#takeLaterNonce();
      else offered = this.#raised(offered, await this.#presentFees());
    }
    throw new NodeError(
      `The node refuses each transaction of ${this.#account.address}, with whatever nonce and fee`,
      "Check that no other program sends transactions of this account, or use another node.",
    );
  }

  /**
   * Looks at all that is under way; broadcasts again what the node has lost, and raises the fee of what waits too long.
   * @returns what has an outcome now, and is no longer under way.
   * @throws TransactionStuckError if a transaction is under way for too long.
   */
  async poll(): Promise<readonly Outcome<Label>[]> {
    if (this.size === 0) return [];
    const mined = await this.#node.transactionCount(this.#account.address, "latest");
    const outcomes: Outcome<Label>[] = [];
    for (const transaction of [...this.#underWay]) {
      const outcome = await this.#look(transaction, mined);
      if (outcome === undefined) continue;
      this.#underWay.splice(this.#underWay.indexOf(transaction), 1);
      outcomes.push(outcome);
    }
    return outcomes;
  }

  async #look(transaction: UnderWay<Label>, mined: number): Promise<Outcome<Label> | undefined> {
    const { label, nonce, hashes } = transaction;
    const { minedWithin, replaceAfter, lag } = this.#options;
    const now = Date.now();
    for (const hash of hashes) {
      const receipt = await this.#node.receipt(hash);
      if (receipt !== undefined) return { label, receipt };
    }
    if (mined > nonce) {
      // Nodes may count a transaction a moment before they have its receipt.
      transaction.displacedSince ??= now;
      return now - transaction.displacedSince > lag ? { label, receipt: undefined } : undefined;
    }
    transaction.displacedSince = undefined;
    if (now - transaction.since > minedWithin) throw this.#stuck(transaction);
    const latest = hashes.at(-1);
    const isKnown = latest !== undefined && (await this.#node.knows(latest));
    if (isKnown) transaction.unknownSince = undefined;
    else transaction.unknownSince ??= now;
    if (transaction.unknownSince !== undefined && now - transaction.unknownSince > lag) {
      transaction.unknownSince = undefined;
      await this.#repeat(transaction, "rebroadcast");
    } else if (now - transaction.attemptSince > replaceAfter) {
      await this.#repeat(transaction, "replaced");
    }
    return undefined;
  }

  /** Sends a transaction under way once more: as it was, or for more where that is asked or the base fee has risen. */
  async #repeat(transaction: UnderWay<Label>, asked: "rebroadcast" | "replaced"): Promise<void> {
    const present = await this.#presentFees();
    const tooLow = present.baseFee !== undefined && transaction.fees.maxFeePerGas < present.baseFee;
    const how = tooLow ? "replaced" : asked;
    if (how === "replaced") {
      const fees = this.#raised(transaction.fees, present);
      // At the most that may be paid: it waits for lower fees.
      if (fees.maxFeePerGas <= transaction.fees.maxFeePerGas) return;
      transaction.fees = fees;
      transaction.raw = undefined;
    }
    transaction.attemptSince = Date.now();
    // Refused because it, or another with its nonce, has arrived after all: the next look says which.
    await this.#broadcast(transaction, how);
  }

  /**
   * Hands the transaction to the node.
   * @returns undefined if it has it, or may have it; otherwise why it refuses, where another nonce or fee can help.
   */
  async #broadcast(
    transaction: UnderWay<Label>,
    kind: "sent" | "rebroadcast" | "replaced",
  ): Promise<"nonceUsed" | "nonceTaken" | "feeTooLow" | undefined> {
    const { label, nonce } = transaction;
    const report = (hash: string | undefined): void => {
      if (hash !== undefined && !transaction.hashes.includes(hash)) transaction.hashes.push(hash);
      this.#options.onEvent({ kind, label, nonce, hash });
    };
    if (this.#account.sign !== undefined) transaction.raw ??= await this.#account.sign(this.#unsigned(transaction));
    // Known before it is sent: so it can be found even if the answer of the node gets lost.
    const hash = transaction.raw === undefined ? undefined : keccak256(transaction.raw);
    try {
      const { raw } = transaction;
      const answer = await (raw === undefined
        ? this.#node.rpc.send("eth_sendTransaction", [this.#request(transaction)])
        : this.#node.rpc.send("eth_sendRawTransaction", [raw]));
      report(hash ?? (answer as string));
    } catch (error) {
      const failure = failureOf(error);
      if (failure === "known" || failure === "connectionLost") {
        report(hash);
        return undefined;
      }
      if (failure === "insufficientFunds") {
        const most = transaction.gas * transaction.fees.maxFeePerGas + (transaction.call.value ?? 0n);
        throw new InsufficientFundsError(this.#account.address, `a transaction may take ${most} wei`, error);
      }
      if (failure === undefined) throw error;
      return failure;
    }
    return undefined;
  }

  async #takeLaterNonce(): Promise<void> {
    const counts = await Promise.all(
      (["latest", "pending"] as const).map((block) => this.#node.transactionCount(this.#account.address, block)),
    );
    // A node that refuses a nonce as used knows better than one that says it's free: behind one address may be both.
    this.#nextNonce = Math.max(this.#nextNonce + 1, ...counts);
  }

  /** The present fees, as soon as the base fee is within the most that may be paid. */
  async #affordableFees(): Promise<Fees> {
    const until = Date.now() + this.#options.minedWithin;
    for (let reported = false; ; reported = true) {
      const fees = await this.#presentFees();
      if (fees.baseFee === undefined || fees.baseFee <= fees.maxFeePerGas) return fees;
      if (Date.now() > until) {
        throw new TransactionStuckError(
          `The base fee is ${fees.baseFee} wei per gas, and at most ${fees.maxFeePerGas} may be paid`,
          "Run the same command again, later or with a higher bound of the fee.",
        );
      }
      if (!reported) this.#options.onEvent({ kind: "fee too high", baseFee: fees.baseFee });
      await sleep(this.#options.pollInterval);
    }
  }

  async #presentFees(): Promise<Fees> {
    return this.#bounded(await this.#node.fees());
  }

  /** Fees that replace the old ones, and suffice now. */
  #raised(old: Fees, present: Fees): Fees {
    const raise = (fee: bigint): bigint => (fee * RAISE.by) / RAISE.of + 1n;
    return this.#bounded({
      baseFee: present.baseFee,
      maxFeePerGas: max(raise(old.maxFeePerGas), present.maxFeePerGas),
      maxPriorityFeePerGas: max(raise(old.maxPriorityFeePerGas), present.maxPriorityFeePerGas),
    });
  }

  #bounded(fees: Fees): Fees {
    const most = this.#options.mostPerGas ?? fees.maxFeePerGas;
    const maxFeePerGas = min(fees.maxFeePerGas, most);
    return { ...fees, maxFeePerGas, maxPriorityFeePerGas: min(fees.maxPriorityFeePerGas, maxFeePerGas) };
  }

  #unsigned({ call, gas, nonce, fees }: UnderWay<Label>): TransactionLike {
    const common = {
      chainId: this.#options.chainId,
      nonce,
      to: call.to ?? null,
      data: call.data,
      value: call.value ?? 0n,
      gasLimit: gas,
    };
    return fees.baseFee === undefined
      ? { ...common, type: 0, gasPrice: fees.maxFeePerGas }
      : { ...common, type: 2, maxFeePerGas: fees.maxFeePerGas, maxPriorityFeePerGas: fees.maxPriorityFeePerGas };
  }

  #request({ call, gas, nonce, fees }: UnderWay<Label>): Record<string, string> {
    return {
      from: this.#account.address,
      ...(call.to === undefined ? {} : { to: call.to }),
      data: call.data,
      value: toBeHexQuantity(call.value ?? 0n),
      gas: toBeHexQuantity(gas),
      nonce: toBeHexQuantity(nonce),
      ...(fees.baseFee === undefined
        ? { gasPrice: toBeHexQuantity(fees.maxFeePerGas) }
        : {
            maxFeePerGas: toBeHexQuantity(fees.maxFeePerGas),
            maxPriorityFeePerGas: toBeHexQuantity(fees.maxPriorityFeePerGas),
          }),
    };
  }

  #stuck({ label, nonce, hashes, fees }: UnderWay<Label>): TransactionStuckError {
    const names = hashes.length === 0 ? "no known hash" : hashes.join(", ");
    const bound = fees.maxFeePerGas === this.#options.mostPerGas ? ", the most that may be paid" : "";
    return new TransactionStuckError(
      `The transaction ${nonce} of ${this.#account.address} (${label}; ${names}) is not mined. ` +
        `It offers ${fees.maxFeePerGas} wei per gas${bound}`,
      "Run the same command again, later or with a higher bound of the fee.",
    );
  }
}
