// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {BillMath, Price, Yield} from "../../contracts/assets/BillMath.sol";
import {CivilDate} from "../../contracts/assets/CivilDate.sol";

/// @dev Opens the internal functions of the bill's libraries to tests.
contract BillMathHarness {
    function priceFromYieldHalfUp(Yield yield_, uint256 daysToRun) external pure returns (Price) {
        return BillMath.priceFromYieldHalfUp(yield_, daysToRun);
    }

    function yieldFromPriceHalfUp(Price price, uint256 daysToRun) external pure returns (Yield) {
        return BillMath.yieldFromPriceHalfUp(price, daysToRun);
    }

    function asPrice(uint256 raw) external pure returns (Price) {
        return BillMath.asPrice(raw);
    }

    function asYield(uint256 raw) external pure returns (Yield) {
        return BillMath.asYield(raw);
    }

    function paymentHalfUp(uint256 units, uint256 unitFace, Price price, uint8 cashDecimals)
        external
        pure
        returns (uint256)
    {
        return BillMath.paymentHalfUp(units, unitFace, price, cashDecimals);
    }

    function redemption(uint256 units, uint256 unitFace, uint8 cashDecimals) external pure returns (uint256) {
        return BillMath.redemption(units, unitFace, cashDecimals);
    }

    function fromCivil(uint256 year, uint256 month, uint256 day) external pure returns (uint32) {
        return CivilDate.fromCivil(year, month, day);
    }

    function toCivil(uint32 day) external pure returns (uint256 year, uint256 month, uint256 dayOfMonth) {
        return CivilDate.toCivil(day);
    }

    function startOfDayKarachi(uint32 day) external pure returns (uint256) {
        return CivilDate.startOfDayKarachi(day);
    }

    function dayInKarachi(uint256 timestamp) external pure returns (uint32) {
        return CivilDate.dayInKarachi(timestamp);
    }
}
