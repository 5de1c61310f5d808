// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice Spreads one asset over vaults, using only ERC-4626: it reads a vault's maxima and
/// previews and relies on them.
contract Allocator {
    using SafeERC20 for IERC20;

    IERC20 public immutable asset;
    IERC4626[] private _vaults;

    /// @notice Thrown when a vault did not do what its maximum or preview promised.
    /// @param vault The vault.
    /// @param promised The promised amount.
    /// @param done The actual amount.
    error PromiseBroken(IERC4626 vault, uint256 promised, uint256 done);

    constructor(IERC20 asset_, IERC4626[] memory vaults) {
        asset = asset_;
        for (uint256 i = 0; i < vaults.length; ++i) {
            _vaults.push(vaults[i]);
            asset_.forceApprove(address(vaults[i]), type(uint256).max);
        }
    }

    /// @notice Deposits as much of `assets` as the vaults accept, in their order.
    /// @return left The amount that no vault accepts.
    function allocate(uint256 assets) external returns (uint256 left) {
        left = assets;
        for (uint256 i = 0; i < _vaults.length && left != 0; ++i) {
            IERC4626 vault = _vaults[i];
            uint256 part = Math.min(left, vault.maxDeposit(address(this)));
            // A vault may refuse an amount that is worth less than a share.
            uint256 promised = vault.previewDeposit(part);
            if (promised == 0) continue;
            uint256 minted = vault.deposit(part, address(this));
            if (minted < promised) revert PromiseBroken(vault, promised, minted);
            left -= part;
        }
    }

    /// @notice Withdraws as much of `assets` as the vaults can pay, in their order.
    /// @return missing The amount that no vault can pay.
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

    /// @notice Redeems all shares that the vaults allow to redeem.
    function withdrawAll() external {
        for (uint256 i = 0; i < _vaults.length; ++i) {
            IERC4626 vault = _vaults[i];
            uint256 shares = vault.maxRedeem(address(this));
            uint256 promised = vault.previewRedeem(shares);
            uint256 paid = vault.redeem(shares, address(this), address(this));
            if (paid < promised) revert PromiseBroken(vault, promised, paid);
        }
    }

    /// @notice Its assets, idle and in the vaults.
    function totalAssets() external view returns (uint256 total) {
        total = asset.balanceOf(address(this));
        for (uint256 i = 0; i < _vaults.length; ++i) {
            total += _vaults[i].previewRedeem(_vaults[i].balanceOf(address(this)));
        }
    }
}
