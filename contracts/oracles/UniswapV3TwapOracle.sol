// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {Exponential} from "../libraries/Exponential.sol";
import {PoolObservations} from "./libraries/PoolObservations.sol";

/// @title UniswapV3TwapOracle
/// @notice The time-weighted geometric mean price of a Uniswap v3 pool over a short window.
/// @dev A long window costs more to manipulate, but lags behind a crash by tens of percent and so
/// delays the liquidations that matter. A pool counts in token units, as `IPriceOracle` does, so
/// decimals play no role. The price is within one part in 10^15 of `1.0001^(mean tick)`, with a
/// fractional mean tick, for prices from 10^15 on (1e-36 loan token units per collateral token
/// unit). A swap does not change the answer in the same second.
contract UniswapV3TwapOracle is IPriceOracle {
    /// @dev ln(1.0001), times 1e27.
    int256 private constant LN_TICK_RAY = 99_995_000_333_308_335_333_167;

    /// @notice Most observations that one call adds to the pool: about 22,300 gas each, so below
    /// nine million of the 2^24 gas that a transaction may use.
    uint256 public constant MAX_GROWTH = 400;

    /// @notice The pool whose mean price is reported.
    IUniswapV3Pool public immutable pool;

    /// @notice Length of the averaging window, seconds.
    uint32 public immutable window;

    /// @notice Least harmonic mean of the pool's active liquidity over the window. Below it, moving
    /// the price costs too little: an empty pool can be moved to its last tick for free. It does
    /// not tell who provides the liquidity or over which range: an attacker who moves the price
    /// beyond all ranges can reach it with a narrow position of their own.
    uint128 public immutable minLiquidity;

    /// @notice Observations that the pool must store: one for each block of a window, and one
    /// before.
    uint16 public immutable observations;

    /// @notice Whether the collateral token is the pool's token0.
    bool public immutable collateralIsToken0;

    /// @notice Thrown at creation when the window is below half a minute or above half an hour.
    /// @param window Seconds.
    error InvalidWindow(uint32 window);

    /// @notice Thrown at creation when the least liquidity is zero.
    /// @param minLiquidity In the pool's units of liquidity.
    error InvalidMinLiquidity(uint128 minLiquidity);

    /// @notice Thrown at creation when the block time is zero or above the window.
    /// @param blockTime Seconds.
    error InvalidBlockTime(uint32 blockTime);

    /// @notice Thrown at creation when the pool does not trade these two tokens.
    /// @param pool The pool.
    /// @param loanToken The loan token.
    /// @param collateralToken The collateral token.
    error WrongPool(IUniswapV3Pool pool, address loanToken, address collateralToken);

    /// @notice Thrown when the pool's observations do not cover the window: the pool is too young,
    /// or had more swaps than it stores.
    /// @param pool The pool.
    /// @param window Seconds.
    error WindowNotServed(IUniswapV3Pool pool, uint32 window);

    /// @notice Thrown when the mean liquidity is below the least one.
    /// @param pool The pool.
    /// @param liquidity Harmonic mean over the window, in the pool's units of liquidity.
    /// @param minLiquidity Least liquidity.
    error LiquidityTooLow(IUniswapV3Pool pool, uint256 liquidity, uint256 minLiquidity);

    /// @notice Lets the pool store as many observations as the window needs, but at most
    /// `MAX_GROWTH` more than now; `grow` continues from there. They fill with the following swaps;
    /// until then the pool may not cover the window.
    /// @param loanToken Token in which prices are quoted.
    /// @param collateralToken Token that is priced.
    /// @param pool_ An initialized pool of both tokens.
    /// @param window_ Seconds, half a minute to half an hour. Whoever sets the price of two blocks
    /// can move the mean of a shorter one.
    /// @param minLiquidity_ Least mean liquidity, in the pool's units, above zero.
    /// @param blockTime Least number of seconds between two blocks of the chain, for example 12; 1
    /// covers every chain.
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

    /// @notice Lets the pool store `MAX_GROWTH` more observations, up to `observations`; does
    /// nothing if it already does. For windows that need more observations than one transaction has
    /// gas for. Anyone may call it and pays for it.
    function grow() external {
        _grow(pool, observations);
    }

    /// @inheritdoc IPriceOracle
    /// @dev Errors: {WindowNotServed}, {LiquidityTooLow}.
    function prices() external view returns (uint256 openPrice, uint256 liquidationPrice) {
        uint256 perWindow = observations - 1;
        (bool served, int256 ticks, uint256 secondsPerLiquidity) = PoolObservations.sumsOf(pool, window, perWindow);
        if (!served) revert WindowNotServed(pool, window);
        // Harmonic mean, rounded down.
        uint256 liquidity = (uint256(window) << 128) / secondsPerLiquidity;
        if (liquidity < minLiquidity) revert LiquidityTooLow(pool, liquidity, minLiquidity);
        int256 exponent = ((collateralIsToken0 ? ticks : -ticks) * LN_TICK_RAY) / (int256(uint256(window)) * 1e9);
        // Below one, use the reciprocal, because the exponential has too few digits there. Ticks
        // are within 887,272: at most e^89.
        uint256 price = exponent < 0 ? 1e54 / Exponential.exp(-exponent) : Exponential.exp(exponent) * 1e18;
        return (price, price);
    }

    function _grow(IUniswapV3Pool pool_, uint256 needed) private {
        (, , , , uint16 room, , ) = pool_.slot0();
        // The pool ignores a number below its present one.
        pool_.increaseObservationCardinalityNext(uint16(Math.min(needed, room + MAX_GROWTH)));
    }
}
