// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {BoundedRead} from "../libraries/BoundedRead.sol";
import {LeverageMath} from "../libraries/LeverageMath.sol";
import {OraclePrices} from "../libraries/OraclePrices.sol";
import {VaultRate} from "../types/OracleTypes.sol";
import {GuardRules} from "./libraries/GuardRules.sol";

/// @title VaultShareOracle
/// @notice The price of an ERC-4626 vault's share: the price of its asset times a kept rate, which
/// follows the vault's own rate no faster than yield and losses justify.
///
/// - If the vault's rate is above the kept rate (yield or a donation), the kept rate rises by at
///   most `rise * min(time since the last poke, 1 day)` per poke; with many pokes by up to
///   `e^rise - 1` a day.
/// - If the vault's rate is below it (a loss or a manipulation), the kept rate falls by at most
///   `fall` times the time between two pokes, and only if both saw the lower rate and are at most
///   ten minutes apart: a lasting loss takes effect, a dip at one poke does not.
/// - Openings use the lower of both rates, so nobody can borrow against a real loss that the kept
///   rate does not show yet. Liquidations use the kept rate. A rate that is too high for a while
///   delays a liquidation, but a rate that is too low causes a wrong one; hence the slow fall.
///   `fall` decides how long the delay is.
/// - If the vault does not answer, there is no open price (zero), and the liquidation price uses
///   the kept rate. A poke changes nothing then: otherwise whoever can make a vault fail during a
///   call could delay a loss.
///
/// Only for vaults whose rate nobody can lower within a transaction: momentary dips at pokes ten
/// minutes apart count as if they had lasted. Four of them lower the rate by 5.9% at a `fall` of
/// 12% per hour, and only `rise` restores it: 122 days at 0.05% a day. That is slow on purpose:
/// with a faster return, an attacker could raise the rate after a real loss and borrow against it.
/// Pokes every few minutes while `wasBelow` make such an attack more expensive, but do not prevent
/// it.
///
/// @dev Wraps a guard, not one of its sources: one rate for both.
contract VaultShareOracle is IPriceOracle {
    uint256 private constant WAD = LeverageMath.WAD;
    uint256 private constant MAX_RISE_TIME = 1 days;
    /// @dev The rate is that of so many whole shares: a single share of a token with six decimals
    /// is not precise enough.
    uint256 private constant WHOLE_SHARES = 1e9;

    /// @notice The vault whose shares are priced.
    IERC4626 public immutable vault;

    /// @notice Oracle with the price of the vault's asset in the loan token.
    IPriceOracle public immutable assetOracle;

    /// @notice Largest relative rise of the rate per poke, per day since the last poke, WAD.
    uint256 public immutable rise;

    /// @notice Largest relative fall of the rate per hour, WAD.
    uint256 public immutable fall;

    /// @notice Gas that the vault may use to report its rate.
    uint256 public immutable vaultGas;

    /// @notice Share units that a rate refers to: 10^9 whole shares.
    uint256 public immutable sample;

    VaultRate private _rate;

    /// @notice The oracle was poked. Rates are asset units per `sample` share units.
    /// @param rate The kept rate.
    /// @param vaultRate The vault's own rate; zero if it did not answer.
    event Poked(uint256 rate, uint256 vaultRate);

    /// @notice Thrown at creation when a parameter is out of bounds.
    /// @param parameter Its name.
    /// @param value The refused value.
    error InvalidParameter(string parameter, uint256 value);

    /// @notice Thrown at creation when the vault's rate is zero or has more than 128 bits.
    /// @param vault The vault.
    error NoRate(IERC4626 vault);

    /// @notice The first kept rate is the vault's present rate, without any bound on a donation or
    /// manipulation. The deployer must compare it with the value of the vault's assets before
    /// creating a market on this oracle.
    /// @param vault_ The vault whose shares are priced.
    /// @param assetOracle_ Oracle whose collateral token is the vault's asset; this can't be
    /// checked here.
    /// @param rise_ Largest relative rise per day, WAD, up to 10%: somewhat above the best yield.
    /// @param fall_ Largest relative fall per hour, WAD, up to one.
    /// @param vaultGas_ Gas that the vault may use, up to five million.
    constructor(IERC4626 vault_, IPriceOracle assetOracle_, uint256 rise_, uint256 fall_, uint256 vaultGas_) {
        if (rise_ == 0 || rise_ > 0.1e18) revert InvalidParameter("rise", rise_);
        if (fall_ == 0 || fall_ > 1e18) revert InvalidParameter("fall", fall_);
        if (vaultGas_ == 0 || vaultGas_ > 5_000_000) revert InvalidParameter("vaultGas", vaultGas_);
        (vault, assetOracle, rise, fall, vaultGas) = (vault_, assetOracle_, rise_, fall_, vaultGas_);
        sample = WHOLE_SHARES * 10 ** vault_.decimals();
        uint256 rate = vault_.convertToAssets(sample);
        if (rate == 0 || rate > type(uint128).max) revert NoRate(vault_);
        _rate = VaultRate(uint128(rate), uint40(block.timestamp), false);
    }

    /// @inheritdoc IPriceOracle
    /// @dev Answers as if it had been poked just before. Rounded down. Errors: those of the asset's
    /// oracle; {ILeverageMarket-InvalidOracleAnswer}, {BoundedRead-NotEnoughGas}.
    function prices() external view returns (uint256 openPrice, uint256 liquidationPrice) {
        (VaultRate memory kept, uint256 own) = _advance();
        (uint256 assetOpen, uint256 assetLiquidation) = OraclePrices.read(assetOracle);
        openPrice = Math.mulDiv(assetOpen, Math.min(kept.value, own), sample);
        assetLiquidation = OraclePrices.forLiquidation(assetOpen, assetLiquidation);
        liquidationPrice = Math.mulDiv(assetLiquidation, kept.value, sample);
    }

    /// @notice Lets the kept rate follow the vault's. Anyone may call it at any time; it fails only
    /// with too little gas.
    ///
    /// Emits {Poked}.
    function poke() external {
        (VaultRate memory kept, uint256 own) = _advance();
        _rate = kept;
        emit Poked(kept.value, own);
    }

    /// @notice The state after the last poke that the vault answered.
    /// @return value Kept rate, asset units per `sample` share units.
    /// @return lastPoke Unix seconds.
    /// @return wasBelow Whether the vault's own rate was below `value`.
    function rateState() external view returns (uint256 value, uint256 lastPoke, bool wasBelow) {
        return (_rate.value, _rate.lastPoke, _rate.wasBelow);
    }

    /// @dev The rate that a poke would leave, and the vault's own rate; zero if the vault does not
    /// answer.
    function _advance() private view returns (VaultRate memory kept, uint256 own) {
        kept = _rate;
        bool told;
        (told, own) = _ownRate();
        if (!told) return (kept, 0);
        uint256 span = block.timestamp - kept.lastPoke;
        uint256 value = kept.value;
        bool isBelow = own < value;
        if (!isBelow) {
            uint256 step = Math.mulDiv(value, rise * Math.min(span, MAX_RISE_TIME), WAD * MAX_RISE_TIME);
            kept.value = uint128(Math.min(own, value + step));
        } else if (kept.wasBelow && span <= GuardRules.MAX_SPAN) {
            // The fall is below a sixth, so the rate never becomes zero.
            kept.value = uint128(Math.max(own, value - Math.mulDiv(value, fall * span, WAD * 1 hours)));
        }
        (kept.lastPoke, kept.wasBelow) = (uint40(block.timestamp), isBelow);
    }

    function _ownRate() private view returns (bool told, uint256 own) {
        bytes memory data = abi.encodeCall(IERC4626.convertToAssets, (sample));
        (bool success, uint256[] memory words) = BoundedRead.read(address(vault), data, 1, vaultGas);
        told = success && words[0] <= type(uint128).max;
        if (told) own = words[0];
    }
}
