// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @notice Actions of borrowers, their operators and strangers on positions, by direct calls.
abstract contract BorrowerActions is HandlerBase {
    /// @dev A position and its market before a call.
    struct Position {
        uint256 debtShares;
        uint256 collateral;
        uint256 allowance;
        uint256 cash;
        uint256 totalDebtShares;
        uint256 totalCollateral;
        int256 worth;
    }

    function supplyCollateral(uint256 who, uint256 amount, uint256 whose) external observed {
        (address account, address caller) = (_borrower(whose), _actor(who));
        amount = bound(amount, 1, 100 * collateralUnit);
        _fund(caller, amount, 0);
        bool indebted = _debtSharesOf(account) != 0;
        bytes memory call = abi.encodeCall(market.supplyCollateral, (amount, account));
        // The cap never binds the rescue of an indebted account.
        _adjust("supplyCollateral", caller, account, call, indebted ? 0 : COLLATERAL_CAP);
    }

    function withdrawCollateral(uint256 who, uint256 amount, uint256 all) external observed {
        address account = _actor(who);
        (uint256 debtShares, uint256 held, ) = market.position(account);
        amount = all % 3 == 0 ? type(uint256).max : bound(amount, 0, held);
        bytes memory call = abi.encodeCall(market.withdrawCollateral, (amount, account, account));
        _adjust("withdrawCollateral", account, account, call, debtShares == 0 ? 0 : LEVERAGE | PRICE);
    }

    /// @notice Collateral and debt in one call, up to slightly above the greatest leverage.
    function open(uint256 who, uint256 debt, uint256 leverage) external observed {
        address account = _actor(who);
        uint256 amount;
        (amount, debt) = _opening(debt, leverage);
        _fund(account, amount, 0);
        bytes memory call = abi.encodeCall(
            market.adjust,
            (account, int256(amount), int256(debt), account, amount, 0, "")
        );
        _adjust("open", account, account, call, OPENING);
    }

    function borrow(uint256 who, uint256 amount) external observed {
        address account = _actor(who);
        amount = bound(amount, 1, market.debtOf(account) / 4 + config.minDebt);
        _adjust("borrow", account, account, abi.encodeCall(market.borrow, (amount, account, account)), OPENING);
    }

    function repay(uint256 who, uint256 amount, uint256 whose) external observed {
        (address account, address caller) = (_borrower(whose), _actor(who));
        uint256 debt = market.debtOf(account);
        amount = bound(amount, 0, debt + 1);
        _fund(caller, 0, amount);
        bytes memory call = abi.encodeCall(market.repay, (amount, account));
        _adjust("repay", caller, account, call, amount < debt ? DUST : 0);
    }

    /// @notice Must always succeed, whatever the oracle does.
    function close(uint256 who) external observed {
        address account = _actor(who);
        uint256 debt = market.debtOf(account);
        _fund(account, 0, debt);
        bytes memory call = abi.encodeCall(market.adjust, (account, ALL, ALL, account, 0, debt, ""));
        _adjust("close", account, account, call, 0);
        _expect(10, _collateralOf(account) == 0 && market.debtOf(account) == 0, "a close left something");
    }

    /// @notice A reduction: withdraws at most the collateral in proportion to the repaid debt.
    /// Needs no oracle.
    function reduce(uint256 who, uint256 part) external observed {
        address account = _actor(who);
        (uint256 debtShares, uint256 held, ) = market.position(account);
        uint256 debt = market.debtOf(account);
        if (debt == 0) return;
        uint256 repaid = bound(part, 0, debt - 1);
        (uint256 index, , , ) = market.interest();
        uint256 freed = (held * LeverageMath.sharesDown(repaid, index)) / debtShares;
        _fund(account, 0, repaid);
        bytes memory call = abi.encodeCall(
            market.adjust,
            (account, -int256(freed), -int256(repaid), account, 0, repaid, "")
        );
        _adjust("reduce", account, account, call, DUST);
    }

    function setOperator(uint256 who, uint256 operator, uint256 approved) external observed {
        _must(_actor(who), abi.encodeCall(market.setOperator, (_actor(operator), approved % 4 != 0)));
        _count("setOperator");
    }

    /// @notice Another account takes debt and collateral of an account: its operator may, nobody
    /// else.
    function adjustAsAnother(uint256 who, uint256 whose, uint256 debt, uint256 amount) external observed {
        (address caller, address account) = (_actor(who), _actor(whose));
        debt = bound(debt, 1, 10_000 * loanUnit);
        amount = bound(amount, 0, _collateralOf(account) / 10);
        bytes memory call = abi.encodeCall(market.adjust, (account, -int256(amount), int256(debt), caller, 0, 0, ""));
        if (caller == account || market.isOperator(account, caller)) {
            _adjust("adjustAsOperator", caller, account, call, OPENING);
            return;
        }
        (bool success, bytes memory reason) = _attempt(caller, call);
        bytes memory refusal = abi.encodeWithSelector(ILeverageMarket.NotAuthorized.selector, account, caller);
        _expect(4, !success && keccak256(reason) == keccak256(refusal), "a stranger took debt");
        _tally("stranger refused");
    }

    /// @dev Collateral and debt for an opening between 1.2x and 1% above the limit, every second
    /// time near the limit.
    function _opening(uint256 debt, uint256 leverage) internal view returns (uint256, uint256) {
        uint256 maxLeverage = market.limits().maxLeverage;
        debt = bound(debt, config.minDebt, 400_000 * loanUnit);
        leverage = bound(leverage, leverage % 2 == 0 ? 12_000 : (maxLeverage * 9) / 10, (maxLeverage * 101) / 100);
        uint256 value = (debt * leverage) / (leverage - ONE_X);
        return (LeverageMath.collateralDown(value, price) + 1, debt);
    }

    /// @dev Makes a call that changes one position, and checks everything that must hold.
    function _adjust(
        string memory name,
        address caller,
        address account,
        bytes memory call,
        uint256 permitted
    ) internal {
        address[] memory group = _group(caller, account);
        Position memory was = _position(account);
        was.worth = _exactWorth(group);
        (bool success, bytes memory returned) = _attempt(caller, call);
        if (!success) {
            _justify(returned, permitted);
            return;
        }
        _count(name);
        _checkPosition(account, was);
        _expectNoExactGain(group, was.worth, 0);
    }

    function _position(address account) internal view returns (Position memory was) {
        (was.debtShares, was.collateral, ) = market.position(account);
        was.allowance = market.debtAllowance();
        (was.cash, was.totalDebtShares, was.totalCollateral) = market.totals();
    }

    /// @dev Whether there is more debt than before, or more debt per collateral; compared in
    /// shares, crosswise.
    function _isRiskier(address account, Position memory was) internal view returns (bool) {
        (uint256 debtShares, uint256 held, ) = market.position(account);
        return debtShares > was.debtShares || debtShares * was.collateral > was.debtShares * held;
    }

    /// @dev If risk was raised, the market must be within its cap, or at no higher an LTV than
    /// before.
    function _expectSystemCap(Position memory was) internal {
        (, uint256 debtShares, uint256 held) = market.totals();
        bool isHigher =
            was.totalCollateral == 0 ? debtShares != 0 : debtShares * was.totalCollateral > was.totalDebtShares * held;
        _expect(7, !isHigher || _isSystemWithin(), "raised risk broke the system cap");
    }

    function _checkPosition(address account, Position memory was) internal {
        (uint256 debtShares, uint256 held, ) = market.position(account);
        bool addsDebt = debtShares > was.debtShares;
        if (_isRiskier(account, was)) {
            uint256 maxLeverage = market.limits().maxLeverage;
            (uint256 openPrice, ) = oracle.prices();
            uint256 value = LeverageMath.valueDown(held, openPrice);
            _expect(3, LeverageMath.isWithin(market.debtOf(account), value, maxLeverage), "above maxLeverage");
        }
        if (_isRiskier(account, was)) _expectSystemCap(was);
        (uint256 cash, , ) = market.totals();
        if (addsDebt) {
            _noteDraw(account, was.cash - cash);
            _expectAllowance(was, was.cash - cash, 0, 0);
        } else {
            _expectAllowance(was, 0, 0, _noteRepayment(account, cash - was.cash));
        }
    }

    /// @dev New debt uses exactly its amount of the allowance; repayments restore an amount between
    /// these bounds.
    function _expectAllowance(
        Position memory was,
        uint256 drawn,
        uint256 leastRestored,
        uint256 mostRestored
    ) internal {
        // Allowances are rounded down to units.
        uint256 left = market.debtAllowance() + drawn;
        _expect(12, left + 1 >= was.allowance + leastRestored, "allowance lost");
        _expect(12, left <= was.allowance + mostRestored + 1, "debt without allowance");
        restored[marketId] += Math.saturatingSub(left, was.allowance);
    }

    /// @dev At the open price; a market with a broken oracle accepts no new debt at all.
    function _isSystemWithin() internal view returns (bool) {
        if (_oracleBroken) return true;
        uint256 systemCap = market.limits().systemLeverageCap;
        (, , uint256 total) = market.totals();
        (uint256 openPrice, ) = oracle.prices();
        return LeverageMath.isWithin(market.totalDebt(), LeverageMath.valueDown(total, openPrice), systemCap);
    }
}
