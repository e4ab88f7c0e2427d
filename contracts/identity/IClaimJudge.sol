// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IClaimIssuer, IIdentity} from "./IIdentity.sol";
import {Standing} from "./InvestorRecord.sol";

/// @notice How claims of an ONCHAINID contract are judged.
/// @dev For each required topic one trusted issuer must vouch: the identity keeps a claim under the id of that issuer
/// and topic, its signature is canonical (65 bytes, v 27 or 28, low s), the issuer's own contract says that it is
/// valid, it was not revoked with the registry and has not expired. What the claim says of its issuer is ignored.
///
/// Expiry: where a claim's data is at least 32 bytes long and the first word is a Unix time in seconds from 10^9 (2001)
/// to below 2^40, the claim ends then. Otherwise only the policy's maximum age bounds the verdict.
interface IClaimJudge {
    /// @notice Send more gas: a claim contract must never fail for want of it.
    error InsufficientGasForClaims();

    /// @notice Judges `identity` now. `standing` is `Verified`; `Lapsed`, where only expired claims stand for a topic;
    /// or `Untrusted`.
    /// @return standing How the identity stands.
    /// @return expiry Unix time at which the earliest of the claims relied on ends; the largest number for never.
    /// @return failed Some contract failed or answered with garbage: a negative finding is not proven.
    function judge(address identity) external view returns (Standing standing, uint256 expiry, bool failed);
}

/// @notice What the judge asks of the registry.
interface IClaimPolicy {
    function getClaimTopics() external view returns (uint256[] memory);
    function getTrustedIssuersForClaimTopic(uint256 claimTopic) external view returns (IClaimIssuer[] memory);
    function isClaimRevoked(address issuer, IIdentity identity, uint256 topic, bytes32 dataHash)
        external
        view
        returns (bool);
}
