import { expect } from "chai";
import { getCreateAddress, Transaction } from "ethers";

import {
  CREATE2_DEPLOYER_COST,
  CREATE2_DEPLOYER_GAS_PRICE,
  CREATE2_DEPLOYER_SENDER,
  CREATE2_DEPLOYER_TRANSACTION,
  saltOf,
} from "../../src/deployment/create2.ts";
import { CREATE2_DEPLOYER, toAddress } from "../../src/protocol/address.ts";
import { accountOf } from "../support/accounts.ts";

describe("CREATE2_DEPLOYER_TRANSACTION", () => {
  const transaction = Transaction.from(CREATE2_DEPLOYER_TRANSACTION);

  it("recovers to its sender and creates the deployer on any chain", () => {
    expect(toAddress(transaction.from ?? "")).to.equal(CREATE2_DEPLOYER_SENDER);
    expect(transaction.nonce).to.equal(0);
    expect(transaction.chainId).to.equal(0n);
    const created = getCreateAddress({ from: CREATE2_DEPLOYER_SENDER, nonce: 0 });
    expect(toAddress(created)).to.equal(CREATE2_DEPLOYER);
  });

  it("costs the amount that its sender is funded with", () => {
    expect(transaction.gasPrice).to.equal(CREATE2_DEPLOYER_GAS_PRICE);
    expect(CREATE2_DEPLOYER_COST).to.equal(CREATE2_DEPLOYER_GAS_PRICE * transaction.gasLimit);
  });
});

describe("saltOf", () => {
  it("differs by deployer, by name and by contract", () => {
    const salts = [accountOf(1), accountOf(2)].flatMap((deployer) =>
      ["main", "second"].flatMap((name) => ["LoanToken", "CollateralToken"].map((id) => saltOf(deployer, name, id))),
    );
    expect(new Set(salts)).to.have.length(8);
  });

  it("distinguishes the end of a name from the beginning of an id", () => {
    expect(saltOf(accountOf(1), "mainA", "B")).not.to.equal(saltOf(accountOf(1), "main", "AB"));
  });
});
