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
/// @notice The price of an ERC-4626 vault's share: the price of its asset times a rate that follows the vault's own, but no
/// faster than yield and losses do.
///
/// - Above the kept rate (yield, or a donation), the rate rises by at most `rise * min(time since the last poke, 1 day)` per
///   poke; with many pokes by up to `e^rise - 1` a day.
/// - Below it (a loss, or a manipulation), it falls by at most `fall` times the time between two pokes, if both saw the vault
///   below and are at most ten minutes apart: a loss that lasts comes through, a dip that somebody shows to one poke doesn't.
/// - Openings use the lower of the kept rate and the vault's own; so a real loss can't be borrowed against while the kept rate
///   still follows. Liquidations use the kept rate. A rate above the true one for a while costs a late liquidation, a rate
///   below it a wrong one: hence the slow fall. `fall` says how late.
/// - A vault that doesn't answer: no open price (zero), and the liquidation price at the rate as kept. A poke changes nothing
///   then: whoever can silence a vault for a call would otherwise hold a loss back.
///
/// Only for vaults whose rate nobody can lower within a transaction: dips of no length that are shown to pokes ten minutes apart
/// count as though they had lasted. Four of them lower the rate by 5.9% at a `fall` of 12% an hour, and `rise` alone brings it
/// back: 122 days at 0.05% a day. That is slow on purpose: if it came back faster, a pump could lift the rate after a true loss,
/// to be borrowed against. Poked every few minutes while `wasBelow`, such an attack costs more, but it isn't stopped.
///
/// @dev Belongs outside of a guard: one rate for both sources.
contract VaultShareOracle is IPriceOracle {
    uint256 private constant WAD = LeverageMath.WAD;
    uint256 private constant MAX_RISE_TIME = 1 days;
    /// @dev Of this many whole shares is the rate: a single share of six decimals says too little.
    uint256 private constant WHOLE_SHARES = 1e9;

    /// @notice The vault whose shares are priced.
    IERC4626 public immutable vault;

    /// @notice Prices the vault's asset, in the loan token.
    IPriceOracle public immutable assetOracle;

    /// @notice Greatest relative rise of the rate per poke and day since the last one, WAD.
    uint256 public immutable rise;

    /// @notice Greatest relative fall of the rate per hour, WAD.
    uint256 public immutable fall;

    /// @notice Gas that the vault may use to tell its rate.
    uint256 public immutable vaultGas;

    /// @notice Share units that a rate is of: a thousand million whole shares.
    uint256 public immutable sample;

    VaultRate private _rate;

    /// @notice Someone poked. Asset units per `sample` of share units; the vault's is zero if it didn't answer.
    event Poked(uint256 rate, uint256 vaultRate);

    error InvalidParameter(string parameter, uint256 value);
    /// @notice The vault doesn't tell a rate, or one that is zero or above 128 bits.
    error NoRate(IERC4626 vault);

    /// @notice The first rate is what the vault says now, whatever a donation or a manipulation has made of it: no fall or rise
    /// holds that back. The deployer compares it with what the vault's assets are worth before a market is made on this.
    /// @param assetOracle_ Its collateral token is the vault's asset: nothing can check that here.
    /// @param rise_ WAD per day, up to 10%: somewhat above the best yield.
    /// @param fall_ WAD per hour, up to one.
    /// @param vaultGas_ Up to five million.
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
    /// @dev Answers what it would if it had been poked just before. Rounded down.
    /// Errors: those of the asset's oracle; {ILeverageMarket-InvalidOracleAnswer}, {BoundedRead-NotEnoughGas}.
    function prices() external view returns (uint256 openPrice, uint256 liquidationPrice) {
        (VaultRate memory kept, uint256 own) = _advance();
        (uint256 assetOpen, uint256 assetLiquidation) = OraclePrices.read(assetOracle);
        openPrice = Math.mulDiv(assetOpen, Math.min(kept.value, own), sample);
        assetLiquidation = OraclePrices.forLiquidation(assetOpen, assetLiquidation);
        liquidationPrice = Math.mulDiv(assetLiquidation, kept.value, sample);
    }

    /// @notice Lets the rate follow the vault's. Anyone may call it, at any time; it fails for want of gas only.
    ///
    /// Emits {Poked}.
    function poke() external {
        (VaultRate memory kept, uint256 own) = _advance();
        _rate = kept;
        emit Poked(kept.value, own);
    }

    /// @notice The rate as of the last poke that the vault answered, asset units per `sample` of share units.
    function rateState() external view returns (uint256 value, uint256 lastPoke, bool wasBelow) {
        return (_rate.value, _rate.lastPoke, _rate.wasBelow);
    }

    /// @dev What a poke would leave, and the vault's own rate; zero if it doesn't tell.
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
            // Less than a sixth: the rate never comes down to zero.
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
