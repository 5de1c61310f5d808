// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Call} from "../../contracts/mocks/ScriptedActor.sol";
import {AttackTest} from "./support/AttackTest.sol";

/// @notice Attacks on the price of the lenders' shares, most of them in an empty market.
contract ShareInflationTest is AttackTest {
    /// @dev A second market, in which nobody has lent yet.
    function setUp() public override {
        super.setUp();
        market = createMarket(_params(), "empty");
        _grantRoles(market);
        fund(address(attacker), 0, 10_000_000e6);
        fund(bob, 0, 1_000_000e6);
    }

    /// @notice Hundred Finance, April 2023; Sonne, May 2024: the first depositor of an empty market
    /// donates to it, so that one share unit is worth more than the next lender's deposit, which
    /// then rounds to zero.
    /// @dev Whatever is donated, the victim keeps all but one unit, and the attacker loses the
    /// donation.
    function testFuzz_Deposit_DonationInflatesNoEmptyMarket(uint256 first, uint256 donation, uint256 victims) public {
        first = bound(first, 1, 1_000e6);
        donation = bound(donation, 1, 9_000_000e6);
        victims = bound(victims, 1, 1_000_000e6);
        uint256 worth = worthOf(address(attacker), startPrice);
        plan(abi.encodeCall(IERC4626.deposit, (first, address(attacker))));
        plan(address(loan), abi.encodeCall(IERC20.transfer, (address(market), donation)));
        run();

        vm.prank(bob);
        market.deposit(victims, bob);
        redeemAll(address(attacker));

        assertGe(lentBy(bob) + 1, victims, "the victim has lost");
        assertLe(worthOf(address(attacker), startPrice) + donation, worth, "the attacker has gained");
    }

    /// @notice Radiant, January 2024: in a market seconds old, repeated deposits and withdrawals
    /// with amounts near one share collected a rounding each time.
    /// @dev Interest has made the share price a number that divides nothing: each of the four calls
    /// rounds, and none at the cost of the remaining lenders.
    function testFuzz_SharePrice_RoundTripsCollectNoRounding(uint256 seed, uint256 elapsed) public {
        vm.prank(bob);
        market.deposit(1_000e6, bob);
        open(alice, 1e18, 800e6);
        skipTime(bound(elapsed, 1, 365 days));
        vm.prank(address(attacker));
        market.deposit(1e6, address(attacker));
        uint256 worth = worthOf(address(attacker), startPrice);
        uint256 lent = lentBy(bob);
        for (uint256 i = 0; i < 10; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            (uint256 assets, uint256 shares) = (bound(random >> 128, 1, 1_000), bound(random, 1, 1_000e6));
            keepsTheSharePrice(abi.encodeCall(IERC4626.deposit, (assets, address(attacker))));
            keepsTheSharePrice(abi.encodeCall(IERC4626.mint, (shares, address(attacker))));
            keepsTheSharePrice(abi.encodeCall(IERC4626.withdraw, (assets, address(attacker), address(attacker))));
            keepsTheSharePrice(abi.encodeCall(IERC4626.redeem, (shares, address(attacker), address(attacker))));
        }
        assertLe(worthOf(address(attacker), startPrice), worth);
        assertGe(lentBy(bob), lent);
    }

    /// @notice Radiant, January 2024: flash loans, whose fee went to a single share unit, raised
    /// the index of the new market.
    /// @dev Flash loans cost nothing here, so they raise nothing, in any number.
    function test_FlashLoan_RaisesNeitherIndexNorSharePrice() public {
        vm.prank(address(attacker));
        market.deposit(1_000_000e6, address(attacker));
        uint256 sharePrice = market.convertToAssets(1e18);
        for (uint256 i = 0; i < 50; ++i) {
            plan(
                abi.encodeCall(
                    IERC3156FlashLender.flashLoan,
                    (attacker, address(loan), 1_000_000e6, abi.encode(new Call[](0)))
                )
            );
        }
        run();
        assertEq(market.convertToAssets(1e18), sharePrice);
        assertEq(borrowIndex(), WAD);
    }

    /// @notice Cream, October 2021: a donation doubled the price of vault shares that were used as
    /// collateral, in the transaction that borrowed against them.
    /// @dev An oracle that prices these shares by the market's own views reads the same before and
    /// after any donation.
    function testFuzz_SharePrice_DonationDoesNotRaiseIt(uint256 donation) public {
        vm.prank(bob);
        market.deposit(1_000_000e6, bob);
        bytes memory before = views();
        vm.prank(address(attacker));
        loan.transfer(address(market), bound(donation, 1, 10_000_000e6));
        assertEq(views(), before);
    }

    /// @notice Euler, March 2023: collateral was given to the reserves on purpose.
    /// @dev The buffer is the only reserve here. Nobody can give it shares: filling it would end
    /// the fee on interest that has been earned already, and a lender with half of all shares would
    /// gain more by that than the gift costs.
    function testFuzz_Transfer_RevertWhen_ReceiverIsTheBuffer(uint256 given) public {
        vm.startPrank(address(attacker));
        given = bound(given, 0, market.deposit(1_000_000e6, address(attacker)));
        market.approve(address(attacker), given);
        bytes memory refusal = abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, market);
        vm.expectRevert(refusal);
        market.transfer(address(market), given);
        vm.expectRevert(refusal);
        market.transferFrom(address(attacker), address(market), given);
        vm.expectRevert(refusal);
        market.deposit(given, address(market));
        vm.expectRevert(refusal);
        market.mint(given, address(market));
        vm.stopPrank();
        assertEq(market.maxDeposit(address(market)), 0);
        assertEq(market.maxMint(address(market)), 0);
    }

    /// @notice The owner of a single share lets interest inflate it: the Hundred attack without a
    /// donation, by the only lender and only borrower of a market.
    /// @dev After it has paid itself interest for weeks and has redeemed all but one share, the
    /// next lender loses at most one unit.
    function testFuzz_Interest_PaidToOneselfDoesNotInflateAShare(uint256 elapsed, uint256 victims) public {
        collateral.mint(address(attacker), 2_000e18);
        victims = bound(victims, 1, 1_000_000e6);
        vm.startPrank(address(attacker));
        market.deposit(1_000_000e6, address(attacker));
        market.adjust(address(attacker), 2_000e18, 1_000_000e6, address(attacker), 2_000e18, 0, "");
        skipTime(bound(elapsed, 1, 60 days));
        market.adjust(address(attacker), ALL, ALL, address(attacker), 0, type(uint256).max, "");
        market.redeem(market.balanceOf(address(attacker)) - 1, address(attacker), address(attacker));
        vm.stopPrank();

        vm.prank(bob);
        market.deposit(victims, bob);
        assertGe(lentBy(bob) + 1, victims);
    }

    /// @notice Donated collateral belongs to nobody: collateral transferred to the market without a
    /// call covers no debt.
    function test_Borrow_RevertWhen_AgainstADonation() public {
        vm.prank(bob);
        market.deposit(1_000_000e6, bob);
        collateral.mint(address(attacker), 1_000e18);
        plan(address(collateral), abi.encodeCall(IERC20.transfer, (address(market), 1_000e18)));
        plan(abi.encodeCall(ILeverageMarket.borrow, (1_000e6, address(attacker), address(attacker))));
        vm.expectRevert(
            abi.encodeWithSelector(ILeverageMarket.LeverageAboveMaximum.selector, uint256(1_000e6), 0, 50_000)
        );
        run();
    }

    /// @dev The attacker's call may round, but not at the cost of the remaining shares. Compares
    /// exactly, by products.
    function keepsTheSharePrice(bytes memory data) private {
        (uint256 supply, uint256 total) = (market.totalSupply() + 1e6, market.totalAssets() + 1);
        plan(data);
        run();
        (uint256 supplyAfter, uint256 totalAfter) = (market.totalSupply() + 1e6, market.totalAssets() + 1);
        assertGe(totalAfter * supply, total * supplyAfter, "a rounding was collected");
    }

    function views() private view returns (bytes memory) {
        return
            abi.encode(
                market.totalAssets(),
                market.convertToAssets(1e18),
                market.convertToShares(1e18),
                market.previewRedeem(1e18),
                market.previewDeposit(1e6),
                market.maxWithdraw(bob)
            );
    }

    function redeemAll(address account) private {
        uint256 shares = market.balanceOf(account);
        vm.prank(account);
        market.redeem(shares, account, account);
    }
}
