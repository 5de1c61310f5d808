// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {Call, ScriptedActor} from "../../contracts/mocks/ScriptedActor.sol";
import {Ghost} from "./ghost/Ghost.sol";
import {Replay} from "./ghost/Replay.sol";
import {Wallets} from "./ghost/Wallets.sol";
import {Refusals} from "./Refusals.sol";
import {Venue, World} from "./World.sol";

/// @notice Every call is made on the ghost of the market first, which says what must come of it: success and what is returned, or
/// the error, to the byte. Afterwards the books of all markets and the tokens of all accounts must be what they were told.
abstract contract Foretelling is Refusals {
    Venue[] internal venues;
    address[] public actors;
    ScriptedActor internal scriptedActor;
    Wallets internal wallets;
    Replay internal replay;

    /// @dev Number of the market at hand, and what belongs to it.
    uint256 internal venue;
    Ghost internal ghost;
    MockERC20 internal loan;
    MockERC20 internal collateral;
    MockOracle internal oracle;

    error Unforeseen(bytes call, bool success, bytes returned, bool foretoldSuccess, bytes foretold);

    constructor(World memory world) {
        for (uint256 i = 0; i < world.venues.length; ++i) venues.push(world.venues[i]);
        (actors, scriptedActor, wallets, replay) = (world.actors, world.scriptedActor, world.wallets, world.replay);
    }

    /// @notice All that can hold a position or shares, but the markets themselves.
    function accounts() public view returns (address[] memory all) {
        uint256 count = actors.length;
        all = new address[](count + 2);
        for (uint256 i = 0; i < count; ++i) all[i] = actors[i];
        (all[count], all[count + 1]) = (address(scriptedActor), address(this));
    }

    /// @dev Everybody has infinite allowances since the set-up.
    function _fund(address account, uint256 collateralAmount, uint256 loanAmount) internal {
        if (collateralAmount != 0) _mint(collateral, account, collateralAmount);
        if (loanAmount != 0) _mint(loan, account, loanAmount);
    }

    function _attempt(address caller, bytes memory data) internal returns (bool success, bytes memory returned) {
        (bool foretoldSuccess, bytes memory foretold) = ghost.on(caller, data);
        vm.prank(caller);
        // solhint-disable-next-line avoid-low-level-calls
        (success, returned) = address(market).call(data);
        _compareOutcome(data, success, returned, foretoldSuccess, foretold);
    }

    /// @dev A call that nothing may make fail: the suite fails with it.
    function _must(address caller, bytes memory data) internal returns (bytes memory) {
        (bool success, bytes memory returned) = _attempt(caller, data);
        if (!success) revert Unexpected(returned);
        return returned;
    }

    function _compareOutcomes(
        Call[] memory made,
        Replay.Foretold[] memory foretold
    ) internal view returns (ScriptedActor.Outcome[] memory outcomes) {
        outcomes = scriptedActor.outcomes();
        for (uint256 i = 0; i < made.length; ++i) {
            ScriptedActor.Outcome memory outcome = outcomes[i];
            _compareOutcome(made[i].data, outcome.success, outcome.returned, foretold[i].success, foretold[i].returned);
        }
    }

    /// @dev Isolation: the books of the markets that nobody called must not have moved either. In full for the one at hand, and
    /// for another by turns.
    function _compareAll(uint256 turn) internal view {
        address[] memory all = accounts();
        ghost.compare(all);
        uint256 other = (venue + 1 + (turn % (venues.length - 1))) % venues.length;
        venues[other].ghost.compare(all);
        wallets.compare();
    }

    function _mint(MockERC20 token, address account, uint256 amount) private {
        token.mint(account, amount);
        wallets.mint(token, account, amount);
    }

    function _compareOutcome(
        bytes memory data,
        bool success,
        bytes memory returned,
        bool foretoldSuccess,
        bytes memory foretold
    ) private pure {
        if (success == foretoldSuccess && keccak256(returned) == keccak256(foretold)) return;
        revert Unforeseen(data, success, returned, foretoldSuccess, foretold);
    }
}
