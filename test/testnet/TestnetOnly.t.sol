// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {TestnetOnly} from "../../contracts/testnet/TestnetOnly.sol";
import {Test} from "../utils/Test.sol";

contract TestnetOnlyTest is Test {
    // prettier-ignore
    uint256[] private _testnets = [
        1337, 31337, 97, 1301, 17000, 43113, 59141, 80002, 84532, 421614, 534351, 560048, 11155111, 11155420
    ];

    /// @dev Mainnets, including some that a list of mainnets has omitted: X Layer, opBNB, Ronin,
    /// Plasma, Ink, Taiko, Katana, Zora, Aurora.
    function test_TestnetOnly_RevertWhen_OnAMainnet() public {
        // prettier-ignore
        uint256[25] memory ids = [
            uint256(1), 10, 56, 100, 130, 137, 146, 324, 480, 8453, 42161, 43114, 59144, 81457, 534352,
            196, 204, 2020, 9745, 57073, 167000, 747474, 7777777, 1313161554, 0
        ];
        for (uint256 i = 0; i < ids.length; ++i) checkRefused(ids[i]);
    }

    function testFuzz_TestnetOnly_RevertWhen_OnAnyOtherChain(uint256 id) public {
        // The runner accepts chain ids of 64 bits.
        id = bound(id, 0, type(uint64).max);
        for (uint256 i = 0; i < _testnets.length; ++i) vm.assume(id != _testnets[i]);
        checkRefused(id);
    }

    function test_TestnetOnly_DeploysOnLocalChainsAndTestnets() public {
        for (uint256 i = 0; i < _testnets.length; ++i) {
            vm.chainId(_testnets[i]);
            this.deployToken();
            this.deployFeed();
            this.deployPoolOperator();
            this.deployTestLiquidity();
        }
    }

    function checkRefused(uint256 id) private {
        vm.chainId(id);
        bytes memory refusal = abi.encodeWithSelector(TestnetOnly.NotATestnet.selector, id);
        vm.expectRevert(refusal);
        this.deployToken();
        vm.expectRevert(refusal);
        this.deployFeed();
        vm.expectRevert(refusal);
        this.deployPoolOperator();
        vm.expectRevert(refusal);
        this.deployTestLiquidity();
    }

    // External, so that the revert of a deployment can be expected.

    function deployToken() external {
        deployCode("FaucetToken.sol:FaucetToken", abi.encode("Test dollar", "tUSD", uint8(6), 1, address(this), 1));
    }

    function deployFeed() external {
        deployCode("SettableFeed.sol:SettableFeed", abi.encode(uint8(8), "ETH / USD", address(this)));
    }

    function deployPoolOperator() external {
        deployCode("PoolOperator.sol:PoolOperator", "");
    }

    function deployTestLiquidity() external {
        deployCode("TestLiquidity.sol:TestLiquidity", abi.encode(address(this)));
    }
}
