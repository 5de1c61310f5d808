// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LiquidationAmounts, LiquidationTerms} from "../../contracts/types/LiquidationTypes.sol";

/// @notice The functions of `MathHarness` that have too many variables for the tests' own
/// compilation, which doesn't optimize: tests call the deployed harness, compiled like the market.
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
