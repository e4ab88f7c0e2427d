// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Restriction} from "../Restriction.sol";

/// @notice No more is minted than so much in existence.
library SupplyCap {
    uint8 internal constant CODE = Restriction.SUPPLY_CAP;
    uint256 internal constant ON = 1 << 5;

    error SupplyCapExceeded(uint256 supply, uint256 cap);

    /// @param supply After the mint.
    function allows(uint256 supply, uint256 cap) internal pure returns (bool) {
        return supply <= cap;
    }

    function refuse(uint256 supply, uint256 cap) internal pure {
        revert SupplyCapExceeded(supply, cap);
    }
}
