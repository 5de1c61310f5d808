import { concat, Interface, type InterfaceAbi } from "ethers";

import { CREATE2_DEPLOYER, type Address } from "../protocol/address.ts";
import { create2Address, create2Call, saltOf } from "./create2.ts";
import type { Call, Node } from "./node.ts";

/** A compiled contract. */
export interface Artifact {
  readonly abi: InterfaceAbi;
  /** Creation code, without constructor arguments. */
  readonly bytecode: string;
}

/** One transaction of a deployment, and how the chain shows whether it is done. */
export interface Step {
  readonly id: string;
  /** What the step does, in words. */
  readonly title: string;
  /** Ids of the steps that must be done first. */
  readonly after: readonly string[];
  /** Measured gas, for a dry run in which the node can't estimate it yet. */
  readonly usualGas: bigint;
  /**
   * The call that makes the step; undefined if the step is done. Only the chain decides this: there
   * is no journal.
   */
  missing(node: Node): Promise<Call | undefined>;
  /**
   * Seconds of the chain's time until the step can be made; zero if it can be made now. Called once
   * its predecessors are done.
   */
  wait?(node: Node): Promise<bigint>;
  /**
   * A call that reverts with the reason for which the step fails, if the step's own call hides it.
   */
  readonly reason?: { readonly call: Call; readonly from: string };
}

/** A condition of the chain that is checked before anything is sent. */
export interface Check {
  /** The condition, in words. */
  readonly title: string;
  /** The problem in words; undefined if the condition is met. */
  problem(node: Node): Promise<string | undefined>;
  /** What to do about a problem. By default: correct the parameters. */
  readonly advice?: string;
}

/**
 * The steps of a deployment and their order. A plan is made from the parameters alone, without a
 * chain.
 */
export interface Plan {
  readonly chainId: bigint;
  /** Name of the deployment. With the deployer it determines the addresses. */
  readonly name: string;
  readonly deployer: Address;
  readonly steps: readonly Step[];
  /** The contracts that the steps create, in their order. */
  readonly contracts: readonly PlannedContract[];
  readonly checks: readonly Check[];
  /**
   * Checks whether the missing steps fit this plan.
   * @param missing ids of the steps that are not done.
   * @throws DeploymentDiffersError if the chain has a deployment of this name with other
   * parameters.
   */
  refuseOther(node: Node, missing: ReadonlySet<string>): Promise<void>;
  /** Remaining powers of the deployer after the last step, one phrase each. */
  readonly deployerMay: readonly string[];
}

/** A contract that a plan creates, with its code and constructor arguments. */
export interface PlannedContract {
  /** Id within the deployment, such as `LoanToken`. */
  readonly id: string;
  readonly address: Address;
  readonly artifact: Artifact;
  /** Arguments of its constructor. */
  readonly args: readonly unknown[];
  /** The npm package with its published code; undefined if it is compiled from this repository. */
  readonly publishedBy?: string;
}

/** The arguments of `Steps.contract`. */
export interface ContractSpecification extends Omit<PlannedContract, "address"> {
  readonly title: string;
  readonly after?: readonly string[];
  readonly usualGas: bigint;
  readonly wait?: Step["wait"];
}

/** Collects the steps of a plan. */
export class Steps {
  readonly list: Step[] = [];
  /** Contracts that the steps create. */
  readonly contracts: PlannedContract[] = [];
  readonly #deployer: Address;
  readonly #name: string;

  constructor(deployer: Address, name: string) {
    this.#deployer = deployer;
    this.#name = name;
  }

  /**
   * Adds a contract that the deterministic deployer creates. In its constructor, `msg.sender` is
   * the deterministic deployer.
   * @returns its address, for the arguments of other contracts.
   */
  contract({ title, after = [], usualGas, wait, ...made }: ContractSpecification): Address {
    const { id, artifact, args } = made;
    const initCode = creationCode(artifact, args);
    const salt = saltOf(this.#deployer, this.#name, id);
    const address = create2Address(salt, initCode);
    this.contracts.push({ ...made, address });
    this.add({
      id,
      title: `${title} at ${address}`,
      after,
      usualGas,
      ...(wait === undefined ? {} : { wait }),
      async missing(node) {
        // The address is a hash of the code, so a contract there is this one.
        return (await node.hasCode(address)) ? undefined : { to: CREATE2_DEPLOYER, data: create2Call(salt, initCode) };
      },
      // The deterministic deployer drops the revert reason of a constructor.
      reason: { call: { data: initCode }, from: CREATE2_DEPLOYER },
    });
    return address;
  }

  /** Adds a step. */
  add(step: Step): void {
    this.list.push(step);
  }

  /** Ids of all steps. */
  get ids(): readonly string[] {
    return this.list.map(({ id }) => id);
  }
}

/** Creation code followed by the encoded constructor arguments. */
export function creationCode(artifact: Artifact, args: readonly unknown[]): string {
  return concat([artifact.bytecode, encodedArguments(artifact, args)]);
}

/** ABI-encoded constructor arguments; `0x` if the constructor takes none. */
export function encodedArguments({ abi }: Artifact, args: readonly unknown[]): string {
  return new Interface(abi).encodeDeploy(args);
}
