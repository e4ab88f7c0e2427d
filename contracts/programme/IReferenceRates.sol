// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice How far and how often a rate may move by one hand, and how old it may grow.
/// @param perMove Most by which a rate may part from the one before, ten-thousandths of that.
/// @param perPeriod Most by which it may part from any that was in force within the last period, ten-thousandths of it.
/// @param period Seconds.
/// @param maximumAge Seconds after which a rate is stale: nothing new is measured by it.
struct RateBounds {
    uint16 perMove;
    uint16 perPeriod;
    uint32 period;
    uint32 maximumAge;
}

/// @notice A rate as it was set.
/// @param rate US dollars of one whole unit, 18 decimals.
/// @param setAt Unix time from which it is in force.
struct Reading {
    uint96 rate;
    uint40 setAt;
}

/// @notice A unit with its first rate, as a deployment brings it.
struct OpeningRate {
    bytes32 unit;
    uint256 rate;
    RateBounds bounds;
    bytes32 evidence;
}

/// @notice What the units of the programme are worth in US dollars: what its ceiling and its stages are measured by.
/// @dev No price that anybody pays. A unit is a name as ASCII, padded with zeros: "PKR", "USD", "GOLD/FINE TROY OUNCE".
interface IReferenceRates {
    /// @notice A rate is in force from now on.
    event RateSet(bytes32 indexed unit, uint256 rate, bytes32 indexed evidence, address indexed setter);
    /// @notice A unit's bounds were set; the first time makes it a unit.
    event BoundsSet(bytes32 indexed unit, RateBounds bounds);
    /// @notice What can be confirmed now, in full.
    event RateProposed(bytes32 indexed unit, uint256 rate, RateBounds bounds, bytes32 evidence);

    error UnitUnknown(bytes32 unit);
    /// @notice A dollar is a dollar: its rate does not move.
    error UnitFixed(bytes32 unit);
    error UnitsTooMany(uint256 most);
    error RateInvalid(bytes32 unit, uint256 rate);
    error RateWithoutEvidence(bytes32 unit);
    error BoundsInvalid(RateBounds bounds);
    /// @notice Who tightens loosens nothing.
    error BoundsWider(RateBounds bounds, RateBounds old);
    error RateMovesTooFar(bytes32 unit, uint256 rate, uint256 before, uint256 perMove);
    error RateDriftsTooFar(bytes32 unit, uint256 rate, uint256 earlier, uint256 perPeriod);
    error RateStale(bytes32 unit, uint256 setAt, uint256 maximumAge);

    /// @notice Sets a rate within its unit's bounds. Role: RATE_AGENT.
    /// @param rate US dollars of one whole unit, 18 decimals.
    /// @param evidence Hash of the publication it comes from.
    function setRate(bytes32 unit, uint256 rate, bytes32 evidence) external;

    /// @notice Proposes what bounds do not allow: a rate beyond them, other bounds, a new unit. Role: BOARD.
    function proposeRate(bytes32 unit, uint256 rate, RateBounds calldata bounds, bytes32 evidence) external;

    /// @notice Puts it in force, unchanged. Role: REGULATOR. A period begins anew with it.
    function confirmRate(bytes32 unit, uint256 rate, RateBounds calldata bounds, bytes32 evidence) external;

    /// @notice Narrows a unit's bounds at once. Role: REGULATOR.
    function tightenBounds(bytes32 unit, RateBounds calldata bounds) external;

    /// @notice All units, in the order they came.
    function units() external view returns (bytes32[] memory);

    /// @notice Bounds of a unit.
    function boundsOf(bytes32 unit) external view returns (RateBounds memory);

    /// @notice The rate last set, whatever its age.
    function rateOf(bytes32 unit) external view returns (Reading memory);

    /// @notice The rate of now; reverts with `RateStale` where it is too old to measure by.
    function freshRateOf(bytes32 unit) external view returns (uint256);

    /// @notice How many rates a unit has had, and each of them from zero.
    function readingCount(bytes32 unit) external view returns (uint256);

    /// @notice One of them.
    function readingAt(bytes32 unit, uint256 index) external view returns (Reading memory);

    /// @notice What `quantity` is worth by the rate of now, rounded up; reverts where that is stale.
    /// @param quantity 18 decimals of the unit.
    /// @return US dollars, 18 decimals.
    function valueOf(bytes32 unit, uint256 quantity) external view returns (uint256);

    /// @notice As `valueOf`, by the rate last set, whatever its age: to look, not to decide.
    function lastValueOf(bytes32 unit, uint256 quantity) external view returns (uint256);
}
