// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Foundations} from "../token/Foundations.sol";
import {Gate} from "../token/Gate.sol";
import {PermissionedToken} from "../token/PermissionedToken.sol";
import {PeriodicSeries} from "./PeriodicSeries.sol";

/// @notice A share of the revenue of a public work or a state enterprise, for a term: no vote, no title, no control.
/// @custom:extension RevenueDesk
contract RevenueShare is PeriodicSeries {
    constructor(Foundations memory foundations, address desk) Gate(foundations) PermissionedToken(desk) {}
}
