// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";

/// @title CodeStore
/// @notice Stores bytes immutably as the code of a contract.
library CodeStore {
    /// @notice Stores bytes behind a zero byte (STOP), so that a call of the contract does nothing.
    /// @param data Contains the bytes.
    /// @param start Index of the first byte to store.
    /// @param length Number of bytes.
    /// @param salt Tells apart stores of the same bytes by the same contract.
    /// @return Address of the store.
    function write(bytes memory data, uint256 start, uint256 length, bytes32 salt) internal returns (address) {
        bytes memory part = new bytes(length);
        assembly ("memory-safe") {
            mcopy(add(part, 32), add(add(data, 32), start), length)
        }
        // PUSH2 size, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURNDATASIZE, RETURN: returns the
        // bytes after these ten.
        return
            Create2.deploy(0, salt, abi.encodePacked(hex"61", uint16(length + 1), hex"80600a3d393df3", hex"00", part));
    }

    /// @notice Reads the bytes of two stores, one after the other.
    /// @param first Address of the first store.
    /// @param second Address of the second store.
    function read(address first, address second) internal view returns (bytes memory data) {
        uint256 firstLength = first.code.length - 1;
        uint256 secondLength = second.code.length - 1;
        data = new bytes(firstLength + secondLength);
        assembly ("memory-safe") {
            extcodecopy(first, add(data, 32), 1, firstLength)
            extcodecopy(second, add(add(data, 32), firstLength), 1, secondLength)
        }
    }
}
