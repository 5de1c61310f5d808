// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {LeverageMath} from "../../contracts/libraries/LeverageMath.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Test} from "../utils/Test.sol";

/// @notice The errors that an action may revert with, and whether the actual error is justified:
/// its arguments must describe the violation, and be true. Any other error fails the suite.
abstract contract Refusals is Test {
    uint256 internal constant LEVERAGE = 1 << 0;
    uint256 internal constant SYSTEM = 1 << 1;
    uint256 internal constant DUST = 1 << 2;
    uint256 internal constant DEBT_CAP = 1 << 3;
    uint256 internal constant ALLOWANCE = 1 << 4;
    uint256 internal constant COLLATERAL_CAP = 1 << 5;
    uint256 internal constant CASH = 1 << 6;
    uint256 internal constant PRICE = 1 << 7;
    uint256 internal constant NOTHING = 1 << 8;
    uint256 internal constant BALANCE = 1 << 9;
    uint256 internal constant LIMIT = 1 << 10;
    uint256 internal constant NOT_SCHEDULED = 1 << 11;
    uint256 internal constant EXIT = 1 << 12;
    uint256 internal constant OPERATOR = 1 << 13;
    uint256 internal constant SUPPLY_CAP = 1 << 14;
    uint256 internal constant RAMP = 1 << 15;

    uint256 internal constant OPENING = LEVERAGE | SYSTEM | DUST | DEBT_CAP | ALLOWANCE | COLLATERAL_CAP | CASH | PRICE;

    /// @dev Of the drawn market.
    ILeverageMarket internal market;

    /// @dev Whether the handler has made the oracle fail, or report an absurd price.
    bool internal _oracleBroken;

    error UnexpectedRevert(bytes reason);

    function _justify(bytes memory reason, uint256 permitted) internal view {
        if (!_isJustified(reason, permitted)) revert UnexpectedRevert(reason);
    }

    function _isJustified(bytes memory reason, uint256 permitted) private view returns (bool) {
        bytes4 error_ = bytes4(reason);
        (uint256 a, uint256 b, uint256 c) = _arguments(reason);
        if (error_ == ILeverageMarket.LeverageAboveMaximum.selector) {
            return permitted & LEVERAGE != 0 && !LeverageMath.isWithin(a, b, c);
        }
        if (error_ == ILeverageMarket.SystemLeverageAboveCap.selector) {
            // An action that may raise the risk of a position may raise that of the market.
            return permitted & (SYSTEM | LEVERAGE) != 0 && !LeverageMath.isWithin(a, b, c);
        }
        if (error_ == ILeverageMarket.DebtBelowMinimum.selector) return permitted & DUST != 0 && 0 < a && a < b;
        if (error_ == ILeverageMarket.DebtCapExceeded.selector) return permitted & DEBT_CAP != 0 && a > b;
        if (error_ == ILeverageMarket.DebtAllowanceExceeded.selector) {
            return permitted & ALLOWANCE != 0 && a > b;
        }
        if (error_ == ILeverageMarket.CollateralCapExceeded.selector) {
            return permitted & COLLATERAL_CAP != 0 && a > b;
        }
        if (error_ == ILeverageMarket.SupplyCapExceeded.selector) return permitted & SUPPLY_CAP != 0 && a > b;
        if (error_ == ILeverageMarket.InsufficientCash.selector) return permitted & CASH != 0 && b > a;
        if (error_ == ILeverageMarket.InvalidPrice.selector || error_ == MockOracle.OracleFailure.selector) {
            return permitted & PRICE != 0 && _oracleBroken;
        }
        if (error_ == ILeverageMarket.NothingToLiquidate.selector) return permitted & NOTHING != 0;
        if (error_ == ILeverageMarket.NotAuthorized.selector) return permitted & OPERATOR != 0 && a != b;
        if (error_ == ILeverageMarket.LossAfterLenderExit.selector) return permitted & EXIT != 0 && a != 0;
        if (error_ == ILeverageMarket.LenderExitAfterLiquidation.selector) return permitted & EXIT != 0 && a != 0;
        if (error_ == IERC20Errors.ERC20InsufficientBalance.selector) return permitted & BALANCE != 0 && c > b;
        if (error_ == ILeverageMarket.InsufficientCollateral.selector) return permitted & BALANCE != 0 && b > a;
        // Its first argument is the limit.
        if (error_ == ILeverageMarket.NotATightening.selector) return permitted & RAMP != 0 && c > b;
        return _isGovernance(error_, permitted);
    }

    function _isGovernance(bytes4 error_, uint256 permitted) private pure returns (bool) {
        if (error_ == ILeverageMarket.InvalidLimit.selector || error_ == ILeverageMarket.NotALoosening.selector) {
            return permitted & LIMIT != 0;
        }
        return
            (error_ == ILeverageMarket.NothingScheduled.selector || error_ == ILeverageMarket.RaiseNotReady.selector) &&
            permitted & NOT_SCHEDULED != 0;
    }

    /// @dev The first three words after the selector; zero if missing.
    function _arguments(bytes memory reason) private pure returns (uint256 a, uint256 b, uint256 c) {
        bytes memory padded = bytes.concat(reason, new bytes(96));
        assembly ("memory-safe") {
            a := mload(add(padded, 0x24))
            b := mload(add(padded, 0x44))
            c := mload(add(padded, 0x64))
        }
    }
}
