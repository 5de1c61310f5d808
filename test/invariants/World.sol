// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {Ghost} from "./ghost/Ghost.sol";
import {Replay} from "./ghost/Replay.sol";
import {Wallets} from "./ghost/Wallets.sol";

/// @notice One of the markets that a handler works on.
/// @param swapper Trades its two tokens at the oracle's price.
/// @param loanUnit Loan tokens worth a dollar at the start.
/// @param collateralUnit Collateral tokens worth 2,000 dollars at the start.
/// @param isSwapped Whether its loan token is the collateral of the first market, and the other way round.
/// @param config In the order of `Config`. An array: a struct of twelve is too much for the compiler here.
struct Venue {
    ILeverageMarket market;
    Ghost ghost;
    MockERC20 loan;
    MockERC20 collateral;
    MockOracle oracle;
    address swapper;
    uint256 loanUnit;
    uint256 collateralUnit;
    bool isSwapped;
    uint256[12] config;
}

/// @notice What a handler works on.
/// @param startPrice Of the first market, oracle scale.
struct World {
    Venue[] venues;
    Wallets wallets;
    Replay replay;
    ScriptedActor scriptedActor;
    address guardian;
    address riskManager;
    uint256 startPrice;
    address[] actors;
}
