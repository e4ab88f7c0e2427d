// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Rounding} from "./Rounding.sol";

/// @title CommodityMath
/// @notice What a lot holds, what it costs, and what keeping it costs. Amounts of a commodity are smallest units of its
/// series, prices ten-thousandths of the currency a whole unit, fees hundredths of the currency a whole unit.
library CommodityMath {
    uint256 private constant MILLIONTHS = 1e6;
    uint256 private constant YEAR = 365 days;

    /// @notice What `gross` of a quality of `content` millionths holds: 400.025 oz at 0.9958 hold 398.344.
    function contentDown(uint256 gross, uint256 content) internal pure returns (uint256) {
        return gross * content / MILLIONTHS;
    }

    /// @notice The cash for `units` at `price`, half-up to the hundredth of the currency.
    function costHalfUp(uint256 units, uint256 price, uint8 decimals, uint8 cashDecimals)
        internal
        pure
        returns (uint256)
    {
        uint256 hundredths = Rounding.divideHalfUp(units * price, 100 * 10 ** decimals);
        return hundredths * Rounding.cashPerHundredth(cashDecimals);
    }

    /// @notice The cash for a fee of `fee` a whole unit on `units`, half-up to the hundredth of the currency.
    function feeHalfUp(uint256 units, uint256 fee, uint8 decimals, uint8 cashDecimals) internal pure returns (uint256) {
        uint256 hundredths = Rounding.divideHalfUp(units * fee, 10 ** decimals);
        return hundredths * Rounding.cashPerHundredth(cashDecimals);
    }

    /// @notice Hundredths of the currency for keeping `units` for `time` seconds: in the holder's favour, floored.
    function storageDown(uint256 units, uint256 fee, uint8 decimals, uint256 time) internal pure returns (uint256) {
        return units * fee * time / (YEAR * 10 ** decimals);
    }

    /// @notice `answer` of a feed of `from` decimals in units of `to` decimals, floored.
    function scaleDown(uint256 answer, uint8 from, uint8 to) internal pure returns (uint256) {
        return from >= to ? answer / 10 ** (from - to) : answer * 10 ** (to - from);
    }
}
