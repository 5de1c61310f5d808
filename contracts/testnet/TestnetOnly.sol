// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title TestnetOnly
/// @notice Base of contracts that give away money or obey their owner: they refuse to exist where tokens have a value.
abstract contract TestnetOnly {
    /// @notice The chain of this id is in public use.
    error MainnetForbidden(uint256 chainId);

    constructor() {
        if (_isMainnet(block.chainid)) revert MainnetForbidden(block.chainid);
    }

    function _isMainnet(uint256 id) private pure returns (bool) {
        uint24[36] memory mainnets = [
            1, // Ethereum
            10, // OP Mainnet
            25, // Cronos
            56, // BNB Smart Chain
            100, // Gnosis
            130, // Unichain
            137, // Polygon PoS
            143, // Monad
            146, // Sonic
            169, // Manta Pacific
            250, // Fantom
            252, // Fraxtal
            288, // Boba
            324, // ZKsync Era
            480, // World Chain
            999, // HyperEVM
            1088, // Metis
            1101, // Polygon zkEVM
            1116, // Core
            1135, // Lisk
            1284, // Moonbeam
            1329, // Sei
            1868, // Soneium
            2741, // Abstract
            5000, // Mantle
            8217, // Kaia
            8453, // Base
            34443, // Mode
            42161, // Arbitrum One
            42170, // Arbitrum Nova
            42220, // Celo
            43114, // Avalanche C-Chain
            59144, // Linea
            80094, // Berachain
            81457, // Blast
            534352 // Scroll
        ];
        for (uint256 i = 0; i < mainnets.length; ++i) {
            if (mainnets[i] == id) return true;
        }
        return false;
    }
}
