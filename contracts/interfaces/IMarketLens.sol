// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MarketView, PositionView} from "../types/LensTypes.sol";
import {ILeverageMarket} from "./ILeverageMarket.sol";

/// @title IMarketLens
/// @notice Views of markets and positions for people and tools.
/// @dev A failing oracle does not make these views fail: a flag says that the price is unknown, and
/// every value that depends on the price is zero. A zero next to such a flag means "unknown". The
/// oracle is always given 16 million gas, and uses what it needs; with less than 16.1 million gas
/// left, the views revert ({BoundedRead-NotEnoughGas}) instead of taking a working oracle for a
/// failing one.
interface IMarketLens {
    /// @notice Everything about a market.
    /// @param market A market.
    function marketView(ILeverageMarket market) external view returns (MarketView memory);

    /// @notice Several positions of a market, in the order of `accounts`.
    /// @param market A market.
    /// @param accounts Owners of the positions.
    /// @return openKnown Whether the oracle has an open price that the market accepts. If not,
    /// every member marked "(open)" is zero.
    /// @return liquidationKnown The same for the liquidation price and "(liquidation)".
    /// @return positions One for each account, also for those without a position.
    function positionViews(
        ILeverageMarket market,
        address[] calldata accounts
    ) external view returns (bool openKnown, bool liquidationKnown, PositionView[] memory positions);
}
