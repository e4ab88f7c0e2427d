// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Account, Accounts} from "./Account.sol";
import {Acts} from "./Acts.sol";
import {IBuyback} from "./IPermissionedToken.sol";
import {IPledges, Pledge} from "./IPledges.sol";

/// @notice What those who work on the book of pledges share.
abstract contract PledgeActs is Acts {
    function _setPledged(address account, uint256 sum) internal {
        Account old = _accounts[account];
        _pledgeBook().pledged[account] = sum;
        _rewrite(account, old, old.withFlag(Accounts.PLEDGED, sum != 0));
    }

    function _known(bytes32 id) internal view returns (Pledge storage made) {
        made = _pledgeBook().pledges[id];
        if (made.holder == address(0)) revert IPledges.PledgeUnknown(id);
    }

    /// @dev Where the pledged tokens went when wallets were recovered here.
    function _heirOf(address account) internal view returns (address) {
        PledgeBook storage book = _pledgeBook();
        for (address heir = book.heirs[account]; heir != address(0); heir = book.heirs[account]) {
            account = heir;
        }
        return account;
    }

    /// @dev A settlement contract of the programme locks and delivers for others: it is no investor.
    function _isSettlement(address account) internal view returns (bool) {
        return _canCall(account, IBuyback.burnFrom.selector);
    }
}
