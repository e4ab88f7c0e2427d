// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The part of Safe's MultiSendCallOnly that the operators' commands use: several calls in one transaction, all
/// of them or none, and nothing but calls.
interface IMultiSend {
    /// @notice Run in the Safe's own name.
    /// @param transactions One after another, packed: operation (0), target (20 bytes), value and length of the data
    /// (32 bytes each), data.
    function multiSend(bytes calldata transactions) external payable;
}
