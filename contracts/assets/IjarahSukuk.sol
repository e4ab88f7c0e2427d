// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Foundations} from "../token/Foundations.sol";
import {Gate} from "../token/Gate.sol";
import {PermissionedToken} from "../token/PermissionedToken.sol";
import {PeriodicSeries} from "./PeriodicSeries.sol";

/// @notice An Ijarah sukuk: certificates of ownership in a leased asset, which earn its rentals.
/// @custom:extension SukukDesk
contract IjarahSukuk is PeriodicSeries {
    constructor(Foundations memory foundations, address desk) Gate(foundations) PermissionedToken(desk) {}
}
