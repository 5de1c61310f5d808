// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";

import {PoolQuery, PoolView, Reading, ViewCall} from "../types/ReaderTypes.sol";

/// @title StateReader
/// @notice Reads the views of several contracts, and the liquidity of a Uniswap v3 pool, in one
/// `eth_call`.
/// @dev Never deployed: a client sends its creation code in an `eth_call` without a receiver, and
/// takes what the constructor returns in place of a contract's code. So it needs nobody to have
/// deployed a reader on the chain, and all that it tells is of one block. What it returns may be no
/// longer than the code of a contract, 24,576 bytes (EIP-170).
contract StateReader {
    /// @dev Returns
    /// `abi.encode(block time, chain id, balance of the account, Reading[], PoolView)`: see
    /// `ReaderTypes`.
    /// @param account Whose balance of the chain's coin is told; zero for nobody's.
    /// @param calls Made in this order. One that fails is a reading that says so.
    /// @param query The pool to read; a pool of zero for none.
    constructor(address account, ViewCall[] memory calls, PoolQuery memory query) {
        Reading[] memory readings = new Reading[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) readings[i] = _read(calls[i], readings);
        PoolView memory pool;
        if (query.pool.code.length != 0) pool = _pool(query);
        bytes memory all = abi.encode(block.timestamp, block.chainid, account.balance, readings, pool);
        assembly ("memory-safe") {
            return(add(all, 32), mload(all))
        }
    }

    function _read(ViewCall memory call, Reading[] memory readings) private view returns (Reading memory reading) {
        address target = call.target;
        if (target == address(0)) {
            bytes memory answer = readings[call.targetIn].answer;
            if (answer.length < 32) return reading;
            target = address(uint160(uint256(bytes32(answer))));
        }
        // solhint-disable-next-line avoid-low-level-calls
        (reading.success, reading.answer) = target.staticcall(call.data);
        // An account without code succeeds in saying nothing.
        if (target.code.length == 0) reading.success = false;
    }

    function _pool(PoolQuery memory query) private view returns (PoolView memory shown) {
        IUniswapV3Pool pool = IUniswapV3Pool(query.pool);
        (shown.sqrtPriceX96, shown.tick, , , , , ) = pool.slot0();
        shown.liquidity = pool.liquidity();
        shown.tickSpacing = pool.tickSpacing();
        shown.lowest = shown.tick;
        shown.highest = shown.tick;

        uint256[] memory ticks = new uint256[](2 * query.ticksPerSide);
        int24 word = int24(_compressed(shown.tick, shown.tickSpacing) >> 8);
        uint256 below = _ticksBelow(pool, shown, query, word, ticks);
        uint256 all = _ticksAbove(pool, shown, query, word, ticks, below);
        assembly ("memory-safe") {
            mstore(ticks, all)
        }
        shown.ticks = ticks;
    }

    /// @dev Ticks at or below the price, word by word away from it. Sets `lowest`: all ticks from
    /// there on have been seen.
    function _ticksBelow(
        IUniswapV3Pool pool,
        PoolView memory shown,
        PoolQuery memory query,
        int24 word,
        uint256[] memory ticks
    ) private view returns (uint256 count) {
        int24 spacing = shown.tickSpacing;
        int24 start = _compressed(shown.tick, spacing);
        for (uint256 i = 0; i < query.wordsPerSide && count < query.ticksPerSide; ++i) {
            uint256 bits = pool.tickBitmap(int16(word));
            int24 last = word * 256;
            for (int24 index = i == 0 ? start : last + 255; index >= last; --index) {
                if ((bits >> uint24(index - last)) & 1 == 1) {
                    if (count == query.ticksPerSide) return count;
                    ticks[count] = _tick(pool, index * spacing);
                    ++count;
                }
                shown.lowest = index * spacing;
            }
            --word;
        }
    }

    /// @dev Ticks above the price, likewise. Sets `highest`: all ticks up to there have been seen.
    function _ticksAbove(
        IUniswapV3Pool pool,
        PoolView memory shown,
        PoolQuery memory query,
        int24 word,
        uint256[] memory ticks,
        uint256 count
    ) private view returns (uint256) {
        int24 spacing = shown.tickSpacing;
        int24 start = _compressed(shown.tick, spacing) + 1;
        uint256 most = count + query.ticksPerSide;
        // The price may be in the last tick of its word.
        if (start == (word + 1) * 256) ++word;
        for (uint256 i = 0; i < query.wordsPerSide && count < most; ++i) {
            uint256 bits = pool.tickBitmap(int16(word));
            int24 first = word * 256;
            for (int24 index = i == 0 ? start : first; index < first + 256; ++index) {
                if ((bits >> uint24(index - first)) & 1 == 1) {
                    if (count == most) return count;
                    ticks[count] = _tick(pool, index * spacing);
                    ++count;
                }
                shown.highest = index * spacing;
            }
            ++word;
        }
        return count;
    }

    /// @dev A tick in the upper half, its net liquidity in the lower, each with its sign.
    function _tick(IUniswapV3Pool pool, int24 tick) private view returns (uint256) {
        (, int128 liquidityNet, , , , , , ) = pool.ticks(tick);
        return (uint256(int256(tick)) << 128) | uint128(liquidityNet);
    }

    /// @dev The tick in units of the spacing, rounded down.
    function _compressed(int24 tick, int24 spacing) private pure returns (int24 compressed) {
        compressed = tick / spacing;
        if (tick < 0 && tick % spacing != 0) --compressed;
    }
}
