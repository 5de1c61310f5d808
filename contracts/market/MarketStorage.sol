// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ILeverageMarket, MarketParams} from "../interfaces/ILeverageMarket.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {AdaptiveCurve} from "../libraries/AdaptiveCurve.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";

/// @title MarketStorage
/// @notice The books of a market, one slot per concern of the hot path, and what never changes.
abstract contract MarketStorage is ILeverageMarket, ReentrancyGuardTransient {
    struct IndexAndLimits {
        uint96 borrowIndex;
        uint48 rateAtTarget;
        uint40 lastAccrual;
        uint24 maxLeverage;
        /// @dev Zero while a ramp is running: then the ramp's slot tells. So only a ramp costs a second read.
        uint24 liquidationLeverage;
        uint24 systemLeverageCap;
    }

    struct Totals {
        uint128 cash;
        uint128 debtShares;
    }

    struct CollateralTotals {
        uint128 total;
        uint128 cap;
    }

    struct DebtCeiling {
        uint112 cap;
        uint112 allowance;
        uint32 lastRefill;
    }

    struct LenderSide {
        uint128 totalShares;
        /// @dev Total assets when the interest fee was last taken; the fee is due on the growth since then.
        uint128 lastTotalAssets;
    }

    /// @dev The solvency buffer: the market's balance of its own shares, and fees of liquidations that are still to be turned
    /// into shares. Both in one slot, so that a liquidation touches no other for them.
    struct Buffer {
        uint128 shares;
        uint128 pendingFees;
    }

    struct Position {
        uint128 debtShares;
        uint128 collateral;
    }

    uint256 internal constant WAD = LeverageMath.WAD;

    IERC20 internal immutable LOAN_TOKEN;
    IERC20 internal immutable COLLATERAL_TOKEN;
    IPriceOracle internal immutable ORACLE;
    uint256 internal immutable TARGET_LEVERAGE;
    uint256 internal immutable ENTRY_GAP;
    uint256 internal immutable SAFETY_MARGIN;
    uint256 internal immutable BONUS_MIN;
    uint256 internal immutable BONUS_MAX;
    uint256 internal immutable BONUS_SLOPE;
    uint256 internal immutable INTEREST_FEE;
    uint256 internal immutable LIQUIDATION_FEE;
    uint256 internal immutable BUFFER_TARGET;
    uint256 internal immutable DAILY_ALLOWANCE;
    uint256 internal immutable MIN_DEBT;
    uint256 internal immutable RAISE_DELAY;

    IndexAndLimits internal _state;
    Totals internal _totals;
    CollateralTotals internal _collateral;
    DebtCeiling internal _ceiling;
    LenderSide internal _lenders;
    Buffer internal _buffer;
    mapping(address account => Position) internal _positions;

    /// @dev Set for the rest of a transaction that has added debt: see `Positions`.
    bool internal transient _debtAdded;
    /// @dev Set for the rest of a transaction that has taken collateral: see `Positions`.
    bool internal transient _collateralTaken;
    /// @dev Debt that the transaction has added and not repaid: see `_restoreAllowance`.
    uint112 internal transient _newDebt;
    /// @dev Set for the rest of a transaction in which a lender has withdrawn: it can't book a loss.
    bool internal transient _lenderExited;

    constructor(MarketParams memory params) {
        LOAN_TOKEN = params.loanToken;
        COLLATERAL_TOKEN = params.collateralToken;
        ORACLE = params.oracle;
        TARGET_LEVERAGE = params.targetLeverage;
        ENTRY_GAP = params.entryGap;
        SAFETY_MARGIN = params.safetyMargin;
        BONUS_MIN = params.bonusMin;
        BONUS_MAX = params.bonusMax;
        BONUS_SLOPE = params.bonusSlope;
        INTEREST_FEE = params.interestFee;
        LIQUIDATION_FEE = params.liquidationFee;
        BUFFER_TARGET = params.bufferTarget;
        DAILY_ALLOWANCE = params.dailyAllowance;
        MIN_DEBT = params.minDebt;
        RAISE_DELAY = params.raiseDelay;

        // The factory has checked that these fit.
        _state = IndexAndLimits({
            borrowIndex: uint96(WAD),
            rateAtTarget: uint48(AdaptiveCurve.INITIAL_RATE_AT_TARGET),
            lastAccrual: uint40(block.timestamp),
            maxLeverage: uint24(params.maxLeverage),
            liquidationLeverage: uint24(params.liquidationLeverage),
            systemLeverageCap: uint24(params.systemLeverageCap)
        });
        _collateral.cap = uint128(params.collateralCap);
        _ceiling = DebtCeiling({
            cap: uint112(params.debtCap),
            allowance: uint112((params.debtCap * params.dailyAllowance) / WAD),
            lastRefill: uint32(block.timestamp)
        });
    }

    /// @inheritdoc ILeverageMarket
    function oracle() external view returns (IPriceOracle) {
        return ORACLE;
    }

    /// @inheritdoc ILeverageMarket
    function collateralToken() external view returns (IERC20) {
        return COLLATERAL_TOKEN;
    }

    /// @inheritdoc ILeverageMarket
    function position(address account) external view returns (uint256 debtShares, uint256 collateral) {
        Position storage held = _positions[account];
        return (held.debtShares, held.collateral);
    }

    /// @inheritdoc ILeverageMarket
    function totals() external view returns (uint256 cash, uint256 debtShares, uint256 collateral) {
        return (_totals.cash, _totals.debtShares, _collateral.total);
    }

    /// @inheritdoc ILeverageMarket
    function config()
        external
        view
        returns (
            uint256 targetLeverage,
            uint256 entryGap,
            uint256 safetyMargin,
            uint256 bonusMin,
            uint256 bonusMax,
            uint256 bonusSlope,
            uint256 interestFee,
            uint256 liquidationFee,
            uint256 bufferTarget,
            uint256 dailyAllowance,
            uint256 minDebt,
            uint256 raiseDelay
        )
    {
        return (
            TARGET_LEVERAGE,
            ENTRY_GAP,
            SAFETY_MARGIN,
            BONUS_MIN,
            BONUS_MAX,
            BONUS_SLOPE,
            INTEREST_FEE,
            LIQUIDATION_FEE,
            BUFFER_TARGET,
            DAILY_ALLOWANCE,
            MIN_DEBT,
            RAISE_DELAY
        );
    }
}
