// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IBacked} from "../assets/IBacked.sol";
import {RuleBook} from "../compliance/RuleBook.sol";
import {Rules} from "../compliance/Rules.sol";
import {Authority} from "./Authority.sol";
import {IIssuanceGate} from "./IIssuanceGate.sol";
import {ISeries} from "./ISeries.sol";
import {ISeriesRegister} from "./ISeriesRegister.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

/// @notice The programme: it makes every series, knows every series, and every mint passes it.
/// @dev A series is made, wired, enrolled and registered in one transaction, so that no one can step between. The
/// salt binds the chain and the terms; the terms are the clone's immutable arguments; the address commits to both.
contract Programme is AccessManaged, ISeriesRegister, IIssuanceGate {
    /// @notice Life of a series on the programme's books.
    enum Status {
        None,
        Proposed,
        Open,
        Closed
    }

    /// @notice One series, in one slot of storage.
    /// @param proposer Who proposed it, and so cannot open it.
    /// @param backed Whether it stands on a reserve, which every mint must be covered by.
    struct Series {
        address proposer;
        Status status;
        bool backed;
    }

    Authority private immutable _AUTHORITY;
    RuleBook private immutable _RULE_BOOK;

    /// @notice Implementation of each class of asset, by its name, for example "TreasuryBill".
    mapping(bytes32 class => address implementation) public implementationOf;
    mapping(address token => Series) private _series;
    address[] private _tokens;

    event ClassSet(bytes32 indexed class, address indexed implementation);
    event SeriesProposed(
        address indexed token,
        bytes32 indexed class,
        address indexed proposer,
        address compliance,
        bytes32 termsHash,
        bytes terms
    );
    event SeriesOpened(address indexed token, address indexed opener);
    event SeriesClosed(address indexed token, address indexed closer);

    error ClassUnknown(bytes32 class);
    error NotASeries(address token);
    error SeriesNotOpen(address token, Status status);
    error SeriesNotProposed(address token, Status status);
    error ProposerCannotOpen(address token, address proposer);
    error NoCode(address implementation);

    constructor(Authority authority_, RuleBook ruleBook) AccessManaged(address(authority_)) {
        _AUTHORITY = authority_;
        _RULE_BOOK = ruleBook;
    }

    // ------------------------------------------------------------------ series

    /// @notice Sets the implementation new series of `class` are made of; series already made keep theirs.
    function setClass(bytes32 class, address implementation) external restricted {
        if (implementation.code.length == 0) revert NoCode(implementation);
        implementationOf[class] = implementation;
        emit ClassSet(class, implementation);
    }

    /// @notice Makes a series of `class` under `terms`, with its rules. It cannot mint until another opens it.
    /// @param terms ABI encoding of the class's terms, for example `BillTerms`.
    /// @param rules Rules in force from the start.
    /// @param countries Jurisdictions allowed, ISO 3166-1 numeric, where `rules` asks for them.
    function proposeSeries(bytes32 class, bytes calldata terms, Rules calldata rules, uint16[] calldata countries)
        external
        restricted
        returns (address token)
    {
        address implementation = implementationOf[class];
        if (implementation == address(0)) revert ClassUnknown(class);
        token = Clones.cloneDeterministicWithImmutableArgs(implementation, terms, _salt(terms));
        _series[token] = Series(msg.sender, Status.Proposed, ISeries(token).isBacked());
        _tokens.push(token);
        _AUTHORITY.enrol(token, implementation);
        address compliance = _RULE_BOOK.open(token, rules, countries);
        ISeries(token).initialize(compliance);
        emit SeriesProposed(token, class, msg.sender, compliance, keccak256(terms), terms);
    }

    /// @notice Opens a proposed series for issue. Not by who proposed it.
    function openSeries(address token) external restricted {
        Series memory series = _series[token];
        if (series.status != Status.Proposed) revert SeriesNotProposed(token, series.status);
        if (series.proposer == msg.sender) revert ProposerCannotOpen(token, series.proposer);
        _series[token].status = Status.Open;
        emit SeriesOpened(token, msg.sender);
    }

    /// @notice Ends the issue of an open series; what is outstanding lives on.
    function closeSeries(address token) external restricted {
        Series memory series = _series[token];
        if (series.status != Status.Open) revert SeriesNotOpen(token, series.status);
        _series[token].status = Status.Closed;
        emit SeriesClosed(token, msg.sender);
    }

    /// @notice Address that a series of `class` under `terms` has, or would have.
    function predictSeries(bytes32 class, bytes calldata terms) external view returns (address) {
        return Clones.predictDeterministicAddressWithImmutableArgs(implementationOf[class], terms, _salt(terms));
    }

    /// @inheritdoc ISeriesRegister
    function isSeries(address token) external view returns (bool) {
        return _series[token].status != Status.None;
    }

    /// @notice The series' standing on the programme's books.
    function seriesOf(address token) external view returns (Series memory) {
        return _series[token];
    }

    /// @notice Number of series made.
    function seriesCount() external view returns (uint256) {
        return _tokens.length;
    }

    /// @notice The series made as number `index`, from zero.
    function seriesAt(uint256 index) external view returns (address) {
        return _tokens[index];
    }

    // ------------------------------------------------------------------ the issuance gate

    /// @inheritdoc IIssuanceGate
    function admit(uint256 amount) external view {
        Series memory series = _series[msg.sender];
        if (series.status == Status.None) revert NotASeries(msg.sender);
        if (series.status != Status.Open) revert SeriesNotOpen(msg.sender, series.status);
        if (series.backed) IBacked(msg.sender).requireBacked(amount);
    }

    /// @inheritdoc IIssuanceGate
    function retire(uint256) external view {
        if (_series[msg.sender].status == Status.None) revert NotASeries(msg.sender);
    }

    function _salt(bytes calldata terms) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, keccak256(terms)));
    }
}
