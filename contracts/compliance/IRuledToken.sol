// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";

/// @notice What the compliance address asks of its token, to judge a movement that somebody only asks about.
interface IRuledToken {
    /// @notice The registry that judges this token's parties.
    function identityRegistry() external view returns (IInvestorRegistry);

    /// @notice In smallest units.
    function totalSupply() external view returns (uint256);

    /// @notice In smallest units.
    function balanceOf(address account) external view returns (uint256);

    /// @notice Number of holding investors after `amount` moves from `from` to `to`, where that adds one; otherwise
    /// zero. The zero address stands for a mint or a burn.
    function holdersAfter(address from, address to, uint256 amount) external view returns (uint256);
}
