// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @notice OpenZeppelin's authority as it is, for tests of one part without the programme's own.
contract PlainAuthority is AccessManager {
    constructor(address admin) AccessManager(admin) {}
}
