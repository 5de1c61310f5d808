// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title TestnetOnly
/// @notice Base of contracts that give away money, obey their owner, or believe whom they call: they refuse to exist where
/// tokens have a value. Known are the chains where they have none, since there is always a chain that a list of the others
/// leaves out.
abstract contract TestnetOnly {
    /// @notice The chain of this id is none of the testnets and local chains that are named here.
    error NotATestnet(uint256 chainId);

    constructor() {
        if (!_isTestnet(block.chainid)) revert NotATestnet(block.chainid);
    }

    function _isTestnet(uint256 id) private pure returns (bool) {
        uint24[14] memory testnets = [
            1337, // Ganache, and geth's own
            31337, // Hardhat and Anvil
            97, // BNB Smart Chain Testnet
            1301, // Unichain Sepolia
            17000, // Holesky
            43113, // Avalanche Fuji
            59141, // Linea Sepolia
            80002, // Polygon Amoy
            84532, // Base Sepolia
            421614, // Arbitrum Sepolia
            534351, // Scroll Sepolia
            560048, // Hoodi
            11155111, // Sepolia
            11155420 // OP Sepolia
        ];
        for (uint256 i = 0; i < testnets.length; ++i) {
            if (testnets[i] == id) return true;
        }
        return false;
    }
}
