// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Restriction} from "../Restriction.sol";

/// @notice At most so many investors hold the token at once.
library MaximumHolders {
    uint8 internal constant CODE = Restriction.MAXIMUM_HOLDERS;
    uint256 internal constant ON = 1 << 4;

    error MaximumHoldersExceeded(uint256 holders, uint256 maximum);

    /// @param holders After the movement, where it adds one; otherwise zero, so that a maximum set below what there
    /// is today stops newcomers and nobody else.
    function allows(uint256 holders, uint256 maximum) internal pure returns (bool) {
        return holders <= maximum;
    }

    function refuse(uint256 holders, uint256 maximum) internal pure {
        revert MaximumHoldersExceeded(holders, maximum);
    }
}
