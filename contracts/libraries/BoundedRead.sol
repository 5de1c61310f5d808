// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title BoundedRead
/// @notice Calls views of contracts that may misbehave. A failure is reported instead of passed on;
/// the callee always gets exactly the bounded gas; and only the words asked for are copied from its
/// answer.
library BoundedRead {
    /// @dev Gas for the call itself and the few steps around it.
    uint256 private constant OVERHEAD = 10_000;

    /// @notice Thrown when less gas is left than a read may need. Otherwise a caller could make a
    /// working contract look like a failing one by providing too little gas.
    /// @param left Gas left.
    /// @param needed Gas needed.
    error NotEnoughGas(uint256 left, uint256 needed);

    /// @notice The first `count` words that a call returns.
    /// @param target Any address; one without code fails.
    /// @param data Selector and arguments.
    /// @param count Words of 32 bytes; an answer with fewer is a failure, further ones are ignored.
    /// @param gasBound The most gas that the call may use. It always has as much, or this reverts.
    /// @return success Whether the call succeeded and returned at least so many words.
    /// @return words Meaningless without success.
    function read(
        address target,
        bytes memory data,
        uint256 count,
        uint256 gasBound
    ) internal view returns (bool success, uint256[] memory words) {
        words = new uint256[](count);
        _requireGas(gasBound);
        assembly ("memory-safe") {
            let size := mul(count, 0x20)
            success := staticcall(gasBound, target, add(data, 0x20), mload(data), add(words, 0x20), size)
            success := and(success, iszero(lt(returndatasize(), size)))
        }
    }

    /// @notice The first two words that a function without parameters returns. Cheaper than `read`:
    /// it allocates no memory.
    /// @param target Any address; one without code fails.
    /// @param selector Selector of the function.
    /// @param gasBound The most gas that the call may use. It always has as much, or this reverts.
    /// @return success Whether the call succeeded and returned at least two words.
    /// @return first First word, meaningless without success.
    /// @return second Second word, meaningless without success.
    function readPair(
        address target,
        bytes4 selector,
        uint256 gasBound
    ) internal view returns (bool success, uint256 first, uint256 second) {
        _requireGas(gasBound);
        assembly ("memory-safe") {
            // Call data and answer use the scratch space.
            mstore(0, selector)
            success := staticcall(gasBound, target, 0, 4, 0, 0x40)
            success := and(success, gt(returndatasize(), 0x3f))
            first := mload(0)
            second := mload(0x20)
        }
    }

    /// @dev A call gets at most 63/64 of the gas left, and silently less than stated.
    function _requireGas(uint256 gasBound) private view {
        uint256 needed = gasBound + gasBound / 63 + OVERHEAD;
        if (gasleft() < needed) revert NotEnoughGas(gasleft(), needed);
    }
}
