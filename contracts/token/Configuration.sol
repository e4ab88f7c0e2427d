// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What a transfer must know of its token, in one storage slot.
///
///   bits  0..159  compliance      the ERC-3643 compliance address
///       160..191  nextRecordDate  Unix time of the next record date not yet passed; 0 for none
///       192..215  pausedUntil     hour (Unix time / 3600) at which the pause lapses; all ones for no lapse
///       216..223  period          number of record dates passed
///       224..231  flags           the constants below
///       232..255  holders         number of investors who hold
type Configuration is uint256;

using Configurations for Configuration global;

library Configurations {
    /// @dev The compliance contract is not the rule book's: it is called the standard way.
    uint256 internal constant FOREIGN = 1 << 224;
    /// @dev Some rule is on: transfers and mints must ask the rule book.
    uint256 internal constant REFUSES = 1 << 225;
    /// @dev Some module keeps books: burns, forced transfers and recoveries are told to the rule book.
    uint256 internal constant BOOKS = 1 << 226;
    /// @dev The stated maturity has begun: only redemption remains.
    uint256 internal constant MATURED = 1 << 228;
    /// @dev The identity registry is not the one this class was built with.
    uint256 internal constant OTHER_REGISTRY = 1 << 227;

    /// @dev Bits that must all be zero for a transfer to need no second look.
    uint256 internal constant STANDSTILL = (uint256(type(uint24).max) << 192) | MATURED;

    uint256 internal constant PAUSED_FOR_GOOD = type(uint24).max;

    function compliance(Configuration self) internal pure returns (address) {
        return address(uint160(Configuration.unwrap(self)));
    }

    function nextRecordDate(Configuration self) internal pure returns (uint256) {
        return uint32(Configuration.unwrap(self) >> 160);
    }

    function pausedUntilHour(Configuration self) internal pure returns (uint256) {
        return uint24(Configuration.unwrap(self) >> 192);
    }

    function period(Configuration self) internal pure returns (uint256) {
        return uint8(Configuration.unwrap(self) >> 216);
    }

    function holders(Configuration self) internal pure returns (uint256) {
        return Configuration.unwrap(self) >> 232;
    }

    function is_(Configuration self, uint256 flag) internal pure returns (bool) {
        return Configuration.unwrap(self) & flag != 0;
    }

    function withCompliance(Configuration self, address value, bool foreign) internal pure returns (Configuration) {
        uint256 word = (Configuration.unwrap(self) & ~(uint256(type(uint160).max) | FOREIGN)) | uint160(value);
        return Configuration.wrap(foreign ? word | FOREIGN : word);
    }

    function withNextRecordDate(Configuration self, uint256 at) internal pure returns (Configuration) {
        return Configuration.wrap((Configuration.unwrap(self) & ~(uint256(type(uint32).max) << 160)) | (at << 160));
    }

    function withPausedUntilHour(Configuration self, uint256 hour) internal pure returns (Configuration) {
        return Configuration.wrap((Configuration.unwrap(self) & ~(uint256(type(uint24).max) << 192)) | (hour << 192));
    }

    function withPeriod(Configuration self, uint256 number) internal pure returns (Configuration) {
        return Configuration.wrap((Configuration.unwrap(self) & ~(uint256(type(uint8).max) << 216)) | (number << 216));
    }

    function withHolders(Configuration self, uint256 number) internal pure returns (Configuration) {
        return Configuration.wrap((Configuration.unwrap(self) & type(uint232).max) | (number << 232));
    }

    function withFlag(Configuration self, uint256 flag, bool on) internal pure returns (Configuration) {
        uint256 word = Configuration.unwrap(self);
        return Configuration.wrap(on ? word | flag : word & ~flag);
    }
}
