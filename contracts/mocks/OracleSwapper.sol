// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IAdjustCallback} from "../interfaces/IMarketCallbacks.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";

/// @notice A receiver of `adjust` that trades everything it receives at the oracle's open price,
/// from its own stock and without a fee: the cheapest possible exchange. Tests and gas measurements
/// only.
contract OracleSwapper is IAdjustCallback {
    IERC20 private immutable LOAN_TOKEN;
    IERC20 private immutable COLLATERAL_TOKEN;
    IPriceOracle private immutable ORACLE;

    constructor(IERC20 loanToken, IERC20 collateralToken, IPriceOracle oracle) {
        LOAN_TOKEN = loanToken;
        COLLATERAL_TOKEN = collateralToken;
        ORACLE = oracle;
    }

    /// @inheritdoc IAdjustCallback
    function onAdjust(address, address, int256 collateralDelta, int256 debtDelta, bytes calldata) external {
        (uint256 price, ) = ORACLE.prices();
        if (debtDelta > 0) {
            COLLATERAL_TOKEN.transfer(msg.sender, (uint256(debtDelta) * 1e36) / price);
        } else if (collateralDelta < 0) {
            LOAN_TOKEN.transfer(msg.sender, (uint256(-collateralDelta) * price) / 1e36);
        }
    }
}
