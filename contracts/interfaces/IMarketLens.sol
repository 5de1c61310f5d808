// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MarketView, PositionView} from "../types/LensTypes.sol";
import {ILeverageMarket} from "./ILeverageMarket.sol";

/// @title IMarketLens
/// @notice Views of markets and positions for people and tools.
/// @dev An oracle that fails doesn't make these fail: a flag says so, and what depends on the price is left at zero. Zeros
/// next to such a flag mean "unknown". An oracle that lacks gas is none that fails: these revert
/// ({BoundedRead-NotEnoughGas}) unless there are 16.1 million gas to give it, of which they use what it needs.
interface IMarketLens {
    /// @notice All about a market.
    function marketView(ILeverageMarket market) external view returns (MarketView memory);

    /// @notice Positions in bulk, in the order of `accounts`.
    /// @return openKnown Whether the oracle gives an open price that the market accepts. If not, every member that says
    /// "(open)" is zero.
    /// @return liquidationKnown The same for the liquidation price, and "(liquidation)".
    /// @return positions One for each account, empty ones included.
    function positionViews(
        ILeverageMarket market,
        address[] calldata accounts
    ) external view returns (bool openKnown, bool liquidationKnown, PositionView[] memory positions);
}
