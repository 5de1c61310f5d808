import { expect } from "chai";

import { toAddress, ZERO_ADDRESS } from "../../src/protocol/address.ts";
import { InvalidAddressError } from "../../src/protocol/errors.ts";
import { DOLLARS } from "../support/session/kinds.ts";
import { newMarket, positionOf } from "../../src/protocol/market/state.ts";

const CHECKSUMMED = "0xD31ecc7bd26e4fA40289cEd2D5Bb16eDd01182EC";

describe("toAddress", () => {
  it("returns the same text for an account in any case of its digits", () => {
    const expected = CHECKSUMMED.toLowerCase();
    for (const text of [CHECKSUMMED, expected, `0x${CHECKSUMMED.slice(2).toUpperCase()}`])
      expect(toAddress(text)).to.equal(expected);
    expect(toAddress(`0x${"0".repeat(40)}`)).to.equal(ZERO_ADDRESS);
  });

  it("returns a key that finds a position for any spelling of its account", () => {
    const market = newMarket(ZERO_ADDRESS, DOLLARS.params, 0n);
    market.positions.set(toAddress(CHECKSUMMED), { debtShares: 1n, collateral: 2n, drawnAt: 0n });
    expect(positionOf(market, toAddress(CHECKSUMMED.toLowerCase()))).to.deep.equal({
      debtShares: 1n,
      collateral: 2n,
      drawnAt: 0n,
    });
  });

  it("throws for texts that are not addresses", () => {
    for (const text of [
      "",
      "0x",
      CHECKSUMMED.slice(2),
      `${CHECKSUMMED}0`,
      CHECKSUMMED.replace("D", "G"),
      "vitalik.eth",
    ])
      expect(() => toAddress(text), text).to.throw(InvalidAddressError, "0x and 40 hexadecimal digits");
  });
});
