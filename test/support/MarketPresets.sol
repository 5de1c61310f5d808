// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {Config, Limits, MarketParams} from "../../contracts/types/MarketTypes.sol";

/// @notice The parameters that tests start from. A suite about another market changes what is different about it.
library MarketPresets {
    /// @dev Whole tokens.
    uint256 internal constant DEBT_CAP = 8_000_000;
    uint256 internal constant COLLATERAL_CAP = 1_000_000;
    uint256 internal constant MIN_DEBT = 100;
    /// @dev Units: the greatest that there is, and none that binds before the books are full.
    uint256 internal constant SUPPLY_CAP = 340e36;

    uint256 internal constant RAISE_DELAY = 2 days;

    /// @notice 5x on ether: 5x to open, 6.5x to liquidate, brought to 4.5x; bonus 2% to 8%; 2% least distance at entry.
    /// @param loanUnit Units of a whole token, as `collateralUnit`.
    function fiveTimesOnEther(
        IERC20 loan,
        IERC20 collateral,
        IPriceOracle oracle,
        address authority,
        uint256 loanUnit,
        uint256 collateralUnit
    ) internal pure returns (MarketParams memory) {
        return
            MarketParams({
                loanToken: loan,
                collateralToken: collateral,
                oracle: address(oracle),
                authority: authority,
                name: "Cantilever COLL/LOAN",
                symbol: "cvLOAN",
                limits: Limits({
                    maxLeverage: 50_000,
                    liquidationLeverage: 65_000,
                    systemLeverageCap: 50_000,
                    debtCap: DEBT_CAP * loanUnit,
                    collateralCap: COLLATERAL_CAP * collateralUnit,
                    supplyCap: SUPPLY_CAP
                }),
                config: Config({
                    targetLeverage: 45_000,
                    entryGap: 0.02e18,
                    safetyMargin: 0.1e18,
                    bonusMin: 0.02e18,
                    bonusMax: 0.08e18,
                    bonusSlope: 0.5e18,
                    interestFee: 0.1e18,
                    liquidationFee: 0.1e18,
                    bufferTarget: 0.05e18,
                    dailyAllowance: 0.5e18,
                    minDebt: MIN_DEBT * loanUnit,
                    raiseDelay: RAISE_DELAY
                })
            });
    }
}
