// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice A price source that misbehaves in a selectable way.
contract OddSource {
    enum Kind {
        Fine,
        Reverting,
        RevertBomb,
        ReturnBomb,
        Endless,
        Invalid,
        OneWord,
        Empty,
        Hungry
    }

    /// @dev Gas that a hungry source uses before it answers.
    uint256 private constant HUNGER = 2_900_000;

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
        uint256 start = gasleft();
        // solhint-disable-next-line no-empty-blocks
        if (chosen == Kind.Hungry) while (start - gasleft() < HUNGER) {}
        // solhint-disable-next-line no-empty-blocks
        if (chosen == Kind.Endless) while (true) {}
        assembly ("memory-safe") {
            // A quarter of a megabyte: copying it costs as much gas as creating it, 156,000.
            let bomb := 0x40000
            switch chosen
            case 2 {
                revert(0x100, bomb)
            }
            case 5 {
                invalid()
            }
            default {
                let answer := mload(0x40)
                mstore(answer, value)
                mstore(add(answer, 0x20), value)
                switch chosen
                case 3 {
                    return(answer, bomb)
                }
                case 6 {
                    return(answer, 0x20)
                }
                case 7 {
                    return(answer, 0)
                }
                default {
                    return(answer, 0x40)
                }
            }
        }
    }
}
