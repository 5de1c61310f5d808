import { planOperator } from "../../client/actions.ts";
import { marketAt } from "../../client/contracts.ts";
import { parseAddress } from "../../client/typed-address.ts";
import { act, type SigningOptions } from "../act.ts";
import type { Run } from "../program.ts";
import { prepare } from "./acting.ts";

interface OperatorOptions extends SigningOptions {
  readonly revoke?: boolean;
}

export const operator: Run<OperatorOptions> = async (surroundings, [said, named = ""], options) => {
  const who = parseAddress(named);
  const approved = options.revoke !== true;
  const { session, found, signer } = await prepare(surroundings, said, options);
  const plan = planOperator(found.market, who, approved);
  const market = marketAt(found.market.address, session.node);
  const words = (is: boolean): string =>
    is
      ? `${who} can do all that ${signer.address} can do with its position: borrow, and take collateral out.`
      : `${who} can do nothing with the position of ${signer.address}.`;
  const isNow = await market.isOperator(signer.address, who);
  await act(surroundings, session, signer, options, {
    title: plan.title,
    calls: plan.transactions,
    preview: `Before: ${words(isNow)}\nAfter:  ${words(approved)}`,
    expected: { operator: who, before: isNow, after: approved },
    happened: async () => {
      const is = await market.isOperator(signer.address, who);
      return { text: words(is), result: { operator: who, approved: is } };
    },
  });
};
