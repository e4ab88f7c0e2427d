// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice ERC-7943 (uRWA) for fungible tokens. Interface id 0x3edbb4c4.
interface IERC7943Fungible {
    /// @notice `amount` was taken from `from` and given to `to` by force.
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount);
    /// @notice `amount` of the account's tokens are frozen from now on; replaces the former figure.
    event Frozen(address indexed account, uint256 amount);

    error ERC7943CannotSend(address account);
    error ERC7943CannotReceive(address account);
    error ERC7943CannotTransfer(address from, address to, uint256 amount);
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 amount, uint256 unfrozen);

    /// @notice Moves tokens against the holder's will; frozen ones are released as far as needed.
    function forcedTransfer(address from, address to, uint256 amount) external returns (bool result);
    /// @notice Sets how many of the account's tokens are frozen; may exceed the balance.
    function setFrozenTokens(address account, uint256 amount) external returns (bool result);
    /// @notice Whether `account` may send at all.
    function canSend(address account) external view returns (bool allowed);
    /// @notice Whether `account` may receive at all.
    function canReceive(address account) external view returns (bool allowed);
    /// @notice How many of the account's tokens are frozen; may exceed the balance.
    function getFrozenTokens(address account) external view returns (uint256 amount);
    /// @notice Whether the holder `from` could transfer `amount` to `to` now.
    function canTransfer(address from, address to, uint256 amount) external view returns (bool allowed);
}
