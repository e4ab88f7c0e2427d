// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What the factory asks of a series it makes; answered by the desk all series share.
interface ISeries {
    /// @notice Called once, by the programme, in the transaction that makes the clone.
    /// @param compliance The ERC-3643 compliance address made for it.
    function initialize(address compliance) external;

    /// @notice Whether every mint must also pass the series' own `IBacked`. The desk says no; a class that stands on a
    /// reserve answers for itself.
    function isBacked() external view returns (bool);
}

/// @notice What a class of asset says of the terms in a clone's immutable arguments.
interface ITermed {
    /// @notice keccak256 of the terms as encoded in the clone's immutable arguments.
    function termsHash() external view returns (bytes32);

    /// @notice Reverts where the terms cannot be a series of this class.
    function requireSoundTerms() external view;
}
