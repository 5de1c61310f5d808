import { expect } from "chai";

import {
  formatAddressBook,
  parseAddressBook,
  SHARED_CONTRACTS,
  withDeployment,
  type AddressBook,
  type BookedDeployment,
  type BookedMarket,
  type SharedContracts,
} from "../../src/client/address-book.ts";
import { AddressBookError } from "../../src/client/errors.ts";
import { toAddress, type Address } from "../../src/protocol/address.ts";

function address(digit: string): Address {
  return toAddress(`0x${digit.repeat(40)}`);
}

const MARKET: BookedMarket = {
  address: address("a"),
  block: 12,
  name: "Cantilever USDC/WETH",
  symbol: "clUSDC-WETH",
  loanToken: { address: address("b"), symbol: "USDC", decimals: 6, faucet: true },
  collateralToken: { address: address("c"), symbol: "WETH", decimals: 18, faucet: false },
  oracle: address("d"),
  guard: { address: address("d"), primary: address("e"), secondary: address("f") },
  feeds: {
    base: { address: address("1"), description: "ETH / USD", settable: true },
    quote: { address: address("2"), description: "USDC / USD", settable: false },
  },
  pool: { address: address("3"), fee: 500 },
  parameters: { "market.maxLeverage": "5x" },
};
const DEPLOYMENT: BookedDeployment = {
  name: "main",
  deployer: address("9"),
  commit: "945babd",
  contracts: Object.fromEntries(
    SHARED_CONTRACTS.map((name, index) => [name, { address: address(String(index)), block: index }]),
  ) as SharedContracts,
  markets: [MARKET],
};
const BOOK: AddressBook = { chainId: 31_337n, deployments: [DEPLOYMENT] };

function read(text: string): AddressBook {
  return parseAddressBook(JSON.parse(text), "deployments/31337.json");
}

/** The book's JSON with one field replaced. */
function changed(pattern: string, by: string): string {
  const text = formatAddressBook(BOOK);
  expect(text).to.include(pattern);
  return text.replace(pattern, by);
}

describe("the address book", () => {
  it("is read as it was written", () => {
    expect(read(formatAddressBook(BOOK))).to.deep.equal(BOOK);
  });

  it("needs no commit, guard, feeds or pool", () => {
    const bare = { ...MARKET, guard: undefined, feeds: undefined, pool: undefined };
    const book = { ...BOOK, deployments: [{ ...DEPLOYMENT, commit: undefined, markets: [bare] }] };
    expect(read(formatAddressBook(book))).to.deep.equal(book);
  });

  it("holds one deployment of a name, and keeps the others", () => {
    const other = { ...DEPLOYMENT, name: "second" };
    const both = withDeployment(BOOK, other);
    expect(both.deployments).to.deep.equal([DEPLOYMENT, other]);
    const replaced = { ...DEPLOYMENT, commit: "0000000" };
    expect(withDeployment(both, replaced).deployments).to.deep.equal([other, replaced]);
    const twice = formatAddressBook({ ...BOOK, deployments: [DEPLOYMENT, DEPLOYMENT] });
    expect(() => read(twice)).to.throw(AddressBookError, 'deployments that has two of the name "main"');
  });

  for (const [pattern, by, problem] of [
    ['"format": 1', '"format": 2', "deployments/31337.json has the format 2 instead of 1"],
    ['"chainId": 31337', '"chainId": "31337"', "a field chainId that is no whole number"],
    ['"block": 12', '"block": -1', "a field deployments[0].markets[0].block that is no whole number"],
    ['"fee": 500', '"fee": 0.5', "a field deployments[0].markets[0].pool.fee that is no whole number"],
    ['"faucet": true', '"faucet": 1', "deployments[0].markets[0].loanToken.faucet that is neither true nor false"],
    [`"deployer": "${DEPLOYMENT.deployer}"`, '"deployer": "0x1"', "a field deployments[0].deployer that is no address"],
    ['"market.maxLeverage": "5x"', '"market.maxLeverage": 5', "parameters.market.maxLeverage that is no text"],
    ['"name": "main",', "", "a field deployments[0].name that is missing"],
    ['"lens": {', '"lenses": {', "a field deployments[0].contracts.lens that is no object"],
    ['"deployments": [', '"deployments": 5, "rest": [', "a field deployments that is no list"],
  ] as const) {
    it(`is refused where it says ${by === "" ? "nothing" : by} for ${pattern}`, () => {
      expect(() => read(changed(pattern, by))).to.throw(AddressBookError, problem);
    });
  }

  it("is no list and no text", () => {
    for (const value of [[], "book", null, 5]) {
      expect(() => parseAddressBook(value, "book.json")).to.throw(
        AddressBookError,
        "The address book book.json is no object",
      );
    }
  });
});
