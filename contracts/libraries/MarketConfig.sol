// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {Limit, MarketParams} from "../interfaces/ILeverageMarket.sol";
import {IMarketFactory} from "../interfaces/IMarketFactory.sol";
import {LeverageMath} from "./LeverageMath.sol";
import {LimitRules} from "./LimitRules.sol";

/// @title MarketConfig
/// @notice What the parameters of a market must fulfil (listed at `IMarketFactory.createMarket`).
library MarketConfig {
    uint256 private constant ONE = LeverageMath.ONE;
    uint256 private constant WAD = LeverageMath.WAD;
    uint256 private constant MAX_DECIMALS = 36;

    /// @dev Reverts with the first violation.
    function validate(MarketParams calldata params, uint256 expectedPrice) internal view {
        _checkContracts(params);
        _checkLeverage(params);
        _checkBonus(params);
        _checkShares(params);
        _checkCaps(params);
        _checkOracle(params, expectedPrice);
    }

    function _checkContracts(MarketParams calldata params) private view {
        if (address(params.loanToken) == address(params.collateralToken)) {
            revert IMarketFactory.SameToken(address(params.loanToken));
        }
        _checkToken("loanToken", address(params.loanToken));
        _checkToken("collateralToken", address(params.collateralToken));
        _checkContract("oracle", address(params.oracle));
        _checkContract("authority", params.authority);
    }

    function _checkToken(string memory parameter, address token) private view {
        _checkContract(parameter, token);
        uint256 decimals = IERC20Metadata(token).decimals();
        if (decimals > MAX_DECIMALS) revert IMarketFactory.UnsupportedDecimals(token, decimals);
        IERC20Metadata(token).totalSupply();
    }

    function _checkContract(string memory parameter, address value) private view {
        if (value.code.length == 0) revert IMarketFactory.NotAContract(parameter, value);
    }

    function _checkLeverage(MarketParams calldata params) private pure {
        _require(
            params.liquidationLeverage > ONE &&
                LimitRules.isInRange(Limit.LiquidationLeverage, params.liquidationLeverage),
            "liquidationLeverage",
            params.liquidationLeverage
        );
        _require(params.entryGap > 0 && params.entryGap < WAD, "entryGap", params.entryGap);
        _require(
            params.maxLeverage > ONE &&
                params.maxLeverage < params.liquidationLeverage &&
                LimitRules.keepsGap(params.maxLeverage, params.liquidationLeverage, params.entryGap),
            "maxLeverage",
            params.maxLeverage
        );
        _require(
            params.targetLeverage > ONE && params.targetLeverage <= params.maxLeverage,
            "targetLeverage",
            params.targetLeverage
        );
        _require(
            params.systemLeverageCap > ONE && LimitRules.isInRange(Limit.SystemLeverageCap, params.systemLeverageCap),
            "systemLeverageCap",
            params.systemLeverageCap
        );
    }

    function _checkBonus(MarketParams calldata params) private pure {
        _require(params.safetyMargin > 0 && params.safetyMargin < WAD, "safetyMargin", params.safetyMargin);
        _require(params.bonusMin <= params.bonusMax, "bonusMin", params.bonusMin);
        _require(
            params.bonusMax < WAD &&
                LimitRules.isPayable(params.liquidationLeverage, params.bonusMin, params.bonusMax, params.safetyMargin),
            "bonusMax",
            params.bonusMax
        );
        _require(params.bonusSlope <= WAD, "bonusSlope", params.bonusSlope);
    }

    function _checkShares(MarketParams calldata params) private pure {
        _require(params.interestFee <= WAD, "interestFee", params.interestFee);
        _require(params.liquidationFee <= WAD, "liquidationFee", params.liquidationFee);
        _require(params.bufferTarget <= WAD, "bufferTarget", params.bufferTarget);
        _require(params.dailyAllowance > 0 && params.dailyAllowance <= WAD, "dailyAllowance", params.dailyAllowance);
    }

    function _checkCaps(MarketParams calldata params) private pure {
        _require(LimitRules.isInRange(Limit.DebtCap, params.debtCap), "debtCap", params.debtCap);
        _require(
            LimitRules.isInRange(Limit.CollateralCap, params.collateralCap),
            "collateralCap",
            params.collateralCap
        );
        _require(params.minDebt > 0 && params.minDebt <= params.debtCap, "minDebt", params.minDebt);
        _require(params.raiseDelay >= 2 days && params.raiseDelay <= 365 days, "raiseDelay", params.raiseDelay);
    }

    function _checkOracle(MarketParams calldata params, uint256 expected) private view {
        _require(expected > 0 && expected <= LeverageMath.MAX_PRICE, "expectedPrice", expected);
        (uint256 open, uint256 liquidation) = params.oracle.prices();
        if (!_isNear(open, expected) || !_isNear(liquidation, expected)) {
            revert IMarketFactory.UnexpectedPrice(expected, open, liquidation);
        }
    }

    /// @dev Within a factor of two: an error in the scale is at least a factor of ten.
    function _isNear(uint256 price, uint256 expected) private pure returns (bool) {
        return price <= 2 * expected && price >= expected / 2 && price != 0;
    }

    function _require(bool fulfilled, string memory parameter, uint256 value) private pure {
        if (!fulfilled) revert IMarketFactory.InvalidParameter(parameter, value);
    }
}
