import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Test money for local chains and testnets; both tokens refuse to exist elsewhere. */
export default buildModule("TestTokens", (m) => {
  const loanCap = m.getParameter<bigint>("loanTokensPerDay");
  const collateralCap = m.getParameter<bigint>("collateralTokensPerDay");
  const loanToken = m.contract("FaucetToken", ["Test USD Coin", "USDC", 6, loanCap], { id: "LoanToken" });
  const collateralToken = m.contract("FaucetToken", ["Test Wrapped Ether", "WETH", 18, collateralCap], {
    id: "CollateralToken",
  });
  return { loanToken, collateralToken };
});
