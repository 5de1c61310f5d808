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
        // A call is given 63/64 of what is left, and silently less than it was meant to have.
        uint256 needed = gasBound + gasBound / 63 + OVERHEAD;
        if (gasleft() < needed) revert NotEnoughGas(gasleft(), needed);
        assembly ("memory-safe") {
            let size := mul(count, 0x20)
            success := staticcall(gasBound, target, add(data, 0x20), mload(data), add(words, 0x20), size)
            success := and(success, iszero(lt(returndatasize(), size)))
        }
    }
}
