// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {TestnetOnly} from "./TestnetOnly.sol";

/// @title FaucetToken
/// @notice A test token without an owner: anyone may mint it to anyone, up to a cap per recipient
/// and day (UTC). The constructor mints a stock beyond the cap, for a pool and a market.
contract FaucetToken is ERC20, TestnetOnly {
    /// @notice Token units that can be minted to an address per day.
    uint256 public immutable dailyCap;

    uint8 private immutable DECIMALS;

    mapping(address recipient => mapping(uint256 day => uint256)) private _minted;

    /// @notice Thrown when a mint exceeds the recipient's cap of today.
    /// @param recipient Who would get the tokens.
    /// @param requested Token units to mint.
    /// @param available Token units that can still be minted to the recipient today.
    error FaucetCapExceeded(address recipient, uint256 requested, uint256 available);

    /// @param name_ Name of the token.
    /// @param symbol_ Symbol of the token.
    /// @param decimals_ Decimals of the token.
    /// @param dailyCap_ Token units that can be minted to an address per day.
    /// @param holder Gets the stock.
    /// @param stock Token units minted now.
    constructor(
        string memory name_,
        string memory symbol_,
        uint8 decimals_,
        uint256 dailyCap_,
        address holder,
        uint256 stock
    ) ERC20(name_, symbol_) {
        DECIMALS = decimals_;
        dailyCap = dailyCap_;
        _mint(holder, stock);
    }

    /// @notice Mints tokens. Anyone may call it. Errors: {FaucetCapExceeded}.
    /// @param recipient Gets the tokens.
    /// @param amount Token units.
    function mint(address recipient, uint256 amount) external {
        uint256 left = available(recipient);
        if (amount > left) revert FaucetCapExceeded(recipient, amount, left);
        _minted[recipient][_today()] += amount;
        _mint(recipient, amount);
    }

    /// @notice Token units that can still be minted to `recipient` today.
    /// @param recipient Who would get the tokens.
    function available(address recipient) public view returns (uint256) {
        return dailyCap - _minted[recipient][_today()];
    }

    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }

    function _today() private view returns (uint256) {
        return block.timestamp / 1 days;
    }
}
