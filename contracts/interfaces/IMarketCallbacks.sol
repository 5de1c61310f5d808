// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title IAdjustCallback
/// @notice Implemented by a `receiver` that `adjust` calls back when its `data` is not empty.
interface IAdjustCallback {
    /// @notice Called by the market after it has sent out what goes out, before it takes in what it
    /// is owed.
    /// @dev Tokens that the callee sends to the market count against what is owed; the rest is
    /// pulled from `caller`, a surplus of either token goes back to `caller`. The books of the
    /// market are final already, and it is locked. Anyone can name any contract as receiver: an
    /// implementation must check who calls and hold nothing of value.
    /// @param caller Who called `adjust`.
    /// @param account Whose position is adjusted.
    /// @param collateralDelta Collateral token units: above zero the market is owed them, below
    /// zero it has sent them.
    /// @param debtDelta Loan token units: above zero the market has sent them, below zero it is
    /// owed them.
    /// @param data As the caller passed it.
    function onAdjust(
        address caller,
        address account,
        int256 collateralDelta,
        int256 debtDelta,
        bytes calldata data
    ) external;
}

/// @title ILiquidateCallback
/// @notice Implemented by a `receiver` that `liquidate` calls back when its `data` is not empty.
interface ILiquidateCallback {
    /// @notice Called by the market after it has sent the seized collateral, before it takes in the
    /// payment.
    /// @dev Loan tokens that the callee sends to the market count against the payment; the rest is
    /// pulled from `caller`, a surplus goes back to `caller`.
    /// @param caller Who called `liquidate`.
    /// @param seized Collateral token units sent to the callee.
    /// @param payment Loan token units that the market is owed.
    /// @param data As the caller passed it.
    function onLiquidate(address caller, uint256 seized, uint256 payment, bytes calldata data) external;
}
