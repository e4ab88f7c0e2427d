// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Foundations} from "../token/Foundations.sol";
import {Gate} from "../token/Gate.sol";
import {PermissionedToken} from "../token/PermissionedToken.sol";
import {PeriodicSeries} from "./PeriodicSeries.sol";

/// @notice A government bond: a Pakistan Investment Bond with fixed or floating coupons, or without any.
/// @custom:extension BondDesk
contract GovernmentBond is PeriodicSeries {
    constructor(Foundations memory foundations, address desk) Gate(foundations) PermissionedToken(desk) {}
}
