import { expect } from "chai";

import { ILeverageMarket__factory, LeverageMarket__factory } from "../../types/index.ts";

type Kind = "error" | "event" | "function";

function signatures(abi: { readonly fragments: readonly { type: string; format(): string }[] }, kind: Kind): string[] {
  return abi.fragments
    .filter(({ type }) => type === kind)
    .map((fragment) => fragment.format())
    .sort();
}

/** Errors of OpenZeppelin's that no interface declares. */
const UNDECLARED =
  /^(?:AddressEmptyCode|ECDSA\w+|ERC2612\w+|ERC4626Exceeded\w+|FailedCall|InsufficientBalance|InvalidAccountNonce|InvalidShortString|ReentrancyGuardReentrantCall|SafeCast\w+|SafeERC20FailedOperation|StringTooLong)\(/u;

describe("ILeverageMarket", () => {
  const published = ILeverageMarket__factory.createInterface();
  const market = LeverageMarket__factory.createInterface();

  for (const kind of ["function", "event"] as const) {
    it(`has each ${kind} of a market`, () => {
      expect(signatures(published, kind)).to.deep.equal(signatures(market, kind));
    });
  }

  it("has each error of a market's own", () => {
    const own = signatures(market, "error").filter((signature) => !UNDECLARED.test(signature));
    expect(signatures(published, "error")).to.deep.equal(own);
  });
});
