// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";

import {IAdjustCallback, ILiquidateCallback} from "../interfaces/IMarketCallbacks.sol";
import {ITokenHook} from "./HookToken.sol";

/// @notice A call for a scripted actor to make.
/// @param mustSucceed Whether its failure reverts the actor's own call; otherwise it is only
/// recorded.
struct Call {
    address target;
    bytes data;
    bool mustSucceed;
}

/// @notice An account that makes the given calls: directly, several in one transaction, or inside
/// any callback. A callback makes the calls in its `data` (`abi.encode(Call[])`), a token hook
/// those of `setHookCalls`. The actor stores each call's outcome, and the arguments of the last
/// callback, for tests to read.
contract ScriptedActor is IAdjustCallback, ILiquidateCallback, IERC3156FlashBorrower, ITokenHook {
    struct Outcome {
        bool success;
        bytes returned;
    }

    /// @notice The last caller of a callback, and its arguments without `data`, encoded.
    address public lastCaller;
    bytes public lastArguments;

    /// @notice The return value of the flash loan callback; the correct one unless it is set.
    bytes32 public flashAnswer = keccak256("ERC3156FlashBorrower.onFlashLoan");

    Outcome[] private _outcomes;
    bytes private _hookCalls;

    event CallMade(address indexed target, bool success, bytes returned);

    function setFlashAnswer(bytes32 answer) external {
        flashAnswer = answer;
    }

    /// @notice Sets the calls of each token hook from now on. Calls inside a hook don't trigger the
    /// hook again.
    function setHookCalls(Call[] calldata calls) external {
        _hookCalls = abi.encode(calls);
    }

    function execute(Call[] calldata calls) external {
        _run(abi.encode(calls));
    }

    /// @notice Outcomes of the last run, in the order of the calls.
    function outcomes() external view returns (Outcome[] memory) {
        return _outcomes;
    }

    function onAdjust(
        address caller,
        address account,
        int256 collateralDelta,
        int256 debtDelta,
        bytes calldata data
    ) external {
        _record(abi.encode(caller, account, collateralDelta, debtDelta));
        _run(data);
    }

    function onLiquidate(address caller, uint256 seized, uint256 payment, bytes calldata data) external {
        _record(abi.encode(caller, seized, payment));
        _run(data);
    }

    function onFlashLoan(
        address initiator,
        address token,
        uint256 amount,
        uint256 fee,
        bytes calldata data
    ) external returns (bytes32) {
        _record(abi.encode(initiator, token, amount, fee));
        if (data.length != 0) _run(data);
        return flashAnswer;
    }

    function onTokenTransfer(address from, address to, uint256 value) external {
        if (_hookCalls.length == 0) return;
        bytes memory calls = _hookCalls;
        delete _hookCalls;
        _record(abi.encode(from, to, value));
        _run(calls);
        _hookCalls = calls;
    }

    function _record(bytes memory arguments) private {
        (lastCaller, lastArguments) = (msg.sender, arguments);
    }

    function _run(bytes memory encoded) private {
        Call[] memory calls = abi.decode(encoded, (Call[]));
        Outcome[] memory made = new Outcome[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            (made[i].success, made[i].returned) = calls[i].target.call(calls[i].data);
            if (!made[i].success && calls[i].mustSucceed) _bubble(made[i].returned);
            emit CallMade(calls[i].target, made[i].success, made[i].returned);
        }
        delete _outcomes;
        for (uint256 i = 0; i < made.length; ++i) _outcomes.push(made[i]);
    }

    function _bubble(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}
