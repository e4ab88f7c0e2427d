// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Account, Accounts} from "./Account.sol";
import {IPledgeEvents, Pledge} from "./IPledges.sol";
import {Door, Movement} from "./Movement.sol";

/// @notice The book of pledges, and what becomes of them when holdings change by another's hand.
/// @dev The account's PLEDGED flag says whether there is anything to look up, so that who has pledged nothing pays
/// nothing. No list of an account's pledges is kept and none is walked: they move by a link from wallet to wallet.
abstract contract Pledges is IPledgeEvents {
    /// @param former The series that this one replaced, where pledges came from it.
    /// @custom:storage-location erc7201:amanat.pledges
    struct PledgeBook {
        mapping(bytes32 pledgeId => Pledge) pledges;
        mapping(address account => uint256) pledged;
        mapping(address lost => address) heirs;
        address former;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("amanat.pledges")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant BOOK = 0x1a203e63bce03da53b2a63ba6b72c32b62812427c12ffebae7304d3eda5e9c00;

    /// @notice Part of what the account holds is pledged; `free` is what this act could take.
    error TokensPledged(address account, uint256 amount, uint256 free);

    /// @dev What a holder can move, or an agent burn, of an account that may have pledges. An agent's burn releases
    /// what is frozen, but nobody's pledge.
    function _unpledged(Movement memory m, Account sender) internal view returns (uint256) {
        uint256 free = m.door == Door.Burn ? sender.balance() : sender.unfrozen();
        uint256 pledged = _pledged(m.from, sender);
        return free > pledged ? free - pledged : 0;
    }

    function _pledged(address account, Account word) internal view returns (uint256) {
        return word.is_(Accounts.PLEDGED) ? _pledgeBook().pledged[account] : 0;
    }

    /// @dev What force and recovery do to the pledges of the account they take from.
    function _settlePledges(Movement memory m, Account nextSender, Account nextRecipient)
        internal
        returns (Account, Account)
    {
        uint256 sum = _pledged(m.from, nextSender);
        if (m.door == Door.Recovery) {
            _bequeathPledges(m.from, m.to, sum);
            return (nextSender.withFlag(Accounts.PLEDGED, false), nextRecipient.withFlag(Accounts.PLEDGED, true));
        }
        if (sum > nextSender.balance()) emit PledgesUncovered(m.from, sum, nextSender.balance());
        return (nextSender, nextRecipient);
    }

    /// @dev The successor's own link, if it ever had one, ends here: so links form no circle.
    function _bequeathPledges(address lost, address successor, uint256 sum) private {
        PledgeBook storage book = _pledgeBook();
        delete book.pledged[lost];
        book.pledged[successor] += sum;
        delete book.heirs[successor];
        book.heirs[lost] = successor;
        emit PledgesFollowed(lost, successor, sum);
    }

    function _pledgeBook() internal pure returns (PledgeBook storage book) {
        assembly ("memory-safe") {
            book.slot := BOOK
        }
    }
}
