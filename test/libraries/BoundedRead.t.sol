// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {BoundedRead} from "../../contracts/libraries/BoundedRead.sol";
import {OddSource} from "../../contracts/mocks/OddSource.sol";
import {Test} from "../utils/Test.sol";

/// @notice Returns the length of its calldata, the calldata, and the gas that it received.
contract Echo {
    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        assembly ("memory-safe") {
            let given := gas()
            let answer := mload(0x40)
            mstore(answer, calldatasize())
            calldatacopy(add(answer, 0x20), 0, calldatasize())
            mstore(add(answer, add(0x20, calldatasize())), given)
            return(answer, add(0x40, calldatasize()))
        }
    }
}

/// @notice Returns a given number of bytes of 0xff.
contract Ones {
    uint256 private immutable LENGTH;

    constructor(uint256 length) {
        LENGTH = length;
    }

    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        uint256 length = LENGTH;
        assembly ("memory-safe") {
            let answer := mload(0x40)
            for {
                let i := 0
            } lt(i, length) {
                i := add(i, 0x20)
            } {
                mstore(add(answer, i), not(0))
            }
            return(answer, length)
        }
    }
}

contract BoundedReadTest is Test {
    uint256 private constant GAS = 100_000;
    /// @dev Two words of arguments without a selector, so that each word of the echo is one of
    /// them.
    bytes private data = abi.encode(uint256(11), uint256(13));

    address private echo = address(new Echo());
    OddSource private odd = new OddSource(7);

    function test_Read_PassesTheWholeCallAndReturnsTheFirstWords() public view {
        for (uint256 count = 0; count <= 4; ++count) {
            (bool success, uint256[] memory words) = BoundedRead.read(echo, data, count, GAS);
            assertTrue(success);
            assertEq(words.length, count);
            if (count > 0) assertEq(words[0], 64);
            if (count > 1) assertEq(words[1], 11);
            if (count > 2) assertEq(words[2], 13);
            if (count > 3) checkGas(words[3]);
        }
    }

    function test_Read_FailsWithFewerWords() public view {
        (bool success, ) = BoundedRead.read(echo, data, 5, GAS);
        assertFalse(success);
        (success, ) = BoundedRead.read(echo, new bytes(31), 3, GAS);
        assertFalse(success);
        (success, ) = BoundedRead.read(echo, new bytes(32), 3, GAS);
        assertTrue(success);
    }

    function test_Read_FailsWithoutCodeOrByARevert() public {
        (bool success, ) = BoundedRead.read(makeAddr("nobody"), data, 1, GAS);
        assertFalse(success);
        odd.setKind(OddSource.Kind.Reverting);
        (success, ) = BoundedRead.read(address(odd), data, 0, GAS);
        assertFalse(success);
    }

    function test_Read_LeavesMemoryBehindItsWordsUnchanged() public view {
        (bool success, uint256[] memory words) = BoundedRead.read(echo, data, 2, GAS);
        uint256[] memory next = new uint256[](2);
        assertTrue(success);
        assertEq(words[0] + words[1], 75);
        assertEq(next.length + next[0] + next[1], 2);
    }

    function test_Read_UsesNoMoreThanTheBound() public {
        odd.setKind(OddSource.Kind.Endless);
        uint256 before = gasleft();
        (bool success, ) = BoundedRead.read(address(odd), data, 1, GAS);
        assertFalse(success);
        uint256 used = before - gasleft();
        assertGe(used, GAS);
        assertLt(used, GAS + 30_000);
    }

    function test_ReadPair_SendsTheSelectorAlone() public view {
        (bool success, uint256 first, uint256 second) = BoundedRead.readPair(echo, bytes4(0x01020304), GAS);
        assertTrue(success);
        assertEq(first, 4);
        // The selector, and the first 28 bytes of the gas, which are zero.
        assertEq(second, uint256(bytes32(bytes4(0x01020304))));
    }

    function test_ReadPair_FailsWithLessThanTwoWords() public {
        (bool success, , ) = BoundedRead.readPair(address(new Ones(63)), bytes4(0), GAS);
        assertFalse(success);
        uint256 first;
        uint256 second;
        (success, first, second) = BoundedRead.readPair(address(new Ones(64)), bytes4(0), GAS);
        assertTrue(success);
        assertEq(first & second, type(uint256).max);
    }

    function test_ReadPair_LeavesTheFreeMemoryPointerUnchanged() public {
        address long = address(new Ones(96));
        (bool success, , ) = BoundedRead.readPair(long, bytes4(0), GAS);
        bytes memory next = new bytes(32);
        assertTrue(success);
        assertEq(next.length, 32);
    }

    function test_Read_RevertWhen_GasIsLessThanTheBoundNeeds() public {
        vm.expectPartialRevert(BoundedRead.NotEnoughGas.selector);
        this.read{gas: GAS + GAS / 63 + 9_000}(echo, data, 4, GAS);
        (bool success, uint256[] memory words) = this.read{gas: GAS + GAS / 63 + 40_000}(echo, data, 4, GAS);
        assertTrue(success);
        checkGas(words[3]);
    }

    function read(
        address target,
        bytes memory call,
        uint256 count,
        uint256 gasBound
    ) external view returns (bool, uint256[] memory) {
        return BoundedRead.read(target, call, count, gasBound);
    }

    /// @dev The whole bound, less the steps before the callee reads its gas.
    function checkGas(uint256 given) private pure {
        assertLe(given, GAS);
        assertGt(given, GAS - 100);
    }
}
