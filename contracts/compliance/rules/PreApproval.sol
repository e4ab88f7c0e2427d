// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Restriction} from "../Restriction.sol";

/// @notice Each transfer between investors was approved beforehand, once, for this very amount.
library PreApproval {
    uint8 internal constant CODE = Restriction.NOT_PRE_APPROVED;
    uint256 internal constant ON = 1 << 9;

    error NotPreApproved(address from, address to, uint256 amount);

    /// @param expires The last second in which the approval serves; zero where there is none.
    function allows(uint256 expires) internal view returns (bool) {
        return block.timestamp <= expires;
    }

    function key(address from, address to, uint256 amount) internal pure returns (bytes32) {
        return keccak256(abi.encode(from, to, amount));
    }

    function refuse(address from, address to, uint256 amount) internal pure {
        revert NotPreApproved(from, to, amount);
    }
}
