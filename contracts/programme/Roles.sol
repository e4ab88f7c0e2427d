// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The roles of the programme, as ids of the `Authority`. The README says who holds which in production.
library Roles {
    uint64 internal constant ADMIN = 0;
    /// @notice Debt office: proposes and opens series, announces record dates.
    uint64 internal constant ISSUER = 1;
    /// @notice Registrar: registers investors, keeps the register.
    uint64 internal constant REGISTRAR = 2;
    /// @notice Mints and burns inside an approved issue (two people).
    uint64 internal constant MINTER = 3;
    /// @notice Regulator: pauses, halts, freezes and suspends, at once.
    uint64 internal constant REGULATOR = 4;
    /// @notice Freezes, at once: the regulator's and the compliance officer's desks.
    uint64 internal constant FREEZER = 5;
    /// @notice Releases what was frozen, paused or suspended; slow.
    uint64 internal constant RELEASER = 6;
    /// @notice Sets rules, topics and trusted issuers; slow.
    uint64 internal constant COMPLIANCE_OFFICER = 7;
    /// @notice Executes forced transfers under an order (two people).
    uint64 internal constant ORDER_EXECUTOR = 8;
    /// @notice Opens the recovery of a lost wallet (two people).
    uint64 internal constant RECOVERY_AGENT = 9;
    /// @notice Cancels a recovery, or a scheduled operation, within its window.
    uint64 internal constant GUARDIAN = 10;
    /// @notice Funds and pays redemptions and coupons.
    uint64 internal constant PAYING_AGENT = 11;
    /// @notice Confirms cash and settles allotments.
    uint64 internal constant FISCAL_AGENT = 12;
    /// @notice Confirms a pause, so that it no longer lapses by itself.
    uint64 internal constant PAUSE_CONFIRMER = 13;
    /// @notice Changes pointers (registry, compliance) and documents; slow.
    uint64 internal constant STEWARD = 14;
    /// @notice The factory's own: enrols the series it makes.
    uint64 internal constant FACTORY = 15;
    /// @notice The settlement contracts' own: redeem a matured series.
    uint64 internal constant REDEEMER = 16;
    /// @notice Opens the standards' forms that carry no reference. Production grants it to nobody.
    uint64 internal constant STANDARD_FORM = 17;
    /// @notice Tax agent: says what is withheld, by class, residence and date, and grants certificates. Moves no money.
    uint64 internal constant TAX_AGENT = 18;
    /// @notice Keeps the stock behind a commodity: attests to it with the auditor, chooses lots and delivers.
    uint64 internal constant CUSTODIAN = 19;
    /// @notice Verifies that stock: attests to it with the custodian, and certifies deliveries.
    uint64 internal constant AUDITOR = 20;
    /// @notice Stops a series, a class or everything, at once: the regulator's and the issuer's desks.
    uint64 internal constant EMERGENCY = 21;
    /// @notice Sets reference rates, within their bounds. Moves no money and issues nothing.
    uint64 internal constant RATE_AGENT = 22;
    /// @notice The programme's board: proposes ceilings, allocations, stages and measures, which the regulator confirms.
    uint64 internal constant BOARD = 23;
    /// @notice Licensing desk of the virtual assets' regulator: moves venues from stage to stage.
    uint64 internal constant LICENSOR = 24;
    /// @notice The pilot stage's own: tells the registry when the stage ends.
    uint64 internal constant STAGE_KEEPER = 25;
    /// @notice The licence register's own: tells rule book and registry what a venue may do.
    uint64 internal constant LICENSING = 26;
    /// @notice The exchange's own: replaces a series by another, holder by holder.
    uint64 internal constant EXCHANGER = 27;
    /// @notice Nobody's: what was given no label is closed, not open. Can never be granted.
    uint64 internal constant CLOSED = type(uint64).max - 1;
}
