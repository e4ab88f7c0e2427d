// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Account, Accounts} from "./Account.sol";
import {Configuration, Configurations} from "./Configuration.sol";
import {IPermissionedTokenEvents} from "./IPermissionedToken.sol";
import {TermsHead} from "./TermsHead.sol";

/// @notice The register of a series: who holds how much, and who held how much at each record date.
/// @dev Record dates are kept lazily. An account's slot says how many record dates had passed when it was last
/// written; the first write after a record date saves the old balance once, for that date and all the earlier ones
/// since the write before. An account nobody touched costs nothing and its balance still answers.
abstract contract Register is IPermissionedTokenEvents {
    /// @dev A balance that held for a run of record dates, ending with the one it is stored under.
    struct Checkpoint {
        uint112 balance;
        uint8 first;
    }

    Configuration internal _configuration;
    mapping(address account => Account) internal _accounts;
    mapping(address account => mapping(uint256 recordId => Checkpoint)) private _checkpoints;
    /// @dev Record dates that were announced; a class whose terms say when they are has none here.
    mapping(uint256 recordId => uint256) internal _recordDates;
    uint256 internal _recordCount;

    error RecordDateUnknown(uint256 recordId, uint256 count);
    error RecordDateNotReached(uint256 recordId, uint256 at);

    // ------------------------------------------------------------------ record dates

    /// @dev Balance (or, for the zero address, total supply) when the record date was reached.
    function _balanceAtRecord(address account, uint256 recordId) internal view returns (uint256) {
        Configuration configuration = _configuration;
        if (recordId >= configuration.period()) _requireReached(configuration, recordId);
        return _balanceAt(account, recordId);
    }

    /// @dev The instant of a record date; zero where there is none of that number. Of an announced list, unless the
    /// class says otherwise.
    function _recordDateOf(uint256 recordId) internal view virtual returns (uint256) {
        return _recordDates[recordId];
    }

    /// @dev How many there are.
    function _countRecordDates() internal view returns (uint256 count) {
        count = _recordCount;
        while (_recordDateOf(count) != 0) ++count;
    }

    /// @dev The configuration with every record date that has passed by now counted, and so kept.
    function _catchUp() internal returns (Configuration configuration) {
        configuration = _configuration;
        uint256 next = configuration.nextRecordDate();
        if (next != 0 && block.timestamp >= next) {
            configuration = _passRecordDates(configuration, next);
            _configuration = configuration;
        }
    }

    /// @dev As `_catchUp`, only looking.
    function _currentConfiguration() internal view returns (Configuration configuration) {
        configuration = _configuration;
        uint256 next = configuration.nextRecordDate();
        if (next != 0 && block.timestamp >= next) configuration = _passRecordDates(configuration, next);
    }

    /// @dev The end of a series that has one is its last record date (see `TokenDesk.initialize`): noticed here or
    /// nowhere.
    function _passRecordDates(Configuration configuration, uint256 next) private view returns (Configuration) {
        while (next != 0 && block.timestamp >= next) {
            uint256 period = configuration.period() + 1;
            next = _recordDateOf(period);
            configuration = configuration.withPeriod(period).withNextRecordDate(next);
        }
        return configuration.withFlag(Configurations.MATURED, next == 0 && TermsHead.maturityDay() != 0);
    }

    /// @dev The next one stands in the configuration, so that to ask for it costs nothing more.
    function _requireReached(Configuration configuration, uint256 recordId) private view {
        bool isNext = recordId == configuration.period();
        uint256 at = isNext ? configuration.nextRecordDate() : _recordDateOf(recordId);
        if (at == 0) revert RecordDateUnknown(recordId, _countRecordDates());
        if (block.timestamp < at) revert RecordDateNotReached(recordId, at);
    }

    /// @dev Writes an account, saving its old balance first where a record date has passed since its last write.
    function _write(address account, Account old, Account next, Configuration configuration) internal {
        uint256 apart = (Account.unwrap(old) >> 224) ^ (Configuration.unwrap(configuration) >> 216);
        if (apart & 0xFF != 0) next = _keep(account, old, next, configuration);
        _accounts[account] = next;
    }

    /// @dev Keeps what `old` held at the record dates since it was written: in a checkpoint; but where there is no record
    /// date to come, and nothing is left, in the account's own word, as if it had not been written. So a redemption
    /// costs no slot.
    function _keep(address account, Account old, Account next, Configuration configuration) private returns (Account) {
        uint256 period = configuration.period();
        // A word of zero was never written, so it has nothing to save and no checkpoint before it.
        if (Account.unwrap(old) == 0) return next.withPeriod(period);
        if (configuration.is_(Configurations.MATURED) && next.balance() == 0 && next.frozen() == 0) {
            return next.emptiedOf(old.recorded());
        }
        _checkpoints[account][period - 1] = Checkpoint(uint112(old.recorded()), uint8(old.period()));
        if (next.is_(Accounts.EMPTIED)) next = next.withFrozen(0);
        return next.withPeriod(period);
    }

    /// @dev Walks back from the newest checkpoint; each knows the first record date it holds for, and the one before
    /// it ends just below.
    function _balanceAt(address account, uint256 recordId) internal view returns (uint256) {
        Account current = _accounts[account];
        uint256 first = current.period();
        uint256 balance = current.recorded();
        while (first > recordId) {
            Checkpoint memory checkpoint = _checkpoints[account][first - 1];
            (first, balance) = (checkpoint.first, checkpoint.balance);
        }
        return balance;
    }
}
