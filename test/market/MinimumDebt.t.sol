// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";
import {MarketPresets} from "../../contracts/mocks/MarketPresets.sol";

contract MinimumDebtTest is BorrowerTest {
    uint256 private constant MINIMUM = MarketPresets.MIN_DEBT * 1e6;

    function test_MinDebt_BindsAnOpeningToTheUnit() public {
        open(alice, 10e18, 0);

        vm.startPrank(alice);
        vm.expectRevert(debtBelowMinimum(1));
        market.borrow(1, alice, alice);
        vm.expectRevert(debtBelowMinimum(MINIMUM - 1));
        market.borrow(MINIMUM - 1, alice, alice);
        market.borrow(MINIMUM, alice, alice);
        market.borrow(1, alice, alice);
    }

    function test_MinDebt_BindsARepaymentToTheUnit() public {
        open(alice, 10e18, 1_000e6);

        vm.startPrank(alice);
        vm.expectRevert(debtBelowMinimum(MINIMUM - 1));
        market.repay(900e6 + 1, alice);
        vm.expectRevert(debtBelowMinimum(1));
        market.repay(1_000e6 - 1, alice);
        market.repay(900e6, alice);
        market.repay(MINIMUM, alice);
        assertPosition(alice, 0, 10e18);
    }

    function test_MinDebt_BindsAStrangersRepayment() public {
        open(alice, 10e18, 1_000e6);
        fund(bob, 0, 1_000e6);

        vm.prank(bob);
        vm.expectRevert(debtBelowMinimum(MINIMUM - 1));
        market.repay(900e6 + 1, alice);
    }

    /// @dev Repaying one unit less than the debt burns all shares but one or two.
    function test_MinDebt_BindsARepaymentOfAllButAUnit() public {
        open(alice, 10e18, 16_000e6);
        skipTime(30 days);
        market.accrue();
        uint256 index = borrowIndex();
        uint256 paid = market.debtOf(alice) - 1;
        uint256 left = debtSharesOf(alice) - (paid * WAD) / index;
        assertGt(left, 0);

        vm.prank(alice);
        vm.expectRevert(debtBelowMinimum((left * index + WAD - 1) / WAD));
        market.adjust(alice, 0, -int256(paid), alice, 0, type(uint256).max, "");
    }

    function testFuzz_MinDebt_NoCallLeavesADebtBelowIt(uint256 seed) public {
        open(alice, 10e18, 1_000e6);
        fund(alice, 10e18, 100_000e6);
        fund(bob, 10e18, 100_000e6);
        for (uint256 i = 0; i < 10; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            int256 delta = bound(int256(random), -1_100e6, 500e6);
            address caller = delta < 0 && random % 3 == 0 ? bob : alice;
            vm.prank(caller);
            try market.adjust(alice, 0, delta, caller, 0, type(uint256).max, "") {} catch (bytes memory reason) {
                assertEq(bytes32(bytes4(reason)), bytes32(ILeverageMarket.DebtBelowMinimum.selector));
            }
            uint256 debt = market.debtOf(alice);
            assertTrue(debt == 0 || debt >= MINIMUM);
            skipTime(random % 100 days);
        }
    }

    function debtBelowMinimum(uint256 debt) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILeverageMarket.DebtBelowMinimum.selector, debt, MINIMUM);
    }
}
