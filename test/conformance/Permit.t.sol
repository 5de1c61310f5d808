// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {MarketParams} from "../../contracts/types/MarketTypes.sol";
import {MarketTest} from "../support/MarketTest.sol";

/// @notice ERC-2612 and ERC-5267, clause by clause, in our own words. The signers here know of the
/// domain only what the contract reports.
contract PermitTest is MarketTest {
    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    /// @dev The message that an owner signs.
    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }

    IERC20Permit private token;
    address private owner;
    uint256 private key;

    function setUp() public override {
        super.setUp();
        token = IERC20Permit(address(market));
        (owner, key) = makeAccount("owner");
    }

    // ------------------------------------------------------------------ ERC-2612

    /// @dev A permit sets the allowance, whatever it was, raises the nonce by one, and emits the
    /// approval; anyone may submit it.
    function testFuzz_Permit_OverwritesTheAllowance(
        address submitter,
        address spender,
        uint256 value,
        uint256 old
    ) public {
        vm.assume(spender != address(0));
        vm.prank(owner);
        market.approve(spender, old);
        Permit memory permit = Permit(owner, spender, value, 0, block.timestamp);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(permit));
        vm.expectEmit(address(token));
        emit IERC20.Approval(owner, spender, value);
        vm.prank(submitter);
        token.permit(owner, spender, value, permit.deadline, v, r, s);
        assertEq(market.allowance(owner, spender), value);
        assertEq(token.nonces(owner), 1);
    }

    /// @dev Valid up to and including the second of the deadline.
    function testFuzz_Permit_RevertWhen_TheDeadlineHasPassed(uint256 lifetime, uint256 wait) public {
        lifetime = bound(lifetime, 0, 365 days);
        wait = bound(wait, 0, 2 * 365 days);
        Permit memory permit = Permit(owner, bob, 7, 0, block.timestamp + lifetime);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(permit));
        skipTime(wait);
        assertEq(isAccepted(permit, v, r, s) ? 1 : 0, wait <= lifetime ? 1 : 0);
    }

    /// @dev Nonces are used in order, each once.
    function test_Permit_RevertWhen_TheNonceIsNotTheNext() public {
        Permit memory permit = Permit(owner, bob, 7, 1, block.timestamp);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(permit));
        assertFalse(isAccepted(permit, v, r, s));
        Permit memory first = Permit(owner, bob, 5, 0, block.timestamp);
        (uint8 v0, bytes32 r0, bytes32 s0) = vm.sign(key, digestOf(first));
        assertTrue(isAccepted(first, v0, r0, s0));
        assertFalse(isAccepted(first, v0, r0, s0));
        assertTrue(isAccepted(permit, v, r, s));
        assertEq(token.nonces(owner), 2);
        assertEq(market.allowance(owner, bob), 7);
    }

    /// @dev Every other message or signer is refused; an invalid signature, too.
    function testFuzz_Permit_RevertWhen_ItIsNotWhatTheOwnerSigned(uint8 changed, uint256 otherKey) public {
        otherKey = bound(otherKey, 1, 2 ** 250);
        Permit memory permit = Permit(owner, bob, 7, 0, block.timestamp + 1 days);
        changed = uint8(bound(changed, 0, 4));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(changed == 0 ? otherKey : key, digestOf(permit));
        if (changed == 0) vm.assume(otherKey != key);
        if (changed == 1) permit.spender = alice;
        if (changed == 2) permit.value = 8;
        if (changed == 3) permit.deadline += 1;
        if (changed == 4) permit.owner = alice;
        assertFalse(isAccepted(permit, v, r, s));
        permit.owner = address(0);
        assertFalse(isAccepted(permit, 27, bytes32(uint256(1)), bytes32(uint256(1))));
        assertFalse(isAccepted(permit, 0, 0, 0));
    }

    /// @dev Wallets and libraries read a token's name and assume version 1: the permit that they
    /// sign is valid.
    function testFuzz_Permit_SignedWithTheTokensNameIsValid(uint256 number) public {
        MarketParams memory params = _params();
        params.name = string.concat("Cantilever ", Strings.toString(number % 1e18));
        ILeverageMarket named = createMarket(params, "named");
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256(bytes(named.name())), keccak256("1"), block.chainid, address(named))
        );
        Permit memory permit = Permit(owner, bob, 7, 0, block.timestamp);
        bytes32 message = keccak256(abi.encode(PERMIT_TYPEHASH, permit));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, message)));
        named.permit(owner, bob, 7, permit.deadline, v, r, s);
        assertEq(named.allowance(owner, bob), 7);
        assertEq(named.name(), params.name);
    }

    // ------------------------------------------------------------------ ERC-5267

    /// @dev Exactly the reported fields are used: their hash is the domain's hash.
    function test_Domain_IsWhatTheContractReports() public view {
        (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        ) = IERC5267(address(market)).eip712Domain();
        // Name, version, chain and contract; no salt.
        assertEq(bytes32(fields), bytes32(bytes1(0x0f)));
        assertEq(name, market.name());
        assertEq(version, "1");
        assertEq(chainId, block.chainid);
        assertEq(verifyingContract, address(market));
        assertEq(salt, 0);
        assertEq(extensions.length, 0);
        assertEq(token.DOMAIN_SEPARATOR(), domainSeparator());
    }

    /// @dev After a fork of the chain the domain differs, and older signatures are invalid.
    function testFuzz_Domain_FollowsTheChain(uint64 chainId) public {
        vm.assume(chainId != block.chainid);
        bytes32 here = token.DOMAIN_SEPARATOR();
        Permit memory permit = Permit(owner, bob, 7, 0, block.timestamp);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(permit));
        vm.chainId(chainId);
        assertTrue(token.DOMAIN_SEPARATOR() != here);
        assertEq(token.DOMAIN_SEPARATOR(), domainSeparator());
        assertFalse(isAccepted(permit, v, r, s));
    }

    /// @dev Two markets have two domains.
    function test_Domain_DiffersByContract() public {
        IERC20Permit other = IERC20Permit(address(createMarket(_params(), "other")));
        assertTrue(token.DOMAIN_SEPARATOR() != other.DOMAIN_SEPARATOR());
    }

    // ------------------------------------------------------------------ helpers

    function domainSeparator() private view returns (bytes32) {
        (, string memory name, string memory version, uint256 chainId, address verifyingContract, , ) = IERC5267(
            address(market)
        ).eip712Domain();
        return
            keccak256(
                abi.encode(
                    DOMAIN_TYPEHASH,
                    keccak256(bytes(name)),
                    keccak256(bytes(version)),
                    chainId,
                    verifyingContract
                )
            );
    }

    function digestOf(Permit memory permit) private view returns (bytes32) {
        return
            keccak256(abi.encodePacked(hex"1901", domainSeparator(), keccak256(abi.encode(PERMIT_TYPEHASH, permit))));
    }

    function isAccepted(Permit memory permit, uint8 v, bytes32 r, bytes32 s) private returns (bool) {
        try token.permit(permit.owner, permit.spender, permit.value, permit.deadline, v, r, s) {
            return true;
        } catch {
            return false;
        }
    }
}
