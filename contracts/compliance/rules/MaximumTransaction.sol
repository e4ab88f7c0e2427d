// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Restriction} from "../Restriction.sol";

/// @notice One transfer, or one mint, moves at most so much.
/// @dev Whoever the parties are: between wallets of one investor too. How much moves in several is for velocity to say.
library MaximumTransaction {
    uint8 internal constant CODE = Restriction.MAXIMUM_TRANSACTION;
    uint256 internal constant ON = 1 << 11;

    error MaximumTransactionExceeded(uint256 amount, uint256 maximum);

    function allows(uint256 amount, uint256 maximum) internal pure returns (bool) {
        return amount <= maximum;
    }

    function refuse(uint256 amount, uint256 maximum) internal pure {
        revert MaximumTransactionExceeded(amount, maximum);
    }
}
