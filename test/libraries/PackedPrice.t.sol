// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {PackedPrice} from "../../contracts/oracles/libraries/PackedPrice.sol";
import {Test} from "../utils/Test.sol";

contract PackedPriceTest is Test {
    function test_Pack_IsExactBelow80BitsAndCutsTheRestOff() public pure {
        checkRound(0, 0);
        checkRound(1, 1);
        checkRound(2 ** 80 - 1, 2 ** 80 - 1);
        checkRound(2 ** 80, 2 ** 80);
        checkRound(2 ** 80 + 1, 2 ** 80);
        checkRound(2 ** 81 - 1, 2 ** 81 - 2);
        checkRound(2 ** 192 - 1, 2 ** 192 - 2 ** 112);
    }

    function testFuzz_Pack_RoundsDownByLessThanAPartIn2To79(uint192 price) public pure {
        uint256 unpacked = PackedPrice.unpack(PackedPrice.packDown(price));
        assertLe(unpacked, price);
        assertLe(price - unpacked, uint256(price) >> 79);
        assertEq(PackedPrice.unpack(PackedPrice.packDown(unpacked)), unpacked);
    }

    function testFuzz_Pack_KeepsTheOrder(uint192 a, uint192 b) public pure {
        if (a > b) (a, b) = (b, a);
        assertLe(PackedPrice.unpack(PackedPrice.packDown(a)), PackedPrice.unpack(PackedPrice.packDown(b)));
    }

    function checkRound(uint256 price, uint256 expected) private pure {
        assertEq(PackedPrice.unpack(PackedPrice.packDown(price)), expected);
    }
}
