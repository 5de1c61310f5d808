// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DecimalFloat} from "../../contracts/libraries/DecimalFloat.sol";
import {Test} from "../utils/Test.sol";

contract DecimalFloatTest is Test {
    function test_Encode_KeepsThreeDigits() public pure {
        checkDown(0, 0);
        checkDown(1, 1);
        checkDown(999, 999);
        checkDown(1_000, 1_000);
        checkDown(1_009, 1_000);
        checkDown(9_999, 9_990);
        checkDown(12_345_678e6, 12_300_000e6);
        checkDown(100_000_000e18, 100_000_000e18);
        checkDown(100_999_999e18, 100_000_000e18);
        checkDown(type(uint128).max, 340e36);
    }

    function test_Encode_StoresPowerAndDigits() public pure {
        assertEq(DecimalFloat.encodeDown(999), 999);
        assertEq(DecimalFloat.encodeDown(9_999), 1_024 + 999);
        assertEq(DecimalFloat.encodeDown(type(uint128).max), 36 * 1_024 + 340);
    }

    /// @dev The decoded amount is never higher and lower by less than a hundredth; encoding it
    /// again changes nothing; the order is kept.
    function testFuzz_Encode_RoundsDownByLessThanAHundredth(uint256 amount, uint256 more) public pure {
        amount = bound(amount, 0, type(uint128).max) >> (more % 128);
        uint256 code = DecimalFloat.encodeDown(amount);
        assertLt(code, 2 ** 16);
        uint256 rounded = DecimalFloat.decode(code);
        assertLe(rounded, amount);
        assertLe(amount - rounded, amount / 100);
        assertEq(DecimalFloat.encodeDown(rounded), code);
        more = bound(more, amount, type(uint128).max);
        assertGe(DecimalFloat.decode(DecimalFloat.encodeDown(more)), rounded);
    }

    function checkDown(uint256 amount, uint256 rounded) private pure {
        assertEq(DecimalFloat.decode(DecimalFloat.encodeDown(amount)), rounded);
    }
}
