// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice All that a verdict needs to know of the policy, in one storage slot.
///
///   bits  0..23   epoch              rises with every change that can alter a verdict; starts at 1
///        24..55   required           set of required topics, by topic index
///        56..87   maxAge             seconds for which a verdict on external claims may be reused
///        88..119  maxAttestationAge  seconds for which an attestation holds at most
///       120..143  nextBatch          number of the next attestation batch; starts at 1
///       144..175  recoveryWindow     seconds between a notice of recovery and its completion
///       176       lapsedMaySend      a sender whose verification lapsed may still send
///       177..200  haltedUntil        hour (Unix time / 3600) at which the halt lapses; all ones for no lapse; 0 for none
///       201..240  stageEnd           Unix time at which the programme's stage ends; 0 for no end
///       241..248  pausedClasses      number of classes whose pause was not released
type PolicyWord is uint256;

using PolicyWords for PolicyWord global;

library PolicyWords {
    uint256 internal constant EPOCH = 0;
    uint256 internal constant REQUIRED = 24;
    uint256 internal constant MAX_AGE = 56;
    uint256 internal constant MAX_ATTESTATION_AGE = 88;
    uint256 internal constant NEXT_BATCH = 120;
    uint256 internal constant RECOVERY_WINDOW = 144;
    uint256 internal constant LAPSED_MAY_SEND = 176;
    uint256 internal constant HALTED_UNTIL = 177;
    uint256 internal constant STAGE_END = 201;
    uint256 internal constant PAUSED_CLASSES = 241;

    function epoch(PolicyWord self) internal pure returns (uint24) {
        return uint24(PolicyWord.unwrap(self));
    }

    function required(PolicyWord self) internal pure returns (uint32) {
        return uint32(PolicyWord.unwrap(self) >> REQUIRED);
    }

    function maxAge(PolicyWord self) internal pure returns (uint32) {
        return uint32(PolicyWord.unwrap(self) >> MAX_AGE);
    }

    function maxAttestationAge(PolicyWord self) internal pure returns (uint32) {
        return uint32(PolicyWord.unwrap(self) >> MAX_ATTESTATION_AGE);
    }

    function nextBatch(PolicyWord self) internal pure returns (uint24) {
        return uint24(PolicyWord.unwrap(self) >> NEXT_BATCH);
    }

    function recoveryWindow(PolicyWord self) internal pure returns (uint32) {
        return uint32(PolicyWord.unwrap(self) >> RECOVERY_WINDOW);
    }

    function lapsedMaySend(PolicyWord self) internal pure returns (bool) {
        return (PolicyWord.unwrap(self) >> LAPSED_MAY_SEND) & 1 != 0;
    }

    function haltedUntilHour(PolicyWord self) internal pure returns (uint24) {
        return uint24(PolicyWord.unwrap(self) >> HALTED_UNTIL);
    }

    function stageEnd(PolicyWord self) internal pure returns (uint40) {
        return uint40(PolicyWord.unwrap(self) >> STAGE_END);
    }

    function pausedClasses(PolicyWord self) internal pure returns (uint8) {
        return uint8(PolicyWord.unwrap(self) >> PAUSED_CLASSES);
    }

    /// @dev Whether something may stop tokens now: where not, nobody need look closer.
    function mayStandStill(PolicyWord self) internal pure returns (bool) {
        return PolicyWord.unwrap(self) >> HALTED_UNTIL != 0;
    }

    /// @dev Replaces the field of `width` bits at `offset`; `value` must fit, or the call reverts.
    function with(PolicyWord self, uint256 offset, uint256 width, uint256 value) internal pure returns (PolicyWord) {
        uint256 mask = (1 << width) - 1;
        assert(value <= mask);
        return PolicyWord.wrap((PolicyWord.unwrap(self) & ~(mask << offset)) | (value << offset));
    }
}
