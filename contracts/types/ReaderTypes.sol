// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice A call of a view.
/// @param target Who is called; zero for the address with which the answer of an earlier call
/// begins.
/// @param targetIn Which call that is, counted from zero, if `target` is zero.
/// @param data The call.
struct ViewCall {
    address target;
    uint256 targetIn;
    bytes data;
}

/// @notice What a call of a view answered.
/// @param success Whether it succeeded, and there is a contract that could.
/// @param answer What it returned, or reverted with.
struct Reading {
    bool success;
    bytes answer;
}

/// @notice The part of a Uniswap v3 pool that is to be read.
/// @param pool The pool; zero, or an account without code, for none.
/// @param wordsPerSide Words of the pool's bitmap, of 256 ticks that may be initialized, to look at
/// on each side of the price.
/// @param ticksPerSide Most initialized ticks to tell of on each side.
struct PoolQuery {
    address pool;
    uint256 wordsPerSide;
    uint256 ticksPerSide;
}

/// @notice The liquidity of a Uniswap v3 pool around its price.
/// @param sqrtPriceX96 The price, as the pool counts it; zero if there is no pool, or none with a
/// price.
/// @param tick The tick of the price.
/// @param liquidity In use at the price.
/// @param tickSpacing Ticks between two that may be initialized.
/// @param lowest From this tick on `ticks` has all initialized ones;
/// @param highest up to this one.
/// @param ticks Initialized ticks, first those at or below the price from the nearest on, then
/// those above it likewise; each with the tick in the upper half, its net liquidity in the lower.
struct PoolView {
    uint160 sqrtPriceX96;
    int24 tick;
    uint128 liquidity;
    int24 tickSpacing;
    int24 lowest;
    int24 highest;
    uint256[] ticks;
}
