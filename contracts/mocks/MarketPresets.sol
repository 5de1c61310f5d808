// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {Config, Limits, MarketParams} from "../types/MarketTypes.sol";

/// @notice The default parameters of tests. A suite about another market changes some of them.
library MarketPresets {
    /// @dev Whole tokens.
    uint256 internal constant DEBT_CAP = 8_000_000;
    uint256 internal constant COLLATERAL_CAP = 1_000_000;
    uint256 internal constant MIN_DEBT = 100;
    /// @dev Units: the greatest value of a supply cap, which never binds before the books are full.
    uint256 internal constant SUPPLY_CAP = 340e36;

    uint256 internal constant RAISE_DELAY = 2 days;

    /// @notice The recommended market of ether against dollars: `ETHER_5X` of
    /// src/protocol/presets.ts; a test compares the two.
    /// @param loanUnit Units of a whole loan token.
    /// @param collateralUnit Units of a whole collateral token.
    function fiveTimesOnEther(
        uint256 loanUnit,
        uint256 collateralUnit
    ) internal pure returns (Limits memory limits, Config memory config) {
        limits = Limits({
            maxLeverage: 50_000,
            liquidationLeverage: 65_000,
            systemLeverageCap: 40_000,
            debtCap: 40_000_000 * loanUnit,
            collateralCap: COLLATERAL_CAP * collateralUnit,
            supplyCap: 100_000_000 * loanUnit
        });
        config = Config({
            targetLeverage: 45_000,
            entryGap: 0.05e18,
            safetyMargin: 0.13e18,
            bonusMin: 0.02e18,
            bonusMax: 0.08e18,
            bonusSlope: 0.5e18,
            interestFee: 0.1e18,
            liquidationFee: 0.1e18,
            bufferTarget: 0.05e18,
            dailyAllowance: 0.3e18,
            minDebt: 5_000 * loanUnit,
            raiseDelay: RAISE_DELAY
        });
    }

    /// @notice The recommended market, varied such that one limit binds at a time: the system cap
    /// is not below a position's limit, the opening limit is near the liquidation limit, and small
    /// debts are allowed.
    function forTests(
        IERC20 loan,
        IERC20 collateral,
        IPriceOracle oracle,
        address authority,
        uint256 loanUnit,
        uint256 collateralUnit
    ) internal pure returns (MarketParams memory) {
        (Limits memory limits, Config memory config) = fiveTimesOnEther(loanUnit, collateralUnit);
        limits.systemLeverageCap = limits.maxLeverage;
        limits.debtCap = DEBT_CAP * loanUnit;
        limits.supplyCap = SUPPLY_CAP;
        config.entryGap = 0.02e18;
        config.safetyMargin = 0.1e18;
        config.dailyAllowance = 0.5e18;
        config.minDebt = MIN_DEBT * loanUnit;
        return
            MarketParams({
                loanToken: loan,
                collateralToken: collateral,
                oracle: address(oracle),
                authority: authority,
                name: "Cantilever COLL/LOAN",
                symbol: "cvLOAN",
                limits: limits,
                config: config
            });
    }
}
