// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {IUniswapV3PoolState} from "@uniswap/v3-core/contracts/interfaces/pool/IUniswapV3PoolState.sol";

/// @title PoolObservations
/// @notice The accumulators of a Uniswap v3 pool over a window that ends now: exactly the answer of
/// the pool's `observe`, at a cost that does not grow with the number of observations that the pool
/// stores.
/// @dev `observe` searches all stored observations, and anyone may increase their number. But a
/// window contains at most one observation per block, so the last one before it is close to the
/// newest: the search starts at its position in a pool that trades in every block, and continues by
/// interpolation. Each observation that it reads costs about 3,500 gas.
///
/// A pool's accumulators overflow, but their differences are right: hence the unchecked arithmetic.
library PoolObservations {
    /// @notice Sums over the seconds of the window.
    /// @param pool Any address; one that does not answer like a pool does not cover the window.
    /// @param window Seconds, above zero.
    /// @param perWindow Most observations in a window, above zero: the search starts there. It
    /// influences gas only.
    /// @return served Whether the pool's observations cover the window. If not, the sums are
    /// meaningless.
    /// @return ticks Sum of the ticks.
    /// @return secondsPerLiquidity Sum of the inverse of the active liquidity, times 2^128.
    function sumsOf(
        IUniswapV3Pool pool,
        uint256 window,
        uint256 perWindow
    ) internal view returns (bool served, int256 ticks, uint256 secondsPerLiquidity) {
        unchecked {
            (, uint256 tickWord, uint256 index, uint256 room) = _call(pool, IUniswapV3PoolState.slot0.selector, 0, 4);
            int256 tick = int256(tickWord);
            (uint256 age, int256 newestTicks, uint256 newestSeconds, bool exists) = _observation(pool, index);
            if (!exists) return (false, 0, 0);
            // Since the newest observation, tick and liquidity have been the present ones, if any
            // time has passed.
            uint256 liquidity = age == 0 ? 1 : _liquidity(pool);
            if (age >= window) {
                uint256 before = ((age - window) << 128) / liquidity;
                return (true, tick * int256(window), (age << 128) / liquidity - before);
            }
            (served, ticks, secondsPerLiquidity) = _search(
                pool,
                window,
                (perWindow * (window - age)) / window + 1,
                index,
                room,
                age,
                newestTicks,
                newestSeconds
            );
            ticks = newestTicks + tick * int256(age) - ticks;
            secondsPerLiquidity = uint160(newestSeconds + (age << 128) / liquidity - secondsPerLiquidity);
        }
    }

    /// @dev The pool's accumulators at the start of the window, from the two observations around
    /// it. Positions count back from the newest observation: `near` is within the window, `far` is
    /// before it or uninitialized.
    /// @param position Position to read first.
    function _search(
        IUniswapV3Pool pool,
        uint256 window,
        uint256 position,
        uint256 index,
        uint256 room,
        uint256 nearAge,
        int256 nearTicks,
        uint256 nearSeconds
    ) private view returns (bool served, int256 ticks, uint256 secondsPerLiquidity) {
        unchecked {
            (uint256 near, uint256 far, uint256 farAge, uint256 stride) = (0, room, 0, position);
            for (uint256 steps = 1; far - near > 1; ++steps) {
                if (position <= near) position = near + 1;
                if (position >= far) position = far - 1;
                (uint256 age, int256 ticks_, uint256 seconds_, bool exists) = _observation(
                    pool,
                    position > index ? index + room - position : index - position
                );
                if (exists && age < window) (near, nearAge, nearTicks, nearSeconds) = (position, age, ticks_, seconds_);
                else (far, farAge, ticks, secondsPerLiquidity, served) = (position, age, ticks_, seconds_, exists);

                // Swaps at very uneven times mislead the interpolation, so every third step bisects
                // instead.
                if (!served) position = Math.min(2 * near + stride, (near + far) / 2);
                else if (steps % 3 == 0) position = (near + far) / 2;
                else position = near + ((far - near) * (window - nearAge)) / (farAge - nearAge);
            }
            if (!served) return (false, 0, 0);
            // As the pool interpolates. The tick between two observations is constant, so the
            // division is exact.
            (uint256 span, uint256 left) = (farAge - nearAge, farAge - window);
            ticks += ((nearTicks - ticks) / int256(span)) * int256(left);
            secondsPerLiquidity += (uint160(nearSeconds - secondsPerLiquidity) * left) / span;
        }
    }

    /// @return age Seconds; the pool's times have 32 bits.
    /// @return ticks The pool's sum of ticks then.
    /// @return secondsPerLiquidity The pool's sum of the inverse of liquidity then.
    /// @return exists Whether anything has been observed there.
    function _observation(
        IUniswapV3Pool pool,
        uint256 slot
    ) private view returns (uint256 age, int256 ticks, uint256 secondsPerLiquidity, bool exists) {
        (uint256 time, uint256 tickWord, uint256 seconds_, uint256 initialized) = _call(
            pool,
            IUniswapV3PoolState.observations.selector,
            slot,
            4
        );
        unchecked {
            return (uint32(block.timestamp - time), int256(tickWord), seconds_, initialized != 0);
        }
    }

    /// @dev A pool counts a liquidity of zero as one.
    function _liquidity(IUniswapV3Pool pool) private view returns (uint256 liquidity) {
        (liquidity, , , ) = _call(pool, IUniswapV3PoolState.liquidity.selector, 0, 1);
        if (liquidity == 0) return 1;
    }

    /// @dev The first words of a view's answer; zeros if it fails or returns fewer words. Calls by
    /// Solidity check and copy the decoded values, which costs 300 gas each.
    /// @param count Number of words, one to four; the remaining results are meaningless.
    function _call(
        IUniswapV3Pool pool,
        bytes4 selector,
        uint256 argument,
        uint256 count
    ) private view returns (uint256 first, uint256 second, uint256 third, uint256 fourth) {
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            mstore(buffer, selector)
            mstore(add(buffer, 4), argument)
            let success := staticcall(gas(), pool, buffer, 0x24, buffer, 0x80)
            if and(success, iszero(lt(returndatasize(), shl(5, count)))) {
                first := mload(buffer)
                second := mload(add(buffer, 0x20))
                third := mload(add(buffer, 0x40))
                fourth := mload(add(buffer, 0x60))
            }
        }
    }
}
