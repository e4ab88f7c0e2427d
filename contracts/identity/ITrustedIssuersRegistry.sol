// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IClaimIssuer} from "./IIdentity.sol";

/// @notice ERC-3643: who may vouch for investors, and on which topics.
interface ITrustedIssuersRegistry {
    /// @notice `trustedIssuer` may vouch on `claimTopics`.
    event TrustedIssuerAdded(IClaimIssuer indexed trustedIssuer, uint256[] claimTopics);
    /// @notice `trustedIssuer` may no longer vouch for anything.
    event TrustedIssuerRemoved(IClaimIssuer indexed trustedIssuer);
    /// @notice `trustedIssuer` may from now on vouch on exactly `claimTopics`.
    event ClaimTopicsUpdated(IClaimIssuer indexed trustedIssuer, uint256[] claimTopics);

    function addTrustedIssuer(IClaimIssuer trustedIssuer, uint256[] calldata claimTopics) external;
    function removeTrustedIssuer(IClaimIssuer trustedIssuer) external;
    function updateIssuerClaimTopics(IClaimIssuer trustedIssuer, uint256[] calldata claimTopics) external;
    function getTrustedIssuers() external view returns (IClaimIssuer[] memory);
    function getTrustedIssuersForClaimTopic(uint256 claimTopic) external view returns (IClaimIssuer[] memory);
    function isTrustedIssuer(address issuer) external view returns (bool);
    function getTrustedIssuerClaimTopics(IClaimIssuer trustedIssuer) external view returns (uint256[] memory);
    function hasClaimTopic(address issuer, uint256 claimTopic) external view returns (bool);
}
