// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LiquidationAmounts, LiquidationTerms} from "../../contracts/types/LiquidationTypes.sol";

/// @notice What of `MathHarness` has too many variables for the tests' own compilation, which is without the optimizer: they call
/// the harness as it is deployed, compiled as the market is.
interface IMathHarness {
    function accrue(
        uint256 index,
        uint256 rateAtTarget,
        uint256 debtShares,
        uint256 cash,
        uint256 from,
        uint256 to
    ) external pure returns (uint256 newIndex, uint256 newRateAtTarget);

    function amounts(
        LiquidationTerms calldata terms,
        uint256 debtShares,
        uint256 collateral,
        uint256 budget
    ) external pure returns (LiquidationAmounts memory);
}
