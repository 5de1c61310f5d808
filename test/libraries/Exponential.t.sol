// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Exponential} from "../../contracts/libraries/Exponential.sol";
import {Test} from "../utils/Test.sol";

/// @dev The references are values of e^x and ln(x) to 80 digits, rounded as the helpers state.
contract ExponentialTest is Test {
    uint256 private constant WAD = 1e18;

    // ------------------------------------------------------------------ exp

    function test_Exp_OfSmallArguments() public pure {
        assertEq(Exponential.exp(0), 1e18);
        assertEq(Exponential.exp(1), 1e18 + 1);
        assertEq(Exponential.exp(-1), 1e18 - 1);
        checkExp(1e9, 1_000000001000000000);
        checkExp(-1e9, 999999999000000000);
        checkExp(1e15, 1_001000500166708341);
        checkExp(-1e15, 999000499833374991);
    }

    function test_Exp_AroundTheHalvingPoints() public pure {
        checkExp(693147180559945309, 1_999999999999999999);
        checkExp(693147180559945310, 2_000000000000000001);
        checkExp(-693147180559945309, 500000000000000000);
        checkExp(0.5e18, 1_648721270700128146);
        checkExp(123456789012345678, 1_131401114526201517);
        checkExp(-3_141592653589793238, 43213918263772249);
    }

    function test_Exp_OfLargeArguments() public pure {
        checkExp(1e18, 2_718281828459045235);
        checkExp(-1e18, 367879441171442321);
        checkExp(2e18, 7_389056098930650227);
        checkExp(7.7e18, 2208_347991887208523980);
        checkExp(-7.7e18, 452827182886797);
        checkExp(25e18, 72004899337_385872524161351466);
        checkExp(60e18, 114200738981568428366295718_314476563019804595);
        checkExp(110e18, 592097202766467029895522881558803977225493294301_153260614517481106);
    }

    function test_Exp_AtTheLowEnd() public pure {
        checkExp(-20e18, 2061153622);
        checkExp(-41e18, 1);
        assertEq(Exponential.exp(-42e18), 0);
    }

    function testFuzz_Exp_NeverFalls(int256 x, uint256 step) public pure {
        x = bound(x, -42e18, 109e18);
        step = bound(step, 0, 1e18);
        assertGe(Exponential.exp(x + int256(step)), Exponential.exp(x));
    }

    /// @dev At the exponents where another power of two begins: the series is most exact on one
    /// side and least exact on the other.
    function testFuzz_Exp_NeverFallsFromOnePowerOfTwoToTheNext(int256 power, int256 distance) public pure {
        power = bound(power, -60, 157);
        distance = bound(distance, -3, 3);
        int256 x = (power * 693_147_180_559_945_309_417_232_121) / 1e9 + distance;
        assertGe(Exponential.exp(x + 1), Exponential.exp(x));
    }

    function testFuzz_Exp_OfASumIsTheProduct(int256 x, int256 y) public pure {
        // The product of both, in WAD squared, must fit: e^94 * 1e36 < 2^256.
        x = bound(x, -2e18, 47e18);
        y = bound(y, -2e18, 47e18);
        uint256 product = (Exponential.exp(x) * Exponential.exp(y)) / WAD;
        // Each factor is off by its relative error and one unit, of at least e^-2 = 0.135e18.
        assertApproxEqRel(Exponential.exp(x + y), product, 100);
    }

    // ------------------------------------------------------------------ ln

    function test_Ln_OfOneIsZero() public pure {
        assertEq(Exponential.ln(1e18), 0);
    }

    function test_Ln_AboveOne() public pure {
        checkLn(1e18 + 1, 1);
        checkLn(1.5e18, 405465108108164382);
        checkLn(2e18, 693147180559945309);
        checkLn(2_718281828459045235, 1e18);
        checkLn(5e18, 1_609437912434100375);
        checkLn(50e18, 3_912023005428146059);
        checkLn(2000e18, 7_600902459542082361);
        checkLn(1e24, 13_815510557964274104);
    }

    function test_Ln_BelowOne() public pure {
        checkLn(1e18 - 1, -1);
        checkLn(0.5e18, -693147180559945309);
        checkLn(0.1e18, -2_302585092994045684);
        checkLn(31709791000000000, -3_451129781434364870);
        checkLn(0.025e18, -3_688879454113936303);
        checkLn(0.001e18, -6_907755278982137052);
        checkLn(0.0005e18, -7_600902459542082361);
        checkLn(1e12, -13_815510557964274104);
    }

    function testFuzz_Ln_InvertsExp(int256 x) public pure {
        x = bound(x, 0, 13.8e18);
        // Here one unit of e^x is worth less than one unit of x.
        assertApproxEqAbs(Exponential.ln(Exponential.exp(x)), x, 4);
    }

    function testFuzz_Ln_OfAProductIsTheSum(uint256 x, uint256 y) public pure {
        x = bound(x, 1e18, 1000e18);
        y = bound(y, 1e18, 1000e18);
        int256 sum = Exponential.ln(x) + Exponential.ln(y);
        assertApproxEqAbs(Exponential.ln((x * y) / WAD), sum, 10);
    }

    // ------------------------------------------------------------------ to the last digit

    // Results of the same operations in another language, on integers of any size: the true digits
    // and the error.

    function test_Exp_ToTheLastDigit() public pure {
        assertEq(
            Exponential.exp(110_000_000_000_000_000_000),
            592_097_202_766_467_029_893_935_020_358_129_822_114_605_457_987_361_885_863_369_259_415
        );
        assertEq(
            Exponential.exp(109_123_456_789_012_345_678),
            246_442_229_832_211_126_698_469_758_985_233_682_174_818_096_399_767_903_863_787_981_343
        );
        assertEq(
            Exponential.exp(60_000_000_000_000_000_000),
            114_200_738_981_568_428_366_259_866_844_437_016_265_388_563
        );
        assertEq(Exponential.exp(7_700_000_000_000_000_000), 2_208_347_991_887_208_523_980);
        assertEq(Exponential.exp(-7_700_000_000_000_000_000), 452_827_182_886_797);
        assertEq(Exponential.exp(1_000_000_000_000_000_000), 2_718_281_828_459_045_235);
        assertEq(Exponential.exp(-1_000_000_000_000_000_000), 367_879_441_171_442_321);
        assertEq(Exponential.exp(-3_141_592_653_589_793_238), 43_213_918_263_772_249);
        assertEq(Exponential.exp(693_147_180_559_945_309), 1_999_999_999_999_999_998);
    }

    /// @dev Changing a constant of the method by one changes the last digit of some of them.
    function test_Ln_ToTheLastDigit() public pure {
        assertEq(Exponential.ln(1_500_000_000_000_000_000), 405_465_108_108_164_382);
        assertEq(Exponential.ln(5_000_000_000_000_000_000), 1_609_437_912_434_100_374);
        assertEq(Exponential.ln(2_000_000_000_000_000_000_000), 7_600_902_459_542_082_361);
        assertEq(Exponential.ln(999_999_999_999_999_999), -1);
        assertEq(Exponential.ln(31_709_791_000_000_000), -3_451_129_781_434_364_870);
        assertEq(Exponential.ln(1_000_000_000_000), -13_815_510_557_964_274_104);
        assertEq(Exponential.ln(2_980_232_238_769_531_250), 1_092_001_229_953_732_737);
        assertEq(Exponential.ln(19_073_486_328_125), -10_867_211_337_644_915_194);
        assertEq(Exponential.ln(7_450_580_596_923_828_125), 2_008_291_961_827_887_802);
        assertEq(Exponential.ln(14_125_152_897_718_064), -4_259_798_177_391_010_086);
        assertEq(Exponential.ln(1_581_955_283_815_905_280), 458_661_603_342_888_436);
        assertEq(Exponential.ln(1_241_139_979_880_792_576), 216_030_295_897_569_541);
        assertEq(Exponential.ln(438_269_109_702_795_353), -824_922_151_561_461_106);
        assertEq(Exponential.ln(596_046_447_753_906_250), -517_436_682_480_367_638);
    }

    // ------------------------------------------------------------------ guaranteed errors

    /// @param exact The true value, rounded down.
    function checkExp(int256 x, uint256 exact) private pure {
        uint256 y = Exponential.exp(x);
        assertLe(y, exact + exact / WAD, "above the true value");
        assertGe(y + exact / WAD + 1, exact, "below the true value by more than the error");
    }

    /// @param exact The true value, rounded to the nearest unit.
    function checkLn(uint256 x, int256 exact) private pure {
        assertApproxEqAbs(Exponential.ln(x), exact, 4);
    }
}
