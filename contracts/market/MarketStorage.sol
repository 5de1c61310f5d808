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
/// @notice The books of a market, one slot per concern of the hot path, and what never changes.
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

    /// @dev Complete, for views and the rare calls of governance; the rest of the code has what it needs as immutables, each of
    /// which takes 33 bytes wherever it is used.
    Config internal _config;
    IndexAndLimits internal _state;
    Totals internal _totals;
    CollateralTotals internal _collateral;
    DebtCeiling internal _ceiling;
    LenderSide internal _lenders;
    Buffer internal _buffer;
    /// @dev Tells the liquidation limit while `_state` has none.
    Ramp internal _ramp;
    /// @inheritdoc ILeverageMarket
    mapping(address account => Position) public position;

    /// @dev Set for the rest of a transaction in which an account has added debt or raised its ratio: see `Positions`.
    bool internal transient _riskRaised;
    /// @dev Set for the rest of a transaction that has taken collateral: see `Positions`.
    bool internal transient _collateralTaken;
    /// @dev Set for the rest of a transaction in which a lender has withdrawn: it can't book a loss.
    bool internal transient _lenderExited;
    /// @dev Set for the rest of a transaction that has liquidated: no lender can leave in it, with cash that it has made so
    /// itself, before the losses that may be left are booked.
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
        // The factory has checked that these fit.
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

    /// @dev What lenders can withdraw, borrowers borrow and flash loans lend.
    function _checkCash(uint256 requested) internal view returns (uint256 cash) {
        cash = _totals.cash;
        if (requested > cash) revert InsufficientCash(cash, requested);
    }

    /// @dev A short constant, far beyond the transient variables: the compiler would copy OpenZeppelin's of 32 bytes from
    /// the code wherever it is used, for 87 gas an action.
    function _reentrancyGuardStorageSlot() internal pure override returns (bytes32) {
        return bytes32(uint256(type(uint32).max));
    }
}
