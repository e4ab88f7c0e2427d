// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Account, Accounts} from "./Account.sol";
import {IERC3643Events} from "./IERC3643.sol";
import {IERC7943Fungible} from "./IERC7943Fungible.sol";
import {Door, Movement} from "./Movement.sol";

/// @notice What becomes of a regulator's freezes when holdings change by another's hand.
abstract contract Freezes is IERC3643Events {
    /// @dev What burn, force and recovery do to frozen parts.
    function _settleFrozen(Movement memory m, Account sender, Account nextSender, Account nextRecipient)
        internal
        returns (Account, Account)
    {
        if (m.door == Door.Recovery) {
            return (_bequeath(m.from, nextSender), _inherit(m.to, nextRecipient, sender));
        }
        nextSender = _release(m.from, nextSender, sender, m.amount);
        if (m.door == Door.Force) nextSender = nextSender.withOrderExecuted();
        return (nextSender, nextRecipient);
    }

    /// @dev What an act took beyond the unfrozen part is no longer frozen.
    function _release(address account, Account next, Account old, uint256 amount) private returns (Account) {
        uint256 free = old.unfrozen();
        if (amount <= free) return next;
        return _setFrozen(account, next, old.frozen() - (amount - free));
    }

    /// @dev A recovered wallet keeps nothing, not even its freezes: it is dead by the registry's word.
    function _bequeath(address account, Account next) private returns (Account) {
        if (next.is_(Accounts.FROZEN)) emit AddressFrozen(account, false, msg.sender);
        if (next.frozen() != 0) next = _setFrozen(account, next, 0);
        return next.withFlag(Accounts.FROZEN, false);
    }

    /// @dev The successor of a recovered wallet inherits what was frozen, and the freeze of the account as a whole.
    function _inherit(address account, Account next, Account lost) private returns (Account) {
        if (lost.is_(Accounts.FROZEN) && !next.is_(Accounts.FROZEN)) {
            next = next.withFlag(Accounts.FROZEN, true);
            emit AddressFrozen(account, true, msg.sender);
        }
        if (lost.frozen() == 0) return next;
        uint256 sum = lost.frozen() + next.frozen();
        return _setFrozen(account, next, sum > type(uint112).max ? type(uint112).max : sum);
    }

    /// @dev Speaks to ERC-3643 readers in differences and to ERC-7943 readers in totals.
    function _setFrozen(address account, Account next, uint256 amount) internal returns (Account) {
        uint256 before = next.frozen();
        if (amount > before) emit TokensFrozen(account, amount - before);
        else if (amount < before) emit TokensUnfrozen(account, before - amount);
        emit IERC7943Fungible.Frozen(account, amount);
        return next.withFrozen(amount);
    }
}
