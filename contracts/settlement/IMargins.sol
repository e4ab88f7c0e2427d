// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Permit} from "./IAllotments.sol";

/// @notice Cash that bidders keep with the auctions, free to be bound by a bid or taken back.
/// @dev What an auction owes back is paid at once where it can be; what its owner cannot receive waits here. A bid
/// that binds a bond takes it from the bidder's margin: its own event tells.
interface IMargins {
    /// @notice `account` brought `amount` of `cash`.
    event MarginDeposited(address indexed cash, address indexed account, uint256 amount);
    /// @notice `amount` that `account` could not be paid waits for it.
    event MarginCredited(address indexed cash, address indexed account, uint256 amount);
    /// @notice `amount` of the margin of `account` was paid to `to`: itself, or who succeeded it.
    event MarginWithdrawn(address indexed cash, address indexed account, address indexed to, uint256 amount);

    /// @notice `account` has `free` of `cash`, and `needed` is asked for: deposit more first.
    error MarginInsufficient(address cash, address account, uint256 free, uint256 needed);
    /// @notice The margin of `account` is its own to take back, as long as nobody succeeded it.
    error MarginNotOfCaller(address account, address caller);
    /// @notice `account` is suspended or reported lost: its money waits until that ends.
    error MarginSetAside(address account);
    /// @notice The programme has approved `cash` as no money.
    error MarginCashUnknown(address cash);

    /// @notice Brings `amount` of `cash`, which the caller has allowed this contract to take.
    function deposit(address cash, uint256 amount) external;

    /// @notice As `deposit`, by the caller's signature over exactly the amount.
    /// @dev A permit that someone else presented first is no obstacle: the allowance it left is used.
    function depositWithPermit(address cash, uint256 amount, Permit calldata permit) external;

    /// @notice Pays out the free margin of `account`: by itself to itself; by anyone to who succeeded it, or to the
    /// treasury.
    /// @return amount What was paid.
    function withdrawMargin(address cash, address account) external returns (uint256 amount);

    /// @notice The free margin of `account` in `cash`.
    function marginOf(address cash, address account) external view returns (uint256);
}
