// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {MarketTest} from "../support/MarketTest.sol";

/// @notice A market as a vault, in the states in which the standards must hold; a suite chooses one
/// in `_arrange`.
/// @dev In every state but the fresh one, Bob owns shares worth a million.
abstract contract VaultStates is MarketTest {
    IERC4626 internal vault;

    function setUp() public virtual override {
        super.setUp();
        _arrange();
        vault = IERC4626(address(market));
    }

    function _arrange() internal virtual;

    /// @dev Nobody has lent anything.
    function _arrangeFresh() internal {
        market = createMarket(_params(), "fresh");
        _grantRoles(market);
    }

    /// @dev A third is lent, with a year's interest that nobody has accrued.
    function _arrangeInterest() internal {
        lend(bob, 1_000_000 * loanUnit);
        open(alice, 10_000 * collateralUnit, 3_500_000 * loanUnit);
        skipTime(365 days);
    }

    /// @dev Alice's debt exceeded the worth of her collateral by a quarter, and the buffer was
    /// empty.
    function _arrangeLoss() internal {
        lend(bob, 1_000_000 * loanUnit);
        open(alice, 2_100 * collateralUnit, 3_300_000 * loanUnit);
        oracle.setPrice(priceOf(1250));
        fund(liquidator, 0, 10_000_000 * loanUnit);
        uint256 before = market.convertToAssets(loanUnit * 1e6);
        liquidateOne(alice, type(uint256).max);
        assertLt(market.convertToAssets(loanUnit * 1e6), (before * 95) / 100);
        // Another loan is open.
        open(alice, 4_000 * collateralUnit, 500_000 * loanUnit);
        skipTime(30 days);
    }

    /// @dev There is no cash.
    function _arrangeDrained() internal {
        lend(bob, 1_000_000 * loanUnit);
        open(alice, 10_000 * collateralUnit, 4_000_000 * loanUnit);
        skipTime(30 days);
        (uint256 cash, , ) = market.totals();
        vm.prank(lender);
        market.withdraw(cash, lender, lender);
        (cash, , ) = market.totals();
        assertEq(cash, 0);
        skipTime(1 days);
    }

    /// @dev The buffer exceeds its target: interest pays no fee.
    function _arrangeFullBuffer() internal {
        _arrangeInterest();
        moveToBuffer(lender, market.totalSupply() / 10);
        skipTime(30 days);
    }

    // ------------------------------------------------------------------ helpers

    /// @dev Gives an account loan tokens and lets the market take them.
    function stock(address account, uint256 assets) internal {
        loan.mint(account, assets);
        vm.prank(account);
        SafeERC20.forceApprove(loan, address(vault), type(uint256).max);
    }

    /// @dev At most a billion whole tokens, and at most what the vault accepts.
    function boundDeposit(uint256 assets) internal view returns (uint256) {
        uint256 most = vault.maxDeposit(bob);
        return bound(assets, 0, most < 1e9 * loanUnit ? most : 1e9 * loanUnit);
    }

    function boundMint(uint256 shares) internal view returns (uint256) {
        uint256 most = vault.maxMint(bob);
        return bound(shares, 0, most < 1e15 * loanUnit ? most : 1e15 * loanUnit);
    }
}
