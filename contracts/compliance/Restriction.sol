// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice ERC-1404 reason codes of every token of the programme. A code, once published, never changes its
/// meaning; new reasons take new codes.
library Restriction {
    uint8 internal constant NONE = 0;

    // The token's own state.
    uint8 internal constant PAUSED = 1;
    uint8 internal constant PROGRAMME_HALTED = 2;
    uint8 internal constant SENDER_FROZEN = 3;
    uint8 internal constant RECIPIENT_FROZEN = 4;
    uint8 internal constant SPENDER_FROZEN = 5;
    uint8 internal constant INSUFFICIENT_BALANCE = 6;
    uint8 internal constant INSUFFICIENT_UNFROZEN = 7;
    uint8 internal constant MATURED = 8;
    uint8 internal constant ZERO_RECIPIENT = 9;
    uint8 internal constant SPENDER_DEAD = 10;
    uint8 internal constant INSUFFICIENT_ALLOWANCE = 11;
    uint8 internal constant INSUFFICIENT_UNPLEDGED = 12;
    uint8 internal constant STAGE_ENDED = 13;
    uint8 internal constant CLASS_PAUSED = 14;

    // The registry's answer: base + Standing.
    uint8 internal constant SENDER_STANDING = 16;
    uint8 internal constant RECIPIENT_STANDING = 24;

    // The rules.
    uint8 internal constant JURISDICTION = 32;
    uint8 internal constant INVESTOR_CLASS = 33;
    uint8 internal constant LOT = 34;
    uint8 internal constant MAXIMUM_HOLDING = 35;
    uint8 internal constant MAXIMUM_HOLDERS = 36;
    uint8 internal constant SUPPLY_CAP = 37;
    uint8 internal constant LOCK_UP = 38;
    uint8 internal constant REGISTER_CLOSED = 39;
    uint8 internal constant VELOCITY = 40;
    uint8 internal constant NOT_PRE_APPROVED = 41;
    uint8 internal constant SANCTIONED = 42;
    uint8 internal constant MAXIMUM_TRANSACTION = 43;
    uint8 internal constant VENUE_LICENCE = 44;
    uint8 internal constant VENUE_CLIENT = 45;
    uint8 internal constant VENUE_HOLDING = 46;
    uint8 internal constant VENUE_TRADE = 47;
    uint8 internal constant MODULE = 48;
    uint8 internal constant FOREIGN_COMPLIANCE = 49;
    uint8 internal constant TRAVEL_RULE = 50;
}
