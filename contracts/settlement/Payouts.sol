// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {PaymentKind} from "../assets/IObligor.sol";
import {IRedeemable} from "../assets/IRedeemable.sol";
import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {InvestorRecord, InvestorRecords} from "../identity/InvestorRecord.sol";
import {IRecoveries} from "../identity/IRecoveries.sol";
import {IPermissionedToken} from "../token/IPermissionedToken.sol";
import {CashDesk} from "./CashDesk.sol";
import {IPayingAgent, Payslip, PayoutState} from "./IPayingAgent.sol";
import {IWithholdingTax} from "./IWithholdingTax.sol";
import {PaymentLedger} from "./PaymentLedger.sol";

/// @title Payouts
/// @notice What one holder of a record date is paid: to which wallet, how much, less which tax; and the paying of it.
abstract contract Payouts is CashDesk, PaymentLedger {
    /// @dev How a holder comes to be paid: by its own claim or a second try, as one whom a page lists, or as one whom the
    /// pages are proved to have left out.
    enum Way {
        Alone,
        Listed,
        PassedOver
    }

    /// @dev State of a completed recovery, as `IRecoveries.recoveryOf` gives it.
    uint8 private constant RECOVERED = 2;

    /// @inheritdoc IPayingAgent
    IInvestorRegistry public registry;
    /// @inheritdoc IPayingAgent
    IWithholdingTax public withholding;
    /// @inheritdoc IPayingAgent
    address public taxAuthority;

    // ------------------------------------------------------------------------------------------------------- Views

    /// @inheritdoc IPayingAgent
    function payoutOf(bytes32 paymentId, address holder) external view returns (PayoutState state) {
        Payment storage terms = _known(paymentId);
        state = _mark(terms, holder);
        if (state >= PayoutState.Paid || !terms.isFixed) return state;
        uint256 held = _held(terms, holder);
        if (held != 0 && _unitsOwed(terms, holder, held, Way.Alone) == 0) return PayoutState.Paid;
    }

    /// @inheritdoc IPayingAgent
    function owed(bytes32 paymentId, address holder) external view returns (uint256 units, uint256 gross) {
        Payment storage terms = _known(paymentId);
        if (!terms.isFixed) return (0, 0);
        units = _unitsOwed(terms, holder, _held(terms, holder), Way.Alone);
        gross = _shareDown(terms.lotAmount, units, terms.lot);
    }

    /// @inheritdoc IPayingAgent
    function payslipOf(bytes32 paymentId, address holder) external view returns (Payslip memory slip) {
        Payment storage terms = _known(paymentId);
        if (terms.isFixed) slip = _payslip(terms, holder, _held(terms, holder), Way.Alone);
    }

    // ----------------------------------------------------------------------------------------------------- Payment

    /// @param held What `holder` held at the record date.
    /// @return Whether anything was owed.
    function _payHolder(bytes32 paymentId, Payment storage terms, address holder, uint256 held, Way way)
        internal
        returns (bool)
    {
        if (held == 0) return false;
        bool redeems = terms.kind == PaymentKind.Redemption;
        (address payee, InvestorRecord record) = registry.succession(holder);
        uint256 units = redeems ? _retire(paymentId, terms, holder, payee, held) : _unitsOwed(terms, holder, held, way);
        if (units == 0) return false;
        Payslip memory slip = _slip(terms, payee, record, units);

        _book(paymentId, terms, slip);
        // A redemption is marked where one wallet stands in for another, whose tokens it holds beside its own.
        if (redeems ? payee != holder : way != Way.Listed) _setMark(terms, holder, PayoutState.Paid);
        emit Paid(paymentId, holder, payee, units, slip.gross, slip.taxable, slip.rate, slip.tax);
        if (slip.gross != slip.tax) _payExactly(IERC20(terms.cash), payee, slip.gross - slip.tax);
        return true;
    }

    /// @dev Burns what the redemption owes for. How much is left of a holding that stands under its own name, the series
    /// says as it burns it; and only what it burnt is paid.
    function _retire(bytes32 paymentId, Payment storage terms, address holder, address payee, uint256 held)
        private
        returns (uint256 units)
    {
        address token = terms.token;
        if (payee == holder) return IRedeemable(token).redeem(holder, held, paymentId);
        units = _unitsOwed(terms, holder, held, Way.Alone);
        if (units != 0) _redeem(token, holder, payee, units, paymentId);
    }

    function _redeem(address token, address holder, address payee, uint256 units, bytes32 paymentId) internal {
        for (address lost = holder; lost != payee; lost = _heirOf(lost)) {
            // Nobody may have moved the lost wallet's tokens yet. If they cannot be moved, they cannot be burnt.
            try IPermissionedToken(token).follow(lost) {} catch {}
        }
        uint256 burnt = IRedeemable(token).redeem(payee, units, paymentId);
        if (burnt != units) revert PaymentNotFollowed(holder, payee, units - burnt);
    }

    // --------------------------------------------------------------------------------------------------- Internals

    /// @dev No units where nothing is owed; reverts where something is and cannot be paid.
    function _payslip(Payment storage terms, address holder, uint256 held, Way way)
        internal
        view
        returns (Payslip memory slip)
    {
        uint256 units = _unitsOwed(terms, holder, held, way);
        if (units == 0) return slip;
        (address payee, InvestorRecord record) = registry.succession(holder);
        return _slip(terms, payee, record, units);
    }

    function _slip(Payment storage terms, address payee, InvestorRecord record, uint256 units)
        private
        view
        returns (Payslip memory slip)
    {
        // A wallet under notice of recovery may be in a thief's hand, a suspended one is stopped by the regulator; a
        // verification that lapsed does not cost a holder what it is owed.
        if (record.is_(InvestorRecords.LOST | InvestorRecords.SUSPENDED)) revert PaymentPayeeDead(payee);
        (slip.payee, slip.units) = (payee, units);
        uint256 lot = terms.lot;
        slip.gross = _shareDown(terms.lotAmount, units, lot);
        slip.taxable = _shareDown(terms.lotTaxable, units, lot);
        if (slip.taxable == 0) return slip;
        (slip.tax, slip.rate) = withholding.taxOn(terms.kind, record, slip.taxable, terms.cashDecimals);
        if (slip.tax > slip.gross) revert PaymentTaxBeyondGross(payee, slip.gross, slip.tax);
    }

    /// @dev A distribution is owed to whom no page went past and no mark stands against, and to who was set aside. A
    /// redemption is owed for what is not burnt yet: from its record date on nothing else moves, so the units themselves
    /// show what was paid.
    function _unitsOwed(Payment storage terms, address holder, uint256 held, Way way) internal view returns (uint256) {
        if (held == 0) return 0;
        if (terms.kind != PaymentKind.Redemption) {
            PayoutState state = _mark(terms, holder);
            bool isOpen = state == PayoutState.Open && (way != Way.Alone || holder > terms.cursor);
            return isOpen || state == PayoutState.SetAside ? held : 0;
        }
        uint256 standing = _standing(IERC20(terms.token), holder);
        return held < standing ? held : standing;
    }

    /// @dev What is left at a holder's wallet, and at those that stand in for it.
    function _standing(IERC20 token, address wallet) private view returns (uint256 units) {
        units = token.balanceOf(wallet);
        if (units != 0) return units;
        for (address heir = _heirOf(wallet); heir != wallet; heir = _heirOf(wallet)) {
            wallet = heir;
            units += token.balanceOf(wallet);
        }
    }

    /// @dev The next wallet in the line of succession; itself at the end of it. The registry admits no circle.
    function _heirOf(address wallet) private view returns (address) {
        (address successor,, uint8 state) = IRecoveries(address(registry)).recoveryOf(wallet);
        return state == RECOVERED ? successor : wallet;
    }

    function _held(Payment storage terms, address holder) internal view returns (uint256) {
        return IPermissionedToken(terms.token).balanceOfAt(holder, terms.recordId);
    }
}
