// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MarketHandler} from "./MarketHandler.sol";

/// @notice The same actions while the price moves and the oracle breaks.
abstract contract MovingPriceHandler is MarketHandler {
    /// @notice Moves the prices of all markets by up to 20% down or 15% up, with the liquidation
    /// price up to 5% away.
    function movePrice(uint256 percent, uint256 apart) external observed {
        basePrice = bound((basePrice * bound(percent, 80, 115)) / 100, startPrice / 20, startPrice * 3);
        uint256 distance = apart % 3 == 0 ? bound(apart, 95, 105) : 100;
        for (uint256 i = 0; i < markets.length; ++i) {
            uint256 moved = _priceAt(i);
            markets[i].oracle.setPrices(moved, (moved * distance) / 100);
        }
        price = _priceAt(marketId);
        _oracleBroken = false;
        _count("movePrice");
    }

    function breakOracle(uint256 kind) external observed {
        for (uint256 i = 0; i < markets.length; ++i) {
            if (kind % 3 == 0) markets[i].oracle.fail();
            else markets[i].oracle.setPrice(kind % 3 == 1 ? 0 : type(uint248).max);
        }
        _oracleBroken = true;
        _count("breakOracle");
    }

    function selectors() public view override returns (bytes4[] memory chosen) {
        bytes4[] memory others = super.selectors();
        chosen = new bytes4[](others.length + 6);
        for (uint256 i = 0; i < others.length; ++i) chosen[i] = others[i];
        for (uint256 i = 0; i < 5; ++i) chosen[others.length + i] = this.movePrice.selector;
        chosen[others.length + 5] = this.breakOracle.selector;
    }
}
