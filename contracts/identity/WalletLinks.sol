// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {InvestorRecords} from "./InvestorRecord.sol";
import {InvestorRegister} from "./InvestorRegister.sol";

/// @notice The wallets of an investor, 8 at most. An attested investor with one wallet stores nothing here: the
/// wallet is the investor's id.
///
///   slot 0     bits 0..159 first wallet, 160..167 number of wallets
///   slot 1..7  bits 0..159 the others
abstract contract WalletLinks is InvestorRegister {
    /// @dev An investor has at most so many wallets.
    uint256 internal constant MAX_WALLETS = 8;

    uint256 private constant COUNT_OFFSET = 160;

    mapping(address investor => uint256[MAX_WALLETS]) private _wallets;

    /// @dev Adds `wallet`, whose record the caller writes with LINKED where this returns true.
    function _addWallet(address investor, address wallet) internal returns (bool linked) {
        uint256[MAX_WALLETS] storage slots = _wallets[investor];
        uint256 first = slots[0];
        uint256 count = first >> COUNT_OFFSET;
        if (count == MAX_WALLETS) revert InvestorWalletsTooMany(investor, MAX_WALLETS);
        if (count == 0) {
            slots[0] = uint160(wallet) | (uint256(1) << COUNT_OFFSET);
            return false;
        }
        slots[0] = first + (1 << COUNT_OFFSET);
        slots[count] = uint160(wallet);
        if (count == 1) _raise(address(uint160(first)), InvestorRecords.LINKED);
        emit WalletLinked(investor, wallet);
        return true;
    }

    /// @dev Where `wallet` is not on the list there is nothing to remove. The last takes the place that falls free.
    function _removeWallet(address investor, address wallet) internal {
        uint256[MAX_WALLETS] storage slots = _wallets[investor];
        uint256 count = _walletCount(investor);
        for (uint256 i = 0; i < count; ++i) {
            if (address(uint160(slots[i])) != wallet) continue;
            _putWallet(investor, i, address(uint160(slots[count - 1])));
            slots[count - 1] = 0;
            if (count > 1) slots[0] -= 1 << COUNT_OFFSET;
            return;
        }
    }

    function _replaceWallet(address investor, address old, address wallet) internal {
        uint256[MAX_WALLETS] storage slots = _wallets[investor];
        uint256 count = _walletCount(investor);
        for (uint256 i = 0; i < count; ++i) {
            if (address(uint160(slots[i])) == old) _putWallet(investor, i, wallet);
        }
    }

    function _putWallet(address investor, uint256 index, address wallet) private {
        uint256[MAX_WALLETS] storage slots = _wallets[investor];
        slots[index] = (slots[index] >> COUNT_OFFSET << COUNT_OFFSET) | uint160(wallet);
    }

    function _walletCount(address investor) internal view returns (uint256) {
        return _wallets[investor][0] >> COUNT_OFFSET;
    }

    function _listOf(address investor) internal view returns (address[] memory wallets) {
        wallets = new address[](_walletCount(investor));
        for (uint256 i = 0; i < wallets.length; ++i) {
            wallets[i] = address(uint160(_wallets[investor][i]));
        }
    }
}
