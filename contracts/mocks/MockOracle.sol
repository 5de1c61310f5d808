// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";

/// @notice Returns the prices that were set, at the cost of one storage read if both are the same.
contract MockOracle is IPriceOracle {
    enum Mode {
        OnePrice,
        TwoPrices,
        Failing
    }

    struct State {
        uint248 openPrice;
        Mode mode;
    }

    State private _state;
    uint256 private _liquidationPrice;

    error OracleFailure();

    constructor(uint256 price) {
        setPrice(price);
    }

    /// @notice Sets both prices, and ends a failure.
    function setPrice(uint256 price) public {
        _state = State(_narrow(price), Mode.OnePrice);
    }

    /// @notice Sets two different prices, and ends a failure.
    function setPrices(uint256 openPrice, uint256 liquidationPrice) external {
        _state = State(_narrow(openPrice), Mode.TwoPrices);
        _liquidationPrice = liquidationPrice;
    }

    /// @notice Makes every read revert until a price is set.
    function fail() external {
        _state.mode = Mode.Failing;
    }

    /// @inheritdoc IPriceOracle
    function prices() external view returns (uint256, uint256) {
        State memory state = _state;
        if (state.mode == Mode.OnePrice) return (state.openPrice, state.openPrice);
        if (state.mode == Mode.Failing) revert OracleFailure();
        return (state.openPrice, _liquidationPrice);
    }

    /// @dev The greatest value that fits stands for any absurd price: a market accepts neither.
    function _narrow(uint256 price) private pure returns (uint248) {
        return price > type(uint248).max ? type(uint248).max : uint248(price);
    }
}
