// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Movement} from "../token/Movement.sol";

/// @notice What a token asks of the rules. One rule book serves every series; all it keeps is keyed by the calling
/// token, so no series can read or write another's state.
interface IRuleBook {
    /// @notice Checks a movement of the calling token and books it, in one call.
    /// @dev Reverts with the error of the first rule that forbids it. `Force`, `Burn` and `Recovery` are booked,
    /// never refused.
    function book(Movement calldata movement) external;

    /// @notice What `book` would say of a movement of the calling token: `Restriction.NONE`, or the code of the first
    /// rule that forbids it.
    function restriction(Movement calldata movement) external view returns (uint8 code);

    /// @notice What `restriction` would say to `token`.
    function restrictionOf(address token, Movement calldata movement) external view returns (uint8 code);

    /// @notice A sentence for a reason code, for a wallet to show.
    function message(uint8 code) external view returns (string memory);

    /// @notice The ERC-3643 compliance address of `token`; zero where it was never opened.
    function complianceOf(address token) external view returns (address);
}

/// @notice The token's side: how the rule book tells a series which doors it wants to hear of.
interface IRuleBookClient {
    /// @notice Called by the rule book alone when the rules of this token change.
    /// @param refuses Some rule is on: transfers and mints must ask.
    /// @param books Some module keeps books: burns, forced transfers and recoveries must be told too.
    /// @param counts A rule limits the number of holders, so they must be counted.
    function setRuleHooks(bool refuses, bool books, bool counts) external;
}
