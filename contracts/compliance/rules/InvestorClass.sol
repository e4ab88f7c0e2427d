// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Restriction} from "../Restriction.sol";

/// @notice A recipient is of a class of investors that the token admits.
library InvestorClass {
    uint8 internal constant CODE = Restriction.INVESTOR_CLASS;
    uint256 internal constant ON = 1 << 1;

    error InvestorClassNotAllowed(address recipient, uint8 class);

    /// @param classes Bit n admits class n.
    function allows(uint64 classes, uint8 class) internal pure returns (bool) {
        return (classes >> class) & 1 == 1;
    }

    function refuse(address recipient, uint8 class) internal pure {
        revert InvestorClassNotAllowed(recipient, class);
    }
}
