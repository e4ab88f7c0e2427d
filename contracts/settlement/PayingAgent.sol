// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IObligor, Obligation, PaymentKind} from "../assets/IObligor.sol";
import {IRedeemable} from "../assets/IRedeemable.sol";
import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {InvestorRecord, InvestorRecords} from "../identity/InvestorRecord.sol";
import {ISeriesRegister} from "../programme/ISeriesRegister.sol";
import {IPermissionedToken} from "../token/IPermissionedToken.sol";
import {Attempt} from "./Attempt.sol";
import {CashDesk} from "./CashDesk.sol";
import {IPayingAgent, PaymentState, PaymentStatus} from "./IPayingAgent.sol";

/// @title PayingAgent
contract PayingAgent is CashDesk, ReentrancyGuardTransient, IPayingAgent {
    using SafeCast for uint256;

    /// @dev Five slots:
    ///
    ///   token    160 | due 40 | recordAt 40 | fixed 8 | missed 8
    ///   cash     160 | cashDecimals 8 | kind 8 | number 16 | recordId 16
    ///   units    112 | total 112
    ///   funded   112 | withdrawn 112
    ///   paid     112 | unitsPaid 112        the only one a page writes
    struct Payment {
        address token;
        uint40 due;
        uint40 recordAt;
        bool isFixed;
        bool missed;
        address cash;
        uint8 cashDecimals;
        PaymentKind kind;
        uint16 number;
        uint16 recordId;
        uint112 units;
        uint112 total;
        uint112 funded;
        uint112 withdrawn;
        uint112 paid;
        uint112 unitsPaid;
    }

    /// @dev One slot a payment and holder: units 112 | gross 112 | setAside 8.
    struct Payout {
        uint112 units;
        uint112 gross;
        bool setAside;
    }

    /// @inheritdoc IPayingAgent
    IInvestorRegistry public registry;

    mapping(bytes32 paymentId => Payment) private _payments;
    mapping(bytes32 paymentId => mapping(address holder => Payout)) private _payouts;

    constructor(address authority_, ISeriesRegister seriesRegister_, IInvestorRegistry registry_, address treasury_)
        AccessManaged(authority_)
        CashDesk(seriesRegister_, treasury_)
    {
        _setRegistry(registry_);
    }

    // ------------------------------------------------------------------------------------------------ Announcement

    /// @inheritdoc IPayingAgent
    function announce(address token, PaymentKind kind, uint256 number, address cash)
        external
        restricted
        returns (bytes32 paymentId)
    {
        _requireSeries(token);
        uint8 cashDecimals = _requireCash(cash, IObligor(token).currency());
        paymentId = paymentIdOf(token, kind, number);
        if (_payments[paymentId].kind != PaymentKind.None) revert PaymentAlreadyAnnounced(paymentId);

        Obligation memory owed_ = IObligor(token).obligation(kind, number);
        if (owed_.due < owed_.recordAt) revert PaymentDueBeforeRecord(owed_.recordAt, owed_.due);
        Payment storage terms = _payments[paymentId];
        terms.token = token;
        terms.due = owed_.due.toUint40();
        terms.recordAt = owed_.recordAt.toUint40();
        terms.cash = cash;
        terms.cashDecimals = cashDecimals;
        terms.kind = kind;
        terms.number = number.toUint16();
        terms.recordId = owed_.recordId.toUint16();
        emit Announced(paymentId, token, cash, kind, number, owed_.recordId, owed_.recordAt, owed_.due);
    }

    /// @inheritdoc IPayingAgent
    function cancelAnnouncement(bytes32 paymentId) external restricted {
        Payment storage terms = _known(paymentId);
        // Without funds nothing can have been paid, unless nothing was ever owed.
        if (terms.funded != 0) revert PaymentHasFunds(paymentId, terms.funded);
        delete _payments[paymentId];
        emit Cancelled(paymentId);
    }

    // ----------------------------------------------------------------------------------------------------- Funding

    /// @inheritdoc IPayingAgent
    function fund(bytes32 paymentId, uint256 amount) external nonReentrant returns (uint256 taken) {
        Payment storage terms = _known(paymentId);
        _fix(paymentId, terms);
        uint256 lacking = _missing(terms);
        if (lacking == 0) revert PaymentFundedInFull(paymentId);
        taken = amount < lacking ? amount : lacking;
        lacking -= taken;

        terms.funded = _narrow(terms.funded + taken);
        emit Funded(paymentId, msg.sender, taken, lacking);
        if (lacking == 0 && terms.missed) {
            terms.missed = false;
            emit Cured(paymentId);
        }
        _pullExactly(IERC20(terms.cash), msg.sender, address(this), taken);
    }

    /// @inheritdoc IPayingAgent
    function markMissed(bytes32 paymentId) external nonReentrant {
        Payment storage terms = _known(paymentId);
        _fix(paymentId, terms);
        if (block.timestamp < terms.due) revert PaymentNotDue(paymentId, terms.due);
        if (terms.missed) revert PaymentAlreadyMissed(paymentId);
        uint256 lacking = _missing(terms);
        if (lacking == 0) revert PaymentFundedInFull(paymentId);
        terms.missed = true;
        emit Missed(paymentId, lacking);
    }

    // ----------------------------------------------------------------------------------------------------- Payment

    /// @inheritdoc IPayingAgent
    function claim(bytes32 paymentId, address holder) external nonReentrant {
        _requirePayable(paymentId);
        if (!_payHolder(paymentId, holder)) revert PaymentNothingOwed(paymentId, holder);
    }

    /// @inheritdoc IPayingAgent
    function pay(bytes32 paymentId, address[] calldata holders)
        external
        restricted
        nonReentrant
        returns (uint256 paid, uint256 setAside)
    {
        _requirePayable(paymentId);
        for (uint256 i = 0; i < holders.length; ++i) {
            (bool done, bytes memory answer) = Attempt.onSelf(abi.encodeCall(this.payHolder, (paymentId, holders[i])));
            if (!done) {
                _payouts[paymentId][holders[i]].setAside = true;
                emit SetAside(paymentId, holders[i], answer);
                ++setAside;
            } else if (abi.decode(answer, (bool))) {
                ++paid;
            }
        }
    }

    /// @dev One row of a page, in a call of its own so that it can be undone whole.
    function payHolder(bytes32 paymentId, address holder) external returns (bool) {
        if (msg.sender != address(this)) revert SettlementSelfOnly(msg.sender);
        return _payHolder(paymentId, holder);
    }

    /// @inheritdoc IPayingAgent
    function withdrawResidual(bytes32 paymentId) external restricted nonReentrant returns (uint256 amount) {
        Payment storage terms = _known(paymentId);
        _fix(paymentId, terms);
        if (!_completed(terms)) revert PaymentIncomplete(paymentId, terms.unitsPaid, terms.units);
        (, amount) = _kept(terms);
        if (amount == 0) revert PaymentNoResidual(paymentId);

        terms.withdrawn += uint112(amount); // At most what was funded, which fits.
        emit ResidualWithdrawn(paymentId, treasury, amount);
        _payExactly(IERC20(terms.cash), treasury, amount);
    }

    /// @inheritdoc IPayingAgent
    function setRegistry(IInvestorRegistry registry_) external restricted {
        _setRegistry(registry_);
    }

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
        state.status = _status(terms);
        state.token = terms.token;
        state.cash = terms.cash;
        state.recordId = terms.recordId;
        state.recordAt = terms.recordAt;
        state.due = terms.due;
        state.units = terms.units;
        state.total = terms.total;
        state.funded = terms.funded;
        state.paid = terms.paid;
        state.unitsPaid = terms.unitsPaid;
        (state.reserved, state.residual) = _kept(terms);
        state.withdrawn = terms.withdrawn;
    }

    /// @inheritdoc IPayingAgent
    function payout(bytes32 paymentId, address holder)
        external
        view
        returns (uint256 units, uint256 gross, bool setAside)
    {
        Payout memory paid = _payouts[paymentId][holder];
        return (paid.units, paid.gross, paid.setAside);
    }

    /// @inheritdoc IPayingAgent
    function owed(bytes32 paymentId, address holder) external view returns (uint256 units, uint256 gross) {
        Payment storage terms = _known(paymentId);
        return terms.isFixed ? _owed(terms, _payouts[paymentId][holder], holder) : (0, 0);
    }

    /// @inheritdoc IPayingAgent
    function missing(bytes32 paymentId) external view returns (uint256) {
        return _missing(_known(paymentId));
    }

    // --------------------------------------------------------------------------------------------------- Internals

    /// @return Whether anything was owed.
    function _payHolder(bytes32 paymentId, address holder) private returns (bool) {
        Payment storage terms = _payments[paymentId];
        Payout storage paid = _payouts[paymentId][holder];
        (uint256 units, uint256 gross) = _owed(terms, paid, holder);
        if (units == 0) return false;

        address payee = _payeeOf(holder);
        _book(paymentId, terms, paid, units, gross);
        emit Paid(paymentId, holder, payee, units, gross, 0, gross);

        if (terms.kind == PaymentKind.Redemption) _redeem(terms.token, holder, payee, units, paymentId);
        _payExactly(IERC20(terms.cash), payee, gross);
        return true;
    }

    function _redeem(address token, address holder, address payee, uint256 units, bytes32 paymentId) private {
        if (payee != holder) {
            // Nobody may have moved the lost wallet's tokens yet. If they cannot be moved, the burn says why not.
            try IPermissionedToken(token).follow(holder) {} catch {}
        }
        IRedeemable(token).redeem(payee, units, paymentId);
    }

    /// @dev A wallet under notice of recovery may be in a thief's hand, a suspended one is stopped by the regulator;
    /// a verification that lapsed does not cost a holder what it is owed.
    function _payeeOf(address holder) private view returns (address payee) {
        payee = holder;
        InvestorRecord record = registry.recordOf(holder);
        if (record.is_(InvestorRecords.LOST)) {
            payee = registry.successorOf(holder);
            record = registry.recordOf(payee);
        }
        if (record.is_(InvestorRecords.LOST | InvestorRecords.SUSPENDED)) revert PaymentPayeeDead(payee);
    }

    function _book(bytes32 paymentId, Payment storage terms, Payout storage paid, uint256 units, uint256 gross)
        private
    {
        uint256 unitsPaid = terms.unitsPaid + units;
        // The cash of all payments lies in one place: a faulty series must not reach the money of another.
        if (unitsPaid > terms.units) revert PaymentBeyondSupply(paymentId, unitsPaid, terms.units);
        // All below are at most `units` and `total`, which fit; and sums of floors never exceed `total`.
        unchecked {
            terms.paid = uint112(terms.paid + gross);
            terms.unitsPaid = uint112(unitsPaid);
            paid.units = uint112(paid.units + units);
            paid.gross = uint112(paid.gross + gross);
            paid.setAside = false;
        }
    }

    /// @dev The share is `total * units held / units`, floored: exact for a redemption, the same for each unit.
    function _owed(Payment storage terms, Payout storage paid, address holder)
        private
        view
        returns (uint256 units, uint256 gross)
    {
        uint256 held = IPermissionedToken(terms.token).balanceOfAt(holder, terms.recordId);
        uint256 before = paid.units;
        if (held <= before) return (0, 0);
        units = held - before;
        gross = uint256(terms.total) * held / terms.units - paid.gross;
    }

    /// @dev Once the record date has passed, what is owed in all is known and never changes.
    function _fix(bytes32 paymentId, Payment storage terms) private {
        if (terms.isFixed || block.timestamp < terms.recordAt) return;
        uint256 units = IPermissionedToken(terms.token).totalSupplyAt(terms.recordId);
        uint256 total = _amountOf(terms, units);
        terms.units = _narrow(units);
        terms.total = _narrow(total);
        terms.isFixed = true;
        emit EntitlementFixed(paymentId, units, total);
    }

    function _requirePayable(bytes32 paymentId) private {
        Payment storage terms = _known(paymentId);
        if (block.timestamp < terms.due) revert PaymentNotDue(paymentId, terms.due);
        _fix(paymentId, terms);
        uint256 lacking = _missing(terms);
        if (lacking != 0) revert PaymentNotFunded(paymentId, lacking);
    }

    function _setRegistry(IInvestorRegistry registry_) private {
        if (address(registry_).code.length == 0) revert PayingAgentRegistryInvalid(address(registry_));
        registry = registry_;
        emit RegistrySet(address(registry_));
    }

    function _known(bytes32 paymentId) private view returns (Payment storage terms) {
        terms = _payments[paymentId];
        if (terms.kind == PaymentKind.None) revert PaymentUnknown(paymentId);
    }

    function _missing(Payment storage terms) private view returns (uint256) {
        uint256 total = terms.isFixed ? terms.total : _totalNow(terms);
        uint256 funded = terms.funded;
        return funded < total ? total - funded : 0;
    }

    function _totalNow(Payment storage terms) private view returns (uint256) {
        uint256 units = block.timestamp < terms.recordAt
            ? IERC20(terms.token).totalSupply()
            : IPermissionedToken(terms.token).totalSupplyAt(terms.recordId);
        return _amountOf(terms, units);
    }

    function _amountOf(Payment storage terms, uint256 units) private view returns (uint256) {
        return IObligor(terms.token).obligationAmount(terms.kind, terms.number, units, terms.cashDecimals);
    }

    function _completed(Payment storage terms) private view returns (bool) {
        return terms.isFixed && terms.unitsPaid == terms.units;
    }

    /// @dev What is held of this payment's money: for holders, and for nobody.
    function _kept(Payment storage terms) private view returns (uint256 reserved, uint256 residual) {
        uint256 held = uint256(terms.funded) - terms.paid - terms.withdrawn;
        if (_completed(terms)) return (0, held);
        uint256 due = terms.isFixed ? uint256(terms.total) - terms.paid : held;
        reserved = held < due ? held : due;
        residual = held - reserved;
    }

    function _status(Payment storage terms) private view returns (PaymentStatus) {
        if (_completed(terms) && terms.funded >= terms.total) return PaymentStatus.Completed;
        if (terms.missed) return PaymentStatus.Missed;
        return terms.isFixed && terms.funded >= terms.total ? PaymentStatus.Funded : PaymentStatus.Announced;
    }

    function _narrow(uint256 amount) private pure returns (uint112) {
        if (amount > type(uint112).max) revert PaymentAmountOutOfRange(amount);
        return uint112(amount);
    }
}
