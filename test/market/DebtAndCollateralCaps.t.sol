// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {Limit, MarketParams} from "../../contracts/types/MarketTypes.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";
import {GovernanceTest} from "../support/GovernanceTest.sol";

contract DebtCapTest is BorrowerTest {
    /// @dev The whole cap can be borrowed within a day.
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.config.dailyAllowance = 1e18;
    }

    function test_DebtCap_BindsToTheUnit() public {
        open(alice, 20_000e18, 0);

        vm.startPrank(alice);
        vm.expectRevert(capExceeded(8_000_000e6 + 1));
        market.borrow(8_000_000e6 + 1, alice, alice);
        market.borrow(8_000_000e6, alice, alice);
        vm.expectRevert(capExceeded(8_000_000e6 + 1));
        market.borrow(1, alice, alice);
    }

    function test_DebtCap_CountsInterestAndAllBorrowers() public {
        open(bob, 10_000e18, 7_000_000e6);
        open(alice, 10_000e18, 0);
        skipTime(30 days);
        uint256 index = borrowIndex();
        uint256 debtShares = 7_000_000e6 + (1_000_000e6 * WAD + index - 1) / index;

        vm.startPrank(alice);
        vm.expectRevert(capExceeded((debtShares * index + WAD - 1) / WAD));
        market.borrow(1_000_000e6, alice, alice);
        market.borrow(8_000_000e6 - market.totalDebt() - 1, alice, alice);

        assertLe(market.totalDebt(), 8_000_000e6);
    }

    function capExceeded(uint256 debt) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.DebtCapExceeded.selector, debt, 8_000_000e6);
    }
}

contract CollateralCapTest is BorrowerTest, GovernanceTest {
    function _params() internal view override returns (MarketParams memory params) {
        params = super._params();
        params.limits.collateralCap = 100e18;
    }

    function test_CollateralCap_BindsIdleCollateralToTheUnit() public {
        fund(alice, 200e18, 0);
        vm.startPrank(alice);

        vm.expectRevert(capExceeded(100e18 + 1));
        market.supplyCollateral(100e18 + 1, alice);
        market.supplyCollateral(100e18, alice);
        vm.expectRevert(capExceeded(100e18 + 1));
        market.supplyCollateral(1, alice);
    }

    function test_CollateralCap_LoweredBindsIdleCollateral() public {
        lower(Limit.CollateralCap, 10e18);
        fund(alice, 20e18, 0);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.CollateralCapExceeded.selector, 10e18 + 1, 10e18));
        vm.prank(alice);
        market.supplyCollateral(10e18 + 1, alice);
        vm.prank(alice);
        market.supplyCollateral(10e18, alice);
    }

    function test_CollateralCap_BindsAnOpening() public {
        open(bob, 60e18, 0);
        fund(alice, 50e18, 0);

        vm.expectRevert(capExceeded(100e18 + 1));
        move(alice, 40e18 + 1, 1_000e6);
        move(alice, 40e18, 1_000e6);
    }

    function test_CollateralCap_NeverBindsCollateralForAnIndebtedAccount() public {
        open(alice, 100e18, 160_000e6);
        oracle.setPrice(priceOf(1500));
        fund(alice, 20e18, 0);
        fund(bob, 30e18, 0);

        vm.prank(bob);
        market.supplyCollateral(30e18, alice);
        move(alice, 20e18, -1_000e6);

        assertPosition(alice, 159_000e6, 150e18);
    }

    function test_CollateralCap_NeverBindsAWithdrawal() public {
        open(alice, 100e18, 160_000e6);
        fund(alice, 20e18, 0);
        vm.startPrank(alice);
        market.supplyCollateral(20e18, alice);

        market.withdrawCollateral(1e18, alice, alice);
        market.repay(type(uint256).max, alice);
        market.withdrawCollateral(1e18, alice, alice);
        assertEq(collateralOf(alice), 118e18);
        vm.expectRevert(capExceeded(118e18 + 1));
        market.supplyCollateral(1, alice);
    }

    function test_CollateralCap_RevertWhen_BorrowingAboveIt() public {
        open(alice, 100e18, 1_000e6);
        fund(alice, 900e18, 0);
        vm.startPrank(alice);
        // An unnecessary rescue would make room for debt beyond what the cap admits, so that debt
        // is refused.
        market.supplyCollateral(900e18, alice);

        vm.expectRevert(capExceeded(1_000e18));
        market.borrow(1_000_000e6, alice, alice);
    }

    function test_CollateralCap_RevertWhen_BorrowingAfterItWasLowered() public {
        open(alice, 50e18, 1_000e6);
        vm.prank(guardian);
        market.lowerLimit(Limit.CollateralCap, 50e18 - 1);

        bytes memory reason = abi.encodeWithSelector(ILeverageMarket.CollateralCapExceeded.selector, 50e18, 50e18 - 1);
        vm.startPrank(alice);
        vm.expectRevert(reason);
        market.borrow(1_000e6, alice, alice);
        vm.expectRevert(reason);
        market.borrow(1, alice, alice);
    }

    function test_CollateralCap_BorrowingAtItIsAllowed() public {
        open(alice, 50e18, 1_000e6);
        vm.prank(guardian);
        market.lowerLimit(Limit.CollateralCap, 50e18);

        vm.prank(alice);
        market.borrow(1_000e6, alice, alice);

        assertPosition(alice, 2_000e6, 50e18);
    }

    function test_CollateralCap_MeasuresABorrowWithWithdrawalByWhatIsLeft() public {
        open(alice, 100e18, 1_000e6);
        fund(alice, 10e18, 0);
        vm.prank(alice);
        market.supplyCollateral(10e18, alice);

        vm.expectRevert(capExceeded(100e18 + 1));
        move(alice, -10e18 + 1, 1_000e6);
        move(alice, -10e18, 1_000e6);

        assertPosition(alice, 2_000e6, 100e18);
    }

    /// @dev The check doesn't depend on which account's collateral exceeds the cap.
    function test_CollateralCap_RevertWhen_AnotherAccountBorrowsAboveIt() public {
        open(bob, 50e18, 0);
        open(alice, 50e18, 1_000e6);
        fund(alice, 1, 0);
        vm.prank(alice);
        market.supplyCollateral(1, alice);

        vm.prank(bob);
        vm.expectRevert(capExceeded(100e18 + 1));
        market.borrow(100e6, bob, bob);
    }

    function capExceeded(uint256 held) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.CollateralCapExceeded.selector, held, 100e18);
    }
}
