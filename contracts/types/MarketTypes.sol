// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice The limits that governance may move.
/// @param maxLeverage Opening limit, four decimals (5x = 50_000).
/// @param liquidationLeverage Liquidation limit, four decimals.
/// @param systemLeverageCap Limit for the whole market's leverage, four decimals.
/// @param debtCap Most debt of the market, loan token units.
/// @param collateralCap Most collateral of the market, collateral token units.
/// @param supplyCap Most total assets of the lenders after a deposit, loan token units; kept with three digits, rounded down.
struct Limits {
    uint256 maxLeverage;
    uint256 liquidationLeverage;
    uint256 systemLeverageCap;
    uint256 debtCap;
    uint256 collateralCap;
    uint256 supplyCap;
}

/// @notice What never changes in a market.
/// @param targetLeverage Where a liquidation brings a solvent position, four decimals.
/// @param entryGap Least price drop from the opening limit to the liquidation limit, WAD.
/// @param safetyMargin Least `1 - (1 + bonusMin) * (1 - 1/liquidationLeverage)`, WAD: what is left for price steps,
/// delay and slippage before a liquidation leaves bad debt.
/// @param bonusMin Least liquidation bonus, WAD.
/// @param bonusMax Greatest liquidation bonus, WAD.
/// @param bonusSlope Growth of the bonus per unit of `1 - health factor`, WAD.
/// @param interestFee Share of the interest that goes to the solvency buffer, WAD.
/// @param liquidationFee Share of the bonus that the liquidator pays to the buffer, WAD.
/// @param bufferTarget Share of all lender shares, held by the buffer, at which the fee on interest stops, WAD.
/// @param dailyAllowance Share of the debt cap that new debt may use up a day, WAD; the bucket holds one day.
/// @param minDebt Least debt of a position, loan token units. The rate curve counts ten times as much as virtual cash.
/// @param raiseDelay Seconds between the scheduling of a raise and its application, two days or more.
struct Config {
    uint256 targetLeverage;
    uint256 entryGap;
    uint256 safetyMargin;
    uint256 bonusMin;
    uint256 bonusMax;
    uint256 bonusSlope;
    uint256 interestFee;
    uint256 liquidationFee;
    uint256 bufferTarget;
    uint256 dailyAllowance;
    uint256 minDebt;
    uint256 raiseDelay;
}

/// @notice All that a market is made of; its address is the hash of this and a salt.
/// @param loanToken What is lent. Neither rebasing nor with a second entry point; 24 decimals at most.
/// @param collateralToken What is posted. The same conditions; different from the loan token.
/// @param oracle The `IPriceOracle` that tells the price of collateral in loan tokens.
/// @param authority Says who may lower and raise limits: the factory's `MarketAuthority`, or an OpenZeppelin `AccessManager`.
/// @param name Name of the lenders' share token and of the market's EIP-712 domain, 31 bytes at most.
/// @param symbol Symbol of the lenders' share token, 31 bytes at most.
/// @param limits The limits to start with.
/// @param config What never changes.
struct MarketParams {
    IERC20 loanToken;
    IERC20 collateralToken;
    address oracle;
    address authority;
    string name;
    string symbol;
    Limits limits;
    Config config;
}

/// @notice The limits, to name one. Each may be lowered at once, but the liquidation limit, which falls only along a ramp;
/// each may be raised after a delay.
enum Limit {
    MaxLeverage,
    LiquidationLeverage,
    SystemLeverageCap,
    DebtCap,
    CollateralCap,
    SupplyCap
}

/// @notice The books of an account, in one slot.
/// @param debtShares Debt divided by the borrow index: below 2^104, as a debt cap is, and an index at least one.
/// @param collateral Collateral token units.
/// @param drawnAt When the debt was drawn, on average, in 1/256 of a Unix second, the lower 40 bits: see `DebtCeilings`.
/// Means nothing without debt.
struct Position {
    uint104 debtShares;
    uint112 collateral;
    uint40 drawnAt;
}

/// @notice A leverage limit that falls on a straight line.
/// @param from Four decimals, at `start`.
/// @param to Four decimals, below `from`, at `end` and after.
/// @param start Unix seconds.
/// @param end Unix seconds, after `start`.
struct Ramp {
    uint24 from;
    uint24 to;
    uint40 start;
    uint40 end;
}
