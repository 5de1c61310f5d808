// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {Config} from "../../contracts/types/MarketTypes.sol";
import {MarketModel} from "./model/MarketModel.sol";
import {ModelTransaction} from "./model/ModelTransaction.sol";
import {ModelBalances} from "./model/ModelBalances.sol";

/// @notice A market that a handler works on.
/// @param swapper Trades its two tokens at the oracle's price.
/// @param loanUnit Loan tokens worth a dollar at the start.
/// @param collateralUnit Collateral tokens worth 2,000 dollars at the start.
/// @param isSwapped Whether its loan token is the collateral of the first market, and vice versa.
struct TestMarket {
    ILeverageMarket market;
    MarketModel model;
    MockERC20 loan;
    MockERC20 collateral;
    MockOracle oracle;
    address swapper;
    uint256 loanUnit;
    uint256 collateralUnit;
    bool isSwapped;
    Config config;
}

/// @notice Everything that a handler works on.
/// @param startPrice Price of the first market, in the oracle's scale.
struct Environment {
    TestMarket[] markets;
    ModelBalances balances;
    ModelTransaction modelTransaction;
    ScriptedActor scriptedActor;
    address guardian;
    address riskManager;
    uint256 startPrice;
    address[] actors;
}
