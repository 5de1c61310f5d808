// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestnetOnly} from "../../contracts/testnet/TestnetOnly.sol";
import {Test} from "../utils/Test.sol";

contract TestnetOnlyTest is Test {
    function test_RevertWhen_OnAMainnet() public {
        uint24[15] memory ids = [1, 10, 56, 100, 130, 137, 146, 324, 480, 8453, 42161, 43114, 59144, 81457, 534352];
        for (uint256 i = 0; i < ids.length; ++i) {
            vm.chainId(ids[i]);
            vm.expectRevert(abi.encodeWithSelector(TestnetOnly.MainnetForbidden.selector, ids[i]));
            this.deployToken();
            vm.expectRevert(abi.encodeWithSelector(TestnetOnly.MainnetForbidden.selector, ids[i]));
            this.deployFeed();
        }
    }

    function test_DeploysOnLocalChainsAndTestnets() public {
        uint24[5] memory ids = [1337, 31337, 11155111, 84532, 421614];
        for (uint256 i = 0; i < ids.length; ++i) {
            vm.chainId(ids[i]);
            this.deployToken();
            this.deployFeed();
        }
    }

    // External, so that the revert of a deployment can be expected.

    function deployToken() external {
        deployCode("FaucetToken.sol:FaucetToken", abi.encode("Test dollar", "tUSD", uint8(6), 1));
    }

    function deployFeed() external {
        deployCode("SettableFeed.sol:SettableFeed", abi.encode(uint8(8), "ETH / USD", address(this)));
    }
}
