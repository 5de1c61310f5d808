// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice The limits that governance may change.
/// @param maxLeverage Opening limit, four decimals (5x = 50_000).
/// @param liquidationLeverage Liquidation limit, four decimals.
/// @param systemLeverageCap Limit for the whole market's leverage, four decimals.
/// @param debtCap Most debt of the market, loan token units.
/// @param collateralCap Most collateral of the market, collateral token units.
/// @param supplyCap Most total assets of the lenders after a deposit, loan token units; kept with
/// three digits, rounded down.
struct Limits {
    uint256 maxLeverage;
    uint256 liquidationLeverage;
    uint256 systemLeverageCap;
    uint256 debtCap;
    uint256 collateralCap;
    uint256 supplyCap;
}

/// @notice The parameters of a market that never change.
/// @param targetLeverage Leverage that a liquidation brings a solvent position to, four decimals.
/// @param entryGap Least price drop from the opening limit to the liquidation limit, WAD.
/// @param safetyMargin Least `1 - (1 + bonusMin) * (1 - 1/liquidationLeverage)`, WAD: the margin
/// for price steps, delay and slippage before a liquidation leaves bad debt.
/// @param bonusMin Least liquidation bonus, WAD.
/// @param bonusMax Greatest liquidation bonus, WAD.
/// @param bonusSlope Growth of the bonus per unit of `1 - health factor`, WAD.
/// @param interestFee Share of the interest that goes to the solvency buffer, WAD.
/// @param liquidationFee Share of the bonus that the liquidator pays to the buffer, WAD.
/// @param bufferTarget Share of all lender shares that the buffer holds when the fee on interest
/// stops, WAD.
/// @param dailyAllowance New debt per day as a share of the debt cap, WAD; the allowance is at most
/// that of one day.
/// @param minDebt Least debt of a position, loan token units. The rate curve counts ten times
/// `minDebt` as virtual cash.
/// @param raiseDelay Seconds between the scheduling of a raise and its application, two days or
/// more.
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

/// @notice Deployment parameters of a market. Its address is the hash of these and a salt.
/// @param loanToken The token that is lent: not rebasing, one address only, 24 decimals at most.
/// @param collateralToken The token that is posted: the same conditions, and not the loan token.
/// @param oracle The `IPriceOracle` with the price of collateral in loan tokens.
/// @param authority Decides who may lower and raise limits: the factory's `MarketAuthority`, or an
/// OpenZeppelin `AccessManager`.
/// @param name Name of the lenders' share token and of the market's EIP-712 domain, 31 bytes at
/// most.
/// @param symbol Symbol of the lenders' share token, 31 bytes at most.
/// @param limits Initial limits.
/// @param config The parameters that never change.
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

/// @notice Names a limit. Each can be lowered at once, except the liquidation limit, which falls
/// only along a ramp. Each can be raised after a delay.
enum Limit {
    MaxLeverage,
    LiquidationLeverage,
    SystemLeverageCap,
    DebtCap,
    CollateralCap,
    SupplyCap
}

/// @notice A position, in one slot.
/// @param debtShares Debt divided by the borrow index: below 2^104, because the debt cap is, and
/// the index is at least one.
/// @param collateral Collateral token units.
/// @param drawnAt Average time at which the debt was drawn, in 1/256 of a Unix second, the lower 40
/// bits (see `DebtCeilings`); meaningless without debt.
struct Position {
    uint104 debtShares;
    uint112 collateral;
    uint40 drawnAt;
}

/// @notice A leverage limit that falls linearly.
/// @param from Limit at `start`, four decimals; rounded up where a running ramp was replaced.
/// @param to Limit at `end` and after, four decimals, below `from`.
/// @param start Unix seconds.
/// @param end Unix seconds, after `start`.
/// @param fraction `from` less the exact limit at `start`, in 2^-40 of the last decimal: without
/// it, replacing a ramp again and again would raise its line.
struct Ramp {
    uint24 from;
    uint24 to;
    uint40 start;
    uint40 end;
    uint40 fraction;
}
