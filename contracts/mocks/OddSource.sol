// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice A source of prices that misbehaves in a way that can be chosen.
contract OddSource {
    enum Kind {
        Fine,
        Reverting,
        RevertBomb,
        ReturnBomb,
        Endless,
        Invalid,
        OneWord,
        Empty
    }

    uint256 public immutable price;
    Kind public kind;

    error Odd();

    constructor(uint256 price_) {
        price = price_;
    }

    function setKind(Kind kind_) external {
        kind = kind_;
    }

    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        uint256 value = price;
        Kind chosen = kind;
        if (chosen == Kind.Reverting) revert Odd();
        // solhint-disable-next-line no-empty-blocks
        if (chosen == Kind.Endless) while (true) {}
        assembly ("memory-safe") {
            // Bombs hand over the largest memory that the gas of a read pays for, or about that.
            let bomb := 0x8000
            switch chosen
            case 2 {
                revert(0x100, bomb)
            }
            case 5 {
                invalid()
            }
            default {
                let start := mload(0x40)
                mstore(start, value)
                mstore(add(start, 0x20), value)
                switch chosen
                case 3 {
                    return(start, bomb)
                }
                case 6 {
                    return(start, 0x20)
                }
                case 7 {
                    return(start, 0)
                }
                default {
                    return(start, 0x40)
                }
            }
        }
    }
}
