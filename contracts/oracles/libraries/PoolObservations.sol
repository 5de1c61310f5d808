// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {IUniswapV3PoolState} from "@uniswap/v3-core/contracts/interfaces/pool/IUniswapV3PoolState.sol";

/// @title PoolObservations
/// @notice What a Uniswap v3 pool has summed up over a window that ends now: the answer of the pool's `observe`, to the last
/// unit, at a cost that doesn't grow with the pool's room for observations.
/// @dev `observe` searches all of the room, which anyone may enlarge. But a window holds at most one observation a block, so the
/// one before it is only few back: the search starts where it is in a pool that trades in every block, and goes on by
/// interpolation. Each observation that it looks at costs some 3,500 gas.
///
/// A pool's sums overflow, and their differences are right all the same: hence the unchecked arithmetic.
library PoolObservations {
    /// @notice Sums over the seconds of the window.
    /// @param pool Anything; what doesn't answer as a pool doesn't serve the window.
    /// @param window Seconds, above zero.
    /// @param perWindow Most observations that the window holds, above zero: where the search starts. It decides about gas
    /// only.
    /// @return served Whether the pool's observations reach back that far. Without it the sums mean nothing.
    /// @return ticks Sum of the ticks.
    /// @return secondsPerLiquidity Sum of the inverse of the liquidity in use, times 2^128.
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
            // Since the newest observation the pool's tick and liquidity are what they are now, if any time has passed.
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

    /// @dev The pool's sums at the start of the window, from the two observations around it. Positions count back from the
    /// newest observation: `near` lies within the window, `far` before it, or where nothing has been observed.
    /// @param position The first one to look at.
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

                // Swaps at very uneven times mislead an interpolation: every third step halves the rest instead.
                if (!served) position = Math.min(2 * near + stride, (near + far) / 2);
                else if (steps % 3 == 0) position = (near + far) / 2;
                else position = near + ((far - near) * (window - nearAge)) / (farAge - nearAge);
            }
            if (!served) return (false, 0, 0);
            // As the pool does it. The tick between two observations is the same all the time: no part of it is lost.
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

    /// @dev A pool takes none for a liquidity of one.
    function _liquidity(IUniswapV3Pool pool) private view returns (uint256 liquidity) {
        (liquidity, , , ) = _call(pool, IUniswapV3PoolState.liquidity.selector, 0, 1);
        if (liquidity == 0) return 1;
    }

    /// @dev The first words of a view's answer, or zeros if it has no such answer. Solidity's own calls check and copy what they
    /// decode, for 300 gas each.
    /// @param count One to four; words after these mean nothing.
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
