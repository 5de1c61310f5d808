import { planCancelCall, planExecuteCall, planScheduleCall } from "../../client/governance.ts";
import { parseAddress } from "../../client/typed-address.ts";
import type { Address } from "../../protocol/address.ts";
import { callInWords, findOperation, readManager, type Operation } from "../access-manager.ts";
import { act, type SigningOptions } from "../act.ts";
import { UsageError } from "../errors.ts";
import { timeText } from "../numbers.ts";
import { pairs } from "../output.ts";
import type { Run } from "../program.ts";
import type { Surroundings } from "../surroundings.ts";
import { prepare, type Acting } from "./acting.ts";

export const scheduleCall: Run<SigningOptions> = async (surroundings, [said, to = "", data = ""], options) => {
  const target = parseAddress(to);
  if (!/^0x([0-9a-f]{2}){4,}$/iu.test(data)) {
    throw new UsageError(`${JSON.stringify(data.slice(0, 40))} is no data of a call`, "It is hexadecimal, from 0x on.");
  }
  const acting = await prepare(surroundings, said, options);
  const manager = managerOf(acting);
  const plan = planScheduleCall({ manager: manager.address, target, data });
  await act(surroundings, acting.session, acting.signer, options, {
    title: plan.title,
    calls: plan.transactions,
    preview: pairs([
      ["call", callInWords(data)],
      ["on", target],
      ["scheduled in", manager.address],
    ]),
    expected: { target, data },
    happened: async () => operationsNow(acting),
  });
};

export const executeCall: Run<SigningOptions> = async (surroundings, [said, id = ""], options) => {
  await withOperation(surroundings, said, id, options, "Execute a scheduled operation", (manager, { target, data }) =>
    planExecuteCall({ manager, target, data }),
  );
};

export const cancelCall: Run<SigningOptions> = async (surroundings, [said, id = ""], options) => {
  await withOperation(surroundings, said, id, options, "Cancel a scheduled operation", (manager, operation) =>
    planCancelCall({ manager, target: operation.target, data: operation.data }, operation.caller),
  );
};

async function withOperation(
  surroundings: Surroundings,
  said: string | undefined,
  id: string,
  options: SigningOptions,
  title: string,
  planIt: (manager: Address, operation: Operation) => ReturnType<typeof planExecuteCall>,
): Promise<void> {
  const acting = await prepare(surroundings, said, options);
  const manager = managerOf(acting);
  const { operations } = await readManager(acting.session.node, manager.address, manager.block);
  const operation = findOperation(operations, id);
  const plan = planIt(manager.address, operation);
  await act(surroundings, acting.session, acting.signer, options, {
    title,
    calls: plan.transactions,
    preview: pairs(rowsOf(operation)),
    expected: operation,
    happened: async () => operationsNow(acting),
  });
}

function managerOf({ found }: Acting): Acting["found"]["deployment"]["contracts"]["accessManager"] {
  return found.deployment.contracts.accessManager;
}

async function operationsNow(acting: Acting): Promise<{ text: string; result: object }> {
  const manager = managerOf(acting);
  const { operations } = await readManager(acting.session.node, manager.address, manager.block);
  const text =
    operations.length === 0
      ? "No operation waits in the AccessManager."
      : operations.map((operation) => pairs(rowsOf(operation))).join("\n\n");
  return { text, result: { operations } };
}

function rowsOf({ id, call, target, caller, executableFrom }: Operation) {
  return [
    ["operation", id],
    ["call", call],
    ["on", target],
    ["scheduled by", caller],
    ["may be executed from", timeText(executableFrom)],
  ] as const;
}
