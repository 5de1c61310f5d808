// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IUniswapV3SwapCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3SwapCallback.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";

import {UniswapV3Pools} from "./libraries/UniswapV3Pools.sol";

/// @title UniswapV3Trader
/// @notice Base of contracts that swap in Uniswap v3 pools with tokens that they hold during a
/// call.
/// @dev Pays a pool only during a swap that it has started there, only in the token to sell, and at
/// most the maximum of that swap. Nothing is ever approved or pulled.
abstract contract UniswapV3Trader is IUniswapV3SwapCallback {
    using SafeERC20 for IERC20;

    /// @notice The Uniswap v3 factory whose pools are traded in.
    address public immutable uniswapFactory;

    /// @dev The pool of the swap in progress. It is a lock as well: a token's hook can't start a
    /// second swap, which could be paid with the tokens of the first one.
    address private transient _pool;

    /// @notice Thrown when there is no pool of a pair with a fee tier.
    /// @param tokenA Token to sell.
    /// @param tokenB Token to buy.
    /// @param fee Fee tier, hundredths of a basis point.
    error PoolNotFound(address tokenA, address tokenB, uint24 fee);

    /// @notice Thrown when a payment is asked for by another address than the pool of the swap in
    /// progress, or when a swap starts during another one.
    /// @param expected Pool of the swap in progress; zero if there is none.
    /// @param actual The other address.
    error UnexpectedPool(address expected, address actual);

    /// @notice Thrown when a pool asks for more than the maximum of the swap.
    /// @param needed Token units that the pool asks for.
    /// @param maximum Most token units to pay.
    error InputAboveMaximum(uint256 needed, uint256 maximum);

    /// @param uniswapFactory_ The Uniswap v3 factory whose pools are traded in.
    constructor(address uniswapFactory_) {
        uniswapFactory = uniswapFactory_;
    }

    /// @notice Pays the pool for the swap in progress. Errors: {UnexpectedPool},
    /// {InputAboveMaximum}.
    /// @dev Only the pool of that swap.
    /// @param amount0Delta Units of the pool's token0 to pay if positive.
    /// @param amount1Delta Units of the pool's token1 to pay if positive.
    /// @param data As passed to the pool: the token to sell and the most to pay.
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata data) external {
        if (msg.sender != _pool) revert UnexpectedPool(_pool, msg.sender);
        (IERC20 tokenIn, uint256 maxIn) = abi.decode(data, (IERC20, uint256));
        uint256 amountIn = uint256(amount0Delta > 0 ? amount0Delta : amount1Delta);
        if (amountIn > maxIn) revert InputAboveMaximum(amountIn, maxIn);
        // Zero if the price moves only through ranges without liquidity. Some tokens refuse a
        // transfer of zero.
        if (amountIn > 0) tokenIn.safeTransfer(msg.sender, amountIn);
    }

    /// @dev Swaps until the amount or the price limit is reached. Does nothing if the pool's price
    /// is beyond the limit already, or if the pool is not initialized.
    /// @param tokenIn Token to sell; this contract holds `maxIn` of it.
    /// @param tokenOut Token to buy.
    /// @param fee Fee tier of the pool, hundredths of a basis point.
    /// @param amount Positive: units to sell. Negative: units to buy.
    /// @param maxIn Most units to pay.
    /// @param sqrtPriceLimitX96 Price at which the swap stops: the worst price of its last unit.
    /// @param recipient Gets the bought tokens.
    /// @return sold Units of `tokenIn` sold.
    /// @return bought Units of `tokenOut` bought.
    function _swap(
        IERC20 tokenIn,
        IERC20 tokenOut,
        uint24 fee,
        int256 amount,
        uint256 maxIn,
        uint160 sqrtPriceLimitX96,
        address recipient
    ) internal returns (uint256 sold, uint256 bought) {
        address pool = UniswapV3Pools.poolAddress(uniswapFactory, address(tokenIn), address(tokenOut), fee);
        if (pool.code.length == 0) revert PoolNotFound(address(tokenIn), address(tokenOut), fee);
        if (_pool != address(0)) revert UnexpectedPool(_pool, pool);

        bool zeroForOne = address(tokenIn) < address(tokenOut);
        (uint160 sqrtPriceX96, , , , , , ) = IUniswapV3Pool(pool).slot0();
        if (sqrtPriceX96 == 0) return (0, 0);
        if (zeroForOne ? sqrtPriceX96 <= sqrtPriceLimitX96 : sqrtPriceX96 >= sqrtPriceLimitX96) return (0, 0);

        _pool = pool;
        (int256 amount0, int256 amount1) = IUniswapV3Pool(pool).swap(
            recipient,
            zeroForOne,
            amount,
            sqrtPriceLimitX96,
            abi.encode(tokenIn, maxIn)
        );
        _pool = address(0);
        return zeroForOne ? (uint256(amount0), uint256(-amount1)) : (uint256(amount1), uint256(-amount0));
    }
}
