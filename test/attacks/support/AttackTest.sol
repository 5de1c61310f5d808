// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Call, ScriptedActor} from "../../../contracts/mocks/ScriptedActor.sol";
import {BorrowerTest} from "../../support/BorrowerTest.sol";
import {LiquidationTest} from "../../support/LiquidationTest.sol";

/// @notice Lends any token that it holds for the length of a call, without a fee: the best that an attacker can hope for.
contract FlashPool {
    function lend(IERC20 token, uint256 amount, ScriptedActor borrower, Call[] calldata calls) external {
        token.transfer(address(borrower), amount);
        borrower.execute(calls);
        token.transferFrom(address(borrower), address(this), amount);
    }
}

/// @notice What the attacks share: a plan of calls that an actor makes in one transaction, flash loans from outside of the
/// market, and what everybody owns.
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

    /// @dev The next call of the plan, to the market.
    function plan(bytes memory data) internal {
        _plan.push(marketCall(data));
    }

    /// @dev The next call of the plan, to the market, whose failure ends nothing.
    function planTry(bytes memory data) internal {
        _plan.push(marketTry(data));
    }

    /// @dev The next call of the plan, to any contract.
    function plan(address target, bytes memory data) internal {
        _plan.push(callTo(target, data));
    }

    /// @dev The plan, which begins anew.
    function takePlan() internal returns (Call[] memory calls) {
        calls = _plan;
        delete _plan;
    }

    /// @dev The attacker makes all calls of the plan in one transaction.
    function run() internal {
        Call[] memory calls = takePlan();
        attacker.execute(calls);
    }

    /// @dev The same with `amount` of a token that has to be given back at the end.
    function runWithFlashLoan(IERC20 token, uint256 amount) internal {
        Call[] memory calls = takePlan();
        flashPool.lend(token, amount, attacker, calls);
    }

    /// @dev Gives the pool what it lends, and the attacker's leave to take it back.
    function stockFlashPool(uint256 collateralAmount, uint256 loanAmount) internal {
        collateral.mint(address(flashPool), collateralAmount);
        loan.mint(address(flashPool), loanAmount);
        vm.startPrank(address(attacker));
        collateral.approve(address(flashPool), type(uint256).max);
        loan.approve(address(flashPool), type(uint256).max);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------ what everybody owns

    /// @dev In loan token units at a price: tokens, lender shares, and the equity of the position, which nobody has to make
    /// up for if it is below zero.
    function worthOf(address account, uint256 price) internal view returns (uint256) {
        uint256 debt = market.debtOf(account);
        uint256 value = valueOf(account, price);
        return
            loan.balanceOf(account) +
            (collateral.balanceOf(account) * price) / 1e36 +
            lentBy(account) +
            (value > debt ? value - debt : 0);
    }

    /// @dev What a lender's shares are worth.
    function lentBy(address account) internal view returns (uint256) {
        return market.convertToAssets(market.balanceOf(account));
    }
}
