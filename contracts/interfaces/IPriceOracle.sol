// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IPriceOracle
/// @notice The price of one collateral token in loan tokens, as a market reads it.
/// @dev Scale: loan token units per collateral token unit, times 1e36. One whole collateral token
/// that is worth `p` whole loan tokens has the price
/// `p * 1e36 * 10^(loanDecimals - collateralDecimals)`. An oracle that has no answer reverts with a
/// named error. One that lacks only an open price answers zero for it, which a market refuses: so
/// liquidations go on. It never answers with a guess.
interface IPriceOracle {
    /// @notice The prices for the two questions that a market asks.
    /// @return openPrice What new risk is measured with: openings, withdrawals of collateral under
    /// debt, the system cap.
    /// @return liquidationPrice What a liquidation is measured with. A market uses the higher of
    /// the two there.
    function prices() external view returns (uint256 openPrice, uint256 liquidationPrice);
}
