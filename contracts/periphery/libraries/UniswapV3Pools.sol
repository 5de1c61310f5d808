// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title UniswapV3Pools
/// @notice Addresses of the pools of a Uniswap v3 factory.
library UniswapV3Pools {
    /// @dev keccak256 of the creation code of `UniswapV3Pool` as @uniswap/v3-core 1.0.1 publishes
    /// it.
    bytes32 internal constant INIT_CODE_HASH = 0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54;

    /// @notice The address of a pool, whether it exists or not. Only the factory can deploy code
    /// there, and only a pool's.
    /// @param factory The Uniswap v3 factory.
    /// @param tokenA One token, in either order.
    /// @param tokenB The other token.
    /// @param fee Fee tier, hundredths of a basis point.
    function poolAddress(address factory, address tokenA, address tokenB, uint24 fee) internal pure returns (address) {
        (address token0, address token1) = tokenA < tokenB ? (tokenA, tokenB) : (tokenB, tokenA);
        bytes32 salt = keccak256(abi.encode(token0, token1, fee));
        bytes32 hash = keccak256(abi.encodePacked(bytes1(0xff), factory, salt, INIT_CODE_HASH));
        return address(uint160(uint256(hash)));
    }
}
