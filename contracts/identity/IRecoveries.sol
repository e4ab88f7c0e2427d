// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice Recovery of a lost wallet, once for the whole programme: notice, window, completion.
/// @dev From the notice on the lost wallet is dead on every token. A link, once completed, never changes; links cannot
/// form a circle, because a successor is not lost when its link is completed, and a wallet is recovered once.
interface IRecoveries {
    /// @notice `lost` is to be succeeded by `successor` from `readyAt` (Unix time) on.
    event RecoveryNoticed(
        address indexed lost, address indexed successor, uint40 readyAt, bytes32 indexed referenceHash
    );
    /// @notice The notice was withdrawn: the wallet lives again.
    event RecoveryCancelled(address indexed lost, address indexed by);
    /// @notice `successor` stands in for `lost` from now on.
    event WalletRecovered(address indexed lost, address indexed successor, address indexed investor);
    /// @notice `token` did not follow; anyone may call its `follow` again.
    event FollowFailed(address indexed token, address indexed lost);

    /// @notice `successor` is lost or reserved itself, is registered to another investor, or is the lost wallet.
    error SuccessorUnfit(address lost, address successor);
    /// @notice `lost` is not under notice of recovery.
    error RecoveryNotNoticed(address lost);
    /// @notice The window runs until `readyAt` (Unix time).
    error RecoveryTooEarly(address lost, uint256 readyAt);
    /// @notice `token` did not follow, perhaps for want of gas: send it with more.
    error FollowStarved(address token, uint256 available, uint256 needed);

    /// @notice Declares a registered wallet lost and names its successor: a wallet nobody registered, or another wallet
    /// of the same investor. The lost wallet is dead at once, and a new successor is reserved. The window ends on the
    /// hour, rounded up.
    /// @param referenceHash Hash of the decision on file; salted, nothing personal.
    function noticeRecovery(address lost, address successor, bytes32 referenceHash) external;

    /// @notice Withdraws a notice, as long as it is not completed. For the wallet itself, unless it is suspended (a
    /// thief's hand), or for whom the authority allows.
    function cancelRecovery(address lost) external;

    /// @notice Completes a recovery whose window has passed, and moves the holdings on `tokens`. Anyone may call.
    /// @dev A new successor takes over the record: investor, country, class, verdict and suspension. One that is a
    /// wallet of the investor already keeps its own, and takes over a suspension.
    function completeRecovery(address lost, address[] calldata tokens) external;

    /// @notice The link of a wallet: `state` 0 none, 1 under notice, 2 completed.
    function recoveryOf(address lost) external view returns (address successor, uint40 readyAt, uint8 state);
}

/// @notice The token's side of a recovery.
interface IFollower {
    /// @notice Moves what a recovered wallet holds to its successor.
    function follow(address lost) external;
}
