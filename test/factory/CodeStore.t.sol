// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";

import {CodeStore} from "../../contracts/factory/CodeStore.sol";
import {Test} from "../utils/Test.sol";

contract CodeStoreTest is Test {
    bytes private constant DATA = "abcdefghijklmnopqrstuvwxyz0123456789";

    function test_Write_StoresAPartBehindAStop() public {
        assertEq(CodeStore.write(DATA, 0, 36, "whole").code, bytes.concat(hex"00", DATA));
        assertEq(CodeStore.write(DATA, 3, 4, "part").code, bytes.concat(hex"00", "defg"));
        assertEq(CodeStore.write(DATA, 35, 1, "last").code, bytes.concat(hex"00", "9"));
        assertEq(CodeStore.write(DATA, 36, 0, "nothing").code, hex"00");
    }

    function test_Write_AddressDependsOnTheCodeAndTheSalt() public {
        // Ten bytes of code that return the five bytes after them.
        bytes memory initCode = bytes.concat(hex"61000580600a3d393df3", hex"00", "defg");
        assertEq(
            CodeStore.write(DATA, 3, 4, "salt"),
            vm.computeCreate2Address("salt", keccak256(initCode), address(this))
        );
    }

    function test_Write_SaltsSeparateStoresOfTheSameBytes() public {
        address first = this.write(DATA, "first");
        assertNotEq(this.write(DATA, "second"), first);
        vm.expectRevert(abi.encodeWithSelector(Errors.FailedDeployment.selector));
        this.write(DATA, "first");
    }

    function test_Write_CallsOfAStoreStopAtOnce() public {
        // The part itself would revert: 60 00 80 fd.
        address stored = CodeStore.write(hex"600080fd", 0, 4, "salt");
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory answer) = stored.call(hex"12345678");
        assertTrue(success);
        assertEq(answer, "");
    }

    function test_Write_SendsNoValue() public {
        assertGt(address(this).balance, 0);
        assertEq(CodeStore.write(DATA, 0, 36, "salt").balance, 0);
    }

    function test_Read_TwoStoresInOrder() public {
        address first = CodeStore.write(DATA, 0, 7, "first");
        address second = CodeStore.write(DATA, 7, 29, "second");
        address empty = CodeStore.write(DATA, 0, 0, "empty");
        assertEq(CodeStore.read(first, second), DATA);
        assertEq(CodeStore.read(second, first), bytes.concat("hijklmnopqrstuvwxyz0123456789", "abcdefg"));
        assertEq(CodeStore.read(empty, first), "abcdefg");
        assertEq(CodeStore.read(first, empty), "abcdefg");
    }

    function testFuzz_Read_ReturnsTheWrittenBytes(bytes memory data, uint256 middle) public {
        middle = bound(middle, 0, data.length);
        address first = CodeStore.write(data, 0, middle, "first");
        address second = CodeStore.write(data, middle, data.length - middle, "second");
        assertEq(CodeStore.read(first, second), data);
    }

    /// @dev The largest store has the size of the largest contract.
    function test_Write_StoresAsMuchAsAContractCanHold() public {
        bytes memory data = new bytes(24_575);
        (data[0], data[24_574]) = (0x01, 0x02);
        address stored = CodeStore.write(data, 0, 24_575, "salt");
        assertEq(keccak256(stored.code), keccak256(bytes.concat(hex"00", data)));
    }

    function write(bytes calldata data, bytes32 salt) external returns (address) {
        return CodeStore.write(data, 0, data.length, salt);
    }
}
