// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {MarketModel} from "./model/MarketModel.sol";
import {ModelTransaction} from "./model/ModelTransaction.sol";
import {ModelBalances} from "./model/ModelBalances.sol";
import {Refusals} from "./Refusals.sol";
import {TestMarket, Environment} from "./Environment.sol";

/// @notice Every call is made on the model of the market first, which predicts the outcome exactly:
/// success and return data, or the error. Afterwards the books of all markets and the token
/// balances of all accounts must equal the predicted ones.
abstract contract PredictedOutcomes is Refusals {
    TestMarket[] internal markets;
    address[] public actors;
    ScriptedActor internal scriptedActor;
    ModelBalances internal balances;
    ModelTransaction internal modelTransaction;

    /// @dev Number of the drawn market, and its parts.
    uint256 internal marketId;
    MarketModel internal model;
    MockERC20 internal loan;
    MockERC20 internal collateral;
    MockOracle internal oracle;

    error UnpredictedOutcome(bytes call, bool success, bytes returned, bool predictedSuccess, bytes predicted);

    constructor(Environment memory environment) {
        for (uint256 i = 0; i < environment.markets.length; ++i) markets.push(environment.markets[i]);
        (actors, scriptedActor, balances, modelTransaction) = (
            environment.actors,
            environment.scriptedActor,
            environment.balances,
            environment.modelTransaction
        );
    }

    /// @notice Every account that can hold a position or shares, except the markets themselves.
    function accounts() public view returns (address[] memory all) {
        uint256 count = actors.length;
        all = new address[](count + 2);
        for (uint256 i = 0; i < count; ++i) all[i] = actors[i];
        (all[count], all[count + 1]) = (address(scriptedActor), address(this));
    }

    /// @dev The set-up has given all accounts infinite allowances.
    function _fund(address account, uint256 collateralAmount, uint256 loanAmount) internal {
        if (collateralAmount != 0) _mint(collateral, account, collateralAmount);
        if (loanAmount != 0) _mint(loan, account, loanAmount);
    }

    function _attempt(address caller, bytes memory data) internal returns (bool success, bytes memory returned) {
        (bool predictedSuccess, bytes memory predicted) = model.predict(caller, data);
        vm.prank(caller);
        // solhint-disable-next-line avoid-low-level-calls
        (success, returned) = address(market).call(data);
        _compareOutcome(data, success, returned, predictedSuccess, predicted);
    }

    /// @dev A call that must succeed: otherwise the suite fails.
    function _must(address caller, bytes memory data) internal returns (bytes memory) {
        (bool success, bytes memory returned) = _attempt(caller, data);
        if (!success) revert UnexpectedRevert(returned);
        return returned;
    }

    function _compareOutcomes(
        Call[] memory made,
        ModelTransaction.Outcome[] memory predicted
    ) internal view returns (ScriptedActor.Outcome[] memory outcomes) {
        outcomes = scriptedActor.outcomes();
        for (uint256 i = 0; i < made.length; ++i) {
            ScriptedActor.Outcome memory outcome = outcomes[i];
            _compareOutcome(
                made[i].data,
                outcome.success,
                outcome.returned,
                predicted[i].success,
                predicted[i].returned
            );
        }
    }

    /// @dev Isolation: the books of the markets that were not called must not have changed either.
    /// Compares all of the drawn market, and another one in turn.
    function _compareAll(uint256 turn) internal view {
        address[] memory all = accounts();
        model.compare(all);
        uint256 other = (marketId + 1 + (turn % (markets.length - 1))) % markets.length;
        markets[other].model.compare(all);
        balances.compare();
    }

    function _mint(MockERC20 token, address account, uint256 amount) private {
        token.mint(account, amount);
        balances.mint(token, account, amount);
    }

    function _compareOutcome(
        bytes memory data,
        bool success,
        bytes memory returned,
        bool predictedSuccess,
        bytes memory predicted
    ) private pure {
        if (success == predictedSuccess && keccak256(returned) == keccak256(predicted)) return;
        revert UnpredictedOutcome(data, success, returned, predictedSuccess, predicted);
    }
}
