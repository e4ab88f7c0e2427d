// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {PaymentKind} from "../assets/IObligor.sol";
import {InvestorRecord} from "../identity/InvestorRecord.sol";
import {IWithholdingTax, TaxRate, Taxpayers} from "./IWithholdingTax.sol";

/// @title WithholdingTax
contract WithholdingTax is AccessManaged, IWithholdingTax {
    /// @dev In force before `until`.
    struct Certificate {
        uint24 rate;
        uint40 until;
    }

    uint256 private constant WHOLE = 1e6;
    uint256 private constant MAXIMUM_CLASS = 63;

    /// @dev An entry of a row: SET, REDUCIBLE, and the rate above them. Zero where nobody set one.
    uint256 private constant SET = 1;
    uint256 private constant REDUCIBLE = 2;
    uint256 private constant RATE = 8;
    /// @dev A row, in one slot which a page of payees of one class reads once: the entry that holds in bits 0..31, the
    /// one that follows in 32..63, and the instant from which it holds in 64..103.
    uint256 private constant NEXT = 32;
    uint256 private constant FROM = 64;
    uint256 private constant ENTRY = type(uint32).max;
    uint256 private constant CLASS_OF_KEY = 0xFF00;

    uint8 private constant CENTESIMAL_DECIMALS = 2;

    /// @inheritdoc IWithholdingTax
    uint16 public immutable residence;

    /// @dev By kind, class and residence, packed into one key.
    mapping(uint256 taxpayers => uint256 row) private _rows;
    mapping(PaymentKind kind => mapping(address investor => Certificate)) private _certificates;

    constructor(address authority_, uint16 residence_) AccessManaged(authority_) {
        residence = residence_;
    }

    // ------------------------------------------------------------------------------------------ What the agent says

    /// @inheritdoc IWithholdingTax
    function setRates(TaxRate[] calldata rates) external restricted {
        for (uint256 i = 0; i < rates.length; ++i) {
            _setRate(rates[i]);
        }
    }

    /// @inheritdoc IWithholdingTax
    function grantCertificate(PaymentKind kind, address investor, uint24 rate, uint40 until, bytes32 evidence)
        external
        restricted
    {
        if (kind == PaymentKind.None) revert TaxKindUnknown();
        if (rate > WHOLE) revert TaxRateOutOfRange(rate);
        if (until <= block.timestamp) revert CertificateExpired(until, block.timestamp);
        _certificates[kind][investor] = Certificate(rate, until);
        emit CertificateGranted(kind, investor, rate, until, evidence);
    }

    /// @inheritdoc IWithholdingTax
    function revokeCertificate(PaymentKind kind, address investor) external restricted {
        delete _certificates[kind][investor];
        emit CertificateRevoked(kind, investor);
    }

    // ----------------------------------------------------------------------------------------------- What is asked

    /// @inheritdoc IWithholdingTax
    function taxOn(PaymentKind kind, InvestorRecord record, uint256 taxable, uint8 cashDecimals)
        external
        view
        returns (uint256 tax, uint256 rate)
    {
        rate = rateOf(kind, record);
        if (rate == 0) return (0, 0);
        uint256 hundredth = 10 ** (cashDecimals - CENTESIMAL_DECIMALS);
        tax = (2 * taxable * rate + WHOLE * hundredth) / (2 * WHOLE * hundredth) * hundredth;
        // Half-up may not take more than there is, where that is a fraction of the hundredth.
        if (tax > taxable) tax = taxable;
    }

    /// @inheritdoc IWithholdingTax
    function rateOf(PaymentKind kind, InvestorRecord record) public view returns (uint256 rate) {
        bool resident = record.country() == residence;
        uint256 key = _key(kind, record.class(), resident);
        uint256 entry = _entryNow(_rows[key]);
        if (entry == 0) entry = _entryNow(_rows[key & ~CLASS_OF_KEY]);
        if (entry == 0) revert TaxRateUnset(kind, record.class(), resident);
        rate = entry >> RATE;
        if (entry & REDUCIBLE == 0) return rate;
        Certificate memory certificate = _certificates[kind][record.investor()];
        if (block.timestamp < certificate.until && certificate.rate < rate) rate = certificate.rate;
    }

    /// @inheritdoc IWithholdingTax
    function rateRow(Taxpayers calldata who)
        external
        view
        returns (bool isSet, uint256 rate, bool reducible, uint256 nextRate, uint256 nextFrom)
    {
        uint256 row = _rows[_key(who.kind, who.class, who.resident)];
        uint256 entry = _entryNow(row);
        (isSet, rate, reducible) = (entry != 0, entry >> RATE, entry & REDUCIBLE != 0);
        if (block.timestamp < row >> FROM) (nextRate, nextFrom) = (_next(row) >> RATE, row >> FROM);
    }

    /// @inheritdoc IWithholdingTax
    function certificateOf(PaymentKind kind, address investor) external view returns (uint256 rate, uint256 until) {
        Certificate memory certificate = _certificates[kind][investor];
        return (certificate.rate, certificate.until);
    }

    // --------------------------------------------------------------------------------------------------- Internals

    function _setRate(TaxRate calldata change) private {
        Taxpayers calldata who = change.who;
        if (who.kind == PaymentKind.None) revert TaxKindUnknown();
        if (who.class > MAXIMUM_CLASS) revert TaxClassOutOfRange(who.class);
        if (change.rate > WHOLE) revert TaxRateOutOfRange(change.rate);
        if (change.from != 0 && change.from <= block.timestamp) {
            revert TaxRateBackdated(change.from, block.timestamp);
        }

        uint256 key = _key(who.kind, who.class, who.resident);
        uint256 row = _rows[key];
        uint256 entry = (uint256(change.rate) << RATE) | (change.reducible ? REDUCIBLE : 0) | SET;
        if (change.from == 0) {
            bool follows = block.timestamp < row >> FROM;
            row = entry | (follows ? row & ~ENTRY : 0);
        } else {
            row = _entryNow(row) | (entry << NEXT) | (uint256(change.from) << FROM);
        }
        _rows[key] = row;
        uint40 from = change.from == 0 ? uint40(block.timestamp) : change.from;
        emit TaxRateSet(who.kind, who.class, who.resident, change.rate, change.reducible, from);
    }

    /// @dev What holds now: what was to follow, once its time has come.
    function _entryNow(uint256 row) private view returns (uint256) {
        uint256 from = row >> FROM;
        return from != 0 && block.timestamp >= from ? _next(row) : row & ENTRY;
    }

    function _next(uint256 row) private pure returns (uint256) {
        return (row >> NEXT) & ENTRY;
    }

    function _key(PaymentKind kind, uint256 class, bool resident) private pure returns (uint256) {
        return (uint256(kind) << 16) | (class << 8) | (resident ? 1 : 0);
    }
}
