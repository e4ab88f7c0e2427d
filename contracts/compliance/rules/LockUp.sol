// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Restriction} from "../Restriction.sol";

/// @notice Nothing is transferred before the end of the lock-up.
library LockUp {
    uint8 internal constant CODE = Restriction.LOCK_UP;
    uint256 internal constant ON = 1 << 6;

    error LockedUp(uint256 until);

    /// @param until The first second in which transfers pass.
    function allows(uint256 until) internal view returns (bool) {
        return block.timestamp >= until;
    }

    function refuse(uint256 until) internal pure {
        revert LockedUp(until);
    }
}
