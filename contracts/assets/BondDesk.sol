// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IHolidayCalendar} from "../programme/IHolidayCalendar.sol";
import {Foundations} from "../token/Foundations.sol";
import {Gate} from "../token/Gate.sol";
import {Extended} from "../token/Extended.sol";
import {BondMath} from "./BondMath.sol";
import {BondTerms} from "./BondTerms.sol";
import {CivilDate} from "./CivilDate.sol";
import {PaymentKind} from "./IObligor.sol";
import {PeriodicDesk} from "./PeriodicDesk.sol";
import {PeriodicTerms, RateType} from "./PeriodicTerms.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

/// @notice The desk of all government bonds: terms, coupons, rates, prices, and the issuer's call.
/// @custom:extension TokenDesk
contract BondDesk is PeriodicDesk, Extended {
    /// @notice The issuer called the bond: it ends with period `period`, on `day`, at `price` for 100 of face.
    event Called(uint256 indexed period, uint32 day, uint256 price, bytes32 indexed decision);

    /// @notice The terms let the issuer call at no such period.
    error NotCallable(uint256 period);
    /// @notice The bond was called already.
    error AlreadyCalled(uint256 periods);
    /// @notice It is too late for the notice, or the period's record date has come.
    error CallTooLate(uint256 period, uint256 latest);

    constructor(Foundations memory foundations, address desk, IHolidayCalendar calendar)
        Gate(foundations)
        PeriodicDesk(calendar)
        Extended(desk)
    {}

    /// @notice The terms, whole.
    function terms() public view returns (BondTerms memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (BondTerms));
    }

    /// @notice Calls the bond at the end of period `period`: no later period is paid, and all of it is redeemed then at
    /// the call price. Only the issuer, once, and with the notice that the terms ask for.
    /// @param decision Hash of the decision behind it.
    function call(uint256 period, bytes32 decision) external restricted {
        BondTerms memory t = terms();
        uint256 called = _life().calledAfter;
        if (called != 0) revert AlreadyCalled(called);
        if (t.callableFrom == 0 || period + 1 >= _count(t.periodic)) revert NotCallable(period);
        (, uint32 day) = _period(t.periodic, period);
        if (day < t.callableFrom) revert NotCallable(period);
        uint256 latest = _latestNotice(t, period, day);
        if (block.timestamp > latest) revert CallTooLate(period, latest);

        _life().calledAfter = uint128(period + 1);
        emit Called(period, day, t.callPrice, decision);
    }

    /// @notice Number of the periods of a called bond; zero where it was not called.
    function calledAfter() external view returns (uint256) {
        return _life().calledAfter;
    }

    /// @dev The last second in which the notice is in time: a day of notice is a day in Karachi, and holders of the
    /// record date must have known.
    function _latestNotice(BondTerms memory t, uint256 period_, uint32 day) private pure returns (uint256) {
        uint256 byNotice = CivilDate.startOfDayKarachi(day - t.callNoticeDays + 1) - 1;
        uint256 byRecord = _recordAt(t.periodic, period_) - 1;
        return byNotice < byRecord ? byNotice : byRecord;
    }

    function _requireSoundRest(PeriodicTerms memory t) internal view override {
        BondTerms memory whole = terms();
        bool sound = whole.callableFrom == 0
            ? whole.callPrice == 0 && whole.callNoticeDays == 0
            : t.rateType != RateType.Discount && whole.callPrice != 0 && whole.callableFrom > t.issueDate
                && whole.callableFrom < t.statedMaturity;
        if (!sound) revert TermsUnsound();
    }

    function _redemptionPrice() internal view override returns (uint256) {
        return _life().calledAfter == 0 ? BondMath.PAR : terms().callPrice;
    }

    function _distributionKind() internal pure override returns (PaymentKind) {
        return PaymentKind.Coupon;
    }
}
