// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Call, ScriptedActor} from "../../../contracts/mocks/ScriptedActor.sol";
import {BorrowerTest} from "../../support/BorrowerTest.sol";
import {LiquidationTest} from "../../support/LiquidationTest.sol";

/// @notice Lends any token that it holds for the duration of a call, without a fee: the best case
/// for an attacker.
contract FlashPool {
    function lend(IERC20 token, uint256 amount, ScriptedActor borrower, Call[] calldata calls) external {
        token.transfer(address(borrower), amount);
        borrower.execute(calls);
        token.transferFrom(address(borrower), address(this), amount);
    }
}

/// @notice Shared by the attacks: a plan of calls that an actor makes in one transaction, flash
/// loans from outside the market, and each account's wealth.
abstract contract AttackTest is BorrowerTest, LiquidationTest {
    ScriptedActor internal attacker;
    FlashPool internal flashPool;

    Call[] private _plan;

    function setUp() public virtual override {
        super.setUp();
        attacker = newActor(0, 0);
        flashPool = new FlashPool();
    }

    // ------------------------------------------------------------------ one transaction

    /// @dev Adds a call of the market to the plan.
    function plan(bytes memory data) internal {
        _plan.push(marketCall(data));
    }

    /// @dev Adds a call of the market whose failure doesn't revert the plan.
    function planTry(bytes memory data) internal {
        _plan.push(marketTry(data));
    }

    /// @dev Adds a call of any contract to the plan.
    function plan(address target, bytes memory data) internal {
        _plan.push(callTo(target, data));
    }

    /// @dev Returns the plan and clears it.
    function takePlan() internal returns (Call[] memory calls) {
        calls = _plan;
        delete _plan;
    }

    /// @dev The attacker makes all calls of the plan in one transaction.
    function run() internal {
        Call[] memory calls = takePlan();
        attacker.execute(calls);
    }

    /// @dev The same with a flash loan of `amount` of a token, to be returned at the end.
    function runWithFlashLoan(IERC20 token, uint256 amount) internal {
        Call[] memory calls = takePlan();
        flashPool.lend(token, amount, attacker, calls);
    }

    /// @dev Gives the pool tokens to lend, and the attacker's approval to take them back.
    function stockFlashPool(uint256 collateralAmount, uint256 loanAmount) internal {
        collateral.mint(address(flashPool), collateralAmount);
        loan.mint(address(flashPool), loanAmount);
        vm.startPrank(address(attacker));
        collateral.approve(address(flashPool), type(uint256).max);
        loan.approve(address(flashPool), type(uint256).max);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------ wealth

    /// @dev In loan token units at a price: tokens, lender shares, and the equity of the position,
    /// or zero if the equity is negative, since nobody has to make up for it.
    function worthOf(address account, uint256 price) internal view returns (uint256) {
        uint256 debt = market.debtOf(account);
        uint256 value = valueOf(account, price);
        return
            loan.balanceOf(account) +
            (collateral.balanceOf(account) * price) / 1e36 +
            lentBy(account) +
            (value > debt ? value - debt : 0);
    }

    /// @dev The assets that a lender's shares are worth.
    function lentBy(address account) internal view returns (uint256) {
        return market.convertToAssets(market.balanceOf(account));
    }
}
