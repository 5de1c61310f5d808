// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {SignatureWallet} from "../../contracts/mocks/SignatureWallet.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";

contract OperatorByCallTest is BorrowerTest {
    function test_SetOperator_ApprovesAndRevokes() public {
        assertFalse(market.isOperator(alice, bob));

        vm.expectEmit(address(market));
        emit ILeverageMarket.OperatorSet(alice, bob, true);
        vm.prank(alice);
        market.setOperator(bob, true);
        assertTrue(market.isOperator(alice, bob));
        assertFalse(market.isOperator(bob, alice));

        vm.expectEmit(address(market));
        emit ILeverageMarket.OperatorSet(alice, bob, false);
        vm.prank(alice);
        market.setOperator(bob, false);
        assertFalse(market.isOperator(alice, bob));
    }

    function test_Operator_DoesEverythingThatTheAccountCan() public {
        open(alice, 20e18, 0);
        vm.prank(alice);
        market.setOperator(bob, true);

        vm.startPrank(bob);
        market.borrow(10_000e6, alice, bob);
        market.withdrawCollateral(1e18, alice, bob);
        market.adjust(alice, -1e18, 1_000e6, bob, 0, 0, "");
        vm.stopPrank();

        assertPosition(alice, 11_000e6, 18e18);
        assertEq(loan.balanceOf(bob), 11_000e6);
        assertEq(collateral.balanceOf(bob), 2e18);
    }

    function test_Operator_IsBoundByTheLimits() public {
        open(alice, 10e18, 0);
        vm.prank(alice);
        market.setOperator(bob, true);

        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, 16_000e6 + 1, 20_000e6, 50_000)
        );
        market.borrow(16_000e6 + 1, alice, bob);
    }

    function test_Operator_RevertWhen_Revoked() public {
        open(alice, 10e18, 0);
        vm.startPrank(alice);
        market.setOperator(bob, true);
        market.setOperator(bob, false);
        vm.stopPrank();

        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NotAuthorized.selector, alice, bob));
        market.borrow(100e6, alice, bob);
    }

    function test_Operator_RevertWhen_OperatorOfTheOperatorActs() public {
        open(alice, 10e18, 0);
        vm.prank(alice);
        market.setOperator(bob, true);
        vm.prank(bob);
        market.setOperator(liquidator, true);

        vm.prank(liquidator);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NotAuthorized.selector, alice, liquidator));
        market.withdrawCollateral(1, alice, liquidator);
    }

    /// @dev An operator controls the position, not the lender shares or the tokens of the account.
    function test_Operator_RevertWhen_ItTakesShares() public {
        lend(alice, 1_000e6);
        vm.prank(alice);
        market.setOperator(bob, true);

        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSignature("ERC20InsufficientAllowance(address,uint256,uint256)", bob, 0, 1_000e12)
        );
        market.redeem(1_000e12, bob, alice);
    }

    function test_Operator_PaysWithItsOwnTokens() public {
        open(alice, 10e18, 1_000e6);
        vm.prank(alice);
        market.setOperator(bob, true);
        fund(alice, 10e18, 1_000e6);
        fund(bob, 1e18, 1_000e6);

        move(bob, alice, 1e18, -500e6, bob, "");

        assertEq(collateral.balanceOf(alice), 10e18, "an allowance to the market is not for others to use");
        assertEq(loan.balanceOf(alice), 2_000e6);
        assertEq(collateral.balanceOf(bob), 0);
        assertEq(loan.balanceOf(bob), 500e6);
    }

    function test_SetOperator_IsForOneMarketOnly() public {
        ILeverageMarket other = createMarket(_params(), "other");
        vm.prank(alice);
        market.setOperator(bob, true);

        assertFalse(other.isOperator(alice, bob));
    }
}

