// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {BoundedRead} from "./BoundedRead.sol";
import {LeverageMath} from "./LeverageMath.sol";

/// @title OraclePrices
/// @notice Reads an oracle, and knows which prices a market takes. All that reads an oracle does it here.
library OraclePrices {
    /// @dev An answer: two prices, of a word each.
    uint256 private constant WORDS = 2;

    /// @notice What a market measures new risk with. Errors of the oracle pass through.
    function openPrice(IPriceOracle oracle) internal view returns (uint256 price) {
        (price, ) = read(oracle);
        if (!_isAccepted(price)) revert ILeverageMarket.InvalidPrice(price);
    }

    /// @notice What a market liquidates at. Errors of the oracle pass through.
    function liquidationPrice(IPriceOracle oracle) internal view returns (uint256 price) {
        (uint256 open, uint256 liquidation) = read(oracle);
        price = forLiquidation(open, liquidation);
        if (!_isAccepted(price)) revert ILeverageMarket.InvalidPrice(price);
    }

    /// @notice What the oracle answers, unchecked but for its form. Errors of the oracle pass through.
    function read(IPriceOracle oracle) internal view returns (uint256 open, uint256 liquidation) {
        bytes memory answer = Address.functionStaticCall(address(oracle), _call());
        if (answer.length < 32 * WORDS) revert ILeverageMarket.InvalidOracleAnswer(address(oracle), answer);
        return abi.decode(answer, (uint256, uint256));
    }

    /// @notice The prices as a market takes them; zero for one that it refuses, both if the oracle gives no answer.
    /// @dev For those who must answer where a market may revert. The oracle may do anything: it uses no more gas than a
    /// bound, and always has as much, or this reverts ({BoundedRead-NotEnoughGas}). So an oracle that a caller left without
    /// gas is not taken for one that fails.
    function tryRead(IPriceOracle oracle, uint256 gasBound) internal view returns (uint256 open, uint256 liquidation) {
        bool success;
        (success, open, liquidation) = BoundedRead.readPair(address(oracle), IPriceOracle.prices.selector, gasBound);
        return success ? _accepted(open, liquidation) : (0, 0);
    }

    /// @notice What a market liquidates at: the higher of an oracle's prices.
    function forLiquidation(uint256 open, uint256 liquidation) internal pure returns (uint256) {
        return Math.max(open, liquidation);
    }

    function _accepted(uint256 open, uint256 liquidation) private pure returns (uint256, uint256) {
        liquidation = forLiquidation(open, liquidation);
        return (_isAccepted(open) ? open : 0, _isAccepted(liquidation) ? liquidation : 0);
    }

    /// @dev A price that can't be used is refused, whatever the oracle took it for.
    function _isAccepted(uint256 price) private pure returns (bool) {
        return price != 0 && price <= LeverageMath.MAX_PRICE;
    }

    function _call() private pure returns (bytes memory) {
        return abi.encodeCall(IPriceOracle.prices, ());
    }
}
