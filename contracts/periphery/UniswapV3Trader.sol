// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IUniswapV3SwapCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3SwapCallback.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";

import {UniswapV3Pools} from "./libraries/UniswapV3Pools.sol";

/// @title UniswapV3Trader
/// @notice Base of the contracts that swap in Uniswap v3 pools with tokens they hold for the length of a call.
/// @dev Pays a pool only during a swap that it has started there, only the token that it means to sell, and no more than
/// it allowed for. Nothing is ever approved or pulled.
abstract contract UniswapV3Trader is IUniswapV3SwapCallback {
    using SafeERC20 for IERC20;

    /// @notice The Uniswap v3 factory whose pools are traded in.
    address public immutable uniswapFactory;

    /// @dev The pool that is being traded in. Also the lock that keeps a token's hook from starting a second swap, which
    /// could be paid with what the first one holds.
    address private transient _pool;

    /// @notice There is no pool of this pair with this fee.
    error PoolNotFound(address tokenA, address tokenB, uint24 fee);

    /// @notice A swap was started, or its payment asked for, by someone who has no say at this moment.
    error UnexpectedPool(address expected, address actual);

    /// @notice The pool asks for more than there is to sell.
    error InputAboveMaximum(uint256 needed, uint256 maximum);

    constructor(address uniswapFactory_) {
        uniswapFactory = uniswapFactory_;
    }

    /// @notice Pays the pool for the swap in progress.
    /// @dev Only the pool that the swap was started in.
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata data) external {
        if (msg.sender != _pool) revert UnexpectedPool(_pool, msg.sender);
        (IERC20 tokenIn, uint256 maxIn) = abi.decode(data, (IERC20, uint256));
        uint256 amountIn = uint256(amount0Delta > 0 ? amount0Delta : amount1Delta);
        if (amountIn > maxIn) revert InputAboveMaximum(amountIn, maxIn);
        // Nothing, where the price moves through ranges without liquidity. Some tokens refuse to transfer nothing.
        if (amountIn > 0) tokenIn.safeTransfer(msg.sender, amountIn);
    }

    /// @dev Swaps until the amount is reached or the pool's price is at the limit; not at all if it is beyond it already, or
    /// if the pool has no price yet.
    /// @param tokenIn What is sold; this contract holds `maxIn` of it.
    /// @param tokenOut What is bought.
    /// @param fee Fee tier of the pool, hundredths of a basis point.
    /// @param amount Above zero: how much to sell. Below zero: how much to buy.
    /// @param maxIn Most to pay.
    /// @param sqrtPriceLimitX96 Where the pool's price may go at the most: the worst price of the swap's last unit.
    /// @param recipient Gets what is bought.
    /// @return sold Units of `tokenIn`.
    /// @return bought Units of `tokenOut`.
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
