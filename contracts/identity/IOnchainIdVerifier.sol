// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IIdentity} from "./IIdentity.sol";

/// @notice How claims of an ONCHAINID contract are judged.
/// @dev For each required topic one trusted issuer must vouch: the identity keeps a claim under the id of that issuer
/// and topic, its signature is canonical (65 bytes, v 27 or 28, low s), the issuer's own contract says that it is
/// valid, it was not revoked here and has not expired. What the claim says of its issuer is ignored.
///
/// Expiry: where a claim's data is at least 32 bytes long and the first word is a Unix time in seconds from 10^9 (2001)
/// to below 2^40, the claim ends then. Otherwise only the policy's maximum age bounds the verdict.
interface IOnchainIdVerifier {
    /// @notice `issuer` no longer stands by its claim of `identity` on `topic` with data of hash `dataHash`.
    event ClaimRevoked(
        address indexed issuer, IIdentity indexed identity, uint256 indexed topic, bytes32 dataHash
    );

    /// @notice Send more gas: a claim contract must never fail for want of it.
    error InsufficientGasForClaims();
    /// @notice Revoked already.
    error ClaimAlreadyRevoked(address issuer, IIdentity identity, uint256 topic, bytes32 dataHash);

    /// @notice Revokes, for this registry and for good, the calling trusted issuer's claim, however it is signed.
    /// @param dataHash keccak256 of the claim's data.
    function revokeClaim(IIdentity identity, uint256 topic, bytes32 dataHash) external;

    /// @notice Whether `issuer` revoked its claim here.
    function isClaimRevoked(address issuer, IIdentity identity, uint256 topic, bytes32 dataHash)
        external
        view
        returns (bool);
}
