// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITermed} from "../programme/ISeries.sol";
import {Configuration} from "../token/Configuration.sol";
import {Gate} from "../token/Gate.sol";
import {Register} from "../token/Register.sol";
import {TermsHead} from "../token/TermsHead.sol";
import {CivilDate} from "./CivilDate.sol";
import {Declaration, IRevenueShare, Statement} from "./IRevenueShare.sol";
import {CallPrice, RevenueTerms} from "./RevenueTerms.sol";
import {Figures, Split, Waterfall} from "./Waterfall.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice The declarations of a revenue share: their figures, signed; their record dates; what is carried between them.
/// @dev The only state of such a series beyond the token's. It stands under a slot of its own, so that the token's storage
/// is that of every class.
abstract contract Declarations is Gate, IRevenueShare, ITermed {
    using SafeCast for uint256;
    using SafeCast for int256;

    /// @param count Declarations made.
    /// @param records Those with a record date of their own, which are the first: all but what is declared after the end.
    /// @param calledFor Day the series was called for; zero where it was not.
    /// @custom:storage-location erc7201:amanat.declarations
    struct Life {
        uint32 count;
        uint32 records;
        uint32 calledFor;
        int128 carried;
        mapping(uint256 number => Declaration) made;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("amanat.declarations")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant LIFE = 0xd91a0a7466e5a3a42bf93e8afd01790a9c107300ce29e70f03897c4ff67f0500;

    bytes32 private constant _FIGURES =
        keccak256("Figures(uint112 gross,uint112 operatingCosts,uint112 taxesAndRoyalties,uint112 reserve)");
    bytes32 private constant _STATEMENT = keccak256(
        "Statement(uint256 number,uint256 revision,uint32 periodStart,uint32 periodEnd,Figures figures,bytes32 auditedHash)"
        "Figures(uint112 gross,uint112 operatingCosts,uint112 taxesAndRoyalties,uint112 reserve)"
    );

    /// @dev With the end's that is as many record dates as a series can have.
    uint256 private constant MAXIMUM_RECORDS = 249;
    uint256 private constant MAXIMUM_NOTICE_DAYS = 366;

    error TermsUnsound();

    // ------------------------------------------------------------------ terms

    /// @notice The terms, whole.
    function terms() public view returns (RevenueTerms memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (RevenueTerms));
    }

    /// @inheritdoc ITermed
    function termsHash() external view returns (bytes32) {
        return keccak256(Clones.fetchCloneArgs(address(this)));
    }

    /// @inheritdoc ITermed
    function requireSoundTerms() external view {
        RevenueTerms memory t = terms();
        if (!_isSound(t) || !_isSoundShare(t) || !_areSoundCalls(t)) revert TermsUnsound();
    }

    function _isSound(RevenueTerms memory t) private pure returns (bool) {
        return t.maximumIssue != 0 && t.unitFace != 0 && t.denomination != 0 && t.termSheetHash != 0 && t.calendar != 0
            && t.issueDate < t.statedMaturity && t.revenueFrom < t.statedMaturity
            && t.recordNoticeDays <= MAXIMUM_NOTICE_DAYS && t.paymentDays <= MAXIMUM_NOTICE_DAYS
            && t.callNoticeDays <= MAXIMUM_NOTICE_DAYS
            && CivilDate.startOfDayKarachi(t.statedMaturity) <= type(uint32).max;
    }

    /// @dev No share without an account that is defined, an auditor, and the wording that control does not follow it.
    function _isSoundShare(RevenueTerms memory t) private pure returns (bool) {
        return t.assetId != 0 && t.accountHash != 0 && t.controlHash != 0 && t.auditor != address(0)
            && t.waterfall.share != 0 && t.waterfall.share <= Waterfall.WHOLE
            && (t.waterfall.cap == 0 || t.waterfall.floor <= t.waterfall.cap) && Waterfall.isOrder(t.waterfall.order);
    }

    /// @dev Steps in order of time, then nothing.
    function _areSoundCalls(RevenueTerms memory t) private pure returns (bool sound) {
        uint32 before = t.issueDate;
        bool ended;
        for (uint256 i; i < t.calls.length; ++i) {
            CallPrice memory step = t.calls[i];
            if (step.from == 0) {
                if (step.price != 0) return false;
                ended = true;
            } else {
                if (ended || step.price == 0 || step.from <= before || step.from >= t.statedMaturity) return false;
                before = step.from;
            }
        }
        return t.calls[0].from != 0 || t.callNoticeDays == 0;
    }

    // ------------------------------------------------------------------ declaring

    /// @inheritdoc IRevenueShare
    function declare(Statement calldata statement, uint32 recordDay, uint32 payDay, bytes calldata signature)
        external
        restricted
    {
        RevenueTerms memory t = terms();
        Life storage life = _life();
        uint256 number = life.count;
        _requireTurn(statement, number, 0);
        _requirePeriod(t, life, statement);
        _requireSigned(t, statement, signature);
        _takeRecordDate(t, life, recordDay);
        _requirePayDay(t, recordDay, payDay);
        life.count = uint32(number + 1);

        Split memory split = Waterfall.split(statement.figures, t.waterfall);
        (uint256 pool, int256 left) = Waterfall.net(split.share, life.carried);
        life.carried = left.toInt128();
        Declaration storage made = life.made[number];
        (made.pool, made.share) = (pool.toUint112(), split.share.toUint112());
        (made.periodStart, made.periodEnd) = (statement.periodStart, statement.periodEnd);
        (made.recordAt, made.payDay) = (uint32(CivilDate.startOfDayKarachi(recordDay)), payDay);
        made.auditedHash = statement.auditedHash;
        if (_supplyFor(number) == 0) revert DeclarationToNobody();
        emit Declared(number, statement, split, pool, left, recordDay, payDay);
    }

    /// @inheritdoc IRevenueShare
    function restate(Statement calldata statement, bytes calldata signature) external restricted {
        RevenueTerms memory t = terms();
        Life storage life = _life();
        uint256 number = statement.number;
        if (number >= life.count) revert DeclarationUnknown(number);
        Declaration storage made = life.made[number];
        uint256 revision = uint256(made.revision) + 1;
        _requireTurn(statement, number, revision);
        if (statement.periodStart != made.periodStart || statement.periodEnd != made.periodEnd) {
            revert StatementPeriodInvalid(statement.periodStart, statement.periodEnd, made.periodStart);
        }
        _requireSigned(t, statement, signature);

        Split memory split = Waterfall.split(statement.figures, t.waterfall);
        int256 difference = int256(split.share) - int256(uint256(made.share));
        int256 carried_ = life.carried + difference;
        life.carried = carried_.toInt128();
        (made.share, made.revision) = (split.share.toUint112(), revision.toUint32());
        made.auditedHash = statement.auditedHash;
        emit Restated(number, revision, statement, split, difference, carried_);
    }

    /// @inheritdoc IRevenueShare
    function statementDigest(Statement calldata statement) public view returns (bytes32) {
        Figures calldata f = statement.figures;
        bytes32 figures = keccak256(abi.encode(_FIGURES, f.gross, f.operatingCosts, f.taxesAndRoyalties, f.reserve));
        bytes32 content = keccak256(
            abi.encode(
                _STATEMENT,
                statement.number,
                statement.revision,
                statement.periodStart,
                statement.periodEnd,
                figures,
                statement.auditedHash
            )
        );
        return MessageHashUtils.toTypedDataHash(IERC20Permit(address(this)).DOMAIN_SEPARATOR(), content);
    }

    function _requireTurn(Statement calldata statement, uint256 number, uint256 revision) private pure {
        if (statement.number != number || statement.revision != revision) {
            revert StatementOutOfTurn(statement.number, statement.revision, number, revision);
        }
    }

    /// @dev Periods follow on one another, are over, and lie within the term. Once all of it is declared, an empty period
    /// brings what is still carried: there is no other way for it to reach anybody.
    function _requirePeriod(RevenueTerms memory t, Life storage life, Statement calldata statement) private view {
        (uint32 start, uint32 end, uint32 last) = (statement.periodStart, statement.periodEnd, _lastDay(t));
        uint32 expected = _nextPeriodStart(t, life);
        bool brings = start == end && end == last && life.carried > 0;
        if (start != expected || end > last || (end <= start && !brings)) {
            revert StatementPeriodInvalid(start, end, expected);
        }
        if (block.timestamp < CivilDate.startOfDayKarachi(end)) revert StatementPeriodNotOver(end);
    }

    function _requireSigned(RevenueTerms memory t, Statement calldata statement, bytes calldata signature)
        private
        view
    {
        if (statement.auditedHash == 0) revert StatementWithoutAudit();
        bytes32 digest = statementDigest(statement);
        if (!SignatureChecker.isValidSignatureNowCalldata(t.auditor, digest, signature)) {
            revert StatementSignatureInvalid(t.auditor);
        }
    }

    // ------------------------------------------------------------------ record dates

    /// @notice Unix time of a record date; zero where there is none of that number.
    /// @dev Those of the declarations, in order; the last is the end of the term, from which holdings stand still.
    function recordDate(uint256 recordId) external view returns (uint256) {
        return _recordDateOf(recordId);
    }

    /// @inheritdoc Register
    function _recordDateOf(uint256 recordId) internal view override returns (uint256) {
        Life storage life = _life();
        uint256 records = life.records;
        if (recordId < records) return life.made[recordId].recordAt;
        return recordId == records ? _endsAt() : 0;
    }

    /// @dev A record date of its own, which stands before the end's from now on; or, once the term is over, the end's.
    function _takeRecordDate(RevenueTerms memory t, Life storage life, uint32 day) private {
        uint32 last = _lastDay(t);
        if (block.timestamp >= CivilDate.startOfDayKarachi(last)) {
            if (day != last) revert RecordDayInvalid(day, last, last);
            return;
        }
        uint256 records = life.records;
        if (records == MAXIMUM_RECORDS) revert DeclarationsExhausted(MAXIMUM_RECORDS);
        uint32 earliest = _earliestRecordDay(t, life);
        if (day < earliest || day >= last) revert RecordDayInvalid(day, earliest, last - 1);

        uint256 at = CivilDate.startOfDayKarachi(day);
        Configuration configuration = _catchUp();
        bool isNext = configuration.period() == records;
        _configuration = isNext ? configuration.withNextRecordDate(at) : configuration;
        life.records = uint32(records + 1);
        emit RecordDateAnnounced(records, at);
    }

    /// @dev After the notice, in the future, and after every other: so that numbers are in order of time.
    function _earliestRecordDay(RevenueTerms memory t, Life storage life) private view returns (uint32 day) {
        day = _today() + (t.recordNoticeDays == 0 ? 1 : t.recordNoticeDays);
        uint32 before = _lastRecordDay(life);
        if (day <= before) day = before + 1;
    }

    function _requirePayDay(RevenueTerms memory t, uint32 recordDay, uint32 payDay) private view {
        uint32 earliest = recordDay;
        if (earliest < _today()) earliest = _today();
        uint32 latest = earliest + t.paymentDays;
        if (payDay < earliest || payDay > latest) revert PayDayInvalid(payDay, earliest, latest);
    }

    // ------------------------------------------------------------------ the end

    /// @inheritdoc IRevenueShare
    function call(uint32 day, bytes32 decision) external restricted {
        RevenueTerms memory t = terms();
        Life storage life = _life();
        if (life.calledFor != 0) revert AlreadyCalled(life.calledFor);
        uint256 price = _callPriceOn(t, day);
        if (price == 0 || day >= t.statedMaturity || day <= _lastRecordDay(life)) revert NotCallable(day);
        uint256 latest = _latestNotice(t, day);
        if (block.timestamp > latest) revert CallTooLate(day, latest);

        Configuration configuration = _catchUp();
        bool isNext = configuration.period() == life.records;
        if (isNext) configuration = configuration.withNextRecordDate(CivilDate.startOfDayKarachi(day));
        _configuration = configuration;
        life.calledFor = day;
        emit Called(day, price, decision);
    }

    /// @dev The last second in which the notice is in time, and the day has not begun.
    function _latestNotice(RevenueTerms memory t, uint32 day) private pure returns (uint256) {
        uint32 ahead = t.callNoticeDays == 0 ? 0 : t.callNoticeDays - 1;
        return CivilDate.startOfDayKarachi(day - ahead) - 1;
    }

    /// @dev The price of the schedule's last step that has begun on `day`; zero where none has.
    function _callPriceOn(RevenueTerms memory t, uint32 day) internal pure returns (uint256 price) {
        for (uint256 i; i < t.calls.length && t.calls[i].from != 0 && t.calls[i].from <= day; ++i) {
            price = t.calls[i].price;
        }
    }

    // ------------------------------------------------------------------ internals

    /// @dev The day after the last declared.
    function _nextPeriodStart(RevenueTerms memory t, Life storage life) internal view returns (uint32) {
        uint256 count = life.count;
        return count == 0 ? t.revenueFrom : life.made[count - 1].periodEnd;
    }

    /// @dev What is declared after the end belongs to who held then.
    function _recordIdOf(uint256 number) internal view returns (uint256) {
        return Math.min(number, _life().records);
    }

    /// @dev Supply at the record date of a declaration, or of now while that lies ahead.
    function _supplyFor(uint256 number) internal view returns (uint256) {
        if (block.timestamp < _life().made[number].recordAt) return _accounts[address(0)].balance();
        return _balanceAtRecord(address(0), _recordIdOf(number));
    }

    /// @dev Day of the last record date that a declaration took; zero where none did.
    function _lastRecordDay(Life storage life) private view returns (uint32) {
        uint256 records = life.records;
        return records == 0 ? 0 : CivilDate.dayInKarachi(life.made[records - 1].recordAt);
    }

    /// @dev The stated maturity, or the day it was called for.
    function _lastDay(RevenueTerms memory t) internal view returns (uint32) {
        uint32 called = _life().calledFor;
        return called == 0 ? t.statedMaturity : called;
    }

    function _endsAt() internal view returns (uint256) {
        uint32 called = _life().calledFor;
        return CivilDate.startOfDayKarachi(called == 0 ? TermsHead.maturityDay() : called);
    }

    function _today() internal view returns (uint32) {
        return CivilDate.dayInKarachi(block.timestamp);
    }

    function _life() internal pure returns (Life storage life) {
        assembly ("memory-safe") {
            life.slot := LIFE
        }
    }
}
