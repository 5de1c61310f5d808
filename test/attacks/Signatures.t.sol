// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Call} from "../../contracts/mocks/ScriptedActor.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice Attacks with Alice's signatures and approvals. All aim at her collateral and her shares.
contract SignatureAttackTest is AttackTest {
    uint256 private constant CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint256 private constant OTHER_CHAIN = 4242;

    /// @dev The parts of a signature.
    struct Signature {
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    uint256 private aliceKey;
    uint256 private deadline;

    function setUp() public override {
        super.setUp();
        (, aliceKey) = makeAccount("alice");
        vm.warp(1_800_000_000);
        deadline = 1_800_000_000 + 1 hours;
        open(alice, 100e18, 50_000e6);
        lend(alice, 100_000e6);
        fund(alice, 10e18, 10_000e6);
    }

    /// @notice Omni bridge, September 2022: a signature for one chain was accepted on its fork,
    /// whose contract had cached the old chain's id.
    /// @dev Alice has signed once, for this market on this chain. The signature is tried first on
    /// another chain, where its nonce is unused; then here; and, after another revocation, both
    /// here and elsewhere.
    function test_SetOperatorWithSignature_IsValidOnce() public {
        Signature memory signed = sign(operatorDigest(market));
        uint256 here = block.chainid;
        vm.chainId(OTHER_CHAIN);
        expectRefused(market, signed);
        vm.chainId(here);
        submit(market, signed);
        vm.prank(alice);
        market.setOperator(address(attacker), false);

        expectRefused(market, signed);
        ILeverageMarket twin = createMarket(_params(), "twin");
        expectRefused(twin, signed);
        vm.chainId(OTHER_CHAIN);
        expectRefused(market, signed);

        assertFalse(market.isOperator(alice, address(attacker)));
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NotAuthorized.selector, alice, address(attacker)));
        vm.prank(address(attacker));
        market.withdrawCollateral(10e18, alice, address(attacker));
    }

    /// @notice Known from OpenZeppelin's library, August 2022 (CVE-2022-35961): a second form of
    /// the same signature was accepted after the first had been used.
    function test_SetOperatorWithSignature_IsValidInOneFormOnly() public {
        Signature memory signed = sign(operatorDigest(market));
        Signature memory mirrored = mirror(signed);
        // The 64-byte form, with the parity in the highest bit.
        bytes32 vs = bytes32(uint256(signed.s) | (uint256(signed.v - 27) << 255));
        expectRefused(market, mirrored);
        expectRefused(market, abi.encodePacked(signed.r, vs));

        submit(market, signed);
        vm.prank(alice);
        market.setOperator(address(attacker), false);
        expectRefused(market, mirrored);
        expectRefused(market, abi.encodePacked(signed.r, vs));
    }

    function test_SetOperatorWithSignature_RevertWhen_Expired() public {
        Signature memory signed = sign(operatorDigest(market));
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.SignatureExpired.selector, deadline));
        submit(market, signed);
    }

    /// @notice Alice has signed an approval that nobody has submitted, and then revokes it; the
    /// attacker, who still has the signature, submits it afterwards.
    function test_SetOperatorWithSignature_PendingApprovalDoesNotOutliveARevocation() public {
        Signature memory signed = sign(operatorDigest(market));
        vm.prank(alice);
        market.setOperator(address(attacker), false);
        expectRefused(market, signed);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NotAuthorized.selector, alice, address(attacker)));
        vm.prank(address(attacker));
        market.withdrawCollateral(10e18, alice, address(attacker));
    }

    /// @notice Alice has signed an approval for the nonce after the next one, to be submitted after
    /// another signature.
    /// @dev A known limit: a revocation voids one nonce, which makes the next one valid. A second
    /// revocation voids that one too.
    function test_SetOperatorWithSignature_ApprovalForALaterNonceNeedsASecondRevocation() public {
        Signature memory signed = sign(operatorDigest(market, market.nonces(alice) + 1));
        expectRefused(market, signed);
        vm.prank(alice);
        market.setOperator(address(attacker), false);
        uint256 snapshot = vm.snapshotState();
        submit(market, signed);
        assertTrue(market.isOperator(alice, address(attacker)));

        vm.revertToState(snapshot);
        vm.prank(alice);
        market.setOperator(address(attacker), false);
        expectRefused(market, signed);
        assertFalse(market.isOperator(alice, address(attacker)));
    }

    /// @notice The same for a permit for Alice's shares: once used, it is invalid everywhere and in
    /// every other form.
    function test_Permit_IsValidOnce() public {
        Signature memory signed = sign(permitDigest());
        uint256 here = block.chainid;
        vm.chainId(OTHER_CHAIN);
        vm.expectPartialRevert(ERC20Permit.ERC2612InvalidSigner.selector);
        permit(market, signed);
        vm.chainId(here);
        permit(market, signed);
        vm.prank(alice);
        market.approve(address(attacker), 0);

        ILeverageMarket twin = createMarket(_params(), "twin");
        Signature memory mirrored = mirror(signed);
        vm.expectPartialRevert(ERC20Permit.ERC2612InvalidSigner.selector);
        permit(market, signed);
        vm.expectPartialRevert(ECDSA.ECDSAInvalidSignatureS.selector);
        permit(market, mirrored);
        vm.expectPartialRevert(ERC20Permit.ERC2612InvalidSigner.selector);
        permit(twin, signed);
        vm.chainId(OTHER_CHAIN);
        vm.expectPartialRevert(ERC20Permit.ERC2612InvalidSigner.selector);
        permit(market, signed);

        assertEq(market.allowance(alice, address(attacker)), 0);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        vm.prank(address(attacker));
        market.redeem(1, address(attacker), alice);
    }

    function test_Permit_IsValidInOneFormOnlyAndExpires() public {
        Signature memory signed = sign(permitDigest());
        Signature memory mirrored = mirror(signed);
        vm.expectPartialRevert(ECDSA.ECDSAInvalidSignatureS.selector);
        permit(market, mirrored);
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612ExpiredSignature.selector, deadline));
        permit(market, signed);
    }

    // ------------------------------------------------------------------ operators and allowances

    /// @notice Prisma, March 2024: a contract that accounts had made their delegate could be made
    /// to move any of them. Here an operator exceeds its role: it appoints another operator, takes
    /// the shares, or spends Alice's allowance to the market.
    function test_Operator_GainsNoMoreThanItsRole() public {
        vm.prank(alice);
        market.setOperator(address(attacker), true);
        uint256 lent = lentBy(alice);
        uint256 held = loan.balanceOf(alice);

        vm.prank(address(attacker));
        market.setOperator(bob, true);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NotAuthorized.selector, alice, bob));
        vm.prank(bob);
        market.borrow(1_000e6, alice, bob);

        vm.startPrank(address(attacker));
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        market.redeem(1e6, address(attacker), alice);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        market.transferFrom(alice, address(attacker), 1e6);
        // It pays with its own tokens, and has none.
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientBalance.selector);
        market.repay(1_000e6, alice);
        vm.expectPartialRevert(ILeverageMarket.LeverageAboveMaximum.selector);
        market.borrow(120_000e6, alice, address(attacker));
        vm.stopPrank();

        assertEq(lentBy(alice), lent);
        assertEq(loan.balanceOf(alice), held);
    }

    /// @notice Seneca, February 2024: a contract that users had approved made a call chosen by the
    /// attacker, `transferFrom`.
    /// @dev The market calls back the address that the caller names; but always the same function,
    /// which no token has.
    function testFuzz_Adjust_RevertWhen_CallbackIsAToken(bool ofLoan) public {
        address token = ofLoan ? address(loan) : address(collateral);
        bytes memory data = abi.encodeCall(IERC20.transferFrom, (alice, address(attacker), 10_000e6));
        fund(address(attacker), 10e18, 100_000e6);
        vm.startPrank(address(attacker));
        vm.expectRevert(Errors.FailedCall.selector);
        market.adjust(address(attacker), 1e18, 0, token, type(uint256).max, 0, data);
        vm.expectRevert(Errors.FailedCall.selector);
        market.flashLoan(IERC3156FlashBorrower(token), address(loan), 1, data);
        vm.stopPrank();

        oracle.setPrice(priceOf(550));
        vm.expectRevert(Errors.FailedCall.selector);
        vm.prank(address(attacker));
        market.liquidate(only(alice), type(uint256).max, 0, token, data);
        assertEq(collateral.balanceOf(alice), 10e18);
        assertEq(loan.balanceOf(alice), 60_000e6);
    }

    /// @notice A caller that passes Alice's account and its own callback can give, and takes
    /// nothing.
    function test_Adjust_StrangerGivesToAliceAndTakesNothing() public {
        fund(address(attacker), 0, 1_000e6);
        Call[] memory none = new Call[](0);
        vm.startPrank(address(attacker));
        market.adjust(alice, 0, -1_000e6, address(attacker), 0, 1_000e6, abi.encode(none));
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.NotAuthorized.selector, alice, address(attacker)));
        market.adjust(alice, -1, -1_000e6, address(attacker), 0, 1_000e6, abi.encode(none));
        vm.stopPrank();
        assertEq(worthOf(address(attacker), startPrice), 0);
        assertEq(market.debtOf(alice), 49_000e6);
    }

    // ------------------------------------------------------------------ helpers

    function sign(bytes32 digest) private view returns (Signature memory signed) {
        (signed.v, signed.r, signed.s) = vm.sign(aliceKey, digest);
    }

    function mirror(Signature memory signed) private pure returns (Signature memory) {
        return Signature(signed.v == 27 ? 28 : 27, signed.r, bytes32(CURVE_ORDER - uint256(signed.s)));
    }

    function submit(ILeverageMarket target, Signature memory signed) private {
        bytes memory packed = abi.encodePacked(signed.r, signed.s, signed.v);
        target.setOperatorWithSignature(alice, address(attacker), true, deadline, packed);
    }

    function expectRefused(ILeverageMarket target, Signature memory signed) private {
        expectRefused(target, abi.encodePacked(signed.r, signed.s, signed.v));
    }

    function expectRefused(ILeverageMarket target, bytes memory packed) private {
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InvalidSignature.selector, alice));
        target.setOperatorWithSignature(alice, address(attacker), true, deadline, packed);
    }

    function permit(ILeverageMarket target, Signature memory signed) private {
        target.permit(alice, address(attacker), 1e30, deadline, signed.v, signed.r, signed.s);
    }

    function operatorDigest(ILeverageMarket target) private view returns (bytes32) {
        return operatorDigest(target, target.nonces(alice));
    }

    function operatorDigest(ILeverageMarket target, uint256 nonce) private view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "SetOperator(address account,address operator,bool approved,uint256 nonce,uint256 deadline)"
        );
        bytes32 message = keccak256(abi.encode(typeHash, alice, address(attacker), true, nonce, deadline));
        return keccak256(abi.encodePacked(hex"1901", target.DOMAIN_SEPARATOR(), message));
    }

    function permitDigest() private view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
        );
        bytes32 message = keccak256(
            abi.encode(typeHash, alice, address(attacker), uint256(1e30), market.nonces(alice), deadline)
        );
        return keccak256(abi.encodePacked(hex"1901", market.DOMAIN_SEPARATOR(), message));
    }
}
