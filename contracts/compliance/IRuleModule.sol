// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Movement} from "../token/Movement.sol";

/// @notice A bespoke rule of one token, beside those that the rule book knows.
/// @dev Called by the rule book alone, for the hooks declared when the module was added. A module should refuse in
/// `check` whatever `booked` would revert on: only then do a token's views foretell its transfers.
interface IRuleModule {
    /// @notice Whether `movement` of `token` is allowed. Asked of transfers and mints only.
    /// @dev Answering with anything but one true word, reverting and running out of gas all forbid.
    function check(address token, Movement calldata movement) external view returns (bool allowed);

    /// @notice `movement` of `token` is happening.
    /// @dev A revert refuses a transfer or a mint; it cannot stop a burn, a forced transfer or a recovery.
    function booked(address token, Movement calldata movement) external;
}

/// @notice The hooks of a module: which doors it checks and which it books.
library ModuleHooks {
    uint8 internal constant CHECK_TRANSFER = 1;
    uint8 internal constant CHECK_MINT = 2;
    uint8 internal constant BOOK_TRANSFER = 4;
    uint8 internal constant BOOK_MINT = 8;
    uint8 internal constant BOOK_BURN = 16;
    uint8 internal constant BOOK_FORCE = 32;
    uint8 internal constant BOOK_RECOVERY = 64;

    uint8 internal constant BOOK_UNREFUSABLE = BOOK_BURN | BOOK_FORCE | BOOK_RECOVERY;
    uint8 internal constant ALL = 127;
}
