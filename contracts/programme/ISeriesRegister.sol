// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The programme's list of the tokens that it made.
interface ISeriesRegister {
    /// @notice Whether `token` is a series of the programme.
    function isSeries(address token) external view returns (bool);

    /// @notice Number of series made.
    function seriesCount() external view returns (uint256);

    /// @notice The series made as number `index`, from zero.
    function seriesAt(uint256 index) external view returns (address);
}
