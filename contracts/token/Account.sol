// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice One account's whole position, in one storage slot, so that a transfer reads and writes two slots.
///
///   bits  0..111  balance   smallest units
///       112..223  frozen    smallest units a regulator froze; may exceed the balance (ERC-7943). Of an account that is
///                           EMPTIED, what it held at the last record date instead: nothing of it is frozen
///       224..231  period    number of record dates that had passed when the slot was last written
///       232..239  flags     FROZEN, COUNTED, PLEDGED, EMPTIED
///       240..255  orders    forced transfers executed against the account
///
/// The account of the zero address keeps the total supply in its balance, and so has record dates too.
type Account is uint256;

using Accounts for Account global;

library Accounts {
    /// @dev The account as a whole is frozen.
    uint256 internal constant FROZEN = 1 << 232;
    /// @dev This account is the one that counts its investor as a holder.
    uint256 internal constant COUNTED = 1 << 233;
    /// @dev Something is pledged: the book of pledges says how much.
    uint256 internal constant PLEDGED = 1 << 234;
    /// @dev The account gave away all it held at the last record date there is, and keeps that figure in its own word.
    uint256 internal constant EMPTIED = 1 << 235;
    /// @dev Where either account has one of these, a transfer needs a second look.
    uint256 internal constant ENCUMBERED = FROZEN | PLEDGED;

    uint256 private constant UINT112 = type(uint112).max;

    function balance(Account self) internal pure returns (uint256) {
        return Account.unwrap(self) & UINT112;
    }

    function frozen(Account self) internal pure returns (uint256) {
        return self.is_(EMPTIED) ? 0 : _second(self);
    }

    /// @dev What is not frozen: never negative, however much is. Whatever an emptied account keeps, it has no balance.
    function unfrozen(Account self) internal pure returns (uint256) {
        uint256 held = self.balance();
        uint256 stuck = _second(self);
        unchecked {
            return held > stuck ? held - stuck : 0;
        }
    }

    /// @dev What was held when the record dates passed that the word has not yet seen.
    function recorded(Account self) internal pure returns (uint256) {
        return self.is_(EMPTIED) ? _second(self) : self.balance();
    }

    function period(Account self) internal pure returns (uint256) {
        return uint8(Account.unwrap(self) >> 224);
    }

    function orders(Account self) internal pure returns (uint256) {
        return Account.unwrap(self) >> 240;
    }

    function is_(Account self, uint256 flag) internal pure returns (bool) {
        return Account.unwrap(self) & flag != 0;
    }

    /// @dev The caller has checked that balance + amount fits 112 bits.
    function add(Account self, uint256 amount) internal pure returns (Account) {
        unchecked {
            return Account.wrap(Account.unwrap(self) + amount);
        }
    }

    /// @dev The caller has checked that the balance covers `amount`.
    function sub(Account self, uint256 amount) internal pure returns (Account) {
        unchecked {
            return Account.wrap(Account.unwrap(self) - amount);
        }
    }

    /// @dev The caller has checked that `amount` fits 112 bits. An emptied account keeps nothing any more.
    function withFrozen(Account self, uint256 amount) internal pure returns (Account) {
        return Account.wrap((Account.unwrap(self) & ~(UINT112 << 112 | EMPTIED)) | (amount << 112));
    }

    /// @dev The caller has checked that nothing is held or frozen any more.
    function emptiedOf(Account self, uint256 amount) internal pure returns (Account) {
        return Account.wrap(Account.unwrap(self.withFrozen(amount)) | EMPTIED);
    }

    function withPeriod(Account self, uint256 number) internal pure returns (Account) {
        return Account.wrap((Account.unwrap(self) & ~(uint256(0xFF) << 224)) | (number << 224));
    }

    function withFlag(Account self, uint256 flag, bool on) internal pure returns (Account) {
        uint256 word = Account.unwrap(self);
        return Account.wrap(on ? word | flag : word & ~flag);
    }

    /// @dev Wraps after 65,535 orders against one account: by then every order of that number has long expired.
    function withOrderExecuted(Account self) internal pure returns (Account) {
        unchecked {
            return Account.wrap(Account.unwrap(self) + (1 << 240));
        }
    }

    function _second(Account self) private pure returns (uint256) {
        return (Account.unwrap(self) >> 112) & UINT112;
    }
}
