// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {AdaptiveCurve} from "../libraries/AdaptiveCurve.sol";
import {DebtCeilings} from "../libraries/DebtCeilings.sol";
import {DecimalFloat} from "../libraries/DecimalFloat.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";
import {Buffer, CollateralTotals, DebtCeiling, IndexAndLimits, LenderSide, Totals} from "../types/MarketBooks.sol";
import {Config, MarketParams, Position, Ramp} from "../types/MarketTypes.sol";

/// @title MarketStorage
/// @notice The storage of a market, one slot for each group of values that an action needs
/// together, and its immutables.
abstract contract MarketStorage is ILeverageMarket, ReentrancyGuardTransient {
    /// @inheritdoc ILeverageMarket
    IERC20 public immutable collateralToken;
    /// @inheritdoc ILeverageMarket
    IPriceOracle public immutable oracle;
    IERC20 internal immutable LOAN_TOKEN;
    uint256 internal immutable TARGET_LEVERAGE;
    uint256 internal immutable BONUS_MIN;
    uint256 internal immutable BONUS_MAX;
    uint256 internal immutable BONUS_SLOPE;
    uint256 internal immutable INTEREST_FEE;
    uint256 internal immutable LIQUIDATION_FEE;
    uint256 internal immutable BUFFER_TARGET;
    uint256 internal immutable DAILY_ALLOWANCE;
    uint256 internal immutable MIN_DEBT;

    /// @dev All parameters, for views and governance. The other functions read the immutables
    /// above; `_config` saves code, since an immutable takes 33 bytes wherever it is read.
    Config internal _config;
    IndexAndLimits internal _state;
    Totals internal _totals;
    CollateralTotals internal _collateral;
    DebtCeiling internal _ceiling;
    LenderSide internal _lenders;
    Buffer internal _buffer;
    /// @dev Defines the liquidation limit while `_state.liquidationLeverage` is zero.
    Ramp internal _ramp;
    /// @inheritdoc ILeverageMarket
    mapping(address account => Position) public position;

    /// @dev Set until the end of a transaction in which an account has added debt or raised its
    /// ratio: see `Positions`.
    bool internal transient _riskRaised;
    /// @dev Set until the end of a transaction that has withdrawn collateral: see `Positions`.
    bool internal transient _collateralTaken;
    /// @dev Set until the end of a transaction in which a lender has withdrawn: it can't book a
    /// loss.
    bool internal transient _lenderExited;
    /// @dev Set until the end of a transaction that has liquidated: no lender can withdraw in it.
    /// Otherwise a lender could make its own cash by liquidating solvent positions, and leave
    /// before the losses of the others are booked.
    bool internal transient _hasLiquidated;

    constructor(MarketParams memory params) {
        LOAN_TOKEN = params.loanToken;
        collateralToken = params.collateralToken;
        oracle = IPriceOracle(params.oracle);
        TARGET_LEVERAGE = params.config.targetLeverage;
        BONUS_MIN = params.config.bonusMin;
        BONUS_MAX = params.config.bonusMax;
        BONUS_SLOPE = params.config.bonusSlope;
        INTEREST_FEE = params.config.interestFee;
        LIQUIDATION_FEE = params.config.liquidationFee;
        BUFFER_TARGET = params.config.bufferTarget;
        DAILY_ALLOWANCE = params.config.dailyAllowance;
        MIN_DEBT = params.config.minDebt;

        _config = params.config;
        // The factory has checked that the values fit.
        _state = IndexAndLimits({
            borrowIndex: uint96(LeverageMath.WAD),
            rateAtTarget: uint40(AdaptiveCurve.INITIAL_RATE_AT_TARGET),
            lastAccrual: uint32(block.timestamp),
            supplyCap: uint16(DecimalFloat.encodeDown(params.limits.supplyCap)),
            maxLeverage: uint24(params.limits.maxLeverage),
            liquidationLeverage: uint24(params.limits.liquidationLeverage),
            systemLeverageCap: uint24(params.limits.systemLeverageCap)
        });
        _collateral.cap = uint128(params.limits.collateralCap);
        _ceiling = DebtCeilings.full(params.limits.debtCap, params.config.dailyAllowance);
    }

    /// @inheritdoc ILeverageMarket
    function totals() external view returns (uint256 cash, uint256 debtShares, uint256 collateral) {
        return (_totals.cash, _totals.debtShares, _collateral.total);
    }

    /// @inheritdoc ILeverageMarket
    function config() external view returns (Config memory) {
        return _config;
    }

    /// @dev Checks that the market has the cash that a lender, a borrower or a flash loan asks for.
    function _checkCash(uint256 requested) internal view returns (uint256 cash) {
        cash = _totals.cash;
        if (requested > cash) revert InsufficientCash(cash, requested);
    }

    /// @dev A small constant beyond all transient variables. OpenZeppelin's has 32 bytes, which the
    /// compiler would copy from code wherever it is used; that costs 87 gas per action.
    function _reentrancyGuardStorageSlot() internal pure override returns (bytes32) {
        return bytes32(uint256(type(uint32).max));
    }
}
