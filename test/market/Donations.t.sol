// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {BorrowerTest} from "../support/BorrowerTest.sol";

/// @notice A donation is not in the books, so it changes nothing for any user.
contract DonationTest is BorrowerTest {
    function testFuzz_Donation_ChangesNothing(uint256 loanAmount, uint256 collateralAmount) public {
        loanAmount = bound(loanAmount, 1, 1e30);
        collateralAmount = bound(collateralAmount, 1, 1e30);
        open(alice, 10e18, 10_000e6);
        skipTime(30 days);
        bytes memory before = snapshot();

        loan.mint(address(market), loanAmount);
        collateral.mint(address(market), collateralAmount);

        assertEq(snapshot(), before);
        assertBacked(loanAmount, collateralAmount);

        // A donation pays for nothing and goes to nobody.
        fund(alice, 0, 10_000e6);
        fund(bob, 1e18, 0);
        ScriptedActor actor = new ScriptedActor();
        move(bob, bob, 1e18, 0, address(actor), abi.encode(new Call[](0)));
        assertEq(collateral.balanceOf(bob), 0);
        move(alice, alice, ALL, ALL, address(actor), abi.encode(new Call[](0)));
        assertEq(collateral.balanceOf(address(actor)), 10e18);
        assertBacked(loanAmount, collateralAmount);

        uint256 shares = market.balanceOf(lender);
        vm.prank(lender);
        market.redeem(shares, lender, lender);
        assertBacked(loanAmount, collateralAmount);
    }

    /// @dev Every value that a donation could affect.
    function snapshot() private view returns (bytes memory) {
        (uint256 cash, uint256 debtShares, uint256 held) = market.totals();
        (uint256 index, uint256 rate, uint256 rateAtTarget, ) = market.interest();
        bytes memory books = abi.encode(cash, debtShares, held, index, rate, rateAtTarget, market.debtOf(alice));
        return
            abi.encode(
                books,
                market.totalAssets(),
                market.convertToAssets(1e18),
                market.maxWithdraw(lender),
                market.maxDeposit(lender),
                market.maxFlashLoan(address(loan)),
                market.debtAllowance(),
                market.collateralToken()
            );
    }
}
