// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Restriction} from "../Restriction.sol";

/// @notice A recipient is of a country on the token's list.
/// @dev Senders are not asked: who holds already may always sell to somebody who is allowed.
library Jurisdiction {
    uint8 internal constant CODE = Restriction.JURISDICTION;
    uint256 internal constant ON = 1 << 0;
    uint16 internal constant LAST_COUNTRY = 999;

    error JurisdictionNotAllowed(address recipient, uint16 country);

    /// @param list One bit a country, by its ISO 3166-1 number, 256 to a word.
    function allows(uint256[4] storage list, uint16 country) internal view returns (bool) {
        uint256 word;
        assembly ("memory-safe") {
            word := sload(add(list.slot, shr(8, country))) // a country has ten bits, so the word is one of four
        }
        return (word >> (country & 0xFF)) & 1 == 1;
    }

    function refuse(address recipient, uint16 country) internal pure {
        revert JurisdictionNotAllowed(recipient, country);
    }
}
