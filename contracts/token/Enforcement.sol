// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC3643} from "./IERC3643.sol";
import {IERC7943Fungible} from "./IERC7943Fungible.sol";
import {Account, Accounts} from "./Account.sol";
import {Configuration, Configurations} from "./Configuration.sol";
import {Gate} from "./Gate.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {AuthorityUtils} from "@openzeppelin/contracts/access/manager/AuthorityUtils.sol";

/// @notice Pausing a series and freezing accounts. What tightens is instant; what loosens asks for the release role
/// as well, through whichever function it comes.
abstract contract Enforcement is Gate, AccessManaged {
    /// @dev A pause by one person lapses after this many hours unless another confirms it.
    uint256 private constant PAUSE_HOURS = 7 * 24;

    error NotPaused();
    error FreezeExceedsBalance(address account, uint256 amount, uint256 unfrozen);
    error UnfreezeExceedsFrozen(address account, uint256 amount, uint256 frozen);

    // ------------------------------------------------------------------ pause

    /// @inheritdoc IERC3643
    /// @dev Lapses after seven days unless confirmed. A second pause never shortens nor prolongs the first.
    function pause() external restricted {
        Configuration configuration = _configuration;
        if (!_pausedNow(configuration)) {
            _configuration = configuration.withPausedUntilHour(block.timestamp / 1 hours + PAUSE_HOURS);
        }
        emit Paused(msg.sender);
    }

    /// @notice Confirms the pause, so that it stands until it is released.
    function confirmPause() external restricted {
        Configuration configuration = _configuration;
        if (!_pausedNow(configuration)) revert NotPaused();
        _configuration = configuration.withPausedUntilHour(Configurations.PAUSED_FOR_GOOD);
        emit PauseConfirmed(msg.sender);
    }

    /// @inheritdoc IERC3643
    function unpause() external restricted {
        Configuration configuration = _configuration;
        if (!_pausedNow(configuration)) revert NotPaused();
        _configuration = configuration.withPausedUntilHour(0);
        emit Unpaused(msg.sender);
    }

    /// @inheritdoc IERC3643
    function paused() external view returns (bool) {
        return _pausedNow(_configuration);
    }

    // ------------------------------------------------------------------ freeze

    /// @inheritdoc IERC3643
    function setAddressFrozen(address userAddress, bool freeze) external restricted {
        _setAddressFrozen(userAddress, freeze);
    }

    /// @inheritdoc IERC3643
    function batchSetAddressFrozen(address[] calldata userAddresses, bool[] calldata freeze) external restricted {
        _requireSameLength(userAddresses.length, freeze.length);
        for (uint256 row; row < freeze.length; ++row) {
            _batchRow = row + 1;
            _setAddressFrozen(userAddresses[row], freeze[row]);
        }
        _batchRow = 0;
    }

    /// @notice Releases an account that was frozen as a whole.
    function releaseAddress(address account) external restricted {
        _freezeAddress(account, false);
    }

    /// @inheritdoc IERC3643
    function freezePartialTokens(address userAddress, uint256 amount) external restricted {
        _freezePartial(userAddress, amount);
    }

    /// @inheritdoc IERC3643
    function batchFreezePartialTokens(address[] calldata userAddresses, uint256[] calldata amounts)
        external
        restricted
    {
        _requireSameLength(userAddresses.length, amounts.length);
        for (uint256 row; row < amounts.length; ++row) {
            _batchRow = row + 1;
            _freezePartial(userAddresses[row], amounts[row]);
        }
        _batchRow = 0;
    }

    /// @inheritdoc IERC3643
    function unfreezePartialTokens(address userAddress, uint256 amount) external restricted {
        _unfreezePartial(userAddress, amount);
    }

    /// @inheritdoc IERC3643
    function batchUnfreezePartialTokens(address[] calldata userAddresses, uint256[] calldata amounts)
        external
        restricted
    {
        _requireSameLength(userAddresses.length, amounts.length);
        for (uint256 row; row < amounts.length; ++row) {
            _batchRow = row + 1;
            _unfreezePartial(userAddresses[row], amounts[row]);
        }
        _batchRow = 0;
    }

    /// @inheritdoc IERC7943Fungible
    function setFrozenTokens(address account, uint256 amount) external restricted returns (bool) {
        Account old = _accounts[account];
        if (amount > type(uint112).max) amount = type(uint112).max; // more than any balance can be
        if (amount < old.frozen()) _requireReleaser();
        _rewrite(account, old, _setFrozen(account, old, amount));
        return true;
    }

    /// @inheritdoc IERC3643
    function isFrozen(address userAddress) external view returns (bool) {
        return _accounts[userAddress].is_(Accounts.FROZEN);
    }

    /// @inheritdoc IERC7943Fungible
    function getFrozenTokens(address account) external view returns (uint256) {
        return _accounts[account].frozen();
    }

    function _setAddressFrozen(address account, bool freeze) private {
        if (!freeze) _requireReleaser();
        _freezeAddress(account, freeze);
    }

    function _freezeAddress(address account, bool freeze) private {
        Account old = _accounts[account];
        _rewrite(account, old, old.withFlag(Accounts.FROZEN, freeze));
        emit AddressFrozen(account, freeze, msg.sender);
    }

    function _freezePartial(address account, uint256 amount) private {
        Account old = _accounts[account];
        if (amount > old.unfrozen()) {
            _raise(abi.encodeWithSelector(FreezeExceedsBalance.selector, account, amount, old.unfrozen()));
        }
        _rewrite(account, old, _setFrozen(account, old, old.frozen() + amount));
    }

    function _unfreezePartial(address account, uint256 amount) private {
        Account old = _accounts[account];
        if (amount > old.frozen()) {
            _raise(abi.encodeWithSelector(UnfreezeExceedsFrozen.selector, account, amount, old.frozen()));
        }
        _rewrite(account, old, _setFrozen(account, old, old.frozen() - amount));
    }

    /// @dev The functions that both freeze and release are opened to those who freeze; to release by them, one must
    /// also be able to call `releaseAddress`, at once. Whose release role is delayed schedules `releaseAddress` or
    /// `unfreezePartialTokens` instead.
    function _requireReleaser() private view {
        (bool immediate,) = AuthorityUtils.canCallWithDelay(
            authority(), msg.sender, address(this), this.releaseAddress.selector
        );
        if (!immediate) revert AccessManagedUnauthorized(msg.sender);
    }

    function _rewrite(address account, Account old, Account next) private {
        _write(account, old, next, _currentConfiguration());
    }
}
