import { expect } from "chai";

import { toAddress, ZERO_ADDRESS } from "../../src/protocol/address.ts";
import { InvalidAddressError } from "../../src/protocol/errors.ts";
import { DOLLARS } from "../support/session/kinds.ts";
import { newMarket, positionOf } from "../../src/protocol/market/state.ts";

const CHECKSUMMED = "0xD31ecc7bd26e4fA40289cEd2D5Bb16eDd01182EC";

describe("toAddress", () => {
  it("writes an account the same way, in whatever case it came", () => {
    const expected = CHECKSUMMED.toLowerCase();
    for (const text of [CHECKSUMMED, expected, `0x${CHECKSUMMED.slice(2).toUpperCase()}`])
      expect(toAddress(text)).to.equal(expected);
    expect(toAddress(`0x${"0".repeat(40)}`)).to.equal(ZERO_ADDRESS);
  });

  it("finds a position under any writing of its account", () => {
    const market = newMarket(ZERO_ADDRESS, DOLLARS.params, 0n);
    market.positions.set(toAddress(CHECKSUMMED), { debtShares: 1n, collateral: 2n, drawnAt: 0n });
    expect(positionOf(market, toAddress(CHECKSUMMED.toLowerCase()))).to.deep.equal({
      debtShares: 1n,
      collateral: 2n,
      drawnAt: 0n,
    });
  });

  it("refuses what is no address", () => {
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