contract OperatorBySignatureTest is BorrowerTest {
    uint256 private constant CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    bytes32 private constant TYPEHASH = keccak256(
        "SetOperator(address account,address operator,bool approved,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    struct Message {
        address account;
        address operator;
        bool approved;
        uint256 nonce;
        uint256 deadline;
    }

    uint256 private aliceKey;
    uint256 private bobKey;
    uint256 private deadline;

    function setUp() public override {
        super.setUp();
        (, aliceKey) = makeAccount("alice");
        (, bobKey) = makeAccount("bob");
        vm.warp(1_800_000_000);
        deadline = 1_800_000_000 + 1 hours;
    }

    function testFuzz_SetOperatorWithSignature_AnyoneMaySubmit(
        address submitter,
        address operator,
        bool approved
    ) public {
        bytes memory signature = sign(aliceKey, Message(alice, operator, approved, 0, deadline));

        vm.expectEmit(address(market));
        emit ILeverageMarket.OperatorSet(alice, operator, approved);
        vm.prank(submitter);
        market.setOperatorWithSignature(alice, operator, approved, deadline, signature);

        assertTrue(market.isOperator(alice, operator) == approved);
        assertEq(market.nonces(alice), 1);
    }

    function test_SetOperatorWithSignature_Revokes() public {
        vm.prank(alice);
        market.setOperator(bob, true);

        market.setOperatorWithSignature(
            alice,
            bob,
            false,
            deadline,
            sign(aliceKey, Message(alice, bob, false, 0, deadline))
        );

        assertFalse(market.isOperator(alice, bob));
    }

    // ------------------------------------------------------------------ revocations

    /// @dev Whether or not Bob was an operator already when Alice revoked.
    function testFuzz_SetOperator_RevocationVoidsAnOlderApproval(bool wasOperator) public {
        bytes memory older = sign(aliceKey, Message(alice, bob, true, 0, deadline));
        vm.startPrank(alice);
        if (wasOperator) market.setOperator(bob, true);
        market.setOperator(bob, false);
        vm.stopPrank();

        expectInvalid(alice);
        market.setOperatorWithSignature(alice, bob, true, deadline, older);
        assertFalse(market.isOperator(alice, bob));
        // A newer signature is valid.
        bytes memory later = sign(aliceKey, Message(alice, bob, true, 1, deadline));
        market.setOperatorWithSignature(alice, bob, true, deadline, later);
        assertTrue(market.isOperator(alice, bob));
    }

    function test_SetOperatorWithSignature_RevocationVoidsAnOlderApproval() public {
        bytes memory older = sign(aliceKey, Message(alice, bob, true, 0, deadline));
        bytes memory revocation = sign(aliceKey, Message(alice, bob, false, 0, deadline));
        market.setOperatorWithSignature(alice, bob, false, deadline, revocation);

        expectInvalid(alice);
        market.setOperatorWithSignature(alice, bob, true, deadline, older);
    }

    function test_SetOperator_RevocationUsesTheCallersNonceOnly() public {
        vm.startPrank(alice);
        market.setOperator(bob, true);
        assertEq(market.nonces(alice), 0, "an approval needs none");
        market.setOperator(bob, false);
        market.setOperator(bob, false);
        vm.stopPrank();
        assertEq(market.nonces(alice), 2);
        assertEq(market.nonces(bob), 0);
    }

    /// @dev There is one sequence of nonces: the revocation voids a pending permit too.
    function test_SetOperator_RevocationVoidsAnOlderPermit() public {
        (uint8 v, bytes32 r, bytes32 s) = signPermit();
        vm.prank(alice);
        market.setOperator(bob, false);
        vm.expectPartialRevert(ERC20Permit.ERC2612InvalidSigner.selector);
        market.permit(alice, bob, 0, deadline, v, r, s);
    }

    // ------------------------------------------------------------------ domain and deadline

    function test_DomainSeparator_IsOfThisMarketOnThisChain() public view {
        assertEq(market.DOMAIN_SEPARATOR(), domainSeparator(block.chainid, address(market)));
    }

    function test_SetOperatorWithSignature_WorksUpToTheDeadline() public {
        bytes memory signature = sign(aliceKey, Message(alice, bob, true, 0, deadline));
        vm.warp(deadline);

        market.setOperatorWithSignature(alice, bob, true, deadline, signature);

        assertTrue(market.isOperator(alice, bob));
    }

    function test_SetOperatorWithSignature_RevertWhen_DeadlineHasPassed() public {
        bytes memory signature = sign(aliceKey, Message(alice, bob, true, 0, deadline));
        vm.warp(deadline + 1);

        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.SignatureExpired.selector, deadline));
        market.setOperatorWithSignature(alice, bob, true, deadline, signature);
    }

    function test_SetOperatorWithSignature_RevertWhen_UsedTwice() public {
        bytes memory signature = sign(aliceKey, Message(alice, bob, true, 0, deadline));
        market.setOperatorWithSignature(alice, bob, true, deadline, signature);
        vm.prank(alice);
        market.setOperator(bob, false);

        expectInvalid(alice);
        market.setOperatorWithSignature(alice, bob, true, deadline, signature);
        assertFalse(market.isOperator(alice, bob));
    }

    function test_SetOperatorWithSignature_RevertWhen_NonceIsNotTheNextOne() public {
        bytes memory signature = sign(aliceKey, Message(alice, bob, true, 1, deadline));

        expectInvalid(alice);
        market.setOperatorWithSignature(alice, bob, true, deadline, signature);
        assertEq(market.nonces(alice), 0, "a failure uses up no nonce");
    }

    /// @dev There is one sequence of nonces: a permit of zero voids a pending operator signature.
    function test_SetOperatorWithSignature_RevertWhen_PermitUsedTheNonce() public {
        bytes memory signature = sign(aliceKey, Message(alice, bob, true, 0, deadline));
        (uint8 v, bytes32 r, bytes32 s) = signPermit();
        market.permit(alice, bob, 0, deadline, v, r, s);

        expectInvalid(alice);
        market.setOperatorWithSignature(alice, bob, true, deadline, signature);
    }

    function testFuzz_SetOperatorWithSignature_RevertWhen_AnyPartWasChanged(uint256 part, uint256 other) public {
        Message memory message = Message(alice, bob, true, 0, deadline);
        bytes memory signature = sign(aliceKey, message);
        part = part % 4;
        if (part == 0) message.account = address(uint160(bound(other, 1, type(uint160).max)));
        if (part == 1) message.operator = address(uint160(other));
        if (part == 2) message.approved = false;
        if (part == 3) message.deadline = bound(other, deadline + 1, type(uint256).max);
        vm.assume(part != 0 || message.account != alice);
        vm.assume(part != 1 || message.operator != bob);

        expectInvalid(message.account);
        market.setOperatorWithSignature(
            message.account,
            message.operator,
            message.approved,
            message.deadline,
            signature
        );
    }

    function test_SetOperatorWithSignature_RevertWhen_AnotherKeySigned() public {
        expectInvalid(alice);
        market.setOperatorWithSignature(
            alice,
            bob,
            true,
            deadline,
            sign(bobKey, Message(alice, bob, true, 0, deadline))
        );
    }

    function test_SetOperatorWithSignature_RevertWhen_ForAnotherMarket() public {
        ILeverageMarket other = createMarket(_params(), "other");
        bytes memory signature = signFor(
            aliceKey,
            Message(alice, bob, true, 0, deadline),
            block.chainid,
            address(other)
        );

        expectInvalid(alice);
        market.setOperatorWithSignature(alice, bob, true, deadline, signature);
        other.setOperatorWithSignature(alice, bob, true, deadline, signature);
        assertTrue(other.isOperator(alice, bob));
    }

    function test_SetOperatorWithSignature_RevertWhen_ForAnotherChain() public {
        bytes memory here = sign(aliceKey, Message(alice, bob, true, 0, deadline));
        bytes memory there = signFor(aliceKey, Message(alice, bob, true, 0, deadline), 4242, address(market));

        expectInvalid(alice);
        market.setOperatorWithSignature(alice, bob, true, deadline, there);

        // After a fork of the chain, older signatures are invalid.
        vm.chainId(4242);
        assertEq(market.DOMAIN_SEPARATOR(), domainSeparator(4242, address(market)));
        expectInvalid(alice);
        market.setOperatorWithSignature(alice, bob, true, deadline, here);
        market.setOperatorWithSignature(alice, bob, true, deadline, there);
        assertTrue(market.isOperator(alice, bob));
    }

    function test_SetOperatorWithSignature_RevertWhen_Mirrored() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            aliceKey,
            digest(Message(alice, bob, true, 0, deadline), block.chainid, address(market))
        );
        bytes memory mirrored = abi.encodePacked(r, bytes32(CURVE_ORDER - uint256(s)), v == 27 ? 28 : 27);

        expectInvalid(alice);
        market.setOperatorWithSignature(alice, bob, true, deadline, mirrored);
    }

    function testFuzz_SetOperatorWithSignature_RevertWhen_ItIsNoSignature(
        bytes memory garbage,
        address account
    ) public {
        vm.assume(account.code.length == 0);

        expectInvalid(account);
        market.setOperatorWithSignature(account, bob, true, deadline, garbage);
    }

    /// @dev A failed recovery returns the zero address, which must not count as a signature of that
    /// account.
    function test_SetOperatorWithSignature_RevertWhen_AccountIsZero() public {
        expectInvalid(address(0));
        market.setOperatorWithSignature(address(0), bob, true, deadline, new bytes(65));
    }

    // ------------------------------------------------------------------ contract accounts

    function test_SetOperatorWithSignature_OwnerSignsForAContract() public {
        SignatureWallet wallet = new SignatureWallet(alice);
        bytes memory signature = sign(aliceKey, Message(address(wallet), bob, true, 0, deadline));

        market.setOperatorWithSignature(address(wallet), bob, true, deadline, signature);

        assertTrue(market.isOperator(address(wallet), bob));
        assertFalse(market.isOperator(alice, bob));
        expectInvalid(address(wallet));
        market.setOperatorWithSignature(address(wallet), bob, true, deadline, signature);
    }

    function test_SetOperatorWithSignature_RevertWhen_ContractRefuses() public {
        SignatureWallet wallet = new SignatureWallet(alice);
        bytes memory signature = sign(bobKey, Message(address(wallet), bob, true, 0, deadline));

        expectInvalid(address(wallet));
        market.setOperatorWithSignature(address(wallet), bob, true, deadline, signature);
    }

    function test_SetOperatorWithSignature_RevertWhen_ContractHasNoSignatureCheck() public {
        bytes memory signature = sign(aliceKey, Message(address(oracle), bob, true, 0, deadline));

        expectInvalid(address(oracle));
        market.setOperatorWithSignature(address(oracle), bob, true, deadline, signature);
    }

    // ------------------------------------------------------------------ keys with code (EIP-7702)

    /// @dev The code at Alice's address accepts the signatures of another owner only: her own key
    /// is valid all the same.
    function test_SetOperatorWithSignature_KeySignsForAnAccountWithCode() public {
        delegateTo(alice, address(new SignatureWallet(bob)));
        bytes memory signature = sign(aliceKey, Message(alice, bob, true, 0, deadline));

        market.setOperatorWithSignature(alice, bob, true, deadline, signature);

        assertTrue(market.isOperator(alice, bob));
        expectInvalid(alice);
        market.setOperatorWithSignature(alice, bob, true, deadline, signature);
    }

    /// @dev Code that reverts at every call.
    function test_SetOperatorWithSignature_KeySignsForAnAccountWhoseCodeReverts() public {
        delegateTo(alice, address(oracle));
        market.setOperatorWithSignature(
            alice,
            bob,
            true,
            deadline,
            sign(aliceKey, Message(alice, bob, true, 0, deadline))
        );
        assertTrue(market.isOperator(alice, bob));
    }

    /// @dev A signature that the account's code accepts is valid too, and no other one is.
    function test_SetOperatorWithSignature_CodeSignsForAnAccountWithAKey() public {
        delegateTo(alice, address(new SignatureWallet(bob)));
        (address carol, uint256 carolKey) = makeAccount("carol");
        bytes memory signature = sign(carolKey, Message(alice, carol, true, 0, deadline));
        expectInvalid(alice);
        market.setOperatorWithSignature(alice, carol, true, deadline, signature);

        signature = sign(bobKey, Message(alice, carol, true, 0, deadline));
        market.setOperatorWithSignature(alice, carol, true, deadline, signature);
        assertTrue(market.isOperator(alice, carol));
    }

    /// @dev Precompiled contracts answer without code, and none of them accepts a signature.
    function testFuzz_SetOperatorWithSignature_RevertWhen_AccountIsAPrecompile(
        uint8 which,
        bytes memory signature
    ) public {
        address account = address(uint160(bound(which, 1, 10)));
        expectInvalid(account);
        market.setOperatorWithSignature(account, bob, true, deadline, signature);
    }

    // ------------------------------------------------------------------ helpers

    /// @dev Like an EIP-7702 delegation: calls of the account run this code.
    function delegateTo(address account, address code) private {
        vm.etch(account, code.code);
    }

    function expectInvalid(address account) private {
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidSignature.selector, account));
    }

    /// @dev A permit of zero, to Bob, with Alice's first nonce.
    function signPermit() private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 permit = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                alice,
                bob,
                0,
                0,
                deadline
            )
        );
        return vm.sign(aliceKey, digestOf(permit, block.chainid, address(market)));
    }

    function sign(uint256 key, Message memory message) private view returns (bytes memory) {
        return signFor(key, message, block.chainid, address(market));
    }

    function signFor(
        uint256 key,
        Message memory message,
        uint256 chainId,
        address target
    ) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest(message, chainId, target));
        return abi.encodePacked(r, s, v);
    }

    function digest(Message memory message, uint256 chainId, address target) private pure returns (bytes32) {
        return digestOf(keccak256(abi.encode(TYPEHASH, message)), chainId, target);
    }

    function digestOf(bytes32 structHash, uint256 chainId, address target) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domainSeparator(chainId, target), structHash));
    }

    function domainSeparator(uint256 chainId, address target) private pure returns (bytes32) {
        return
            keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256("Cantilever COLL/LOAN"), keccak256("1"), chainId, target));
    }
}
