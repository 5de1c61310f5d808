// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {LenderVault} from "./LenderVault.sol";

/// @title Operators
/// @notice Accounts that may act for another account.
/// @dev Shares the EIP-712 domain and the nonces of the vault's permits.
abstract contract Operators is LenderVault {
    bytes32 private constant SET_OPERATOR_TYPEHASH = keccak256(
        "SetOperator(address account,address operator,bool approved,uint256 nonce,uint256 deadline)"
    );

    /// @inheritdoc ILeverageMarket
    mapping(address account => mapping(address operator => bool)) public isOperator;

    /// @inheritdoc ILeverageMarket
    function setOperator(address operator, bool approved) external {
        // Otherwise an older signed approval, not submitted yet, could undo the revocation.
        if (!approved) _useNonce(msg.sender);
        _setOperator(msg.sender, operator, approved);
    }

    /// @inheritdoc ILeverageMarket
    function setOperatorWithSignature(
        address account,
        address operator,
        bool approved,
        uint256 deadline,
        bytes calldata signature
    ) external {
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(SET_OPERATOR_TYPEHASH, account, operator, approved, _useNonce(account), deadline))
        );
        // The key first, even if the account has code: the delegate of an EIP-7702 account may
        // accept other signatures only.
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(digest, signature);
        bool isValid = failure == ECDSA.RecoverError.NoError && signer == account;
        if (!isValid) isValid = SignatureChecker.isValidERC1271SignatureNowCalldata(account, digest, signature);
        if (!isValid) revert InvalidSignature(account);
        _setOperator(account, operator, approved);
    }

    function _checkAuthorized(address account) internal view {
        if (msg.sender != account && !isOperator[account][msg.sender]) revert NotAuthorized(account, msg.sender);
    }

    function _setOperator(address account, address operator, bool approved) private {
        isOperator[account][operator] = approved;
        emit OperatorSet(account, operator, approved);
    }
}
