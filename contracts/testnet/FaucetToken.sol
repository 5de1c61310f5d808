// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {TestnetOnly} from "./TestnetOnly.sol";

/// @title FaucetToken
/// @notice Test money: anyone may mint it to anyone, up to a cap per recipient and day (UTC). It has no owner. Once, when it is
/// created, it mints a stock beyond the cap, for a pool and a vault that are to be filled.
contract FaucetToken is ERC20, TestnetOnly {
    /// @notice Token units that an address can be given per day.
    uint256 public immutable dailyCap;

    uint8 private immutable DECIMALS;

    mapping(address recipient => mapping(uint256 day => uint256)) private _minted;

    /// @notice The recipient's cap for today leaves `available`.
    error FaucetCapExceeded(address recipient, uint256 requested, uint256 available);

    /// @param stock Token units that `holder` gets now.
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

    /// @notice Mints `amount` token units to `recipient`. Anyone may.
    function mint(address recipient, uint256 amount) external {
        uint256 left = available(recipient);
        if (amount > left) revert FaucetCapExceeded(recipient, amount, left);
        _minted[recipient][_today()] += amount;
        _mint(recipient, amount);
    }

    /// @notice Token units that can still be minted to `recipient` today.
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
