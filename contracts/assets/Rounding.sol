// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title Rounding
/// @notice How a payment is rounded: half-up, to the hundredth of the currency, whatever token carries it.
library Rounding {
    /// @notice Money is paid to the hundredth; a cash token with fewer decimals cannot carry that.
    error RoundingDecimalsUnsupported(uint8 decimals);

    /// @dev The hundredth of the currency (the paisa, the cent), to which every payment is rounded.
    uint8 private constant CENTESIMAL_DECIMALS = 2;

    /// @notice The smallest units of a cash token of `decimals` in one hundredth of the currency.
    function cashPerHundredth(uint8 decimals) internal pure returns (uint256) {
        // Beyond 38 decimals a balance of uint128 units would overflow, and no such token is known.
        if (decimals < CENTESIMAL_DECIMALS || decimals > 38) revert RoundingDecimalsUnsupported(decimals);
        return 10 ** (decimals - CENTESIMAL_DECIMALS);
    }

    function divideHalfUp(uint256 numerator, uint256 denominator) internal pure returns (uint256) {
        return (2 * numerator + denominator) / (2 * denominator);
    }
}
