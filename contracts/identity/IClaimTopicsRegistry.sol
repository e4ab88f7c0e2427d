// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice ERC-3643: the claim topics an investor must hold to be verified.
interface IClaimTopicsRegistry {
    /// @notice A topic became required.
    event ClaimTopicAdded(uint256 indexed claimTopic);
    /// @notice A topic is no longer required.
    event ClaimTopicRemoved(uint256 indexed claimTopic);

    /// @notice Requires `claimTopic` of every investor, from now on.
    function addClaimTopic(uint256 claimTopic) external;

    /// @notice No longer requires `claimTopic`.
    function removeClaimTopic(uint256 claimTopic) external;

    /// @notice The required topics.
    function getClaimTopics() external view returns (uint256[] memory);
}
