import { concat, Interface, type InterfaceAbi } from "ethers";

import type { Address } from "../protocol/address.ts";
import { create2Address, create2Call, CREATE2_DEPLOYER, saltOf } from "./create2.ts";
import type { Call, Node } from "./node.ts";

/** A compiled contract. */
export interface Artifact {
  readonly abi: InterfaceAbi;
  /** Creation code, without constructor arguments. */
  readonly bytecode: string;
}

/** One transaction of a deployment, and how to see on the chain whether it is still to be made. */
export interface Step {
  readonly id: string;
  /** What it does, in words. */
  readonly title: string;
  /** Ids of the steps that must be done before. */
  readonly after: readonly string[];
  /** Gas that it takes as measured, for a dry run before there is anything that a node could estimate it on. */
  readonly usualGas: bigint;
  /**
   * What is missing on the chain: the call that brings it; undefined if the step is done. This alone decides what is sent:
   * no journal is kept.
   */
  missing(node: Node): Promise<Call | undefined>;
  /** Seconds by the chain's time until the step can be made, zero if it can; asked once those before it are done. */
  wait?(node: Node): Promise<bigint>;
  /** A call that fails for the reason for which the step fails, where the step's own call doesn't tell it. */
  readonly reason?: { readonly call: Call; readonly from: string };
}

/** A condition of the chain that is looked at before anything is sent. */
export interface Check {
  /** What is asked, in words. */
  readonly title: string;
  /** What is wrong; undefined if nothing is. */
  problem(node: Node): Promise<string | undefined>;
  /** What to do if something is; absent: to correct the parameters. */
  readonly advice?: string;
}

/** What is deployed, and in which order. It follows from the parameters alone: no chain is asked to make it. */
export interface Plan {
  readonly chainId: bigint;
  /** Name of the deployment: with the deployer it determines the addresses. */
  readonly name: string;
  readonly deployer: Address;
  readonly steps: readonly Step[];
  /** The contracts that the steps create, in their order. */
  readonly contracts: readonly PlannedContract[];
  readonly checks: readonly Check[];
  /**
   * Looks at what is missing as a whole.
   * @param missing ids of the steps that are not done.
   * @throws DeploymentDiffersError if the chain has the deployment of other parameters under this name.
   */
  refuseOther(node: Node, missing: ReadonlySet<string>): Promise<void>;
  /** What the deployer can do after the last step that a stranger can't, a sentence each. */
  readonly deployerMay: readonly string[];
}

/** A contract that a plan creates, and what its creation code is made of. */
export interface PlannedContract {
  /** What it is within the deployment, like `LoanToken`. */
  readonly id: string;
  readonly address: Address;
  readonly artifact: Artifact;
  /** Of its constructor. */
  readonly args: readonly unknown[];
  /** The npm package that its code is taken from as published; undefined if it is compiled from the sources here. */
  readonly publishedBy?: string;
}

/** What a contract of a plan is made of. */
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
   * Adds a contract, to be created by the deterministic deployer: to it, the deployer is `msg.sender`.
   * @returns its address, for the arguments of others.
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
        // The address is a hash of the code: a contract there is this one.
        return (await node.hasCode(address)) ? undefined : { to: CREATE2_DEPLOYER, data: create2Call(salt, initCode) };
      },
      // The deterministic deployer swallows the reason of a constructor.
      reason: { call: { data: initCode }, from: CREATE2_DEPLOYER },
    });
    return address;
  }

  add(step: Step): void {
    this.list.push(step);
  }

  get ids(): readonly string[] {
    return this.list.map(({ id }) => id);
  }
}

/** Creation code with the constructor's arguments behind it. */
export function creationCode(artifact: Artifact, args: readonly unknown[]): string {
  return concat([artifact.bytecode, encodedArguments(artifact, args)]);
}

/** The arguments of a constructor as they stand behind the creation code; `0x` if it takes none. */
export function encodedArguments({ abi }: Artifact, args: readonly unknown[]): string {
  return new Interface(abi).encodeDeploy(args);
}
