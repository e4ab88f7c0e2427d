// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IClaimTopicsRegistry} from "./IClaimTopicsRegistry.sol";
import {Policy} from "./Policy.sol";
import {PolicyWords} from "./PolicyWord.sol";

/// @notice Which topics are required. A topic gets an index when it is first named by the regulator, and keeps it: a
/// set of topics is then 32 bits, and stands in the policy's slot, in an issuer's and in a batch's.
abstract contract ClaimTopicsRegistry is Policy, IClaimTopicsRegistry {
    /// @dev At most so many topics are required at a time.
    uint256 internal constant MAX_REQUIRED_TOPICS = 8;
    /// @dev At most so many different topics are ever named.
    uint256 internal constant MAX_TOPICS = 32;

    /// @dev Topics by index.
    uint256[] private _topics;
    /// @dev Index of a topic, plus one; zero for a topic never named.
    mapping(uint256 topic => uint256) private _indexPlusOne;

    /// @notice `topic` was never named: require it or let an issuer vouch on it first.
    error ClaimTopicUnknown(uint256 topic);
    /// @notice `topic` is required already.
    error ClaimTopicAlreadyRequired(uint256 topic);
    /// @notice `topic` is not required.
    error ClaimTopicNotRequired(uint256 topic);
    /// @notice No more than `most` topics.
    error ClaimTopicsTooMany(uint256 most);

    /// @inheritdoc IClaimTopicsRegistry
    function addClaimTopic(uint256 claimTopic) external restricted {
        uint256 bit = 1 << _nameTopic(claimTopic);
        uint256 required = _policy.required();
        if (required & bit != 0) revert ClaimTopicAlreadyRequired(claimTopic);
        if (_count(required) == MAX_REQUIRED_TOPICS) revert ClaimTopicsTooMany(MAX_REQUIRED_TOPICS);
        _policy = _policy.with(PolicyWords.REQUIRED, 32, required | bit);
        emit ClaimTopicAdded(claimTopic);
        _beginEpoch();
    }

    /// @inheritdoc IClaimTopicsRegistry
    function removeClaimTopic(uint256 claimTopic) external restricted {
        uint256 bit = 1 << topicIndex(claimTopic);
        uint256 required = _policy.required();
        if (required & bit == 0) revert ClaimTopicNotRequired(claimTopic);
        _policy = _policy.with(PolicyWords.REQUIRED, 32, required & ~bit);
        emit ClaimTopicRemoved(claimTopic);
        _beginEpoch();
    }

    /// @inheritdoc IClaimTopicsRegistry
    function getClaimTopics() external view returns (uint256[] memory) {
        return _topicsOf(_policy.required());
    }

    /// @notice The bit that stands for `topic` in sets of topics; reverts for a topic never named.
    function topicIndex(uint256 topic) public view returns (uint256) {
        uint256 plusOne = _indexPlusOne[topic];
        if (plusOne == 0) revert ClaimTopicUnknown(topic);
        return plusOne - 1;
    }

    // ---------------------------------------------------------------- sets of topics

    function _isNamed(uint256 topic) internal view returns (bool) {
        return _indexPlusOne[topic] != 0;
    }

    function _nameTopic(uint256 topic) internal returns (uint256 index) {
        uint256 plusOne = _indexPlusOne[topic];
        if (plusOne != 0) return plusOne - 1;
        index = _topics.length;
        if (index == MAX_TOPICS) revert ClaimTopicsTooMany(MAX_TOPICS);
        _topics.push(topic);
        _indexPlusOne[topic] = index + 1;
    }

    function _topicsOf(uint256 set) internal view returns (uint256[] memory topics) {
        topics = new uint256[](_count(set));
        uint256 found = 0;
        for (uint256 index = 0; set >> index != 0; ++index) {
            if ((set >> index) & 1 != 0) topics[found++] = _topics[index];
        }
    }

    function _count(uint256 set) internal pure returns (uint256 members) {
        for (; set != 0; set &= set - 1) {
            ++members;
        }
    }
}
