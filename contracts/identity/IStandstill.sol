// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What stops transfers and mints on more than one token: an emergency, or the end of the programme's stage.
/// @dev Burns, payments, redemptions, forced transfers and recoveries go on through all of it. Who stops in an
/// emergency cannot let go, and what one person stopped lapses by itself unless another confirms it.
interface IStandstill {
    /// @notice Transfers are halted on every token; for seven days, where they were not already.
    event Halted(address indexed by);
    /// @notice The halt lapses no more.
    event HaltConfirmed(address indexed by);
    /// @notice Transfers are no longer halted.
    event Resumed(address indexed by);
    /// @notice Every token of `class` is paused; for seven days, where they were not already.
    event ClassPaused(address indexed class, address indexed by);
    /// @notice The pause of `class` lapses no more.
    event ClassPauseConfirmed(address indexed class, address indexed by);
    /// @notice The pause of `class` has ended; `by` anyone, where it had lapsed.
    event ClassUnpaused(address indexed class, address indexed by);
    /// @notice The stage of the programme ends at `at` (Unix time); zero where it has no end.
    event StageEndSet(uint40 at);

    error NotHalted();
    error ClassNotPaused(address class);
    /// @notice Not the address of a class of tokens: of one token, perhaps.
    error ClassUnknown(address class);

    /// @notice Halts transfers and mints on every token, at once.
    /// @dev Lapses after seven days unless confirmed. A second halt neither shortens nor prolongs the first.
    function halt() external;

    /// @notice Makes the halt stand until it is released.
    function confirmHalt() external;

    /// @notice Ends the halt.
    function resume() external;

    /// @notice Pauses every token made of the implementation `class`, those to come included, at once.
    /// @dev Lapses after seven days unless confirmed. A second pause neither shortens nor prolongs the first.
    function pauseClass(address class) external;

    /// @notice Makes the pause of `class` stand until it is released.
    function confirmClassPause(address class) external;

    /// @notice Ends the pause of `class`. Anyone may clear away one that has lapsed, which spares transfers a look.
    function unpauseClass(address class) external;

    /// @notice Says when the stage of the programme ends: from then on no token is transferred or minted.
    /// @param at Unix time; zero for no end.
    function setStageEnd(uint40 at) external;

    /// @notice Hour (Unix time / 3600) at which the halt lapses; all ones where it does not; zero where there is none.
    function haltedUntilHour() external view returns (uint24);

    /// @notice As `haltedUntilHour`, for the pause of a class.
    function classPausedUntilHour(address class) external view returns (uint24);

    /// @notice When the stage of the programme ends; zero where it has no end.
    function stageEnd() external view returns (uint40);
}
