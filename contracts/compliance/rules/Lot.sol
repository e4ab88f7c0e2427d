// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Restriction} from "../Restriction.sol";

/// @notice A movement is a whole number of lots.
/// @dev Of nothing too: zero is a whole number. An odd remainder, as a forced transfer may leave, can be forced,
/// burnt or redeemed, but not sold by itself.
library Lot {
    uint8 internal constant CODE = Restriction.LOT;
    uint256 internal constant ON = 1 << 2;

    error LotNotWhole(uint256 amount, uint256 lot);

    /// @param lot Not zero: the rule is off then.
    function allows(uint256 amount, uint256 lot) internal pure returns (bool) {
        return amount % lot == 0;
    }

    function refuse(uint256 amount, uint256 lot) internal pure {
        revert LotNotWhole(amount, lot);
    }
}
