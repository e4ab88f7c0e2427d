// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The regulator's settings: how long verdicts hold, and what a lapsed sender may do.
/// @dev Every change that can alter a verdict begins a new epoch; verdicts of older epochs are worked out anew.
interface IRegistryPolicy {
    /// @notice From now on verdicts reached before are worked out anew.
    event EpochBegun(uint24 indexed epoch);
    /// @notice A verdict on external claims may be reused for `seconds_`.
    event MaxAgeSet(uint32 seconds_);
    /// @notice An attestation holds for `seconds_` at most.
    event MaxAttestationAgeSet(uint32 seconds_);
    /// @notice `seconds_` pass between a notice of recovery and its completion.
    event RecoveryWindowSet(uint32 seconds_);
    /// @notice Whether a sender whose verification lapsed may still send.
    event LapsedMaySendSet(bool allowed);

    /// @notice A setting of `given` seconds is outside `least`..`most`.
    error PolicySecondsOutOfRange(uint256 given, uint256 least, uint256 most);

    /// @notice Sets for how many seconds a verdict on external claims may be reused: 0 (judge every time) to 30 days.
    function setMaxAge(uint32 seconds_) external;

    /// @notice Sets for how many seconds an attestation holds at most: 1 day to 3 years.
    /// @dev Shortening acts at once on every attestation. Lengthening acts on those to come: a renewal is needed.
    function setMaxAttestationAge(uint32 seconds_) external;

    /// @notice Sets how many seconds pass between a notice of recovery and its completion: 1 to 30 days.
    /// @dev Recoveries under notice keep the window they were given.
    function setRecoveryWindow(uint32 seconds_) external;

    /// @notice Says whether a sender whose verification lapsed may still send.
    function setLapsedMaySend(bool allowed) external;

    /// @notice The settings as they stand. `requiredTopics` is a set by topic index, as `topicIndex` gives it.
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
        );
}
