// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The part of the ceiling that one class of asset may take.
/// @param class Its name, for example "TreasuryBill".
/// @param usd US dollars, 18 decimals; zero is nothing.
struct Allocation {
    bytes32 class;
    uint256 usd;
}

/// @notice How much the programme may have out at once.
/// @param ceiling US dollars over all series, 18 decimals.
/// @param authorisationAge Seconds for which what was authorised may be minted; a measure does not serve for longer.
/// @param allocations Of the classes that are named; the others keep theirs.
struct Limits {
    uint256 ceiling;
    uint32 authorisationAge;
    Allocation[] allocations;
}

/// @notice The programme's ceiling: what all series together, and those of each class, may have out.
/// @dev What series are authorised to have out is committed, in the unit that each is counted in; it is valued in US
/// dollars at the reference rates of the moment where something new is committed, and nowhere else. So a rate that
/// moves stops new issues, and never a mint within what was authorised, a burn, a redemption or a transfer.
interface ICeiling {
    /// @notice These limits are in force.
    event LimitsSet(Limits limits, address indexed setter);
    /// @notice What can be confirmed now, in full.
    event LimitsProposed(Limits limits);

    error ClassesTooMany();
    error LimitsInvalid(uint256 authorisationAge);
    /// @notice Who lowers raises nothing.
    error LimitRaised(bytes32 class, uint256 usd, uint256 old);
    error CeilingExceeded(uint256 usd, uint256 ceiling);
    error AllocationExceeded(bytes32 class, uint256 usd, uint256 allocation);
    error StageTotalExceeded(uint256 usd, uint256 total);
    error StageSeriesExceeded(address token, uint256 usd, uint256 perSeries);
    /// @notice The programme's stage has ended, has not begun, or is being narrowed.
    error StageNotRunning();

    /// @notice Proposes other limits. Role: BOARD.
    function proposeLimits(Limits calldata limits) external;

    /// @notice Puts them in force, unchanged. Role: REGULATOR.
    function confirmLimits(Limits calldata limits) external;

    /// @notice Lowers limits at once, below what is committed too: that stops what is new, and nothing else. Role:
    /// REGULATOR.
    function lowerLimits(Limits calldata limits) external;

    /// @notice All limits, with the allocation of every class that has one or has an implementation.
    function limits() external view returns (Limits memory);

    /// @notice What a class may have out, US dollars with 18 decimals.
    function allocationOf(bytes32 class) external view returns (uint256 usd);

    /// @notice Units that something was ever committed in.
    function unitsCommitted() external view returns (bytes32[] memory);

    /// @notice What is committed in a unit, 18 decimals of it.
    function committed(bytes32 unit) external view returns (uint256 quantity);

    /// @notice Likewise, of the series of one class.
    function committedOf(bytes32 class, bytes32 unit) external view returns (uint256 quantity);

    /// @notice What is committed over all series at the rates of now, rounded up; reverts where one of them is stale.
    function committedValue() external view returns (uint256 usd);

    /// @notice Likewise, of the series of one class.
    function committedValueOf(bytes32 class) external view returns (uint256 usd);
}
