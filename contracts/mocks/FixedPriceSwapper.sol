// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IAdjustCallback} from "../interfaces/IMarketCallbacks.sol";

/// @notice An `OracleSwapper` with a constant price, which reads no oracle, so that the cost of the
/// market's own oracle counts once. Gas measurements only.
contract FixedPriceSwapper is IAdjustCallback {
    IERC20 private immutable LOAN_TOKEN;
    IERC20 private immutable COLLATERAL_TOKEN;
    uint256 private immutable PRICE;

    /// @param price Scaled as in `IPriceOracle`.
    constructor(IERC20 loanToken, IERC20 collateralToken, uint256 price) {
        (LOAN_TOKEN, COLLATERAL_TOKEN, PRICE) = (loanToken, collateralToken, price);
    }

    /// @inheritdoc IAdjustCallback
    function onAdjust(address, address, int256 collateralDelta, int256 debtDelta, bytes calldata) external {
        if (debtDelta > 0) {
            COLLATERAL_TOKEN.transfer(msg.sender, (uint256(debtDelta) * 1e36) / PRICE);
        } else if (collateralDelta < 0) {
            LOAN_TOKEN.transfer(msg.sender, (uint256(-collateralDelta) * PRICE) / 1e36);
        }
    }
}
