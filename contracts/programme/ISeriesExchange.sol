// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice One holder of a page.
/// @param account A wallet of the register; one that was recovered stands for its successor.
/// @param pledges Ids of pledges that go with it. What others stand on stays behind, for a later row.
struct Row {
    address account;
    bytes32[] pledges;
}

/// @notice How far a series is on its way out.
enum Departure {
    None,
    Begun,
    Completed
}

/// @notice A series on its way out.
/// @param successor The series that replaces it; zero for a migration to the depository.
/// @param begunAt Unix time.
/// @param status How far it is.
/// @param document Hash of the decision.
/// @param registerHash keccak256 of the final register, of a migration.
/// @param supply Smallest units outstanding when it began.
/// @param carried Of those, what has been carried so far.
struct Leaving {
    address successor;
    uint40 begunAt;
    Departure status;
    bytes32 document;
    bytes32 registerHash;
    uint112 supply;
    uint112 carried;
}

/// @notice How a flaw in a series that nobody can change is met: another series takes its place, holder by holder and
/// one to one; or the depository takes its register over, and it ends on the chain.
/// @dev The board proposes, after its role's delay, and the regulator confirms the very same within seven days. From then
/// on the old series stands still for good, and anyone carries its holders, in pages. Each takes along what it holds, what
/// is frozen of it or freezes it, and what it pledged; nothing is judged on the way. A row that fails is told and stops
/// none after it. Old and new supply together are the same after every page as before.
///
/// What stays with the old series: entitlements of record dates that have passed, which are paid from it as before;
/// orders, allowances and permits, which name it and end with it; its documents. What is pledged to a settlement contract
/// waits in it until that business ends: a sale that is released, a redemption in kind that is settled or times out.
interface ISeriesExchange {
    /// @notice `successor` replaces `series` from now on.
    event ExchangeBegun(address indexed series, address indexed successor, bytes32 indexed document, uint256 supply);
    /// @notice The depository takes `series` over from now on.
    event MigrationBegun(address indexed series, bytes32 indexed document, uint256 supply);
    /// @notice keccak256 of the register that the depository is given; the last one told is the final one.
    event RegisterFixed(address indexed series, bytes32 indexed registerHash);
    /// @notice A holder left `series` with all this. Of one who left in several rows, the sum of them.
    /// @param frozen Units that a regulator froze, which may exceed `units`.
    /// @param pledged Units pledged.
    event HolderCarried(
        address indexed series, address indexed account, uint256 units, uint256 frozen, bool isFrozen, uint256 pledged
    );
    /// @notice A row failed, and was left as it was.
    event HolderLeftBehind(address indexed series, address indexed account, bytes reason);
    /// @notice Nobody holds `series` any more.
    event DepartureCompleted(address indexed series, address indexed successor, uint256 carried);

    error DepartureUnsound(address series, address successor);
    /// @notice Its issue must be closed first.
    error SeriesStillInIssue(address series);
    /// @notice `successor` has holders already, or replaced another, or was itself replaced.
    error SuccessorNotFresh(address successor);
    /// @notice All of the series must fit into the maximum issue of `successor`, beside what it is authorised for.
    error SuccessorTooSmall(address successor, uint256 room, uint256 supply);
    /// @notice Before its register is final a series must be paused.
    error SeriesNotPaused(address series);
    error DepartureNotIn(address series, Departure wanted, Departure found);
    /// @notice Declared revenue is shared among who holds at `recordAt`: nobody leaves before.
    error DeclarationPending(address series, uint256 recordAt);
    /// @notice A page changed the sum of both supplies.
    error SupplyNotConserved(uint256 before, uint256 after_);
    /// @notice Only this contract calls itself so.
    error OnlySelf(address caller);

    /// @notice Proposes that `successor` replace `series`. Role: BOARD.
    /// @param document Hash of the decision.
    function proposeExchange(address series, address successor, bytes32 document) external;

    /// @notice Confirms what was proposed, and begins. Role: REGULATOR.
    /// @dev The series' issue is closed and its end has not come; the successor is open, nobody holds it, it is counted in
    /// the same unit, and has room for all. As long as nobody was carried, another decision can take the place of one.
    function confirmExchange(address series, address successor, bytes32 document) external;

    /// @notice Proposes that the depository take `series` over. Role: BOARD.
    function proposeMigration(address series, bytes32 document) external;

    /// @notice Confirms what was proposed, and begins, with the final register of the series, which is paused. Role:
    /// REGULATOR.
    function confirmMigration(address series, bytes32 document, bytes32 registerHash) external;

    /// @notice Fixes the final register of a migration under way anew: where an order, a burn or a pledgee changed what
    /// was not carried yet. Role: REGULATOR.
    function fixRegister(address series, bytes32 registerHash) external;

    /// @notice Carries holders. Anyone may call, in any order, and again.
    /// @return carried Number of rows that were carried, or had nothing left to carry.
    function carry(address series, Row[] calldata rows) external returns (uint256 carried);

    /// @notice Notes that nobody holds the series any more, where the last left by another door. Anyone may call.
    function complete(address series) external;

    /// @notice How far a series is on its way out.
    function leavingOf(address series) external view returns (Leaving memory);

    /// @notice The series that `successor` replaces; zero where it replaces none.
    function formerOf(address successor) external view returns (address);
}
