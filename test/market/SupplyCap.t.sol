// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Limit, MarketParams} from "../../contracts/types/MarketTypes.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";
import {GovernanceTest} from "../support/GovernanceTest.sol";

/// @notice The limit on lending. Ten million are lent, of at most twelve.
contract SupplyCapTest is BorrowerTest, GovernanceTest {
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.limits.supplyCap = 12_000_000e6;
    }

    function setUp() public override {
        super.setUp();
        fund(bob, 0, 20_000_000e6);
    }

    function test_SupplyCap_BindsDepositsAndMintsToTheUnit() public {
        assertEq(market.maxDeposit(bob), 2_000_000e6);
        assertEq(market.maxMint(bob), 2_000_000e12);
        vm.startPrank(bob);
        vm.expectRevert(exceeded(2_000_000e6 + 1, 2_000_000e6));
        market.deposit(2_000_000e6 + 1, bob);
        // One share unit above the maximum costs another unit of assets.
        vm.expectRevert(exceeded(2_000_000e6 + 1, 2_000_000e6));
        market.mint(2_000_000e12 + 1, bob);
        market.deposit(1_000_000e6, bob);
        market.mint(1_000_000e12, bob);
        vm.expectRevert(exceeded(1, 0));
        market.deposit(1, bob);
        vm.stopPrank();
        assertEq(market.totalAssets(), 12_000_000e6);
        assertEq(market.maxDeposit(bob), 0);
        assertEq(market.maxMint(bob), 0);
    }

    /// @dev ERC-4626: previews ignore limits.
    function test_SupplyCap_PreviewsIgnoreIt() public {
        lower(Limit.SupplyCap, 0);
        assertEq(market.previewDeposit(5_000_000e6), 5_000_000e12);
        assertEq(market.previewMint(5_000_000e12), 5_000_000e6);
        assertEq(market.convertToShares(5_000_000e6), 5_000_000e12);
    }

    /// @dev A cap of zero closes the market to new lenders at once; lenders can still leave, and
    /// fees are still turned into shares.
    function test_SupplyCap_LoweredToZeroPausesDepositsOnly() public {
        open(alice, 1_000e18, 1_000_000e6);
        skipTime(30 days);
        lower(Limit.SupplyCap, 0);
        assertEq(market.limits().supplyCap, 0);
        assertEq(market.maxDeposit(bob), 0);
        vm.prank(bob);
        vm.expectRevert(exceeded(1e6, 0));
        market.deposit(1e6, bob);
        market.deposit(0, bob);
        assertGt(market.balanceOf(address(market)), 0);
        vm.prank(lender);
        market.withdraw(1_000_000e6, lender, lender);
        open(bob, 100e18, 10_000e6);
        vm.startPrank(bob);
        market.repay(type(uint256).max, bob);
        market.withdrawCollateral(type(uint256).max, bob, bob);
        vm.stopPrank();
    }

    /// @dev Interest may exceed the cap; then there is no room left, and no underflow.
    function test_SupplyCap_InterestMayExceedIt() public {
        open(alice, 5_000e18, 4_000_000e6);
        vm.startPrank(lender);
        market.withdraw(5_900_000e6, lender, lender);
        vm.stopPrank();
        lower(Limit.SupplyCap, 4_100_000e6);
        skipTime(365 days);
        assertGt(market.totalAssets(), 4_100_000e6);
        assertEq(market.maxDeposit(bob), 0);
        assertEq(market.maxMint(bob), 0);
        vm.prank(bob);
        vm.expectRevert(exceeded(1e6, 0));
        market.deposit(1e6, bob);
    }

    /// @dev Three digits are stored, and returned by views.
    function test_SupplyCap_IsRoundedDownToThreeDigits() public {
        vm.expectEmit(address(market));
        emit ILeverageMarket.LimitSet(Limit.SupplyCap, 11_900_000e6);
        lower(Limit.SupplyCap, 11_987_654e6);
        assertEq(market.limits().supplyCap, 11_900_000e6);
        assertEq(market.maxDeposit(bob), 1_900_000e6);
    }

    function test_SupplyCap_IsRaisedAfterTheDelay() public {
        schedule(Limit.SupplyCap, 15_000_000e6);
        vm.prank(bob);
        vm.expectRevert(exceeded(3_000_000e6, 2_000_000e6));
        market.deposit(3_000_000e6, bob);
        skipTime(2 days);
        market.applyRaise(Limit.SupplyCap);
        vm.prank(bob);
        market.deposit(3_000_000e6, bob);
        assertEq(market.maxDeposit(bob), 2_000_000e6);
    }

    /// @dev The reported maximum can be deposited or minted, at any share price.
    function testFuzz_SupplyCap_MaximumCanBeDeposited(uint256 debt, uint256 elapsed, uint256 cap, bool byMint) public {
        open(alice, 10_000e18, bound(debt, 100e6, 4_000_000e6));
        skipTime(bound(elapsed, 0, 365 days));
        lower(Limit.SupplyCap, bound(cap, 0, 12_000_000e6));
        if (byMint) {
            uint256 shares = market.maxMint(bob);
            vm.prank(bob);
            market.mint(shares, bob);
        } else {
            uint256 assets = market.maxDeposit(bob);
            vm.prank(bob);
            market.deposit(assets, bob);
        }
        uint256 most = market.limits().supplyCap;
        assertTrue(market.totalAssets() <= most || market.maxDeposit(bob) == 0);
        assertLe(market.maxDeposit(bob), 2);
    }

    function exceeded(uint256 requested, uint256 room) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.SupplyCapExceeded.selector, requested, room);
    }
}
