// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {Exponential} from "../libraries/Exponential.sol";
import {PoolObservations} from "./libraries/PoolObservations.sol";

/// @title UniswapV3TwapOracle
/// @notice The time-weighted geometric mean price of a Uniswap v3 pool over a short window.
/// @dev A long window is dearer to push, but lags a crash by tens of percent, and so blocks the liquidations that matter.
/// A pool counts in token units, as `IPriceOracle` does: no decimals here. Within a part in 10^15 of `1.0001^(mean tick)`, the
/// fraction of the tick included, down to prices of 10^15 (1e-36 loan token units per collateral token unit).
/// Nothing that happens in the pool in the same second moves the answer.
contract UniswapV3TwapOracle is IPriceOracle {
    /// @dev ln(1.0001), times 1e27.
    int256 private constant LN_TICK_RAY = 99_995_000_333_308_335_333_167;

    /// @notice Observations that one call adds room for at the most: some 22,300 gas each, so less than nine million, where a
    /// transaction may have 2^24.
    uint256 public constant MAX_GROWTH = 400;

    /// @notice The pool whose price it tells.
    IUniswapV3Pool public immutable pool;

    /// @notice Seconds.
    uint32 public immutable window;

    /// @notice Least harmonic mean over the window of the pool's liquidity in use. Below it moving the price costs too little: a
    /// deserted pool can be pushed to its last tick for nothing. It doesn't tell whose liquidity it is, nor how wide: a pool that
    /// was pushed beyond everybody's ranges meets it with a narrow position of the attacker's own.
    uint128 public immutable minLiquidity;

    /// @notice Observations that the pool has to keep room for: one for each block that a window can hold, and one before.
    uint16 public immutable observations;

    /// @notice Whether the collateral token is the pool's token0.
    bool public immutable collateralIsToken0;

    error InvalidWindow(uint32 window);
    error InvalidMinLiquidity(uint128 minLiquidity);
    error InvalidBlockTime(uint32 blockTime);
    /// @notice The pool isn't one of these two tokens.
    error WrongPool(IUniswapV3Pool pool, address loanToken, address collateralToken);
    /// @notice The pool's observations don't reach back that far: it is young, or has more swaps than room for them.
    error WindowNotServed(IUniswapV3Pool pool, uint32 window);
    error LiquidityTooLow(IUniswapV3Pool pool, uint256 liquidity, uint256 minLiquidity);

    /// @notice Makes the pool keep as many observations as the window can hold, or `MAX_GROWTH` more than it does: `grow` goes
    /// on from there. New ones fill as swaps come; until then the pool may not serve the window.
    /// @param loanToken Token in which prices are.
    /// @param collateralToken Token that is priced.
    /// @param pool_ An initialized pool of the two.
    /// @param window_ Seconds; half a minute to half an hour. The mean of less is moved by whoever sets the price of two blocks.
    /// @param minLiquidity_ As the pool counts liquidity; above zero.
    /// @param blockTime Least number of seconds between two blocks of the chain: 12, say; 1 covers every chain.
    constructor(
        address loanToken,
        address collateralToken,
        IUniswapV3Pool pool_,
        uint32 window_,
        uint128 minLiquidity_,
        uint32 blockTime
    ) {
        if (window_ < 30 seconds || window_ > 30 minutes) revert InvalidWindow(window_);
        if (minLiquidity_ == 0) revert InvalidMinLiquidity(minLiquidity_);
        if (blockTime == 0 || blockTime > window_) revert InvalidBlockTime(blockTime);
        (address token0, address token1) = (pool_.token0(), pool_.token1());
        bool isToken0 = collateralToken == token0;
        if ((isToken0 ? token1 : token0) != loanToken || (isToken0 ? token0 : token1) != collateralToken) {
            revert WrongPool(pool_, loanToken, collateralToken);
        }
        (pool, window, minLiquidity, collateralIsToken0) = (pool_, window_, minLiquidity_, isToken0);
        uint16 needed = uint16(Math.ceilDiv(window_, blockTime) + 1);
        observations = needed;
        _grow(pool_, needed);
    }

    /// @notice Makes the pool keep `MAX_GROWTH` more observations, up to `observations`; nothing if it has room for them. For
    /// windows that need more room than a transaction has gas for. Anyone may call it, and pays for it.
    function grow() external {
        _grow(pool, observations);
    }

    /// @inheritdoc IPriceOracle
    /// @dev Errors: {WindowNotServed}, {LiquidityTooLow}.
    function prices() external view returns (uint256 openPrice, uint256 liquidationPrice) {
        uint256 perWindow = observations - 1;
        (bool served, int256 ticks, uint256 secondsPerLiquidity) = PoolObservations.sumsOf(pool, window, perWindow);
        if (!served) revert WindowNotServed(pool, window);
        // The harmonic mean, rounded down.
        uint256 liquidity = (uint256(window) << 128) / secondsPerLiquidity;
        if (liquidity < minLiquidity) revert LiquidityTooLow(pool, liquidity, minLiquidity);
        int256 exponent = ((collateralIsToken0 ? ticks : -ticks) * LN_TICK_RAY) / (int256(uint256(window)) * 1e9);
        // By the reciprocal below one, where the exponential has too few digits. Ticks are within 887,272: e^89 at the most.
        uint256 price = exponent < 0 ? 1e54 / Exponential.exp(-exponent) : Exponential.exp(exponent) * 1e18;
        return (price, price);
    }

    function _grow(IUniswapV3Pool pool_, uint256 needed) private {
        (, , , , uint16 room, , ) = pool_.slot0();
        // Does nothing if there is room already.
        pool_.increaseObservationCardinalityNext(uint16(Math.min(needed, room + MAX_GROWTH)));
    }
}
