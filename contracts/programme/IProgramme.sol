// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Rules} from "../compliance/Rules.sol";

/// @notice Life of a series on the programme's books. Numbers never change their meaning.
/// @param Proposed It stands, and can do nothing.
/// @param Approved Another has approved it; nothing is committed yet.
/// @param Open It may mint as much as is authorised.
/// @param Closed Its issue is over; what is outstanding lives on.
/// @param Matured Its term is over too: it is being paid back.
/// @param Redeemed Nothing of it is outstanding, and never will be.
/// @param Cancelled It never came to anything.
enum Status {
    None,
    Proposed,
    Approved,
    Open,
    Closed,
    Matured,
    Redeemed,
    Cancelled
}

/// @notice On what a series rests.
/// @param legalAuthority Reference of the act or order it is issued under, as ASCII, padded with zeros; a hash where that
/// is longer.
/// @param documentHash Hash of that document.
struct Mandate {
    bytes32 legalAuthority;
    bytes32 documentHash;
}

/// @notice A series on the programme's books.
/// @param backed Whether it stands on a reserve, which every mint must be covered by.
/// @param class Name of its class.
/// @param authorised Most that may be outstanding, smallest units: what is committed against the ceiling.
/// @param authorisedUntil Unix time up to which it may mint.
/// @param proposer Who proposed it, and so can neither approve nor open it; zero once it was opened, or cancelled.
/// @param legalAuthority Of its mandate.
/// @param approval Hash of the approval; zero before.
struct SeriesState {
    Status status;
    bool backed;
    bytes32 class;
    uint112 authorised;
    uint40 authorisedUntil;
    address proposer;
    bytes32 legalAuthority;
    bytes32 approval;
}

/// @notice The programme: it makes every series, knows every series, and every mint passes it.
interface IProgramme {
    event ClassSet(bytes32 indexed class, address indexed implementation);
    event SeriesProposed(
        address indexed token,
        bytes32 indexed class,
        address indexed proposer,
        address compliance,
        Mandate mandate,
        bytes32 termsHash,
        bytes terms
    );
    /// @notice What one smallest unit of a series counts as, for good (see `IMeasured`).
    event SeriesMeasured(address indexed token, bytes32 indexed unit, uint256 content);
    event SeriesApproved(address indexed token, address indexed approver, bytes32 approval);
    event SeriesOpened(address indexed token, address indexed opener);
    event SeriesClosed(address indexed token, address indexed closer);
    event SeriesCancelled(address indexed token, address indexed canceller);
    event SeriesMatured(address indexed token);
    event SeriesRedeemed(address indexed token);
    /// @notice What a series may have outstanding from now on, and until when it may mint: what it has committed.
    event SeriesAuthorised(address indexed token, uint256 authorised, uint256 until);

    error ClassUnknown(bytes32 class);
    error NotASeries(address token);
    error SeriesNotOpen(address token, Status status);
    error SeriesNotProposed(address token, Status status);
    error SeriesNotApproved(address token, Status status);
    /// @notice It is too late, or too early, for that.
    error SeriesNotSo(address token, Status status);
    error SeriesOutstanding(address token, uint256 supply);
    error ProposerCannotApprove(address token, address proposer);
    error ProposerCannotOpen(address token, address proposer);
    error WithoutMandate();
    error WithoutApproval(address token);
    error AuthorisedTooMuch(address token, uint256 amount, uint256 maximumIssue);
    error AuthorisedTooLittle(address token, uint256 amount, uint256 supply);
    /// @notice After this mint more would be outstanding than is authorised.
    error IssueExceedsAuthorised(address token, uint256 supply, uint256 authorised);
    /// @notice What was authorised was measured too long ago: it must be authorised anew.
    error AuthorisationLapsed(address token, uint256 until);
    /// @notice Only what counts alike can take its place.
    error MeasuredOtherwise(address old, address new_);
    error NoCode(address implementation);

    /// @notice Sets the implementation new series of `class` are made of; series already made keep theirs. Role: STEWARD.
    function setClass(bytes32 class, address implementation) external;

    /// @notice Makes a series of `class` under `terms`, with its rules. It can do nothing until others have approved and
    /// opened it. Role: ISSUER.
    /// @param terms ABI encoding of the class's terms, for example `BillTerms`.
    /// @param rules Rules in force from the start.
    /// @param countries Jurisdictions allowed, ISO 3166-1 numeric, where `rules` asks for them.
    /// @param mandate What it rests on.
    function proposeSeries(
        bytes32 class,
        bytes calldata terms,
        Rules calldata rules,
        uint16[] calldata countries,
        Mandate calldata mandate
    ) external returns (address token);

    /// @notice Approves a proposed series. Not by who proposed it. Role: FISCAL_AGENT.
    /// @param approval Hash of the decision.
    function approveSeries(address token, bytes32 approval) external;

    /// @notice Opens an approved series for issue, and commits the maximum issue of its terms. Not by who proposed it.
    /// Role: FISCAL_AGENT.
    function openSeries(address token) external;

    /// @notice Likewise, committing `amount` alone: nothing, where it is to take another's place. Role: FISCAL_AGENT.
    function openSeriesFor(address token, uint256 amount) external;

    /// @notice Sets how much of an open series may be outstanding. What is not less is measured as new, at the rates of
    /// now, and may be minted for the age that limits allow. Role: FISCAL_AGENT.
    /// @param amount Smallest units: not less than the supply, not more than the maximum issue.
    function authorise(address token, uint256 amount) external;

    /// @notice Ends the issue of an open series, and lets go what was not issued. Role: ISSUER.
    function closeSeries(address token) external;

    /// @notice Ends a series of which nothing is outstanding before it came to anything. Role: ISSUER.
    function cancelSeries(address token) external;

    /// @notice Brings the books of a series to what it is: matured once its term is over, redeemed once nothing of it is
    /// outstanding; and what closed or matured series no longer have out is let go. By anyone.
    function reconcile(address token) external;

    /// @notice Moves what is committed for `amount` of a series to another that counts alike; no ceiling is asked, as
    /// nothing new is committed. Role: EXCHANGER.
    function exchangeCommitment(address old, address new_, uint256 amount) external;

    /// @notice Address that a series of `class` under `terms` has, or would have.
    function predictSeries(bytes32 class, bytes calldata terms) external view returns (address);

    /// @notice Implementation of a class of asset by its name, for example "TreasuryBill".
    function implementationOf(bytes32 class) external view returns (address);

    /// @notice The series' standing on the programme's books.
    function seriesOf(address token) external view returns (SeriesState memory);

    /// @notice What is in circulation of all series in a unit, 18 decimals of it: what is committed and issued.
    function outstanding(bytes32 unit) external view returns (uint256 quantity);
}
