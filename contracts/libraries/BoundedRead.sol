// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title BoundedRead
/// @notice Reads a contract that may do anything: its failure is an answer, it gets no more gas than a bound and no less, and
/// no more than the words asked for are copied of what it returns.
library BoundedRead {
    /// @dev The call itself, and the few steps around it.
    uint256 private constant OVERHEAD = 10_000;

    /// @notice The caller left less gas than a read may need. Without this error a caller could starve a contract that
    /// answers, and have it taken for one that does not.
    error NotEnoughGas(uint256 left, uint256 needed);

    /// @notice The first `count` words of what a call returns.
    /// @param target Anything; an account without code fails.
    /// @param data Selector and arguments.
    /// @param count Words of 32 bytes; an answer with fewer is a failure, further ones are ignored.
    /// @param gasBound The most gas that the call may use. It always has as much, or this reverts.
    /// @return success Whether the call succeeded and returned that much.
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
    /// @notice The first two words of what a function without parameters returns: `read` for those who read often, without
    /// allocating memory.
    /// @param target Anything; an account without code fails.
    /// @param selector Of the function.
    /// @param gasBound The most gas that the call may use. It always has as much, or this reverts.
    /// @return success Whether the call succeeded and returned that much.
    /// @return first Meaningless without success; likewise `second`.
    function readPair(
        address target,
        bytes4 selector,
        uint256 gasBound
    ) internal view returns (bool success, uint256 first, uint256 second) {
        _requireGas(gasBound);
        assembly ("memory-safe") {
            // In and out by the scratch space.
            mstore(0, selector)
            success := staticcall(gasBound, target, 0, 4, 0, 0x40)
            success := and(success, gt(returndatasize(), 0x3f))
            first := mload(0)
            second := mload(0x20)
        }
    }

    /// @dev A call is given 63/64 of what is left, and silently less than it was meant to have.
    function _requireGas(uint256 gasBound) private view {
        uint256 needed = gasBound + gasBound / 63 + OVERHEAD;
        if (gasleft() < needed) revert NotEnoughGas(gasleft(), needed);
    }
}
