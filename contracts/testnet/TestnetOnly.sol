// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title TestnetOnly
/// @notice Base of contracts that mint for everybody, obey their owner, or trust the contracts that
/// they call. They can be deployed only on the testnets and local chains listed here: a list of
/// chains to exclude would always be incomplete.
abstract contract TestnetOnly {
    /// @notice Thrown at creation on a chain that is not listed.
    /// @param chainId Id of the chain.
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
