// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ClaimTopicsRegistry} from "./ClaimTopicsRegistry.sol";
import {IClaimIssuer} from "./IIdentity.sol";
import {ITrustedIssuersRegistry} from "./ITrustedIssuersRegistry.sol";

/// @notice Who may vouch for investors, and on which topics.
abstract contract TrustedIssuersRegistry is ClaimTopicsRegistry, ITrustedIssuersRegistry {
    /// @dev At most so many issuers are trusted at a time: with the cap on topics, it bounds what judging costs.
    uint256 internal constant MAX_TRUSTED_ISSUERS = 16;

    IClaimIssuer[] private _issuers;
    /// @dev Set of topics an issuer may vouch on; zero for one that is not trusted.
    mapping(address issuer => uint256) internal _mayVouchOn;

    /// @notice `issuer` is trusted already.
    error TrustedIssuerAlreadyAdded(address issuer);
    /// @notice `issuer` is not trusted.
    error TrustedIssuerUnknown(address issuer);
    /// @notice An issuer is trusted on one topic at least, and is not the zero address.
    error TrustedIssuerInvalid(address issuer, uint256 topics);
    /// @notice No more than `most` issuers.
    error TrustedIssuersTooMany(uint256 most);

    /// @inheritdoc ITrustedIssuersRegistry
    function addTrustedIssuer(IClaimIssuer trustedIssuer, uint256[] calldata claimTopics) external restricted {
        if (isTrustedIssuer(address(trustedIssuer))) revert TrustedIssuerAlreadyAdded(address(trustedIssuer));
        if (_issuers.length == MAX_TRUSTED_ISSUERS) revert TrustedIssuersTooMany(MAX_TRUSTED_ISSUERS);
        _issuers.push(trustedIssuer);
        _setTopics(trustedIssuer, claimTopics);
        emit TrustedIssuerAdded(trustedIssuer, claimTopics);
        _beginEpoch();
    }

    /// @inheritdoc ITrustedIssuersRegistry
    function removeTrustedIssuer(IClaimIssuer trustedIssuer) external restricted {
        _requireTrusted(address(trustedIssuer));
        delete _mayVouchOn[address(trustedIssuer)];
        uint256 place = 0;
        while (address(_issuers[place]) != address(trustedIssuer)) ++place;
        _issuers[place] = _issuers[_issuers.length - 1];
        _issuers.pop();
        emit TrustedIssuerRemoved(trustedIssuer);
        _beginEpoch();
    }

    /// @inheritdoc ITrustedIssuersRegistry
    function updateIssuerClaimTopics(IClaimIssuer trustedIssuer, uint256[] calldata claimTopics) external restricted {
        _requireTrusted(address(trustedIssuer));
        _setTopics(trustedIssuer, claimTopics);
        emit ClaimTopicsUpdated(trustedIssuer, claimTopics);
        _beginEpoch();
    }

    /// @inheritdoc ITrustedIssuersRegistry
    function getTrustedIssuers() public view returns (IClaimIssuer[] memory) {
        return _issuers;
    }

    /// @inheritdoc ITrustedIssuersRegistry
    function getTrustedIssuersForClaimTopic(uint256 claimTopic) external view returns (IClaimIssuer[] memory found) {
        found = getTrustedIssuers();
        uint256 count = 0;
        for (uint256 i = 0; i < found.length; ++i) {
            if (hasClaimTopic(address(found[i]), claimTopic)) found[count++] = found[i];
        }
        assembly ("memory-safe") {
            mstore(found, count)
        }
    }

    /// @inheritdoc ITrustedIssuersRegistry
    function getTrustedIssuerClaimTopics(IClaimIssuer trustedIssuer) external view returns (uint256[] memory) {
        _requireTrusted(address(trustedIssuer));
        return _topicsOf(_mayVouchOn[address(trustedIssuer)]);
    }

    /// @inheritdoc ITrustedIssuersRegistry
    function isTrustedIssuer(address issuer) public view returns (bool) {
        return _mayVouchOn[issuer] != 0;
    }

    /// @inheritdoc ITrustedIssuersRegistry
    function hasClaimTopic(address issuer, uint256 claimTopic) public view returns (bool) {
        uint256 topics = _mayVouchOn[issuer];
        return topics != 0 && _isNamed(claimTopic) && (topics >> topicIndex(claimTopic)) & 1 != 0;
    }

    // ---------------------------------------------------------------- internals

    function _setTopics(IClaimIssuer issuer, uint256[] calldata claimTopics) private {
        uint256 set = 0;
        for (uint256 i = 0; i < claimTopics.length; ++i) {
            set |= 1 << _nameTopic(claimTopics[i]);
        }
        if (set == 0 || address(issuer) == address(0)) {
            revert TrustedIssuerInvalid(address(issuer), claimTopics.length);
        }
        _mayVouchOn[address(issuer)] = set;
    }

    function _requireTrusted(address issuer) internal view {
        if (!isTrustedIssuer(issuer)) revert TrustedIssuerUnknown(issuer);
    }
}
