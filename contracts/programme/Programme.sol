// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IBacked} from "../assets/IBacked.sol";
import {IMeasured} from "../assets/IMeasured.sol";
import {IObligor, Obligation, PaymentKind} from "../assets/IObligor.sol";
import {RuleBook} from "../compliance/RuleBook.sol";
import {Rules} from "../compliance/Rules.sol";
import {IPermissionedTokenCore} from "../token/IPermissionedToken.sol";
import {Authority} from "./Authority.sol";
import {Ceiling} from "./Ceiling.sol";
import {Limits} from "./ICeiling.sol";
import {IIssuanceGate} from "./IIssuanceGate.sol";
import {IPilotStage} from "./IPilotStage.sol";
import {IProgramme, Mandate, SeriesState, Status} from "./IProgramme.sol";
import {IReferenceRates} from "./IReferenceRates.sol";
import {ISeries} from "./ISeries.sol";
import {ISeriesRegister} from "./ISeriesRegister.sol";
import {SeriesBook, SeriesBooks} from "./SeriesBook.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice The programme: it makes every series, knows every series, and every mint passes it.
/// @dev A series is made, wired, enrolled and registered in one transaction, so that no one can step between. The
/// salt binds the chain and the terms; the terms are the clone's immutable arguments; the address commits to both.
///
/// What a series may have outstanding is authorised beforehand and committed against the ceiling then: a mint asks one
/// slot, and no two issues together pass the ceiling, since both were measured before either could mint.
contract Programme is Ceiling, IProgramme, ISeriesRegister, IIssuanceGate {
    /// @dev What a mint does not read.
    struct Papers {
        bytes32 legalAuthority;
        bytes32 approval;
    }

    Authority private immutable _AUTHORITY;
    RuleBook private immutable _RULE_BOOK;

    /// @inheritdoc IProgramme
    mapping(bytes32 class => address implementation) public implementationOf;
    mapping(address token => SeriesBook) private _books;
    mapping(address token => Papers) private _papers;
    address[] private _tokens;

    constructor(
        Authority authority_,
        RuleBook ruleBook,
        IReferenceRates rates_,
        IPilotStage stage_,
        Limits memory opening
    ) AccessManaged(address(authority_)) Ceiling(rates_, stage_, opening) {
        _AUTHORITY = authority_;
        _RULE_BOOK = ruleBook;
    }

    // ------------------------------------------------------------------ how a series comes about

    /// @inheritdoc IProgramme
    function setClass(bytes32 class, address implementation) external restricted {
        if (implementation.code.length == 0) revert NoCode(implementation);
        _list(class);
        implementationOf[class] = implementation;
        emit ClassSet(class, implementation);
    }

    /// @inheritdoc IProgramme
    function proposeSeries(
        bytes32 class,
        bytes calldata terms,
        Rules calldata rules,
        uint16[] calldata countries,
        Mandate calldata mandate
    ) external restricted returns (address token) {
        address implementation = implementationOf[class];
        if (implementation == address(0)) revert ClassUnknown(class);
        if (mandate.legalAuthority == 0 || mandate.documentHash == 0) revert WithoutMandate();
        token = Clones.cloneDeterministicWithImmutableArgs(implementation, terms, _salt(terms));
        _books[token] = SeriesBooks.proposed(msg.sender, _list(class), ISeries(token).isBacked());
        _papers[token].legalAuthority = mandate.legalAuthority;
        _tokens.push(token);
        _AUTHORITY.enrol(token, implementation);
        address compliance = _RULE_BOOK.open(token, rules, countries);
        ISeries(token).initialize(compliance);
        emit SeriesProposed(token, class, msg.sender, compliance, mandate, keccak256(terms), terms);
    }

    /// @inheritdoc IProgramme
    function approveSeries(address token, bytes32 approval) external restricted {
        SeriesBook book = _books[token];
        if (book.status() != Status.Proposed) revert SeriesNotProposed(token, book.status());
        if (book.proposer() == msg.sender) revert ProposerCannotApprove(token, msg.sender);
        if (approval == 0) revert WithoutApproval(token);
        _books[token] = book.approved();
        _papers[token].approval = approval;
        emit SeriesApproved(token, msg.sender, approval);
    }

    /// @inheritdoc IProgramme
    function openSeries(address token) external restricted {
        _open(token, IPermissionedTokenCore(token).maximumIssue());
    }

    /// @inheritdoc IProgramme
    function openSeriesFor(address token, uint256 amount) external restricted {
        _open(token, amount);
    }

    /// @inheritdoc IProgramme
    function cancelSeries(address token) external restricted {
        SeriesBook book = _known(token);
        if (book.status() > Status.Open) revert SeriesNotSo(token, book.status());
        uint256 supply = IERC20(token).totalSupply();
        if (supply != 0) revert SeriesOutstanding(token, supply);
        _letGo(token, book, Status.Cancelled, 0);
        emit SeriesCancelled(token, msg.sender);
    }

    function _open(address token, uint256 amount) private {
        SeriesBook book = _books[token];
        if (book.status() != Status.Approved) revert SeriesNotApproved(token, book.status());
        if (book.proposer() == msg.sender) revert ProposerCannotOpen(token, msg.sender);
        (bytes32 unit, uint256 content) = _authorise(token, book, amount);
        emit SeriesMeasured(token, unit, content);
        emit SeriesOpened(token, msg.sender);
    }

    // ------------------------------------------------------------------ what it may have outstanding

    /// @inheritdoc IProgramme
    function authorise(address token, uint256 amount) external restricted {
        SeriesBook book = _requireOpen(token);
        if (amount >= book.authorised()) {
            _authorise(token, book, amount);
            return;
        }
        uint256 supply = IERC20(token).totalSupply();
        if (amount < supply) revert AuthorisedTooLittle(token, amount, supply);
        _letGo(token, book, Status.Open, amount);
    }

    /// @inheritdoc IProgramme
    function closeSeries(address token) external restricted {
        SeriesBook book = _requireOpen(token);
        _letGo(token, book, Status.Closed, IERC20(token).totalSupply());
        emit SeriesClosed(token, msg.sender);
    }

    /// @inheritdoc IProgramme
    function reconcile(address token) external {
        SeriesBook book = _known(token);
        Status status = book.status();
        if (status < Status.Open || status > Status.Matured) revert SeriesNotSo(token, status);
        if (status != Status.Matured && _isMature(token)) {
            status = Status.Matured;
            emit SeriesMatured(token);
        }
        if (status == Status.Open) revert SeriesNotSo(token, status);
        uint256 supply = IERC20(token).totalSupply();
        if (supply == 0) {
            status = Status.Redeemed;
            emit SeriesRedeemed(token);
        }
        _letGo(token, book, status, supply);
    }

    /// @inheritdoc IProgramme
    function exchangeCommitment(address old, address new_, uint256 amount) external restricted {
        SeriesBook from = _known(old);
        if (from.status() < Status.Open || from.status() > Status.Matured) revert SeriesNotSo(old, from.status());
        (bytes32 unit, uint256 content) = IMeasured(old).measure();
        if (amount > from.authorised()) revert AuthorisedTooMuch(old, amount, from.authorised());
        _letGo(old, from, from.status(), from.authorised() - amount);

        SeriesBook to = _requireOpen(new_); // read now, should it be the same
        (bytes32 otherUnit, uint256 otherContent) = IMeasured(new_).measure();
        if (unit != otherUnit || content != otherContent) revert MeasuredOtherwise(old, new_);
        uint256 raised = to.authorised() + amount;
        _requireWithinTerms(new_, raised);
        _commit(_classAt(to.class()), unit, amount * content);
        _write(new_, to, Status.Open, raised, to.until());
    }

    /// @dev Measures as new, at the rates of now, all that the series may have outstanding.
    function _authorise(address token, SeriesBook book, uint256 amount)
        private
        returns (bytes32 unit, uint256 content)
    {
        _requireWithinTerms(token, amount);
        (unit, content) = IMeasured(token).measure();
        bytes32 class = _classAt(book.class());
        _commit(class, unit, (amount - book.authorised()) * content);
        _requireRoom(token, class, unit, amount * content);
        _write(token, book, Status.Open, amount, block.timestamp + _authorisationAge);
    }

    /// @dev Asks for no rate and no ceiling: less is always allowed.
    function _letGo(address token, SeriesBook book, Status status, uint256 amount) private {
        if (amount != book.authorised()) {
            (bytes32 unit, uint256 content) = IMeasured(token).measure();
            _release(_classAt(book.class()), unit, (book.authorised() - amount) * content);
        }
        _write(token, book, status, amount, book.until());
    }

    function _write(address token, SeriesBook book, Status status, uint256 amount, uint256 until) private {
        _books[token] = book.with(status, amount, until);
        emit SeriesAuthorised(token, amount, until);
    }

    function _requireWithinTerms(address token, uint256 amount) private view {
        uint256 most = IPermissionedTokenCore(token).maximumIssue();
        if (amount > most) revert AuthorisedTooMuch(token, amount, most);
    }

    /// @dev A series without end, as a commodity, owes no redemption and never matures.
    function _isMature(address token) private view returns (bool) {
        try IObligor(token).obligation(PaymentKind.Redemption, 0) returns (Obligation memory owed) {
            return block.timestamp >= owed.recordAt;
        } catch {
            return false;
        }
    }

    function _known(address token) private view returns (SeriesBook book) {
        book = _books[token];
        if (!book.isKnown()) revert NotASeries(token);
    }

    function _requireOpen(address token) private view returns (SeriesBook book) {
        book = _books[token];
        if (!book.isOpen()) revert SeriesNotOpen(token, book.status());
    }

    // ------------------------------------------------------------------ the issuance gate

    /// @inheritdoc IIssuanceGate
    function requireIssuable(uint256 amount, uint256 supply) external view {
        SeriesBook book = _books[msg.sender];
        if (!book.isOpen()) _refuse(book);
        if (supply > book.authorisedNow()) revert IssueExceedsAuthorised(msg.sender, supply, book.authorisedNow());
        if (block.timestamp > book.untilNow()) revert AuthorisationLapsed(msg.sender, book.untilNow());
        if (book.isBacked()) IBacked(msg.sender).requireBacked(amount);
    }

    /// @inheritdoc IIssuanceGate
    function retire(uint256) external view {
        if (!_books[msg.sender].isKnown()) revert NotASeries(msg.sender);
    }

    function _refuse(SeriesBook book) private view {
        if (!book.isKnown()) revert NotASeries(msg.sender);
        revert SeriesNotOpen(msg.sender, book.status());
    }

    // ------------------------------------------------------------------ what can be asked

    /// @inheritdoc IProgramme
    function predictSeries(bytes32 class, bytes calldata terms) external view returns (address) {
        return Clones.predictDeterministicAddressWithImmutableArgs(implementationOf[class], terms, _salt(terms));
    }

    /// @inheritdoc ISeriesRegister
    function isSeries(address token) external view returns (bool) {
        return _books[token].isKnown();
    }

    /// @inheritdoc IProgramme
    function seriesOf(address token) external view returns (SeriesState memory) {
        SeriesBook book = _books[token];
        Papers memory papers = _papers[token];
        return SeriesState(
            book.status(),
            book.isBacked(),
            _classAt(book.class()),
            uint112(book.authorised()),
            uint40(book.until()),
            book.proposer(),
            papers.legalAuthority,
            papers.approval
        );
    }

    /// @inheritdoc ISeriesRegister
    function seriesCount() external view returns (uint256) {
        return _tokens.length;
    }

    /// @inheritdoc ISeriesRegister
    function seriesAt(uint256 index) external view returns (address) {
        return _tokens[index];
    }

    /// @inheritdoc IProgramme
    function outstanding(bytes32 unit) external view returns (uint256 quantity) {
        for (uint256 i; i < _tokens.length; ++i) {
            (bytes32 counted, uint256 content) = IMeasured(_tokens[i]).measure();
            if (counted == unit) quantity += IERC20(_tokens[i]).totalSupply() * content;
        }
    }

    function _salt(bytes calldata terms) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, keccak256(terms)));
    }
}
