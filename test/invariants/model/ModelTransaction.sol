// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MarketModel} from "./MarketModel.sol";

/// @notice Carries out several calls on models in one transaction, as an account makes them on the
/// markets.
contract ModelTransaction {
    struct Step {
        MarketModel model;
        bytes data;
    }

    struct Outcome {
        bool success;
        bytes returned;
    }

    function run(address caller, Step[] calldata steps) external returns (Outcome[] memory predicted) {
        predicted = new Outcome[](steps.length);
        for (uint256 i = 0; i < steps.length; ++i) {
            (predicted[i].success, predicted[i].returned) = steps[i].model.predict(caller, steps[i].data);
        }
    }
}
