// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

import {VaultStates} from "./VaultStates.sol";

/// @notice ERC-4626, clause by clause, in our own words. Bob owns shares, Dora deposits, and Carol
/// is any other account.
abstract contract ERC4626Clauses is VaultStates {
    address internal carol = makeAddr("carol");
    address internal dora = makeAddr("dora");

    // ------------------------------------------------------------------ the vault as a token

    /// @dev Shares are an ERC-20 token with a name, a symbol and decimals.
    function test_Erc4626_SharesAreAToken() public view {
        assertGt(bytes(vault.name()).length, 0);
        assertGt(bytes(vault.symbol()).length, 0);
        assertEq(vault.decimals(), IERC20Metadata(vault.asset()).decimals() + 6);
        assertGe(vault.totalSupply(), vault.balanceOf(bob));
    }

    /// @dev `asset` returns an ERC-20 token and does not revert.
    function test_Asset_IsAToken() public view {
        assertEq(vault.asset(), address(loan));
    }

    // ------------------------------------------------------------------ totalAssets, conversions

    /// @dev `totalAssets` includes earned interest, whether or not somebody has accrued it.
    function test_TotalAssets_IncludeInterest() public {
        uint256 total = vault.totalAssets();
        (uint256 cash, , ) = market.totals();
        assertApproxEqAbs(total, cash + market.totalDebt(), 1);
        market.accrue();
        assertEq(vault.totalAssets(), total);
    }

    /// @dev Conversions are the same for every caller, include no fee for an action, and are
    /// proportional to the amount.
    function testFuzz_Convert_IsTheSameForEveryCaller(address caller, uint256 amount) public {
        amount = bound(amount, 0, 1e9 * loanUnit);
        (uint256 shares, uint256 assets) = (vault.convertToShares(amount), vault.convertToAssets(amount));
        vm.startPrank(caller);
        assertEq(vault.convertToShares(amount), shares);
        assertEq(vault.convertToAssets(amount), assets);
        assertEq(vault.previewDeposit(amount), shares);
        assertEq(vault.previewRedeem(amount), assets);
        assertApproxEqAbs(vault.convertToShares(2 * amount), 2 * shares, 1);
        assertApproxEqAbs(vault.convertToAssets(2 * amount), 2 * assets, 1);
        vm.stopPrank();
    }

    /// @dev Conversions round down.
    function testFuzz_Convert_RoundsDown(uint256 amount) public view {
        amount = bound(amount, 0, 1e9 * loanUnit);
        assertLe(vault.convertToAssets(vault.convertToShares(amount)), amount);
        assertLe(vault.convertToShares(vault.convertToAssets(amount)), amount);
    }

    /// @dev Previews and conversions revert for absurd amounts at most, not because of the vault's
    /// own limits.
    function testFuzz_Preview_IgnoresLimits(address caller, uint256 amount) public {
        amount = bound(amount, 0, type(uint128).max);
        vm.startPrank(caller);
        vault.previewDeposit(amount);
        vault.previewMint(amount);
        vault.previewWithdraw(amount);
        vault.previewRedeem(amount);
        vault.convertToShares(amount);
        vault.convertToAssets(amount);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------ deposit, mint

    /// @dev The vault accepts the amount that it reports, from any account that has it, and not one
    /// unit more.
    function test_MaxDeposit_IsAccepted() public {
        uint256 most = vault.maxDeposit(carol);
        stock(dora, type(uint128).max);
        assertEq(vault.maxDeposit(carol), most);
        assertTrue(fails(dora, abi.encodeCall(IERC4626.deposit, (most + 1, carol))), "more was taken");
        vm.prank(dora);
        vault.deposit(most, carol);
    }

    function test_MaxMint_IsAccepted() public {
        uint256 most = vault.maxMint(carol);
        stock(dora, type(uint128).max);
        assertEq(vault.maxMint(carol), most);
        assertTrue(fails(dora, abi.encodeCall(IERC4626.mint, (most + 1, carol))), "more was taken");
        vm.prank(dora);
        vault.mint(most, carol);
    }

    /// @dev A deposit takes all its assets, mints at least the previewed shares to the receiver,
    /// and emits the event.
    function testFuzz_Deposit_KeepsItsPreview(uint256 assets) public {
        assets = boundDeposit(assets);
        stock(dora, assets);
        uint256 promised = vault.previewDeposit(assets);
        if (promised == 0) return;
        vm.expectEmit(address(vault));
        emit IERC4626.Deposit(dora, carol, assets, promised);
        vm.prank(dora);
        uint256 shares = vault.deposit(assets, carol);
        assertGe(shares, promised);
        assertEq(vault.balanceOf(carol), shares);
        assertEq(loan.balanceOf(dora), 0);
    }

    /// @dev A mint gives all its shares, takes at most the previewed assets, and emits the event.
    function testFuzz_Mint_KeepsItsPreview(uint256 shares) public {
        shares = boundMint(shares);
        uint256 promised = vault.previewMint(shares);
        stock(dora, promised);
        vm.expectEmit(address(vault));
        emit IERC4626.Deposit(dora, carol, promised, shares);
        vm.prank(dora);
        uint256 assets = vault.mint(shares, carol);
        assertLe(assets, promised);
        assertEq(vault.balanceOf(carol), shares);
        assertEq(loan.balanceOf(dora), promised - assets);
    }

    /// @dev A deposit reverts if not all assets can be taken, for lack of a balance or of an
    /// allowance.
    function testFuzz_Deposit_RevertWhen_ItCannotBePaid(uint256 assets) public {
        assets = boundDeposit(assets);
        if (vault.previewDeposit(assets) == 0) return;
        loan.mint(dora, assets);
        assertTrue(fails(dora, abi.encodeCall(IERC4626.deposit, (assets, dora))), "without an allowance");
        vm.prank(dora);
        loan.approve(address(vault), assets);
        vm.prank(dora);
        loan.transfer(carol, 1);
        assertTrue(fails(dora, abi.encodeCall(IERC4626.deposit, (assets, dora))), "without the balance");
        uint256 shares = vault.previewDeposit(assets);
        if (vault.previewMint(shares) == assets)
            assertTrue(fails(dora, abi.encodeCall(IERC4626.mint, (shares, dora))), "a mint without the balance");
    }

    // ------------------------------------------------------------------ withdraw, redeem

    /// @dev An owner can withdraw the amount that the vault reports.
    function test_MaxWithdraw_IsPaid() public {
        uint256 most = vault.maxWithdraw(bob);
        assertLe(most, vault.convertToAssets(vault.balanceOf(bob)));
        assertTrue(fails(bob, abi.encodeCall(IERC4626.withdraw, (most + 1, bob, bob))), "more was paid");
        vm.prank(bob);
        vault.withdraw(most, carol, bob);
        assertEq(loan.balanceOf(carol), most);
    }

    function test_MaxRedeem_IsPaid() public {
        uint256 most = vault.maxRedeem(bob);
        assertLe(most, vault.balanceOf(bob));
        if (most == vault.balanceOf(bob))
            assertTrue(fails(bob, abi.encodeCall(IERC4626.redeem, (most + 1, bob, bob))), "more was paid");
        uint256 promised = vault.previewRedeem(most);
        vm.prank(bob);
        assertGe(vault.redeem(most, carol, bob), promised);
    }

    /// @dev An account without shares can withdraw nothing.
    function test_MaxWithdraw_IsZeroWithoutShares() public view {
        assertEq(vault.maxWithdraw(carol), 0);
        assertEq(vault.maxRedeem(carol), 0);
    }

    /// @dev A withdrawal pays all its assets, burns at most the previewed shares, and emits the
    /// event.
    function testFuzz_Withdraw_KeepsItsPreview(uint256 assets) public {
        assets = bound(assets, 0, vault.maxWithdraw(bob));
        uint256 promised = vault.previewWithdraw(assets);
        uint256 held = vault.balanceOf(bob);
        vm.expectEmit(address(vault));
        emit IERC4626.Withdraw(bob, carol, bob, assets, promised);
        vm.prank(bob);
        uint256 shares = vault.withdraw(assets, carol, bob);
        assertLe(shares, promised);
        assertEq(held - vault.balanceOf(bob), shares);
        assertEq(loan.balanceOf(carol), assets);
    }

    /// @dev A redemption burns all its shares, pays at least the previewed assets, and emits the
    /// event.
    function testFuzz_Redeem_KeepsItsPreview(uint256 shares) public {
        shares = bound(shares, 0, vault.maxRedeem(bob));
        uint256 promised = vault.previewRedeem(shares);
        uint256 held = vault.balanceOf(bob);
        vm.expectEmit(address(vault));
        emit IERC4626.Withdraw(bob, carol, bob, promised, shares);
        vm.prank(bob);
        uint256 assets = vault.redeem(shares, carol, bob);
        assertGe(assets, promised);
        assertEq(held - vault.balanceOf(bob), shares);
        assertEq(loan.balanceOf(carol), assets);
    }

    /// @dev An account that an owner has approved can withdraw the owner's shares and uses its
    /// allowance; no other account can.
    function testFuzz_Redeem_AllowanceLetsOthersWithdraw(uint256 shares) public {
        shares = bound(shares, 0, vault.maxRedeem(bob) / 2);
        if (shares == 0) return;
        uint256 assets = vault.previewRedeem(shares);
        assertTrue(fails(carol, abi.encodeCall(IERC4626.redeem, (shares, carol, bob))), "redeemed");
        assertTrue(assets == 0 || fails(carol, abi.encodeCall(IERC4626.withdraw, (assets, carol, bob))), "withdrawn");

        vm.prank(bob);
        vault.approve(carol, 2 * shares);
        vm.startPrank(carol);
        vault.redeem(shares, carol, bob);
        assertEq(vault.allowance(bob, carol), shares);
        uint256 burned = vault.withdraw(assets, carol, bob);
        assertEq(vault.allowance(bob, carol), shares - burned);
        vm.stopPrank();
    }

    /// @dev It reverts if the full amount can't be withdrawn.
    function test_Redeem_RevertWhen_MoreThanTheOwnerHas() public {
        uint256 held = vault.balanceOf(bob);
        assertTrue(fails(bob, abi.encodeCall(IERC4626.redeem, (held + 1, bob, bob))), "redeemed");
        uint256 assets = vault.convertToAssets(held) + 1;
        assertTrue(fails(bob, abi.encodeCall(IERC4626.withdraw, (assets, bob, bob))), "withdrawn");
    }

    // ------------------------------------------------------------------ round trips

    /// @dev Rounding favours the vault: nobody gains by a deposit and a withdrawal, in either
    /// order.
    function testFuzz_RoundTrip_DepositAndWithdrawalGainNothing(uint256 assets, bool byShares) public {
        assets = boundDeposit(assets);
        if (vault.previewDeposit(assets) == 0) return;
        stock(dora, assets);
        vm.startPrank(dora);
        uint256 shares = vault.deposit(assets, dora);
        if (byShares) assertLe(vault.redeem(shares, dora, dora), assets);
        else assertTrue(vault.maxWithdraw(dora) <= assets && vault.previewWithdraw(assets) >= shares);
        vm.stopPrank();
    }

    function testFuzz_RoundTrip_WithdrawalAndDepositGainNothing(uint256 assets, bool byShares) public {
        assets = bound(assets, 0, vault.maxWithdraw(bob));
        if (assets == 0) return;
        stock(bob, 1e9 * loanUnit);
        vm.startPrank(bob);
        uint256 burned = vault.withdraw(assets, bob, bob);
        if (byShares) assertGe(vault.mint(burned, bob), assets);
        else if (vault.previewDeposit(assets) != 0) assertLe(vault.deposit(assets, bob), burned);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------ helpers

    /// @dev Whether a call to the vault fails.
    function fails(address caller, bytes memory data) internal returns (bool) {
        vm.prank(caller);
        return !LowLevelCall.callNoReturn(address(vault), data);
    }
}
