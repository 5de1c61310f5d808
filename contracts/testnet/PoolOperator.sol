// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IUniswapV3MintCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3MintCallback.sol";
import {IUniswapV3SwapCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3SwapCallback.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";

import {TestnetOnly} from "./TestnetOnly.sol";

/// @title PoolOperator
/// @notice Adds liquidity to Uniswap v3 pools and swaps in them, with tokens of the caller, who has
/// approved it. It trusts every contract that is named as a pool and pays what it asks for; with
/// test tokens that does no harm.
contract PoolOperator is IUniswapV3MintCallback, IUniswapV3SwapCallback, TestnetOnly {
    using SafeERC20 for IERC20;

    IUniswapV3Pool private transient _pool;
    address private transient _payer;

    /// @notice Thrown when a payment is asked for by another address than the pool that is being
    /// called.
    /// @param actual The other address.
    error UnexpectedPool(address actual);

    /// @notice Adds liquidity to a position of this contract, which nobody can withdraw.
    /// @param pool The pool.
    /// @param tickLower Lower tick of the range.
    /// @param tickUpper Upper tick of the range.
    /// @param liquidity In the pool's units of liquidity.
    /// @return amount0 Units of the pool's token0 paid.
    /// @return amount1 Units of the pool's token1 paid.
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

    /// @notice Swaps until the amount or the price limit is reached, as `IUniswapV3Pool.swap`.
    /// @param pool The pool.
    /// @param zeroForOne True to sell token0, false to sell token1.
    /// @param amount Positive: units to sell. Negative: units to buy.
    /// @param sqrtPriceLimitX96 Price at which the swap stops.
    /// @return amount0 Units of token0 paid (positive) or received (negative).
    /// @return amount1 Units of token1 paid (positive) or received (negative).
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
    /// @param amount0 Units of the pool's token0 to pay.
    /// @param amount1 Units of the pool's token1 to pay.
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
