// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title Measures
/// @notice What classes of asset are counted in: a currency by its face, a commodity by its own unit.
library Measures {
    uint16 private constant RUPEE = 586;
    uint16 private constant US_DOLLAR = 840;

    /// @dev 18 decimals over the hundredths that faces are in.
    uint256 private constant PER_HUNDREDTH = 1e16;

    uint8 private constant DECIMALS = 18;

    /// @notice Name of a currency as a unit: its ISO 4217 letters where rates are likely, "CURRENCY 784" for any other.
    /// @param currency ISO 4217 numeric.
    function currencyUnit(uint16 currency) internal pure returns (bytes32) {
        if (currency == RUPEE) return "PKR";
        if (currency == US_DOLLAR) return "USD";
        uint256 digits = (uint256(48) + currency / 100 % 10) << 16 | (48 + currency / 10 % 10) << 8 | 48 + currency % 10;
        return bytes32("CURRENCY ") | bytes32(digits << 160);
    }

    /// @notice Name of a commodity's unit: "GOLD/FINE TROY OUNCE"; the hash of that where it is longer than a word.
    /// @param commodity As ASCII, padded with zeros, as in the terms.
    /// @param unit Likewise.
    function commodityUnit(bytes32 commodity, bytes32 unit) internal pure returns (bytes32) {
        bytes memory name = bytes.concat(_text(commodity), "/", _text(unit));
        return name.length > 32 ? keccak256(name) : bytes32(name);
    }

    /// @notice 18 decimals of a currency in a face of so many hundredths.
    function ofFace(uint256 unitFace) internal pure returns (uint256) {
        return unitFace * PER_HUNDREDTH;
    }

    /// @notice 18 decimals of a commodity's unit in a smallest unit of a token of so many decimals, 18 at most.
    function ofDecimals(uint8 decimals) internal pure returns (uint256) {
        return 10 ** (DECIMALS - decimals);
    }

    function _text(bytes32 padded) private pure returns (bytes memory text) {
        uint256 length;
        while (length < 32 && padded[length] != 0) ++length;
        text = new bytes(length);
        for (uint256 i; i < length; ++i) {
            text[i] = padded[i];
        }
    }
}
