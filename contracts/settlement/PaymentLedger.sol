// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Entitlement, IObligor, Obligation, PaymentKind} from "../assets/IObligor.sol";
import {IPermissionedToken} from "../token/IPermissionedToken.sol";
import {IPayingAgent, PaymentState, PaymentStatus, PayoutState, Payslip} from "./IPayingAgent.sol";
import {Portion} from "./Portion.sol";

/// @title PaymentLedger
/// @notice The payments of a paying agent: their terms, and where every unit of their money is.
abstract contract PaymentLedger is IPayingAgent {
    using SafeCast for uint256;

    /// @dev Ten slots. Those that a page writes are written once a payee, warm but for the first, and stand written by
    /// the funding: no page pays for a new one.
    ///
    ///   token      160 | due 40 | number 16 | recordId 16 | kind 8 | isFixed 8 | missed 8
    ///   cash       160 | cashDecimals 8 | recordAt 40 | ordinal 16 | fundedAt 32
    ///   lot        112 | lotAmount 112        the entitlement of one calculation amount
    ///   lotTaxable 112 | taxRemitted 112
    ///   units      owed at the record date | paid         written by a page
    ///   money      funded | paid after tax                written by a page
    ///   total      owed before tax | withheld of it       written by a page where tax is withheld
    ///   escheated  112 | withdrawn 112
    ///   cursor     160 | pages 32             the last holder that a page of a distribution listed
    struct Payment {
        address token;
        uint40 due;
        uint16 number;
        uint16 recordId;
        PaymentKind kind;
        bool isFixed;
        bool missed;
        address cash;
        uint8 cashDecimals;
        uint40 recordAt;
        uint16 ordinal;
        uint32 fundedAt;
        uint112 lot;
        uint112 lotAmount;
        uint112 lotTaxable;
        uint112 taxRemitted;
        Portion units;
        Portion money;
        Portion total;
        uint112 escheated;
        uint112 withdrawn;
        address cursor;
        uint32 pages;
    }

    /// @dev Two bits a payment, by its ordinal among those of the token: so a holder's payments of many years share a
    /// slot, and all but the first find it written.
    struct Marks {
        Word[512] words;
    }

    struct Word {
        uint256 marks;
    }

    uint256 private constant MARKS_IN_WORD = 128;
    uint256 private constant MARK = 3;

    mapping(bytes32 paymentId => Payment) internal _payments;
    mapping(address token => uint256) private _announced;
    mapping(address token => mapping(address holder => Marks)) private _marks;
    mapping(bytes32 paymentId => mapping(uint256 page => bytes32 hash)) private _pages;

    // ------------------------------------------------------------------------------------------------------- Views

    /// @inheritdoc IPayingAgent
    function paymentIdOf(address token, PaymentKind kind, uint256 number) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), token, kind, number));
    }

    /// @inheritdoc IPayingAgent
    function payment(bytes32 paymentId) external view returns (PaymentState memory state) {
        Payment storage terms = _payments[paymentId];
        if (terms.kind == PaymentKind.None) return state;
        state.kind = terms.kind;
        state.number = terms.number;
        state.status = _status(paymentId, terms);
        state.token = terms.token;
        state.cash = terms.cash;
        state.recordId = terms.recordId;
        state.recordAt = terms.recordAt;
        state.due = terms.due;
        state.units = terms.units.whole();
        state.total = terms.total.whole();
        state.funded = terms.money.whole();
        state.paid = terms.money.used();
        state.unitsPaid = terms.units.used();
        state.taxHeld = terms.total.used() - terms.taxRemitted;
        state.taxRemitted = terms.taxRemitted;
        (state.reserved, state.residual) = _kept(terms);
        state.withdrawn = terms.withdrawn;
        state.escheated = terms.escheated;
    }

    /// @inheritdoc IPayingAgent
    function missing(bytes32 paymentId) external view returns (uint256) {
        return _missing(_known(paymentId));
    }

    // ------------------------------------------------------------------------------------------------ Announcement

    function _open(bytes32 paymentId, address token, PaymentKind kind, uint256 number, address cash, uint8 decimals)
        internal
    {
        Payment storage terms = _payments[paymentId];
        if (terms.kind != PaymentKind.None) revert PaymentAlreadyAnnounced(paymentId);
        terms.token = token;
        terms.kind = kind;
        terms.number = number.toUint16();
        terms.cash = cash;
        terms.cashDecimals = decimals;
        terms.ordinal = (_announced[token]++).toUint16();
        Obligation memory owed_ = _date(terms);
        emit Announced(paymentId, token, cash, kind, number, owed_.recordId, owed_.recordAt, owed_.due);
    }

    function _redate(bytes32 paymentId, Payment storage terms) internal {
        uint256 unitsPaid = terms.units.used();
        if (unitsPaid != 0) revert PaymentBegun(paymentId, unitsPaid);
        (bool isFixed, uint256 recordId, uint256 recordAt) = (terms.isFixed, terms.recordId, terms.recordAt);
        Obligation memory owed_ = _date(terms);
        if (isFixed && (owed_.recordId != recordId || owed_.recordAt != recordAt)) {
            revert PaymentRecordReached(paymentId, recordId, recordAt);
        }
        if (block.timestamp < owed_.due) terms.missed = false;
        emit Redated(paymentId, owed_.recordId, owed_.recordAt, owed_.due);
    }

    /// @dev Writes the dates as the series has them now.
    function _date(Payment storage terms) private returns (Obligation memory owed_) {
        owed_ = IObligor(terms.token).obligation(terms.kind, terms.number);
        if (owed_.due < owed_.recordAt) revert PaymentDueBeforeRecord(owed_.recordAt, owed_.due);
        terms.recordId = owed_.recordId.toUint16();
        terms.recordAt = owed_.recordAt.toUint40();
        terms.due = owed_.due.toUint40();
    }

    /// @dev Once the record date has passed, what is owed in all is known and never changes.
    function _fix(bytes32 paymentId, Payment storage terms) internal {
        if (terms.isFixed || block.timestamp < terms.recordAt) return;
        Entitlement memory per = _entitlement(terms);
        uint256 units = IPermissionedToken(terms.token).totalSupplyAt(terms.recordId);
        uint256 total = _shareDown(per.amount, units, per.units);
        terms.lot = _narrow(per.units);
        terms.lotAmount = _narrow(per.amount);
        terms.lotTaxable = _narrow(per.taxable);
        terms.units = terms.units.withMore(_narrow(units));
        terms.total = terms.total.withMore(_narrow(total));
        terms.isFixed = true;
        emit EntitlementFixed(paymentId, units, total);
    }

    // -------------------------------------------------------------------------------------------- What was paid out

    /// @dev Books a payslip: each unit of the record date once, whatever the series says of a holder.
    function _book(bytes32 paymentId, Payment storage terms, Payslip memory slip) internal {
        Portion units = terms.units.withUsed(slip.units);
        // The cash of all payments lies in one place: a faulty series must not reach the money of another.
        if (units.used() > units.whole()) revert PaymentBeyondSupply(paymentId, units.used(), units.whole());
        terms.units = units;
        // Sums of floors never exceed `total`.
        terms.money = terms.money.withUsed(slip.gross - slip.tax);
        if (slip.tax != 0) terms.total = terms.total.withUsed(slip.tax);
    }

    function _bookEscheat(bytes32 paymentId, Payment storage terms, uint256 units, uint256 gross) internal {
        Payslip memory slip;
        slip.units = units;
        _book(paymentId, terms, slip);
        terms.escheated += uint112(gross); // At most `total`, which fits.
    }

    /// @dev Lists the holders of a page of a distribution. All pages of one together are a strictly ascending list, so
    /// that whom a page listed can be in no other, and needs no mark of its own. Whoever is not beyond the cursor comes
    /// first, and is a retry.
    /// @return before The cursor until now: holders beyond it are listed by this page.
    function _turnPage(bytes32 paymentId, Payment storage terms, address[] calldata holders)
        internal
        returns (address before)
    {
        before = terms.cursor;
        address last = before;
        uint256 retries;
        for (uint256 i = 0; i < holders.length; ++i) {
            if (holders[i] > last) last = holders[i];
            else if (last != before) revert PaymentPageNotAscending(paymentId, i);
            else ++retries;
        }
        if (last == before) return before;
        uint256 page = terms.pages++;
        terms.cursor = last;
        _pages[paymentId][page] = keccak256(abi.encodePacked(before, holders[retries:]));
        emit PageListed(paymentId, page, before);
    }

    /// @dev Proves that the pages went past `holder` without listing it: it stands between two neighbours of the list.
    /// @param fence The last holder of the page before `page`.
    function _requirePassedOver(
        bytes32 paymentId,
        address holder,
        uint256 page,
        address fence,
        address[] calldata listed
    ) internal view {
        bool known = _pages[paymentId][page] == keccak256(abi.encodePacked(fence, listed));
        // The list ascends, so that whoever is beyond the fence, before the last and equal to none was left out.
        bool between = listed.length != 0 && holder > fence && holder < listed[listed.length - 1];
        for (uint256 i = 0; between && i < listed.length; ++i) {
            between = holder != listed[i];
        }
        if (!known || !between) revert PaymentNotPassedOver(paymentId, holder, page);
    }

    /// @return word Where the mark of `holder` stands.
    /// @return shift At which bit of it.
    function _place(Payment storage terms, address holder) internal view returns (Word storage word, uint256 shift) {
        uint256 ordinal = terms.ordinal;
        word = _marks[terms.token][holder].words[ordinal / MARKS_IN_WORD];
        shift = 2 * (ordinal % MARKS_IN_WORD);
    }

    function _mark(Payment storage terms, address holder) internal view returns (PayoutState) {
        (Word storage word, uint256 shift) = _place(terms, holder);
        return PayoutState((word.marks >> shift) & MARK);
    }

    function _setMark(Payment storage terms, address holder, PayoutState state) internal {
        (Word storage word, uint256 shift) = _place(terms, holder);
        word.marks = (word.marks & ~(MARK << shift)) | (uint256(state) << shift);
    }

    // --------------------------------------------------------------------------------------------------- Internals

    function _known(bytes32 paymentId) internal view returns (Payment storage terms) {
        terms = _payments[paymentId];
        if (terms.kind == PaymentKind.None) revert PaymentUnknown(paymentId);
    }

    function _entitlement(Payment storage terms) private view returns (Entitlement memory) {
        return IObligor(terms.token).entitlement(terms.kind, terms.number, terms.cashDecimals);
    }

    function _missing(Payment storage terms) internal view returns (uint256) {
        uint256 total = terms.isFixed ? terms.total.whole() : _totalNow(terms);
        uint256 funded = terms.money.whole();
        return funded < total ? total - funded : 0;
    }

    function _totalNow(Payment storage terms) private view returns (uint256) {
        uint256 units = block.timestamp < terms.recordAt
            ? IERC20(terms.token).totalSupply()
            : IPermissionedToken(terms.token).totalSupplyAt(terms.recordId);
        Entitlement memory per = _entitlement(terms);
        return _shareDown(per.amount, units, per.units);
    }

    /// @dev Units whose holders are still to be paid. What a redemption owed for units that were burnt otherwise is
    /// owed to nobody.
    function _unitsLeft(Payment storage terms) internal view returns (uint256 left) {
        left = terms.units.left();
        if (left == 0 || terms.kind != PaymentKind.Redemption) return left;
        uint256 outstanding = IERC20(terms.token).totalSupply();
        if (outstanding < left) left = outstanding;
    }

    function _completed(Payment storage terms) internal view returns (bool) {
        return terms.isFixed && _unitsLeft(terms) == 0;
    }

    /// @dev What is held of this payment's money beside its tax: for holders, and for nobody.
    function _kept(Payment storage terms) internal view returns (uint256 reserved, uint256 residual) {
        uint256 held = terms.money.left() - terms.total.used() - terms.escheated - terms.withdrawn;
        uint256 due = terms.isFixed ? _shareDown(terms.lotAmount, _unitsLeft(terms), terms.lot) : held;
        reserved = held < due ? held : due;
        residual = held - reserved;
    }

    /// @dev A payment that is due and lacks money is missed, whether anybody said so or not.
    function _status(bytes32 paymentId, Payment storage terms) private view returns (PaymentStatus) {
        bool full = terms.isFixed && terms.money.whole() >= terms.total.whole();
        if (full && _completed(terms)) return PaymentStatus.Completed;
        if (terms.missed) return PaymentStatus.Missed;
        if (block.timestamp >= terms.due && !full && _shortfall(paymentId) != 0) return PaymentStatus.Missed;
        return full ? PaymentStatus.Funded : PaymentStatus.Announced;
    }

    /// @dev What is missing; the largest number where the series cannot say what it owes, for want of a rate.
    function _shortfall(bytes32 paymentId) internal view returns (uint256) {
        try this.missing(paymentId) returns (uint256 lacking) {
            return lacking;
        } catch {
            return type(uint256).max;
        }
    }

    /// @dev Floored; a lot is never nothing once the entitlement is fixed.
    function _shareDown(uint256 amount, uint256 units, uint256 lot) internal pure returns (uint256) {
        return amount * units / lot;
    }

    function _narrow(uint256 amount) internal pure returns (uint112) {
        if (amount > type(uint112).max) revert PaymentAmountOutOfRange(amount);
        return uint112(amount);
    }
}
