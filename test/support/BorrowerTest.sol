// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {OracleSwapper} from "../../contracts/mocks/OracleSwapper.sol";
import {ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {MarketTest} from "./MarketTest.sol";

/// @notice Shared by the tests of a borrower's actions.
abstract contract BorrowerTest is MarketTest {
    /// @dev Error of OpenZeppelin's `ReentrancyGuardTransient`, whose import would compile the
    /// guard itself.
    error ReentrancyGuardReentrantCall();

    int256 internal constant ALL = type(int256).min;

    /// @dev `adjust` without limits on the amounts pulled.
    function move(
        address caller,
        address account,
        int256 collateralDelta,
        int256 debtDelta,
        address receiver,
        bytes memory data
    ) internal returns (int256 collateralMoved, int256 debtMoved) {
        vm.prank(caller);
        return market.adjust(account, collateralDelta, debtDelta, receiver, type(uint256).max, type(uint256).max, data);
    }

    /// @dev The same by an account for itself, without a callback.
    function move(
        address account,
        int256 collateralDelta,
        int256 debtDelta
    ) internal returns (int256 collateralMoved, int256 debtMoved) {
        return move(account, account, collateralDelta, debtDelta, account, "");
    }

    /// @dev A swapper with a stock of both tokens.
    function newSwapper() internal returns (OracleSwapper swapper) {
        swapper = new OracleSwapper(loan, collateral, oracle);
        collateral.mint(address(swapper), 100_000 * collateralUnit);
        loan.mint(address(swapper), 100_000_000 * loanUnit);
    }

    /// @dev An actor with tokens and infinite allowances to the market.
    function newActor(uint256 collateralAmount, uint256 loanAmount) internal returns (ScriptedActor actor) {
        actor = new ScriptedActor();
        fund(address(actor), collateralAmount, loanAmount);
    }

    /// @dev The debt at which this collateral has exactly that leverage, rounded down.
    function debtAt(uint256 collateralAmount, uint256 leverage, uint256 price) internal pure returns (uint256) {
        return (((collateralAmount * price) / 1e36) * (leverage - ONE_X)) / leverage;
    }

    function borrowIndex() internal view returns (uint256 index) {
        (index, , , ) = market.interest();
    }

    function assertPosition(address account, uint256 expectedShares, uint256 expectedCollateral) internal view {
        (uint256 debtShares, uint256 held, ) = market.position(account);
        assertEq(debtShares, expectedShares, "debt shares");
        assertEq(held, expectedCollateral, "collateral");
    }

    /// @dev Checks that the market's token balances equal its books plus the given donations.
    function assertBacked(uint256 donatedLoan, uint256 donatedCollateral) internal view {
        (uint256 cash, , uint256 held) = market.totals();
        assertEq(loan.balanceOf(address(market)), cash + donatedLoan, "cash");
        assertEq(collateral.balanceOf(address(market)), held + donatedCollateral, "collateral of all");
    }
}
