// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20, IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {IMarketFactory} from "../interfaces/IMarketFactory.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";
import {LimitRules} from "../libraries/LimitRules.sol";
import {OraclePrices} from "../libraries/OraclePrices.sol";
import {Limit, MarketParams} from "../types/MarketTypes.sol";

/// @title MarketConfig
/// @notice Validates the parameters of a market. `IMarketFactory.createMarket` lists the
/// requirements.
library MarketConfig {
    uint256 private constant ONE = LeverageMath.ONE;
    uint256 private constant WAD = LeverageMath.WAD;
    /// @dev Shares have six more decimals, and 128 bits: with 24 decimals, 340 million whole tokens
    /// can be lent.
    uint256 private constant MAX_DECIMALS = 24;
    /// @dev One half: with more, lenders or liquidators would earn less than the buffer.
    uint256 private constant MAX_FEE = 0.5e18;
    /// @dev `minDebt` is worth at least so many units of either token, so that rounding by a unit
    /// can't exceed the bonus.
    uint256 private constant UNITS_PER_MIN_DEBT = 1_000;
    /// @dev Bounds of the expected price. Half the least one has six digits; twice the largest one
    /// can still rise by a factor of 32,768.
    uint256 private constant MIN_EXPECTED = 1e6;
    uint256 private constant MAX_EXPECTED = LeverageMath.MAX_PRICE / 2 ** 16;

    /// @dev Reverts at the first violation.
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
        _checkContract("oracle", params.oracle);
        _checkContract("authority", params.authority);
    }

    function _checkToken(string memory parameter, address token) private view {
        _checkContract(parameter, token);
        uint256 decimals = _ask(parameter, token, abi.encodeCall(IERC20Metadata.decimals, ()));
        if (decimals > MAX_DECIMALS) revert IMarketFactory.UnsupportedDecimals(token, decimals);
        _ask(parameter, token, abi.encodeCall(IERC20.totalSupply, ()));
        _ask(parameter, token, abi.encodeCall(IERC20.balanceOf, (address(this))));
    }

    function _ask(string memory parameter, address token, bytes memory call) private view returns (uint256) {
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory answer) = token.staticcall(call);
        if (!success || answer.length != 32) revert IMarketFactory.NotAToken(parameter, token);
        return abi.decode(answer, (uint256));
    }

    function _checkContract(string memory parameter, address value) private view {
        if (value.code.length == 0) revert IMarketFactory.NotAContract(parameter, value);
    }

    function _checkLeverage(MarketParams calldata params) private pure {
        _require(
            params.limits.liquidationLeverage > ONE &&
                LimitRules.isInRange(Limit.LiquidationLeverage, params.limits.liquidationLeverage),
            "liquidationLeverage",
            params.limits.liquidationLeverage
        );
        _require(params.config.entryGap > 0 && params.config.entryGap < WAD, "entryGap", params.config.entryGap);
        _require(
            params.limits.maxLeverage > ONE &&
                params.limits.maxLeverage < params.limits.liquidationLeverage &&
                LimitRules.keepsGap(
                    params.limits.maxLeverage,
                    params.limits.liquidationLeverage,
                    params.config.entryGap
                ),
            "maxLeverage",
            params.limits.maxLeverage
        );
        _require(
            params.config.targetLeverage > ONE && params.config.targetLeverage <= params.limits.maxLeverage,
            "targetLeverage",
            params.config.targetLeverage
        );
        _require(
            params.limits.systemLeverageCap > ONE &&
                LimitRules.isInRange(Limit.SystemLeverageCap, params.limits.systemLeverageCap),
            "systemLeverageCap",
            params.limits.systemLeverageCap
        );
    }

    function _checkBonus(MarketParams calldata params) private pure {
        _require(
            params.config.safetyMargin > 0 && params.config.safetyMargin < WAD,
            "safetyMargin",
            params.config.safetyMargin
        );
        _require(
            params.config.bonusMin > 0 && params.config.bonusMin <= params.config.bonusMax,
            "bonusMin",
            params.config.bonusMin
        );
        _require(
            params.config.bonusMax < WAD &&
                LimitRules.isPayable(
                    params.limits.liquidationLeverage,
                    params.config.bonusMin,
                    params.config.bonusMax,
                    params.config.safetyMargin
                ),
            "bonusMax",
            params.config.bonusMax
        );
        _require(params.config.bonusSlope <= WAD, "bonusSlope", params.config.bonusSlope);
    }

    function _checkShares(MarketParams calldata params) private pure {
        _require(params.config.interestFee <= MAX_FEE, "interestFee", params.config.interestFee);
        _require(params.config.liquidationFee <= MAX_FEE, "liquidationFee", params.config.liquidationFee);
        _require(
            params.config.bufferTarget > 0 && params.config.bufferTarget <= WAD,
            "bufferTarget",
            params.config.bufferTarget
        );
        _require(
            params.config.dailyAllowance > 0 && params.config.dailyAllowance <= WAD,
            "dailyAllowance",
            params.config.dailyAllowance
        );
    }

    function _checkCaps(MarketParams calldata params) private pure {
        _require(LimitRules.isInRange(Limit.DebtCap, params.limits.debtCap), "debtCap", params.limits.debtCap);
        _require(
            LimitRules.isInRange(Limit.CollateralCap, params.limits.collateralCap),
            "collateralCap",
            params.limits.collateralCap
        );
        _require(LimitRules.isInRange(Limit.SupplyCap, params.limits.supplyCap), "supplyCap", params.limits.supplyCap);
        uint256 bucket = (params.limits.debtCap * params.config.dailyAllowance) / WAD;
        _require(
            params.config.minDebt >= UNITS_PER_MIN_DEBT && params.config.minDebt <= bucket,
            "minDebt",
            params.config.minDebt
        );
        _require(
            params.config.raiseDelay >= 2 days && params.config.raiseDelay <= 365 days,
            "raiseDelay",
            params.config.raiseDelay
        );
    }

    function _checkOracle(MarketParams calldata params, uint256 expected) private view {
        _require(expected >= MIN_EXPECTED && expected <= MAX_EXPECTED, "expectedPrice", expected);
        (uint256 open, uint256 liquidation) = OraclePrices.read(IPriceOracle(params.oracle));
        if (!_isNear(open, expected) || !_isNear(liquidation, expected)) {
            revert IMarketFactory.UnexpectedPrice(expected, open, liquidation);
        }
        uint256 unitValue = LeverageMath.valueUp(UNITS_PER_MIN_DEBT, liquidation);
        _require(unitValue <= params.config.minDebt, "minDebt", params.config.minDebt);
    }

    /// @dev Within a factor of two: an error in the scale is a factor of at least ten.
    function _isNear(uint256 price, uint256 expected) private pure returns (bool) {
        return price <= 2 * expected && price >= expected / 2;
    }

    function _require(bool fulfilled, string memory parameter, uint256 value) private pure {
        if (!fulfilled) revert IMarketFactory.InvalidParameter(parameter, value);
    }
}
