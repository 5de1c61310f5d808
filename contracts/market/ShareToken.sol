// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC20Permit, IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20, ERC4626, IERC20, IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {MarketParams} from "../types/MarketTypes.sol";
import {MarketStorage} from "./MarketStorage.sol";

/// @title ShareToken
/// @notice The lenders' shares: OpenZeppelin's vault token with permits, on storage of the market.
/// @dev The total supply shares a slot with the lenders' last total assets, and the market's own
/// balance with pending fees, which saves 5,000 gas in every lender action. OpenZeppelin's own
/// storage slots stay empty. Name and symbol are immutables, which take less code than strings in
/// storage. The EIP-712 domain has the same name, because wallets and libraries sign permits with
/// `name()`.
abstract contract ShareToken is ERC4626, ERC20Permit, MarketStorage {
    using ShortStrings for *;

    ShortString private immutable NAME;
    ShortString private immutable SYMBOL;
    /// @dev Balances of all accounts except the market itself, whose balance is the buffer.
    mapping(address account => uint256) private _balances;

    constructor(MarketParams memory params) ERC20("", "") ERC20Permit(params.name) ERC4626(params.loanToken) {
        NAME = params.name.toShortString();
        SYMBOL = params.symbol.toShortString();
    }

    /// @inheritdoc IERC20Metadata
    function name() public view override(IERC20Metadata, ERC20) returns (string memory) {
        return NAME.toString();
    }

    /// @inheritdoc IERC20Metadata
    function symbol() public view override(IERC20Metadata, ERC20) returns (string memory) {
        return SYMBOL.toString();
    }

    /// @inheritdoc IERC20Metadata
    function decimals() public view override(ERC4626, ERC20, IERC20Metadata) returns (uint8) {
        return super.decimals();
    }

    /// @inheritdoc IERC20
    function totalSupply() public view override(IERC20, ERC20) returns (uint256) {
        return _lenders.totalShares;
    }

    /// @inheritdoc IERC20
    function balanceOf(address account) public view override(IERC20, ERC20) returns (uint256) {
        return account == address(this) ? _buffer.shares : _balances[account];
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(ERC20Permit, IERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }

    /// @dev One unit of assets is 1e6 share units initially: see `SharesMath`.
    function _decimalsOffset() internal pure override returns (uint8) {
        return 6;
    }

    /// @dev The caller must update and check the total supply. The market's own balance is the
    /// buffer, which only fees increase and only losses decrease: a gift could fill it, which would
    /// end the interest fee on interest already earned.
    function _update(address from, address to, uint256 value) internal override {
        // The balance is compared first; no balance exceeds the supply, which has 128 bits.
        unchecked {
            if (from != address(0)) {
                uint256 balance = _balances[from];
                if (balance < value) revert ERC20InsufficientBalance(from, balance, value);
                _balances[from] = balance - value;
            }
            if (to == address(this)) revert ERC20InvalidReceiver(to);
            if (to != address(0)) _balances[to] += value;
        }
        emit Transfer(from, to, value);
    }
}
