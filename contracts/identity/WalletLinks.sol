// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {InvestorRecord, InvestorRecords} from "./InvestorRecord.sol";
import {InvestorRegister} from "./InvestorRegister.sol";

/// @notice The wallets of an investor, in 8 lines at most. A line is a wallet and those that succeeded it, one after
/// the other: it takes one place, and the records of the lost lead along it. The lost stay, because a token's holdings
/// may not have followed yet, and are the investor's all the while. An attested investor's only line stores nothing
/// here: it begins with the wallet that is the investor's id.
///
///   slot 0..7  bits 0..159 first wallet of a line
///              bit  160    it was lost, so the line goes on
///   slot 0     bits 168..  number of lines
///
/// The last 8 wallets of a line are remembered.
abstract contract WalletLinks is InvestorRegister {
    /// @dev An investor has at most so many lines, and a line at most so many wallets.
    uint256 internal constant MAX_WALLETS = 8;

    uint256 private constant GOES_ON = 1 << 160;
    uint256 private constant COUNT_OFFSET = 168;

    mapping(address investor => uint256[MAX_WALLETS]) private _lines;

    /// @dev Adds a line of `wallet`, whose record the caller writes with LINKED where this returns true.
    function _addWallet(uint256 row, address investor, address wallet) internal returns (bool linked) {
        uint256[MAX_WALLETS] storage lines = _lines[investor];
        uint256 first = lines[0];
        uint256 count = first >> COUNT_OFFSET;
        if (count == MAX_WALLETS) revert InvestorWalletsTooMany(row, investor, MAX_WALLETS);
        if (count == 0) {
            lines[0] = uint160(wallet) | (uint256(1) << COUNT_OFFSET);
            return false;
        }
        lines[0] = first + (1 << COUNT_OFFSET);
        lines[count] = uint160(wallet);
        if (count == 1) _raise(address(uint160(first)), InvestorRecords.LINKED);
        emit WalletLinked(investor, wallet);
        return true;
    }

    /// @dev Gives an attested investor's own line, which took no place while it was the only one, the first.
    function _openList(address investor) internal {
        uint256 goesOn = _records[investor].is_(InvestorRecords.RECOVERED) ? GOES_ON : 0;
        _lines[investor][0] = uint160(investor) | goesOn | (uint256(1) << COUNT_OFFSET);
    }

    /// @dev Where no line begins with `wallet` there is nothing to remove. The last takes the place that falls free.
    function _removeWallet(address investor, address wallet) internal {
        uint256[MAX_WALLETS] storage lines = _lines[investor];
        uint256 count = _lineCount(investor);
        for (uint256 i = 0; i < count; ++i) {
            if (address(uint160(lines[i])) != wallet) continue;
            _putLine(investor, i, lines[count - 1]);
            lines[count - 1] = 0;
            if (count > 1) lines[0] -= 1 << COUNT_OFFSET;
            return;
        }
    }

    /// @dev `lost` was recovered, so the lines it ended go on. One that grows too long forgets its eldest.
    function _prolong(address investor, address lost) internal {
        uint256 count = _lineCount(investor);
        if (count == 0) {
            if (!_isTooLong(investor)) return;
            _openList(investor);
            count = 1;
        }
        for (uint256 i = 0; i < count; ++i) {
            uint256 line = _lines[investor][i];
            address first = address(uint160(line));
            if (first == lost) {
                _putLine(investor, i, uint160(lost) | GOES_ON);
            } else if (line & GOES_ON != 0 && _isTooLong(first)) {
                _putLine(investor, i, uint160(_records[first].investor()) | GOES_ON);
            }
        }
    }

    /// @dev A lost wallet's holdings go where its successor is registered, so that one stays with the investor.
    function _requireNoSuccessor(address wallet, address investor) internal view {
        address[] memory wallets = _walletsOf(investor);
        for (uint256 i = 0; i < wallets.length; ++i) {
            InvestorRecord record = _records[wallets[i]];
            if (record.is_(InvestorRecords.RECOVERED) && record.investor() == wallet) {
                revert WalletSucceeds(wallet, wallets[i]);
            }
        }
    }

    function _isWalletOf(address investor, address wallet) internal view returns (bool) {
        address[] memory wallets = _walletsOf(investor);
        return _isAmong(wallets, wallets.length, wallet);
    }

    function _lineCount(address investor) internal view returns (uint256) {
        return _lines[investor][0] >> COUNT_OFFSET;
    }

    /// @dev Line by line, each from the eldest on.
    function _walletsOf(address investor) internal view returns (address[] memory wallets) {
        uint256 lines = _lineCount(investor);
        wallets = new address[]((lines == 0 ? 1 : lines) * MAX_WALLETS);
        uint256 count = 0;
        if (lines == 0) {
            InvestorRecord record = _recordOf(investor);
            if (_isHeld(record) && record.investor() == investor) {
                count = _tell(wallets, 0, uint160(investor) | GOES_ON);
            }
        }
        for (uint256 i = 0; i < lines; ++i) {
            count = _tell(wallets, count, _lines[investor][i]);
        }
        assembly ("memory-safe") {
            mstore(wallets, count)
        }
    }

    /// @dev Appends a line to the first `count` wallets. Two lines can end alike, where one of the investor's wallets
    /// succeeded another: nobody is told twice.
    function _tell(address[] memory wallets, uint256 count, uint256 line) private view returns (uint256) {
        address wallet = address(uint160(line));
        while (!_isAmong(wallets, count, wallet)) {
            wallets[count++] = wallet;
            if (line & GOES_ON == 0) break;
            InvestorRecord record = _records[wallet];
            if (!record.is_(InvestorRecords.RECOVERED)) break;
            wallet = record.investor();
        }
        return count;
    }

    function _isAmong(address[] memory wallets, uint256 count, address wallet) private pure returns (bool) {
        for (uint256 i = 0; i < count; ++i) {
            if (wallets[i] == wallet) return true;
        }
        return false;
    }

    function _isTooLong(address wallet) private view returns (bool) {
        for (uint256 length = 1; length <= MAX_WALLETS; ++length) {
            InvestorRecord record = _records[wallet];
            if (!record.is_(InvestorRecords.RECOVERED)) return false;
            wallet = record.investor();
        }
        return true;
    }

    function _putLine(address investor, uint256 index, uint256 line) private {
        uint256[MAX_WALLETS] storage lines = _lines[investor];
        lines[index] = (lines[index] >> COUNT_OFFSET << COUNT_OFFSET) | (line & ((1 << COUNT_OFFSET) - 1));
    }
}
