// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {MarketParams} from "../interfaces/ILeverageMarket.sol";
import {MarketStorage} from "./MarketStorage.sol";

/// @title ShareToken
/// @notice The lenders' shares: ERC-20 with ERC-2612 permits.
/// @dev Not OpenZeppelin's `ERC20`, whose total supply has a slot of its own: here it shares one with the lenders' last
/// total assets, which saves 5,000 gas in every lender action and liquidation. Errors and behaviour are the same.
abstract contract ShareToken is MarketStorage, IERC20Metadata, IERC20Permit, IERC20Errors, EIP712, Nonces {
    using ShortStrings for *;

    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    ShortString private immutable NAME;
    ShortString private immutable SYMBOL;

    /// @dev Of all accounts but the market itself, whose balance is the buffer.
    mapping(address account => uint256) private _balances;
    mapping(address account => mapping(address spender => uint256)) private _allowances;

    constructor(MarketParams memory params) EIP712("Cantilever", "1") {
        NAME = params.name.toShortString();
        SYMBOL = params.symbol.toShortString();
    }

    /// @inheritdoc IERC20Metadata
    function name() external view returns (string memory) {
        return NAME.toString();
    }

    /// @inheritdoc IERC20Metadata
    function symbol() external view returns (string memory) {
        return SYMBOL.toString();
    }

    function balanceOf(address account) public view returns (uint256) {
        return account == address(this) ? _buffer.shares : _balances[account];
    }

    function allowance(address owner, address spender) public view returns (uint256) {
        return _allowances[owner][spender];
    }

    function approve(address spender, uint256 value) external returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _transfer(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        _spendAllowance(from, value);
        _transfer(from, to, value);
        return true;
    }

    /// @inheritdoc IERC20Permit
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        bytes32 structHash = keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, _useNonce(owner), deadline));
        if (ECDSA.recover(_hashTypedDataV4(structHash), v, r, s) != owner) revert InvalidSignature(owner);
        _approve(owner, spender, value);
    }

    function nonces(address owner) public view override(IERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    /// @inheritdoc IERC20Permit
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @dev The supply is the caller's to update, and to check.
    function _mint(address to, uint256 shares) internal {
        _credit(to, shares);
        emit Transfer(address(0), to, shares);
    }

    /// @dev The supply is the caller's to update.
    function _burn(address from, uint256 shares) internal {
        _debit(from, shares);
        emit Transfer(from, address(0), shares);
    }

    /// @dev Takes `value` from the caller's allowance, unless it is infinite.
    function _spendAllowance(address owner, uint256 value) internal {
        uint256 allowed = _allowances[owner][msg.sender];
        if (allowed == type(uint256).max) return;
        if (allowed < value) revert ERC20InsufficientAllowance(msg.sender, allowed, value);
        unchecked {
            _allowances[owner][msg.sender] = allowed - value;
        }
    }

    function _approve(address owner, address spender, uint256 value) private {
        if (owner == address(0)) revert ERC20InvalidApprover(owner);
        if (spender == address(0)) revert ERC20InvalidSpender(spender);
        _allowances[owner][spender] = value;
        emit Approval(owner, spender, value);
    }

    function _transfer(address from, address to, uint256 value) private {
        _debit(from, value);
        _credit(to, value);
        emit Transfer(from, to, value);
    }

    /// @dev No balance exceeds the supply, which has 128 bits.
    function _credit(address to, uint256 value) private {
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        unchecked {
            if (to == address(this)) _buffer.shares += uint128(value);
            else _balances[to] += value;
        }
    }

    /// @dev Never of the market itself, which calls no function of its own: the buffer moves by fees and losses only.
    function _debit(address from, uint256 value) private {
        uint256 balance = _balances[from];
        if (balance < value) revert ERC20InsufficientBalance(from, balance, value);
        unchecked {
            _balances[from] = balance - value;
        }
    }
}
