// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../../../contracts/interfaces/ILeverageMarket.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {AdaptiveCurve} from "../../../contracts/libraries/AdaptiveCurve.sol";
import {Exponential} from "../../../contracts/libraries/Exponential.sol";
import {LeverageMath} from "../../../contracts/libraries/LeverageMath.sol";
import {Wallets} from "./Wallets.sol";

/// @notice What a ghost is told of its market: what never changes, and the limits it starts with.
/// @param limits In the order of `Limits`.
/// @param config In the order of `Config`. An array: a struct of twelve is too much for the compiler here.
struct Subject {
    address market;
    IERC20 loan;
    IERC20 collateral;
    IPriceOracle oracle;
    address guardian;
    address riskManager;
    uint256[5] limits;
    uint256[12] config;
}

/// @notice The books of a market as they should be: plain numbers of 256 bits, none packed. A ghost has the functions of its
/// market and carries them out on these, in its own words; it reverts where the market should, with the same error. It never
/// asks the market anything. Arithmetic that has tests of its own comes from the libraries.
abstract contract GhostBooks {
    struct Held {
        uint256 debtShares;
        uint256 collateral;
    }

    uint256 internal constant WAD = 1e18;

    Subject internal subject;
    Wallets internal wallets;

    uint256 internal _index = WAD;
    uint256 internal _rateAtTarget = AdaptiveCurve.INITIAL_RATE_AT_TARGET;
    uint256 internal _lastAccrual = block.timestamp;

    uint256 internal _cash;
    uint256 internal _debtShares;
    uint256 internal _collateral;
    mapping(address account => Held) internal _positions;
    mapping(address account => mapping(address operator => bool)) internal _operators;

    /// @dev Of all lenders and of the market itself, whose balance is the buffer.
    mapping(address account => uint256) internal _shares;
    uint256 internal _totalShares;
    uint256 internal _lastTotalAssets;
    uint256 internal _pendingFees;

    // Of the present transaction only.
    address internal transient _caller;
    bool internal transient _hasAddedDebt;
    bool internal transient _hasTakenCollateral;
    bool internal transient _hasLenderLeft;
    uint256 internal transient _newDebt;

    constructor(Subject memory subject_, Wallets wallets_) {
        (subject, wallets) = (subject_, wallets_);
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

    /// @dev Interest at the average rate since the last time, by an exponential, rounded up; none while nothing is borrowed.
    function _accrued() internal view returns (uint256 index, uint256 rateAtTarget) {
        uint256 elapsed = block.timestamp - _lastAccrual;
        if (elapsed == 0 || _debtShares == 0) return (_index, _rateAtTarget);
        int256 err = AdaptiveCurve.utilizationError(LeverageMath.debtDown(_debtShares, _index), _cash);
        uint256 average;
        (rateAtTarget, average) = AdaptiveCurve.adapt(_rateAtTarget, err, elapsed);
        // The index stops where its 96 bits do; e^60 takes any beyond.
        uint256 exponent = Math.min(AdaptiveCurve.borrowRate(average, err) * elapsed, 60 * WAD);
        uint256 growth = Exponential.exp(int256(exponent)) - WAD;
        index = Math.min(_index + Math.ceilDiv(_index * growth, WAD), type(uint96).max);
    }

    function _assetsAt(uint256 index) internal view returns (uint256) {
        return _cash + LeverageMath.debtDown(_debtShares, index);
    }

    function _checkReceiver(address receiver) internal view {
        if (receiver == address(0) || receiver == subject.market) revert ILeverageMarket.InvalidReceiver(receiver);
    }

    function _checkCash(uint256 requested) internal view {
        if (requested > _cash) revert ILeverageMarket.InsufficientCash(_cash, requested);
    }

    function _usable(uint256 price) internal pure returns (uint256) {
        if (price == 0 || price >= 2 ** 192) revert ILeverageMarket.InvalidPrice(price);
        return price;
    }
}
