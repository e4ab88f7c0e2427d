// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {PeriodicTerms} from "./PeriodicTerms.sol";

/// @notice The terms of a government bond.
/// @param periodic What it shares with every series that runs in periods.
/// @param callableFrom First day at which the issuer may call it, where a period ends; zero where it never may.
/// @param callPrice Ten-thousandths for 100 of face that a called bond is redeemed at.
/// @param callNoticeDays Days that lie at least between the notice of a call and its day.
struct BondTerms {
    PeriodicTerms periodic;
    uint32 callableFrom;
    uint32 callPrice;
    uint16 callNoticeDays;
}
