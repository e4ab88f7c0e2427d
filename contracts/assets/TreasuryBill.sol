// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITermed} from "../programme/ISeries.sol";
import {Foundations} from "../token/Foundations.sol";
import {Gate} from "../token/Gate.sol";
import {PermissionedToken} from "../token/PermissionedToken.sol";
import {TermsHead} from "../token/TermsHead.sol";
import {BillMath, Price, Yield} from "./BillMath.sol";
import {BillTerms} from "./BillTerms.sol";
import {CivilDate} from "./CivilDate.sol";
import {Entitlement, IObligor, Obligation, PaymentKind} from "./IObligor.sol";
import {IMeasured} from "./IMeasured.sol";
import {IPriced} from "./IPriced.sol";
import {Measures} from "./Measures.sol";
import {Obligor} from "./Obligor.sol";
import {Redeemable} from "./Redeemable.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

/// @notice A Market Treasury Bill: issued at a discount, redeemed at par, no coupon between.
/// @custom:extension TokenDesk
/// @dev One token is one unit of face and has no decimals. The stated maturity is the series' only record date: from
/// then on holdings stand still and are redeemed from the payment date.
contract TreasuryBill is Redeemable, IPriced, IMeasured, Obligor, ITermed {
    uint256 private constant REDEMPTION_RECORD = 0;

    error TermsUnsound();

    constructor(Foundations memory foundations, address desk) Gate(foundations) PermissionedToken(desk) {}

    // ------------------------------------------------------------------ terms

    /// @notice The terms, whole.
    function terms() public view returns (BillTerms memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (BillTerms));
    }

    /// @inheritdoc ITermed
    function requireSoundTerms() external view {
        BillTerms memory t = terms();
        bool sound = t.maximumIssue != 0 && t.unitFace != 0 && t.issueDate < t.statedMaturity
            && t.statedMaturity <= t.paymentDate && t.paymentDate <= CivilDate.LAST_DAY && t.termSheetHash != 0
            && t.cutOffPrice != 0 && t.cutOffPrice <= BillMath.PAR;
        if (!sound) revert TermsUnsound();
    }

    /// @inheritdoc ITermed
    function termsHash() external view returns (bytes32) {
        return keccak256(Clones.fetchCloneArgs(address(this)));
    }

    /// @inheritdoc PermissionedToken
    function name() public view override returns (string memory) {
        return TermsHead.name();
    }

    /// @inheritdoc IERC20Metadata
    function symbol() public view returns (string memory) {
        return TermsHead.symbol();
    }

    /// @inheritdoc IERC20Metadata
    function decimals() external pure returns (uint8) {
        return 0;
    }

    /// @inheritdoc IObligor
    function currency() external view returns (uint16) {
        return terms().currency;
    }

    /// @inheritdoc IMeasured
    function measure() external view returns (bytes32 unit, uint256 content) {
        BillTerms memory t = terms();
        return (Measures.currencyUnit(t.currency), Measures.ofFace(t.unitFace));
    }

    // ------------------------------------------------------------------ price

    /// @notice Actual days from issue to the stated maturity.
    function tenorDays() public view returns (uint256) {
        BillTerms memory t = terms();
        return t.statedMaturity - t.issueDate;
    }

    /// @notice Yield of a purchase at issue at `price`, in ten-thousandths of a per cent, half-up.
    function yieldOf(uint256 price) external view returns (uint256) {
        return Yield.unwrap(BillMath.yieldFromPriceHalfUp(BillMath.asPrice(price), tenorDays()));
    }

    /// @notice Price for 100 of face at issue that gives `yield_`, in ten-thousandths, half-up.
    function priceOf(uint256 yield_) external view returns (uint256) {
        return Price.unwrap(BillMath.priceFromYieldHalfUp(BillMath.asYield(yield_), tenorDays()));
    }

    /// @inheritdoc IPriced
    function costOf(uint256 units, uint256 price, uint8 cashDecimals) external view returns (uint256) {
        return BillMath.paymentHalfUp(units, terms().unitFace, BillMath.asPrice(price), cashDecimals);
    }

    // ------------------------------------------------------------------ redemption

    /// @notice Unix time from which holdings stand still: the start of the stated maturity in Asia/Karachi.
    function maturity() public view returns (uint256) {
        return CivilDate.startOfDayKarachi(terms().statedMaturity);
    }

    /// @inheritdoc IObligor
    function obligation(PaymentKind kind, uint256 number) external view returns (Obligation memory) {
        _requireRedemption(kind, number);
        return Obligation(REDEMPTION_RECORD, maturity(), _redemptionDue());
    }

    /// @inheritdoc IObligor
    /// @dev Par on so much face that the discount is whole: what is income is the discount at which the auction cut
    /// off, whatever the holder paid.
    function entitlement(PaymentKind kind, uint256 number, uint8 cashDecimals)
        public
        view
        override
        returns (Entitlement memory owed)
    {
        _requireRedemption(kind, number);
        BillTerms memory t = terms();
        owed.units = BillMath.PAR;
        owed.amount = BillMath.redemption(owed.units, t.unitFace, cashDecimals);
        owed.taxable = owed.amount - owed.amount / BillMath.PAR * t.cutOffPrice;
    }

    function _redemptionDue() internal view override returns (uint256) {
        return CivilDate.startOfDayKarachi(terms().paymentDate);
    }

    function _requireRedemption(PaymentKind kind, uint256 number) private pure {
        if (kind != PaymentKind.Redemption || number != 0) revert ObligationUnknown(kind, number);
    }
}
