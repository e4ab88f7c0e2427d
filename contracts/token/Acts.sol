// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Account, Accounts} from "./Account.sol";
import {Gate} from "./Gate.sol";
import {IERC7943Fungible} from "./IERC7943Fungible.sol";
import {IPermissionedTokenDesk} from "./IPermissionedToken.sol";
import {Door} from "./Movement.sol";
import {TermsHead} from "./TermsHead.sol";
import {AuthorityUtils} from "@openzeppelin/contracts/access/manager/AuthorityUtils.sol";

/// @notice What agents do to a register, one row at a time: mint, burn, force, freeze. The series offers them singly,
/// the desk in batches.
abstract contract Acts is Gate {
    error MaximumIssueExceeded(uint256 supply, uint256 amount, uint256 maximumIssue);
    error ForcedTransferToSelf(address account);
    error FreezeExceedsBalance(address account, uint256 amount, uint256 unfrozen);
    error UnfreezeExceedsFrozen(address account, uint256 amount, uint256 frozen);

    /// @dev After `_requireRoom` and before `_issued`, each once for a whole batch.
    function _mint(address to, uint256 amount) internal {
        _act(Door.Mint, address(0), to, amount);
    }

    /// @dev The series' own cap: the maximum issue of its terms, which fits the 112 bits of a balance.
    function _requireRoom(uint256 amount) internal view {
        uint256 maximum = TermsHead.maximumIssue();
        uint256 supply = _accounts[address(0)].balance();
        if (amount > maximum || supply + amount > maximum) revert MaximumIssueExceeded(supply, amount, maximum);
    }

    /// @dev Asks the issuance gate, which undoes everything where it refuses.
    function _issued(uint256 amount, bytes32 reference_) internal {
        emit Issued(reference_, amount);
        ISSUANCE.requireIssuable(amount, _accounts[address(0)].balance());
    }

    /// @dev Before `_retired`, once for a whole batch.
    function _burn(address from, uint256 amount) internal {
        if (from == address(0)) _raise(abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotSend.selector, from));
        if (!_burnsPlainly(from, amount)) _act(Door.Burn, from, address(0), amount);
    }

    /// @dev Tells the issuance gate.
    function _retired(uint256 amount, bytes32 reference_) internal {
        emit Retired(reference_, amount);
        ISSUANCE.retire(amount);
    }

    function _force(address from, address to, uint256 amount) internal {
        if (from == to) _raise(abi.encodeWithSelector(ForcedTransferToSelf.selector, from));
        if (from == address(0)) _raise(abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotSend.selector, from));
        _act(Door.Force, from, to, amount);
        emit IERC7943Fungible.ForcedTransfer(from, to, amount);
    }

    function _freezePartial(address account, uint256 amount) internal {
        Account old = _accounts[account];
        if (amount > old.unfrozen()) {
            _raise(abi.encodeWithSelector(FreezeExceedsBalance.selector, account, amount, old.unfrozen()));
        }
        _rewrite(account, old, _setFrozen(account, old, old.frozen() + amount));
    }

    function _setAddressFrozen(address account, bool freeze) internal {
        if (!freeze) _requireAlso(IPermissionedTokenDesk.releaseAddress.selector);
        _markFrozen(account, freeze);
    }

    function _markFrozen(address account, bool freeze) internal {
        Account old = _accounts[account];
        _rewrite(account, old, old.withFlag(Accounts.FROZEN, freeze));
        emit AddressFrozen(account, freeze, msg.sender);
    }

    function _unfreezePartial(address account, uint256 amount) internal {
        Account old = _accounts[account];
        if (amount > old.frozen()) {
            _raise(abi.encodeWithSelector(UnfreezeExceedsFrozen.selector, account, amount, old.frozen()));
        }
        _rewrite(account, old, _setFrozen(account, old, old.frozen() - amount));
    }

    /// @dev For functions that both tighten and loosen: they are opened to those who tighten, and whoever loosens by
    /// them must hold, without delay, the role of the function that only loosens.
    function _requireAlso(bytes4 selector) internal view {
        if (_canCall(msg.sender, selector)) return;
        _raise(abi.encodeWithSelector(AccessManagedUnauthorized.selector, msg.sender));
    }

    function _canCall(address caller, bytes4 selector) internal view returns (bool immediate) {
        (immediate,) = AuthorityUtils.canCallWithDelay(authority(), caller, address(this), selector);
    }

    function _rewrite(address account, Account old, Account next) internal {
        _write(account, old, next, _currentConfiguration());
    }
}
