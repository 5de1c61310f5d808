// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Vm, VM_ADDRESS} from "./Vm.sol";

/// @dev Assertions, one per line: the cheatcodes of the same names, without `vm.`.
// prettier-ignore
abstract contract Assertions {
    Vm internal constant vm = Vm(VM_ADDRESS);

    function assertTrue(bool ok) internal pure { vm.assertTrue(ok); }
    function assertTrue(bool ok, string memory why) internal pure { vm.assertTrue(ok, why); }
    function assertFalse(bool ok) internal pure { vm.assertFalse(ok); }
    function assertEq(uint256 a, uint256 b) internal pure { vm.assertEq(a, b); }
    function assertEq(uint256 a, uint256 b, string memory why) internal pure { vm.assertEq(a, b, why); }
    function assertEq(int256 a, int256 b) internal pure { vm.assertEq(a, b); }
    function assertEq(address a, address b) internal pure { vm.assertEq(a, b); }
    function assertEq(bytes32 a, bytes32 b) internal pure { vm.assertEq(a, b); }
    function assertEq(bytes32 a, bytes32 b, string memory why) internal pure { vm.assertEq(a, b, why); }
    function assertEq(string memory a, string memory b) internal pure { vm.assertEq(a, b); }
    function assertEq(string memory a, string memory b, string memory why) internal pure { vm.assertEq(a, b, why); }
    function assertEq(bytes memory a, bytes memory b) internal pure { vm.assertEq(a, b); }
    function assertNotEq(address a, address b) internal pure { vm.assertNotEq(a, b); }
    function assertLt(uint256 a, uint256 b) internal pure { vm.assertLt(a, b); }
    function assertLe(uint256 a, uint256 b) internal pure { vm.assertLe(a, b); }
    function assertLe(uint256 a, uint256 b, string memory why) internal pure { vm.assertLe(a, b, why); }
    function assertLe(int256 a, int256 b) internal pure { vm.assertLe(a, b); }
    function assertGt(uint256 a, uint256 b) internal pure { vm.assertGt(a, b); }
    function assertGt(uint256 a, uint256 b, string memory why) internal pure { vm.assertGt(a, b, why); }
    function assertGe(uint256 a, uint256 b) internal pure { vm.assertGe(a, b); }
    function assertGe(uint256 a, uint256 b, string memory why) internal pure { vm.assertGe(a, b, why); }
    function assertApproxEqAbs(uint256 a, uint256 b, uint256 d) internal pure { vm.assertApproxEqAbs(a, b, d); }
    function assertApproxEqAbs(uint256 a, uint256 b, uint256 d, string memory why) internal pure {
        vm.assertApproxEqAbs(a, b, d, why);
    }
    function assertApproxEqAbs(int256 a, int256 b, uint256 d) internal pure { vm.assertApproxEqAbs(a, b, d); }
    function assertApproxEqRel(uint256 a, uint256 b, uint256 d) internal pure { vm.assertApproxEqRel(a, b, d); }
    function assertApproxEqRel(uint256 a, uint256 b, uint256 d, string memory why) internal pure {
        vm.assertApproxEqRel(a, b, d, why);
    }
}

/// @notice Base of every Solidity test, instead of forge-std's: the npm registry, the source of all
/// dependencies, has no maintained package of forge-std (the package of that name is unofficial and
/// ended at 1.1.2).
abstract contract Test is Assertions {
    /// @notice Maps any fuzz input into [min, max], such that every value of the range is
    /// reachable; values inside stay the same.
    function bound(uint256 value, uint256 min, uint256 max) internal pure returns (uint256) {
        vm.assertLe(min, max, "bound: min > max");
        if (value >= min && value <= max) return value;
        uint256 size;
        unchecked {
            size = max - min + 1; // zero for the full range, which returned above
        }
        return min + (value % size);
    }

    /// @notice The same for signed values: with the sign bit flipped, two's complement keeps their
    /// order.
    function bound(int256 value, int256 min, int256 max) internal pure returns (int256) {
        uint256 flip = 1 << 255;
        return int256(bound(uint256(value) ^ flip, uint256(min) ^ flip, uint256(max) ^ flip) ^ flip);
    }

    /// @notice A labelled account with a known private key.
    function makeAccount(string memory name) internal returns (address account, uint256 privateKey) {
        privateKey = uint256(keccak256(bytes(name)));
        account = vm.addr(privateKey);
        vm.label(account, name);
    }

    /// @notice A labelled address.
    function makeAddr(string memory name) internal returns (address account) {
        (account, ) = makeAccount(name);
    }

    /// @notice Moves time forward, and blocks with it (12 seconds each, at least one block).
    function skipTime(uint256 duration) internal {
        vm.warp(vm.getBlockTimestamp() + duration);
        vm.roll(vm.getBlockNumber() + 1 + duration / 12);
    }

    /// @notice Deploys a contract of the protocol from its artifact ("File.sol:Name"), so with the
    /// optimized bytecode.
    function deployCode(string memory artifact, bytes memory arguments) internal returns (address deployed) {
        bytes memory initCode = bytes.concat(vm.getCode(artifact), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(initCode, 0x20), mload(initCode))
            if iszero(deployed) {
                let data := mload(0x40)
                returndatacopy(data, 0, returndatasize())
                revert(data, returndatasize())
            }
        }
    }
}
