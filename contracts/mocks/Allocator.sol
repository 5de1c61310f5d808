// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice Spreads one asset over vaults, knowing of them what ERC-4626 says and nothing else: it asks what a vault takes or
/// gives, and takes that for a promise.
contract Allocator {
    using SafeERC20 for IERC20;

    IERC20 public immutable asset;
    IERC4626[] private _vaults;

    /// @notice A vault did not do what it had said it would.
    error PromiseBroken(IERC4626 vault, uint256 promised, uint256 done);

    constructor(IERC20 asset_, IERC4626[] memory vaults) {
        asset = asset_;
        for (uint256 i = 0; i < vaults.length; ++i) {
            _vaults.push(vaults[i]);
            asset_.forceApprove(address(vaults[i]), type(uint256).max);
        }
    }

    /// @notice Deposits as much of `assets` as the vaults take, in their order.
    /// @return left What none takes.
    function allocate(uint256 assets) external returns (uint256 left) {
        left = assets;
        for (uint256 i = 0; i < _vaults.length && left != 0; ++i) {
            IERC4626 vault = _vaults[i];
            uint256 part = Math.min(left, vault.maxDeposit(address(this)));
            // A vault may refuse what is worth less than a share.
            uint256 promised = vault.previewDeposit(part);
            if (promised == 0) continue;
            uint256 minted = vault.deposit(part, address(this));
            if (minted < promised) revert PromiseBroken(vault, promised, minted);
            left -= part;
        }
    }

    /// @notice Withdraws as much of `assets` as the vaults have, in their order.
    /// @return missing What none has.
    function deallocate(uint256 assets) external returns (uint256 missing) {
        missing = assets;
        for (uint256 i = 0; i < _vaults.length && missing != 0; ++i) {
            IERC4626 vault = _vaults[i];
            uint256 part = Math.min(missing, vault.maxWithdraw(address(this)));
            uint256 promised = vault.previewWithdraw(part);
            uint256 burned = vault.withdraw(part, address(this), address(this));
            if (burned > promised) revert PromiseBroken(vault, promised, burned);
            missing -= part;
        }
    }

    /// @notice Redeems all shares that the vaults let go.
    function withdrawAll() external {
        for (uint256 i = 0; i < _vaults.length; ++i) {
            IERC4626 vault = _vaults[i];
            uint256 shares = vault.maxRedeem(address(this));
            uint256 promised = vault.previewRedeem(shares);
            uint256 paid = vault.redeem(shares, address(this), address(this));
            if (paid < promised) revert PromiseBroken(vault, promised, paid);
        }
    }

    /// @notice What it has: idle, and in the vaults.
    function totalAssets() external view returns (uint256 total) {
        total = asset.balanceOf(address(this));
        for (uint256 i = 0; i < _vaults.length; ++i) {
            total += _vaults[i].previewRedeem(_vaults[i].balanceOf(address(this)));
        }
    }
}
