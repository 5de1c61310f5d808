// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../../../contracts/interfaces/ILeverageMarket.sol";
import {AdaptiveCurve} from "../../../contracts/libraries/AdaptiveCurve.sol";
import {Exponential} from "../../../contracts/libraries/Exponential.sol";
import {LeverageMath} from "../../../contracts/libraries/LeverageMath.sol";
import {Config, Limits} from "../../../contracts/types/MarketTypes.sol";
import {ModelBalances} from "./ModelBalances.sol";

/// @notice A model's knowledge of its market: the constants, and the initial limits.
struct ModelParams {
    address market;
    IERC20 loan;
    IERC20 collateral;
    address oracle;
    address guardian;
    address riskManager;
    Limits limits;
    Config config;
}

/// @notice The expected books of a market: plain numbers of 256 bits, not packed. A model has the
/// functions of its market and implements them independently on these books; it reverts where the
/// market should, with the same error. It never calls the market. Arithmetic that is tested
/// separately comes from the libraries.
abstract contract ModelBooks {
    struct ModelPosition {
        uint256 debtShares;
        uint256 collateral;
        /// @dev In 1/256 of a Unix second; negative within a day of the clock's start.
        int256 drawnAt;
    }

    uint256 internal constant WAD = 1e18;
    uint256 internal constant ONE_X = 10_000;

    ModelParams internal params;
    ModelBalances internal balances;

    uint256 internal _index = WAD;
    uint256 internal _rateAtTarget = AdaptiveCurve.INITIAL_RATE_AT_TARGET;
    uint256 internal _lastAccrual = block.timestamp;

    uint256 internal _cash;
    uint256 internal _debtShares;
    uint256 internal _collateral;
    mapping(address account => ModelPosition) internal _positions;
    mapping(address account => mapping(address operator => bool)) internal _operators;

    /// @dev Of all lenders and of the market itself, whose balance is the buffer.
    mapping(address account => uint256) internal _shares;
    uint256 internal _totalShares;
    uint256 internal _lastTotalAssets;
    uint256 internal _pendingFees;
    /// @dev Part of a unit of the interest fee, in 1/65536.
    uint256 internal _feeFraction;

    // Of the current transaction only.
    address internal transient _caller;
    bool internal transient _hasRaisedRisk;
    bool internal transient _hasTakenCollateral;
    bool internal transient _hasLenderLeft;
    bool internal transient _hasLiquidated;

    constructor(ModelParams memory params_, ModelBalances balances_) {
        (params, balances) = (params_, balances_);
    }

    function accrue() external {
        _accrue();
    }

    function setOperator(address operator, bool approved) external {
        _operators[_caller][operator] = approved;
    }

    function _accrue() internal returns (uint256) {
        (_index, _rateAtTarget) = _accrued();
        _lastAccrual = block.timestamp;
        return _index;
    }

    /// @dev Interest is the exponential of the integral of the rate since the last accrual, rounded
    /// up; it is zero while nothing is borrowed, when the rate returns to its start. Utilization
    /// counts ten minimum debts as cash.
    function _accrued() internal view returns (uint256 index, uint256 rateAtTarget) {
        uint256 elapsed = block.timestamp - _lastAccrual;
        if (elapsed == 0) return (_index, _rateAtTarget);
        if (_debtShares == 0) return (_index, AdaptiveCurve.relax(_rateAtTarget, elapsed));
        uint256 cash = _cash + 10 * params.config.minDebt;
        int256 err = AdaptiveCurve.utilizationError(LeverageMath.debtDown(_debtShares, _index), cash);
        uint256 integral;
        (rateAtTarget, integral) = AdaptiveCurve.adapt(_rateAtTarget, err, elapsed);
        // The index stops at 96 bits; e^60 exceeds them from any index.
        uint256 exponent = Math.min(AdaptiveCurve.borrowRate(integral, err), 60 * WAD);
        uint256 growth = Exponential.exp(int256(exponent)) - WAD;
        index = Math.min(_index + Math.ceilDiv(_index * growth, WAD), type(uint96).max);
    }

    function _assetsAt(uint256 index) internal view returns (uint256) {
        return _cash + LeverageMath.debtDown(_debtShares, index);
    }

    function _checkReceiver(address receiver) internal view {
        if (receiver == address(0) || receiver == params.market) revert ILeverageMarket.InvalidReceiver(receiver);
    }

    function _checkCash(uint256 requested) internal view {
        if (requested > _cash) revert ILeverageMarket.InsufficientCash(_cash, requested);
    }

    function _usable(uint256 price) internal pure returns (uint256) {
        if (price == 0 || price >= 2 ** 192) revert ILeverageMarket.InvalidPrice(price);
        return price;
    }
}
