// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {Test} from "../../utils/Test.sol";

/// @notice Expected balances of two tokens that several markets share. Allowances are assumed to be
/// infinite.
contract ModelBalances is Test {
    IERC20[2] private _tokens;
    address[] private _accounts;
    mapping(IERC20 token => mapping(address account => uint256)) public balanceOf;

    constructor(IERC20 first, IERC20 second) {
        _tokens = [first, second];
    }

    /// @notice Tracks these accounts from now on, starting with their present balances.
    function follow(address[] memory accounts) external {
        for (uint256 i = 0; i < accounts.length; ++i) {
            _accounts.push(accounts[i]);
            for (uint256 j = 0; j < 2; ++j) balanceOf[_tokens[j]][accounts[i]] = _tokens[j].balanceOf(accounts[i]);
        }
    }

    function mint(IERC20 token, address account, uint256 amount) external {
        balanceOf[token][account] += amount;
    }

    /// @notice Reverts like an OpenZeppelin token.
    function move(IERC20 token, address from, address to, uint256 amount) external {
        uint256 balance = balanceOf[token][from];
        if (balance < amount) revert IERC20Errors.ERC20InsufficientBalance(from, balance, amount);
        balanceOf[token][from] = balance - amount;
        balanceOf[token][to] += amount;
    }

    /// @notice Fails at the first balance that differs from the expected one.
    function compare() external view {
        for (uint256 i = 0; i < _accounts.length; ++i) {
            for (uint256 j = 0; j < 2; ++j) {
                uint256 found = _tokens[j].balanceOf(_accounts[i]);
                assertEq(found, balanceOf[_tokens[j]][_accounts[i]], vm.toString(_accounts[i]));
            }
        }
    }
}
