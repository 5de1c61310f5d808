// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IUniswapV3MintCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3MintCallback.sol";
import {IUniswapV3SwapCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3SwapCallback.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";

import {TestnetOnly} from "./TestnetOnly.sol";

/// @title PoolOperator
/// @notice Adds liquidity to Uniswap v3 pools and swaps in them, with the tokens of whoever calls it (who has approved it).
/// Any contract that names itself a pool is believed, and paid what it asks for: on test money that does no harm.
contract PoolOperator is IUniswapV3MintCallback, IUniswapV3SwapCallback, TestnetOnly {
    using SafeERC20 for IERC20;

    IUniswapV3Pool private transient _pool;
    address private transient _payer;

    /// @notice A payment is asked for by someone other than the pool that is being called.
    error UnexpectedPool(address actual);

    /// @notice Adds `liquidity` between two ticks, to a position of this contract that nobody can take out again.
    function mint(
        IUniswapV3Pool pool,
        int24 tickLower,
        int24 tickUpper,
        uint128 liquidity
    ) external returns (uint256 amount0, uint256 amount1) {
        (_pool, _payer) = (pool, msg.sender);
        (amount0, amount1) = pool.mint(address(this), tickLower, tickUpper, liquidity, "");
        _pool = IUniswapV3Pool(address(0));
    }

    /// @notice Swaps until the amount is reached or the price is at the limit, as `IUniswapV3Pool.swap`.
    function swap(
        IUniswapV3Pool pool,
        bool zeroForOne,
        int256 amount,
        uint160 sqrtPriceLimitX96
    ) external returns (int256 amount0, int256 amount1) {
        (_pool, _payer) = (pool, msg.sender);
        (amount0, amount1) = pool.swap(msg.sender, zeroForOne, amount, sqrtPriceLimitX96, "");
        _pool = IUniswapV3Pool(address(0));
    }

    /// @inheritdoc IUniswapV3MintCallback
    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        _pay(amount0, amount1);
    }

    /// @inheritdoc IUniswapV3SwapCallback
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata) external {
        _pay(amount0Delta > 0 ? uint256(amount0Delta) : 0, amount1Delta > 0 ? uint256(amount1Delta) : 0);
    }

    function _pay(uint256 amount0, uint256 amount1) private {
        if (msg.sender != address(_pool)) revert UnexpectedPool(msg.sender);
        if (amount0 != 0) IERC20(_pool.token0()).safeTransferFrom(_payer, msg.sender, amount0);
        if (amount1 != 0) IERC20(_pool.token1()).safeTransferFrom(_payer, msg.sender, amount1);
    }
}
