// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Restriction} from "../Restriction.sol";

/// @notice Nothing is transferred while the register is closed, as before a payment.
library RegisterClosing {
    uint8 internal constant CODE = Restriction.REGISTER_CLOSED;
    uint256 internal constant ON = 1 << 7;

    error RegisterClosed(uint256 from, uint256 until);

    /// @param from The first second of the closing.
    /// @param until The first second after it.
    function allows(uint256 from, uint256 until) internal view returns (bool) {
        return block.timestamp < from || block.timestamp >= until;
    }

    function refuse(uint256 from, uint256 until) internal pure {
        revert RegisterClosed(from, until);
    }
}
