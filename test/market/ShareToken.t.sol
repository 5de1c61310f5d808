// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {LenderVaultTest} from "../support/LenderVaultTest.sol";

/// @notice The lenders' shares as a token: ERC-20 and ERC-2612 (permit).
contract ShareTokenTest is LenderVaultTest {
    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    // ------------------------------------------------------------------ ERC-20

    function test_Transfer_MovesSharesAndEmits() public {
        vm.expectEmit(address(market));
        emit IERC20.Transfer(lender, bob, 3);
        vm.prank(lender);
        assertTrue(market.transfer(bob, 3));
        assertEq(market.balanceOf(bob), 3);
        assertEq(market.balanceOf(lender), LENT * 1e6 - 3);
        assertEq(market.totalSupply(), LENT * 1e6);
    }

    function test_Transfer_ToOneself() public {
        vm.prank(lender);
        market.transfer(lender, 3);
        assertEq(market.balanceOf(lender), LENT * 1e6);
    }

    /// @dev Only the zero address marks minting and burning.
    function test_Transfer_ToAddressOne() public {
        vm.prank(lender);
        market.transfer(address(1), 3);
        assertEq(market.balanceOf(address(1)), 3);
        vm.prank(address(1));
        market.transfer(alice, 2);
        assertEq(market.balanceOf(address(1)), 1);
    }

    function test_TransferFrom_UsesAnAllowance() public {
        vm.expectEmit(address(market));
        emit IERC20.Approval(lender, bob, 10);
        vm.prank(lender);
        assertTrue(market.approve(bob, 10));
        vm.prank(bob);
        assertTrue(market.transferFrom(lender, alice, 4));
        assertEq(market.allowance(lender, bob), 6);
        assertEq(market.balanceOf(alice), 4);
    }

    function test_TransferFrom_InfiniteAllowanceStaysInfinite() public {
        vm.prank(lender);
        market.approve(bob, type(uint256).max);
        vm.prank(bob);
        market.transferFrom(lender, alice, 4);
        assertEq(market.allowance(lender, bob), type(uint256).max);
    }

    function test_Erc20_RevertWhen_CallIsInvalid() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        vm.prank(lender);
        market.transfer(address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidSpender.selector, address(0)));
        vm.prank(lender);
        market.approve(address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, bob, 0, 1));
        vm.prank(bob);
        market.transfer(alice, 1);
        vm.prank(lender);
        market.approve(bob, 10);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, bob, 10, 11));
        vm.prank(bob);
        market.transferFrom(lender, bob, 11);
    }

    function test_Approve_RevertWhen_CallerIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidApprover.selector, address(0)));
        vm.prank(address(0));
        market.approve(alice, 1);
    }

    // ------------------------------------------------------------------ ERC-2612

    function testFuzz_Permit_SetsTheAllowance(uint256 value, uint256 lifetime) public {
        (address owner, uint256 key) = makeAccount("owner");
        uint256 deadline = vm.getBlockTimestamp() + bound(lifetime, 0, 1000 days);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, permitDigest(owner, bob, value, 0, deadline));
        vm.expectEmit(address(market));
        emit IERC20.Approval(owner, bob, value);
        market.permit(owner, bob, value, deadline, v, r, s);
        assertEq(market.allowance(owner, bob), value);
        assertEq(market.nonces(owner), 1);
    }

    function test_Permit_RevertWhen_UsedTwice() public {
        (address owner, uint256 key) = makeAccount("owner");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, permitDigest(owner, bob, 5, 0, type(uint256).max));
        market.permit(owner, bob, 5, type(uint256).max, v, r, s);
        address signer = ecrecover(permitDigest(owner, bob, 5, 1, type(uint256).max), v, r, s);
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612InvalidSigner.selector, signer, owner));
        market.permit(owner, bob, 5, type(uint256).max, v, r, s);
    }

    function test_Permit_RevertWhen_Expired() public {
        (address owner, uint256 key) = makeAccount("owner");
        uint256 deadline = vm.getBlockTimestamp() - 1;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, permitDigest(owner, bob, 5, 0, deadline));
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612ExpiredSignature.selector, deadline));
        market.permit(owner, bob, 5, deadline, v, r, s);
    }

    function test_Permit_RevertWhen_AnotherKeySigned() public {
        (address owner, ) = makeAccount("owner");
        (address signer, uint256 key) = makeAccount("forger");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, permitDigest(owner, bob, 5, 0, type(uint256).max));
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612InvalidSigner.selector, signer, owner));
        market.permit(owner, bob, 5, type(uint256).max, v, r, s);
    }

    function test_Permit_RevertWhen_ForAnotherMarket() public {
        (address owner, uint256 key) = makeAccount("owner");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, permitDigest(owner, bob, 5, 0, type(uint256).max));
        ILeverageMarket other = newMarket("other");
        bytes32 structHash = keccak256(abi.encode(PERMIT_TYPEHASH, owner, bob, 5, 0, type(uint256).max));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", other.DOMAIN_SEPARATOR(), structHash));
        address signer = ecrecover(digest, v, r, s);
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612InvalidSigner.selector, signer, owner));
        other.permit(owner, bob, 5, type(uint256).max, v, r, s);
    }

    // ------------------------------------------------------------------ helpers

    function permitDigest(
        address owner,
        address spender,
        uint256 value,
        uint256 nonce,
        uint256 deadline
    ) private view returns (bytes32) {
        bytes32 structHash = keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, nonce, deadline));
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Cantilever COLL/LOAN"),
                keccak256("1"),
                block.chainid,
                address(market)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
