// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IRegistryPolicy} from "./IRegistryPolicy.sol";
import {PolicyWord, PolicyWords} from "./PolicyWord.sol";

/// @notice Keeps the policy's slot.
abstract contract Policy is AccessManaged, IRegistryPolicy {
    uint256 internal constant LONGEST_MAX_AGE = 30 days;
    uint256 internal constant SHORTEST_ATTESTATION_AGE = 1 days;
    uint256 internal constant LONGEST_ATTESTATION_AGE = 3 * 365 days;
    uint256 internal constant SHORTEST_RECOVERY_WINDOW = 1 days;
    uint256 internal constant LONGEST_RECOVERY_WINDOW = 30 days;

    PolicyWord internal _policy;

    constructor() {
        _policy = PolicyWord.wrap(1).with(PolicyWords.NEXT_BATCH, 24, 1).with(PolicyWords.MAX_AGE, 32, 1 days)
            .with(PolicyWords.MAX_ATTESTATION_AGE, 32, 365 days).with(PolicyWords.RECOVERY_WINDOW, 32, 3 days);
        emit EpochBegun(1);
        emit MaxAgeSet(1 days);
        emit MaxAttestationAgeSet(365 days);
        emit RecoveryWindowSet(3 days);
        emit LapsedMaySendSet(false);
    }

    // ---------------------------------------------------------------- settings

    /// @inheritdoc IRegistryPolicy
    function setMaxAge(uint32 seconds_) external restricted {
        _setSeconds(PolicyWords.MAX_AGE, seconds_, 0, LONGEST_MAX_AGE);
        emit MaxAgeSet(seconds_);
        _beginEpoch();
    }

    /// @inheritdoc IRegistryPolicy
    function setMaxAttestationAge(uint32 seconds_) external restricted {
        _setSeconds(PolicyWords.MAX_ATTESTATION_AGE, seconds_, SHORTEST_ATTESTATION_AGE, LONGEST_ATTESTATION_AGE);
        emit MaxAttestationAgeSet(seconds_);
        _beginEpoch();
    }

    /// @inheritdoc IRegistryPolicy
    function setRecoveryWindow(uint32 seconds_) external restricted {
        _setSeconds(PolicyWords.RECOVERY_WINDOW, seconds_, SHORTEST_RECOVERY_WINDOW, LONGEST_RECOVERY_WINDOW);
        emit RecoveryWindowSet(seconds_);
    }

    /// @inheritdoc IRegistryPolicy
    function setLapsedMaySend(bool allowed) external restricted {
        _policy = _policy.with(PolicyWords.LAPSED_MAY_SEND, 1, allowed ? 1 : 0);
        emit LapsedMaySendSet(allowed);
    }

    /// @inheritdoc IRegistryPolicy
    function policy()
        external
        view
        returns (
            uint24 epoch,
            uint32 requiredTopics,
            uint32 maxAge,
            uint32 maxAttestationAge,
            uint32 recoveryWindow,
            bool lapsedMaySend,
            bool halted
        )
    {
        PolicyWord word = _policy;
        return (
            word.epoch(),
            word.required(),
            word.maxAge(),
            word.maxAttestationAge(),
            word.recoveryWindow(),
            word.lapsedMaySend(),
            _inForce(word.haltedUntilHour())
        );
    }

    // ---------------------------------------------------------------- internals

    /// @dev Every cached verdict goes stale at once. Epoch 0 is no epoch: a record's mark for "never judged".
    function _beginEpoch() internal {
        uint24 epoch = _policy.epoch() + 1;
        _policy = _policy.with(PolicyWords.EPOCH, 24, epoch);
        emit EpochBegun(epoch);
    }

    function _setSeconds(uint256 offset, uint256 seconds_, uint256 least, uint256 most) private {
        if (seconds_ < least || seconds_ > most) revert PolicySecondsOutOfRange(seconds_, least, most);
        _policy = _policy.with(offset, 32, seconds_);
    }

    /// @dev Whether what lapses at `untilHour` stands now.
    function _inForce(uint24 untilHour) internal view returns (bool) {
        return block.timestamp < uint256(untilHour) * 1 hours;
    }

    function _hourNow() internal view returns (uint256) {
        return block.timestamp / 1 hours;
    }
}
