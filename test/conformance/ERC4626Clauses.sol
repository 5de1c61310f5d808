// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

import {VaultStates} from "./VaultStates.sol";

/// @notice ERC-4626, clause by clause, in words of our own. Bob is the owner of shares, Dora deposits, Carol is whoever else
/// there is.
abstract contract ERC4626Clauses is VaultStates {
    address internal carol = makeAddr("carol");
    address internal dora = makeAddr("dora");

    // ------------------------------------------------------------------ the vault as a token

    /// @dev Shares are an ERC-20 token with a name, a symbol and decimals.
    function test_SharesAreAToken() public view {
        assertGt(bytes(vault.name()).length, 0);
        assertGt(bytes(vault.symbol()).length, 0);
        assertEq(vault.decimals(), IERC20Metadata(vault.asset()).decimals() + 6);
        assertGe(vault.totalSupply(), vault.balanceOf(bob));
    }

    /// @dev `asset` names an ERC-20 token and does not revert.
    function test_TheAssetIsAToken() public view {
        assertEq(vault.asset(), address(loan));
    }

    // ------------------------------------------------------------------ totalAssets, conversions

    /// @dev `totalAssets` contains what has been earned, whether somebody accrues it or not.
    function test_TotalAssetsContainInterest() public {
        uint256 total = vault.totalAssets();
        (uint256 cash, , ) = market.totals();
        assertApproxEqAbs(total, cash + market.totalDebt(), 1);
        market.accrue();
        assertEq(vault.totalAssets(), total);
    }

    /// @dev Conversions are the same for everybody, without fees for an action, and in proportion to the amount.
    function testFuzz_ConversionsAreTheSameForEverybody(address caller, uint256 amount) public {
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
    function testFuzz_ConversionsRoundDown(uint256 amount) public view {
        amount = bound(amount, 0, 1e9 * loanUnit);
        assertLe(vault.convertToAssets(vault.convertToShares(amount)), amount);
        assertLe(vault.convertToShares(vault.convertToAssets(amount)), amount);
    }

    /// @dev Previews and conversions revert for absurd amounts at the most, not for the vault's own limits.
    function testFuzz_PreviewsIgnoreLimits(address caller, uint256 amount) public {
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

    /// @dev What the vault says it takes, it takes, from whoever has it; and no unit more.
    function test_MaxDepositIsTaken() public {
        uint256 most = vault.maxDeposit(carol);
        stock(dora, type(uint128).max);
        assertEq(vault.maxDeposit(carol), most);
        assertTrue(fails(dora, abi.encodeCall(IERC4626.deposit, (most + 1, carol))), "more was taken");
        vm.prank(dora);
        vault.deposit(most, carol);
    }

    function test_MaxMintIsTaken() public {
        uint256 most = vault.maxMint(carol);
        stock(dora, type(uint128).max);
        assertEq(vault.maxMint(carol), most);
        assertTrue(fails(dora, abi.encodeCall(IERC4626.mint, (most + 1, carol))), "more was taken");
        vm.prank(dora);
        vault.mint(most, carol);
    }

    /// @dev A deposit takes all its assets, mints no fewer shares than its preview said, to the receiver, and logs it.
    function testFuzz_ADepositKeepsItsPreview(uint256 assets) public {
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

    /// @dev A mint gives all its shares, takes no more assets than its preview said, and logs it.
    function testFuzz_AMintKeepsItsPreview(uint256 shares) public {
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

    /// @dev It reverts if not all assets can be taken: for want of a balance, or of an allowance.
    function testFuzz_RevertWhen_ADepositCannotBePaid(uint256 assets) public {
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

    /// @dev What the vault says an owner can have, it can have.
    function test_MaxWithdrawIsPaid() public {
        uint256 most = vault.maxWithdraw(bob);
        assertLe(most, vault.convertToAssets(vault.balanceOf(bob)));
        assertTrue(fails(bob, abi.encodeCall(IERC4626.withdraw, (most + 1, bob, bob))), "more was paid");
        vm.prank(bob);
        vault.withdraw(most, carol, bob);
        assertEq(loan.balanceOf(carol), most);
    }

    function test_MaxRedeemIsPaid() public {
        uint256 most = vault.maxRedeem(bob);
        assertLe(most, vault.balanceOf(bob));
        if (most == vault.balanceOf(bob))
            assertTrue(fails(bob, abi.encodeCall(IERC4626.redeem, (most + 1, bob, bob))), "more was paid");
        uint256 promised = vault.previewRedeem(most);
        vm.prank(bob);
        assertGe(vault.redeem(most, carol, bob), promised);
    }

    /// @dev Who has no shares can take nothing.
    function test_NobodyWithoutSharesIsPromisedAny() public view {
        assertEq(vault.maxWithdraw(carol), 0);
        assertEq(vault.maxRedeem(carol), 0);
    }

    /// @dev A withdrawal pays all its assets, burns no more shares than its preview said, and logs it.
    function testFuzz_AWithdrawalKeepsItsPreview(uint256 assets) public {
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

    /// @dev A redemption burns all its shares, pays no less than its preview said, and logs it.
    function testFuzz_ARedemptionKeepsItsPreview(uint256 shares) public {
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

    /// @dev Who is approved for an owner's shares takes them out, and uses its allowance up; nobody else does.
    function testFuzz_AnAllowanceLetsOthersTakeOut(uint256 shares) public {
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

    /// @dev It reverts if not all can be taken out.
    function test_RevertWhen_MoreIsTakenOutThanThereIs() public {
        uint256 held = vault.balanceOf(bob);
        assertTrue(fails(bob, abi.encodeCall(IERC4626.redeem, (held + 1, bob, bob))), "redeemed");
        uint256 assets = vault.convertToAssets(held) + 1;
        assertTrue(fails(bob, abi.encodeCall(IERC4626.withdraw, (assets, bob, bob))), "withdrawn");
    }

    // ------------------------------------------------------------------ there and back

    /// @dev In favour of the vault: nobody gains by going in and out, or out and in.
    function testFuzz_InAndOutGainsNothing(uint256 assets, bool byShares) public {
        assets = boundDeposit(assets);
        if (vault.previewDeposit(assets) == 0) return;
        stock(dora, assets);
        vm.startPrank(dora);
        uint256 shares = vault.deposit(assets, dora);
        if (byShares) assertLe(vault.redeem(shares, dora, dora), assets);
        else assertTrue(vault.maxWithdraw(dora) <= assets && vault.previewWithdraw(assets) >= shares);
        vm.stopPrank();
    }

    function testFuzz_OutAndInGainsNothing(uint256 assets, bool byShares) public {
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
