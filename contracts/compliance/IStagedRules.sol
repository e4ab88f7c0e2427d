// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Rules} from "./Rules.sol";

/// @notice What the programme's stage asks of the rule book.
interface IStagedRules {
    /// @notice The rules of `token` as configured.
    function rulesOf(address token) external view returns (Rules memory);

    /// @notice The token's list of countries: bit n of word w stands for country 256 * w + n.
    function jurisdictionsOf(address token) external view returns (uint256[4] memory);

    /// @notice Tightens the rules of `token` and its list of countries. Only the programme's stage.
    function narrow(address token, Rules calldata rules, uint16[] calldata removed, uint16[] calldata added) external;
}
