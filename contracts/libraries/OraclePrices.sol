// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";

/// @title OraclePrices
/// @notice Reads an oracle. Errors of the oracle pass through.
library OraclePrices {
    /// @notice The answer is shorter than two prices.
    error InvalidOracleAnswer(address oracle, bytes answer);

    /// @notice What the oracle answers, unchecked but for its form.
    function read(IPriceOracle oracle) internal view returns (uint256 openPrice, uint256 liquidationPrice) {
        bytes memory answer = Address.functionStaticCall(address(oracle), abi.encodeCall(IPriceOracle.prices, ()));
        if (answer.length < 64) revert InvalidOracleAnswer(address(oracle), answer);
        return abi.decode(answer, (uint256, uint256));
    }
}
