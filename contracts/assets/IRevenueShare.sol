// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Obligation, PaymentKind} from "./IObligor.sol";
import {Figures, Split} from "./Waterfall.sol";

/// @notice What the auditor signs (EIP-712, under the domain of the series).
/// @param number Of the declaration, from zero.
/// @param revision Zero for the declaration itself; its restatements count from one.
/// @param periodStart First day of the period.
/// @param periodEnd First day after it.
/// @param auditedHash Hash of the audited statement that the figures come from.
struct Statement {
    uint256 number;
    uint256 revision;
    uint32 periodStart;
    uint32 periodEnd;
    Figures figures;
    bytes32 auditedHash;
}

/// @notice A declaration as it stands. Amounts are in hundredths of the currency.
/// @param pool What its holders are paid between them: fixed at the declaration, whatever is restated later.
/// @param share What they would share by the figures that stand now, before anything carried.
/// @param recordAt Unix time of its record date.
/// @param payDay Day it is paid, before it is moved off a closed one.
/// @param revision How often it was restated.
/// @param auditedHash Hash of the statement that stands now.
struct Declaration {
    uint112 pool;
    uint112 share;
    uint32 recordAt;
    uint32 periodStart;
    uint32 periodEnd;
    uint32 payDay;
    uint32 revision;
    bytes32 auditedHash;
}

/// @notice A share of the revenue of an asset: declared by the fiscal agent from figures that the auditor signed, paid to
/// who holds it at a record date.
/// @dev A certificate is a claim on a defined account and on nothing else. It carries no vote, no title to the asset or
/// the enterprise, and no control: whoever comes to control the asset, certificates neither bring that about nor stand
/// in its way, and what they are owed does not change by it.
///
/// A period is declared once, and periods follow one another without a gap. What is declared is paid; if its figures are
/// restated, the difference is carried to the next declaration, up or down, and never claimed back from anybody.
/// Invariant: all pools together, and what is carried, are the shares by the figures that stand.
interface IRevenueShare {
    /// @notice The period's figures: `pool` is shared at the record date of `recordDay`, paid on `payDay`.
    /// @param carried What is carried to the next declaration.
    event Declared(
        uint256 indexed number,
        Statement statement,
        Split split,
        uint256 pool,
        int256 carried,
        uint32 recordDay,
        uint32 payDay
    );
    /// @notice The figures of a declaration were restated; `difference` of share is carried with what was before.
    event Restated(
        uint256 indexed number,
        uint256 indexed revision,
        Statement statement,
        Split split,
        int256 difference,
        int256 carried
    );
    /// @notice The issuer called the series: it ends on `day` and is paid back at `price` for 100 of face.
    event Called(uint32 indexed day, uint256 price, bytes32 indexed decision);

    /// @notice Declarations and their revisions are made in order, each once.
    error StatementOutOfTurn(uint256 number, uint256 revision, uint256 expectedNumber, uint256 expectedRevision);
    /// @notice The period does not follow on the one before, or a restatement is of another period.
    error StatementPeriodInvalid(uint32 periodStart, uint32 periodEnd, uint32 expectedStart);
    /// @notice A period is declared once it is over.
    error StatementPeriodNotOver(uint32 periodEnd);
    /// @notice Figures rest on an audited statement.
    error StatementWithoutAudit();
    /// @notice That is not the auditor's signature of this statement.
    error StatementSignatureInvalid(address auditor);
    /// @notice Nobody holds a certificate to whom anything could be declared.
    error DeclarationToNobody();
    /// @notice The record date leaves too little notice, or lies before another or beyond the term.
    error RecordDayInvalid(uint32 day, uint32 earliest, uint32 latest);
    /// @notice Payment follows the record date, and not later than the terms allow.
    error PayDayInvalid(uint32 day, uint32 earliest, uint32 latest);
    error DeclarationsExhausted(uint256 maximum);
    error DeclarationUnknown(uint256 number);
    /// @notice Until the term is over a declaration may still take a record date before its end.
    error TermNotOver(uint256 endsAt);
    /// @notice The terms let the issuer call for no such day.
    error NotCallable(uint32 day);
    error AlreadyCalled(uint32 day);
    /// @notice It is too late for the notice.
    error CallTooLate(uint32 day, uint256 latest);

    /// @notice Declares what a period brought. Role: FISCAL_AGENT, with the auditor's signature.
    /// @dev Once the term is over, what is left to declare belongs to who held at its end: `recordDay` is that day. Then an
    /// empty period may bring what was still carried to the holders.
    /// @param recordDay From its first instant on, movements no longer count.
    function declare(Statement calldata statement, uint32 recordDay, uint32 payDay, bytes calldata signature) external;

    /// @notice Puts other figures in the place of a declaration's. Role: FISCAL_AGENT, with the auditor's signature.
    function restate(Statement calldata statement, bytes calldata signature) external;

    /// @notice Ends the series on `day`, at the price that the terms have for it. Role: ISSUER; once.
    /// @param decision Hash of the decision behind it.
    function call(uint32 day, bytes32 decision) external;

    /// @notice Number of declarations.
    function declarationCount() external view returns (uint256);

    /// @notice One of them.
    function declaration(uint256 number) external view returns (Declaration memory);

    /// @notice What restatements carry to the next declaration, in hundredths: less than nothing where too much was paid.
    function carried() external view returns (int256);

    /// @notice Day the term ends: the stated maturity, or the day it was called for.
    function lastDay() external view returns (uint32);

    /// @notice Day the series was called for; zero where it was not.
    function calledFor() external view returns (uint32);

    /// @notice First day of the period that is declared next.
    function nextPeriodStart() external view returns (uint32);

    /// @notice Where the gross of such figures would go.
    function waterfallOf(Figures calldata figures) external view returns (Split memory);

    /// @notice What the auditor signs for a statement.
    function statementDigest(Statement calldata statement) external view returns (bytes32);

    /// @notice The payment that is due next: the first declared whose day has not come; the redemption where there is none.
    function nextPayment() external view returns (PaymentKind kind, uint256 number, Obligation memory when);

    /// @notice What a certificate is, and what it is not.
    function rights() external pure returns (string memory);
}
