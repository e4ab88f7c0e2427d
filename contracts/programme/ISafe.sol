// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What the operators' commands ask of a Safe (1.4.1) that holds a role, and how they carry out what its
/// owners have signed. No contract of the programme calls one: to them a Safe is an account like any other.
interface ISafe {
    /// @notice The owners' transaction was carried out.
    event ExecutionSuccess(bytes32 indexed txHash, uint256 payment);

    /// @notice Its release, "1.4.1".
    function VERSION() external view returns (string memory);

    /// @notice How many owners must sign.
    function getThreshold() external view returns (uint256);

    /// @notice Who may sign.
    function getOwners() external view returns (address[] memory);

    /// @notice The number of the next transaction.
    function nonce() external view returns (uint256);

    /// @notice A page of the modules, which act for the Safe without its owners' signatures.
    /// @param start The address 1 for the first page.
    function getModulesPaginated(address start, uint256 pageSize)
        external
        view
        returns (address[] memory array, address next);

    /// @notice The EIP-712 domain: this chain, and this Safe.
    function domainSeparator() external view returns (bytes32);

    /// @notice What the owners sign.
    /// @param operation 0 is a call, 1 runs the code of `to` in the Safe's own name.
    function getTransactionHash(
        address to,
        uint256 value,
        bytes calldata data,
        uint8 operation,
        uint256 safeTxGas,
        uint256 baseGas,
        uint256 gasPrice,
        address gasToken,
        address refundReceiver,
        uint256 nonce_
    ) external view returns (bytes32);

    /// @notice Carry out what enough owners have signed; anyone may send it.
    /// @param signatures 65 bytes each, in ascending order of the owners.
    function execTransaction(
        address to,
        uint256 value,
        bytes calldata data,
        uint8 operation,
        uint256 safeTxGas,
        uint256 baseGas,
        uint256 gasPrice,
        address gasToken,
        address refundReceiver,
        bytes calldata signatures
    ) external payable returns (bool success);
}
