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

/** Options of an outbox. Times in milliseconds. */ export interface OutboxOptions {
  readonly chainId: bigint;
  /** Time between two polls of the node. */
  readonly pollInterval: number;
  /**
   * Time limit for a transaction to be mined, replacements included, and for pending transactions
   * of an earlier run.
   */
  readonly minedWithin: number;
  /**
   * How long a node may lag behind another node with the same URL. After that, its answers are
   * accepted.
   */
  readonly lag: number;
  /** Time after which a pending transaction is replaced by one with a higher fee. */
  readonly replaceAfter: number;
  /** Maximum fee per gas, wei. */
  readonly mostPerGas?: bigint;
  readonly onEvent: (event: OutboxEvent) => void;
}

/** Progress of an outbox. */
export type OutboxEvent =
  /** The outbox waits for pending transactions of an earlier run or another program. */
  | { readonly kind: "waiting"; readonly transactions: number }
  /** The base fee (wei per gas) is above the maximum fee. */
  | { readonly kind: "fee too high"; readonly baseFee: bigint }
  /**
   * A transaction was sent to the node. The hash is undefined if the node signs and its answer was
   * lost.
   */
  | {
      readonly kind: "sent" | "rebroadcast" | "replaced";
      readonly label: string;
      readonly nonce: number;
      readonly hash: string | undefined;
    };

/**
 * Outcome of a transaction: its receipt, or undefined if another transaction of the account used
 * its nonce.
 */
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
  /** Time at which the latest attempt was sent. */
  attemptSince: number;
  /** Hashes of all attempts, the latest last. Any of them may be mined. */
  hashes: string[];
  /** Signed form of the latest attempt. */
  raw: string | undefined;
  /** Time since which the node lacks the transaction although its nonce is free. */
  unknownSince: number | undefined;
  /** Time since which the nonce is used although no attempt has a receipt. */
  displacedSince: number | undefined;
}

/** Most attempts to find a free nonce or an accepted fee. */
const MOST_ATTEMPTS = 20;
/** Fee increase of a replacement. Most nodes require 10%, some 12.5%. */
const RAISE = { by: 5n, of: 4n };

/**
 * The pending transactions of an account. Each is followed until it is mined or another transaction
 * uses its nonce.
 */
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
   * Opens an outbox once the account has no pending transactions. An earlier run may have sent them
   * just before it ended; only after they are mined does the chain show what is left to do.
   * @throws TransactionStuckError if they are not mined within `minedWithin`.
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
          `The transactions with the nonces ${mined} to ${all - 1} of ${account.address}, sent by an earlier run or another program, are not mined`,
          "Wait until they are mined, or replace them in a wallet with a higher fee. Then run the same command again.",
        );
      }
      if (reported !== all - mined) options.onEvent({ kind: "waiting", transactions: all - mined });
      reported = all - mined;
      await sleep(options.pollInterval);
    }
  }

  /** Number of pending transactions. */
  get size(): number {
    return this.#underWay.length;
  }

  /**
   * Sends a call as the account's next transaction. Resolves when a node has accepted it.
   * @param gas gas limit.
   * @throws InsufficientFundsError if the account can't pay, TransactionStuckError if the base fee
   * stays above the maximum, NodeError if the node rejects every attempt.
   */
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
      // Another program used the nonce, or the node that counted lags behind the one that rejected.
      if (failure === "nonceUsed" || failure === "nonceTaken") await this.#takeLaterNonce();
      else offered = this.#raised(offered, await this.#presentFees());
    }
    throw new NodeError(
      `The node rejects every transaction of ${this.#account.address}, whatever its nonce and fee`,
      "Make sure that no other program sends transactions of this account, or use another node.",
    );
  }

  /**
   * Checks all pending transactions. Broadcasts lost ones again, and raises the fee of those that
   * are pending for too long.
   * @returns the outcomes of the transactions that are no longer pending.
   * @throws TransactionStuckError if a transaction is not mined within `minedWithin`.
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
      // Nodes may count a transaction slightly before they have its receipt.
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

  /**
   * Sends a pending transaction again: unchanged, or with a higher fee if requested or if the base
   * fee exceeds its fee.
   */
  async #repeat(transaction: UnderWay<Label>, asked: "rebroadcast" | "replaced"): Promise<void> {
    const present = await this.#presentFees();
    const tooLow = present.baseFee !== undefined && transaction.fees.maxFeePerGas < present.baseFee;
    const how = tooLow ? "replaced" : asked;
    if (how === "replaced") {
      const fees = this.#raised(transaction.fees, present);
      // The fee is at its maximum: the transaction waits for a lower base fee.
      if (fees.maxFeePerGas <= transaction.fees.maxFeePerGas) return;
      transaction.fees = fees;
      transaction.raw = undefined;
    }
    transaction.attemptSince = Date.now();
    // A rejection means that this transaction or another with its nonce has arrived: the next poll
    // shows which.
    await this.#broadcast(transaction, how);
  }

  /**
   * Sends the transaction to the node.
   * @returns undefined if the node has it or may have it; otherwise the reason of the rejection, if
   * another nonce or fee can help.
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
    // The hash is known before sending, so the transaction can be found even if the node's answer
    // is lost.
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
        throw new InsufficientFundsError(this.#account.address, `a transaction may cost ${most} wei`, error);
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
    // Several nodes may share one URL. A node that rejects a nonce as used is more up to date than
    // one that reports it as free.
    this.#nextNonce = Math.max(this.#nextNonce + 1, ...counts);
  }

  /** Waits until the base fee is within the maximum fee, and returns the current fees. */
  async #affordableFees(): Promise<Fees> {
    const until = Date.now() + this.#options.minedWithin;
    for (let reported = false; ; reported = true) {
      const fees = await this.#presentFees();
      if (fees.baseFee === undefined || fees.baseFee <= fees.maxFeePerGas) return fees;
      if (Date.now() > until) {
        throw new TransactionStuckError(
          `The base fee is ${fees.baseFee} wei per gas, above the maximum fee of ${fees.maxFeePerGas}`,
          "Run the same command again later, or with a higher maximum fee.",
        );
      }
      if (!reported) this.#options.onEvent({ kind: "fee too high", baseFee: fees.baseFee });
      await sleep(this.#options.pollInterval);
    }
  }

  async #presentFees(): Promise<Fees> {
    return this.#bounded(await this.#node.fees());
  }

  /** Fees high enough to replace a transaction with the old fees, and to be mined now. */
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
    const bound = fees.maxFeePerGas === this.#options.mostPerGas ? ", the maximum fee" : "";
    return new TransactionStuckError(
      `The transaction with nonce ${nonce} of ${this.#account.address} (${label}; ${names}) is not mined. ` +
        `It offers ${fees.maxFeePerGas} wei per gas${bound}`,
      "Run the same command again later, or with a higher maximum fee.",
    );
  }
}
