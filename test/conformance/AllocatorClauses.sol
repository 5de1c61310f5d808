// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {Allocator} from "../../contracts/mocks/Allocator.sol";
import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {VaultStates} from "./VaultStates.sol";

/// @notice An allocator that knows only ERC-4626 uses the market, together with a second, empty
/// one.
abstract contract AllocatorClauses is VaultStates {
    Allocator internal allocator;
    ILeverageMarket internal second;

    function setUp() public virtual override {
        super.setUp();
        second = createMarket(_params(), "second");
        IERC4626[] memory vaults = new IERC4626[](2);
        (vaults[0], vaults[1]) = (vault, second);
        allocator = new Allocator(loan, vaults);
    }

    /// @dev None of its calls fails, every promise is kept, and its assets stay the same except for
    /// one unit per step.
    function testFuzz_Allocator_NoPromisedAmountFails(uint256[4] memory amounts, uint256 elapsed) public {
        loan.mint(address(allocator), 1e9 * loanUnit);
        uint256 total = allocator.totalAssets();
        allocator.allocate(bound(amounts[0], 0, 5e8 * loanUnit));
        total = checkTotal(total);
        allocator.deallocate(bound(amounts[1], 0, 5e8 * loanUnit));
        total = checkTotal(total);

        skipTime(bound(elapsed, 0, 365 days));
        assertGe(allocator.totalAssets(), total, "interest took something");
        total = allocator.totalAssets();
        allocator.allocate(bound(amounts[2], 0, loan.balanceOf(address(allocator))));
        total = checkTotal(total);
        allocator.deallocate(bound(amounts[3], 0, total));
        total = checkTotal(total);
        allocator.withdrawAll();
        checkTotal(total);
    }

    /// @dev It can withdraw the rest once borrowers have repaid.
    function testFuzz_Allocator_LeavesWhenThereIsCash(uint256 amount) public {
        amount = bound(amount, 1e6, 1e8 * loanUnit);
        loan.mint(address(allocator), amount);
        assertEq(allocator.allocate(amount), 0);
        stock(alice, 1e9 * loanUnit);
        if (market.debtOf(alice) != 0) {
            vm.prank(alice);
            market.repay(type(uint256).max, alice);
        }
        allocator.withdrawAll();
        assertEq(vault.balanceOf(address(allocator)) / 1e6, 0);
        assertGe(loan.balanceOf(address(allocator)) + 2, amount);
    }

    function checkTotal(uint256 before) private view returns (uint256 total) {
        total = allocator.totalAssets();
        assertLe(total, before + 1, "it gained");
        assertGe(total + 4, before, "it lost");
    }
}
