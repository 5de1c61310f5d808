import { expect } from "chai";

import { MistypedAddressError } from "../../src/client/errors.ts";
import { parseAddress } from "../../src/client/typed-address.ts";
import { InvalidAddressError } from "../../src/protocol/errors.ts";

const ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

describe("parseAddress", () => {
  it("takes an address with its checksum, and one without", () => {
    const upper = `0x${ADDRESS.slice(2).toUpperCase()}`;
    for (const text of [ADDRESS, ADDRESS.toLowerCase(), upper]) {
      expect(parseAddress(text)).to.equal(ADDRESS.toLowerCase());
    }
  });

  it("refuses a digit that was mistyped, and what is no address", () => {
    expect(() => parseAddress(ADDRESS.replace("7099", "7098"))).to.throw(MistypedAddressError, "checksum");
    expect(() => parseAddress("0x7099")).to.throw(InvalidAddressError);
  });
});
