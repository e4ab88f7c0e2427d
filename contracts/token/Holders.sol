// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {InvestorRecord, InvestorRecords} from "../identity/InvestorRecord.sol";
import {Account, Accounts} from "./Account.sol";
import {Configuration} from "./Configuration.sol";
import {Founded} from "./Foundations.sol";
import {Movement} from "./Movement.sol";

/// @notice How many investors hold a series, counted while a rule limits them.
/// @dev Each investor who holds is counted by exactly one account, which its flag shows; so no counter can drift.
abstract contract Holders is Founded {
    /// @dev Number of holders after the movement where it makes the recipient's investor one; else zero.
    function _holdersIfAdded(Configuration configuration, Movement memory m) internal view returns (uint256) {
        if (m.toBalance != 0 || m.amount == 0 || m.to == address(0)) return 0;
        address investor = m.recipient.investor();
        if (_linked(m.recipient) && _holding(configuration, investor) != 0) return 0;
        bool leaves = m.from != address(0) && m.fromBalance == m.amount
            && (!_linked(m.sender) || _holding(configuration, m.sender.investor()) == m.amount);
        return leaves ? 0 : configuration.holders() + 1;
    }

    /// @dev Sum over the wallets of an investor, 8 at most.
    function _holding(Configuration configuration, address investor) private view returns (uint256 sum) {
        address[] memory wallets = _registry(configuration).walletsOf(investor);
        for (uint256 i; i < wallets.length; ++i) {
            sum += _accounts[wallets[i]].balance();
        }
    }

    /// @dev Counts an account that stands for its investor alone.
    function _count(Configuration configuration, Account next) internal pure returns (Configuration, Account) {
        bool holds = next.balance() != 0;
        if (holds == next.is_(Accounts.COUNTED)) return (configuration, next);
        uint256 number = holds ? configuration.holders() + 1 : configuration.holders() - 1;
        return (configuration.withHolders(number), next.withFlag(Accounts.COUNTED, holds));
    }

    /// @dev Counts an investor of several wallets by exactly one of those that hold: the first.
    function _countTogether(Configuration configuration, InvestorRecord record) internal returns (Configuration next) {
        next = configuration;
        address[] memory wallets = _registry(configuration).walletsOf(record.investor());
        bool found;
        for (uint256 i; i < wallets.length; ++i) {
            Account account = _accounts[wallets[i]];
            bool counts = !found && account.balance() != 0;
            found = found || counts;
            if (counts == account.is_(Accounts.COUNTED)) continue;
            next = next.withHolders(counts ? next.holders() + 1 : next.holders() - 1);
            _write(wallets[i], account, account.withFlag(Accounts.COUNTED, counts), configuration);
            emit HolderCounted(wallets[i], counts, next.holders());
        }
    }

    /// @dev A wallet that stands for its investor alone, or is empty and so counts for nobody. The zero address is no
    /// wallet.
    function _countsByItself(address account, InvestorRecord record, Account next) internal pure returns (bool) {
        return account != address(0) && (!_linked(record) || next.balance() == 0);
    }

    function _linked(InvestorRecord record) internal pure returns (bool) {
        return record.is_(InvestorRecords.LINKED);
    }
}
