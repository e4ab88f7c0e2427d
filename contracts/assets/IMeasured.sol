// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A series that says what it is counted in against the programme's ceiling: so much of a unit that has a
/// reference rate.
interface IMeasured {
    /// @notice What one smallest unit of this token counts as. Fixed with the terms.
    /// @param unit Name of the unit as ASCII, padded with zeros: "PKR", "GOLD/FINE TROY OUNCE" (see `Measures`).
    /// @param content 18 decimals of that unit: a unit of one rupee of face is 1e18 of "PKR".
    function measure() external view returns (bytes32 unit, uint256 content);
}
