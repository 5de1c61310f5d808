// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC20Permit, IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20, ERC4626, IERC20, IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {MarketParams} from "../types/MarketTypes.sol";
import {MarketStorage} from "./MarketStorage.sol";

/// @title ShareToken
/// @notice The lenders' shares: OpenZeppelin's vault token with permits, on books of the market's own.
/// @dev The total supply shares a slot with the lenders' last total assets, the market's own balance one with pending fees:
/// 5,000 gas less in every lender action. The slots of OpenZeppelin's own books stay empty. Name and symbol are immutables,
/// which takes less code than strings in storage. The EIP-712 domain has the same name: wallets and libraries that sign a
/// permit ask for no other.
abstract contract ShareToken is ERC4626, ERC20Permit, MarketStorage {
    using ShortStrings for *;

    ShortString private immutable NAME;
    ShortString private immutable SYMBOL;
    /// @dev Of all accounts but the market itself, whose balance is the buffer.
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

    /// @dev A million shares per asset: see `SharesMath`.
    function _decimalsOffset() internal pure override returns (uint8) {
        return 6;
    }

    /// @dev The supply is the caller's to update, and to check. The market's own balance is the buffer: fees alone feed it, and
    /// losses alone spend it. A gift could fill it, and so end the interest fee on what has grown already.
    function _update(address from, address to, uint256 value) internal override {
        // Just compared; and no balance exceeds the supply, which has 128 bits.
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
