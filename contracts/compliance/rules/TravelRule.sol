// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Restriction} from "../Restriction.sol";

/// @notice Above the token's threshold, one venue sends to another only what it sent the originator's and the
/// beneficiary's particulars for: their hash stands on the chain beforehand, once for each transfer.
library TravelRule {
    uint8 internal constant CODE = Restriction.TRAVEL_RULE;

    error TravelReferenceMissing(address from, address to, uint256 amount);

    /// @param expires The last second in which the reference serves; zero where there is none.
    function allows(uint256 expires) internal view returns (bool) {
        return block.timestamp <= expires;
    }

    function refuse(address from, address to, uint256 amount) internal pure {
        revert TravelReferenceMissing(from, to, amount);
    }
}
