// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {BoundedRead} from "./BoundedRead.sol";
import {LeverageMath} from "./LeverageMath.sol";

/// @title OraclePrices
/// @notice Reads an oracle and decides which prices a market accepts. Every contract here reads
/// oracles through it.
library OraclePrices {
    /// @dev Words of an answer: two prices.
    uint256 private constant WORDS = 2;

    /// @notice The price at which a market measures new risk, scaled as in `IPriceOracle`. Errors:
    /// {ILeverageMarket-InvalidPrice}, {ILeverageMarket-InvalidOracleAnswer}; errors of the oracle
    /// are passed on.
    /// @param oracle The oracle to read.
    function openPrice(IPriceOracle oracle) internal view returns (uint256 price) {
        (price, ) = read(oracle);
        if (!_isAccepted(price)) revert ILeverageMarket.InvalidPrice(price);
    }

    /// @notice The price at which a market liquidates, scaled as in `IPriceOracle`. Errors: as for
    /// {openPrice}.
    /// @param oracle The oracle to read.
    function liquidationPrice(IPriceOracle oracle) internal view returns (uint256 price) {
        (uint256 open, uint256 liquidation) = read(oracle);
        price = forLiquidation(open, liquidation);
        if (!_isAccepted(price)) revert ILeverageMarket.InvalidPrice(price);
    }

    /// @notice The oracle's prices; only the length of the answer is checked. Errors:
    /// {ILeverageMarket-InvalidOracleAnswer}; errors of the oracle are passed on.
    /// @param oracle The oracle to read.
    /// @return open Open price.
    /// @return liquidation Liquidation price.
    function read(IPriceOracle oracle) internal view returns (uint256 open, uint256 liquidation) {
        bytes memory answer = Address.functionStaticCall(address(oracle), _call());
        if (answer.length < 32 * WORDS) revert ILeverageMarket.InvalidOracleAnswer(address(oracle), answer);
        return abi.decode(answer, (uint256, uint256));
    }

    /// @notice The prices as a market takes them: zero for a price that it refuses, and both zero
    /// if the oracle gives no answer.
    /// @dev For contracts that must answer where a market may revert. The oracle always gets
    /// exactly the bounded gas; with too little gas left, this reverts
    /// ({BoundedRead-NotEnoughGas}), so that no caller can make a working oracle look like a
    /// failing one.
    /// @param oracle The oracle to read.
    /// @param gasBound Gas that the oracle gets.
    /// @return open Open price, or zero.
    /// @return liquidation The higher of both prices, or zero.
    function tryRead(IPriceOracle oracle, uint256 gasBound) internal view returns (uint256 open, uint256 liquidation) {
        bool success;
        (success, open, liquidation) = BoundedRead.readPair(address(oracle), IPriceOracle.prices.selector, gasBound);
        return success ? _accepted(open, liquidation) : (0, 0);
    }

    /// @notice The price at which a market liquidates: the higher of an oracle's prices.
    /// @param open Open price.
    /// @param liquidation Liquidation price.
    function forLiquidation(uint256 open, uint256 liquidation) internal pure returns (uint256) {
        return Math.max(open, liquidation);
    }

    function _accepted(uint256 open, uint256 liquidation) private pure returns (uint256, uint256) {
        liquidation = forLiquidation(open, liquidation);
        return (_isAccepted(open) ? open : 0, _isAccepted(liquidation) ? liquidation : 0);
    }

    /// @dev Whether a market can compute with the price.
    function _isAccepted(uint256 price) private pure returns (bool) {
        return price != 0 && price <= LeverageMath.MAX_PRICE;
    }

    function _call() private pure returns (bytes memory) {
        return abi.encodeCall(IPriceOracle.prices, ());
    }
}
