// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

/// @title PilotRupee
/// @notice The pilot's rupee: it stands in for a national stablecoin or central-bank digital currency on local chains.
/// @dev No legal tender, and backed by nothing: a real programme names its cash token in its programme file. Its
/// selectors are separate where one tightens and one loosens, so that each can be given to its own role.
contract PilotRupee is ERC20, ERC20Permit, Pausable, AccessManaged {
    /// @notice `account` can neither hold, send, receive nor spend from now on.
    event Blocked(address indexed account);
    event Unblocked(address indexed account);

    error PilotRupeeBlocked(address account);

    uint8 private constant PAISA_DECIMALS = 2;

    mapping(address account => bool) public isBlocked;

    constructor(address authority_)
        ERC20("Pilot Rupee (no legal tender)", "PKRp")
        ERC20Permit("Pilot Rupee (no legal tender)")
        AccessManaged(authority_)
    {}

    /// @notice Brings `amount` paisa into circulation. Role: its issuer.
    function mint(address to, uint256 amount) external restricted {
        _mint(to, amount);
    }

    /// @notice Takes `amount` paisa of the caller's own out of circulation. Role: its issuer.
    function burn(uint256 amount) external restricted {
        _burn(_msgSender(), amount);
    }

    /// @notice Stops every movement. Role: instant.
    function pause() external restricted {
        _pause();
    }

    /// @notice Lets movements resume. Role: slow.
    function unpause() external restricted {
        _unpause();
    }

    /// @notice Blocks `account`; its balance stays. Role: instant.
    function blockAccount(address account) external restricted {
        isBlocked[account] = true;
        emit Blocked(account);
    }

    /// @notice Releases `account`. Role: slow.
    function unblockAccount(address account) external restricted {
        isBlocked[account] = false;
        emit Unblocked(account);
    }

    /// @notice Two: amounts are in paisa.
    function decimals() public pure override returns (uint8) {
        return PAISA_DECIMALS;
    }

    function _update(address from, address to, uint256 amount) internal override whenNotPaused {
        _requireNotBlocked(from);
        _requireNotBlocked(to);
        super._update(from, to, amount);
    }

    function _spendAllowance(address owner, address spender, uint256 amount) internal override {
        _requireNotBlocked(spender);
        super._spendAllowance(owner, spender, amount);
    }

    function _requireNotBlocked(address account) private view {
        if (isBlocked[account]) revert PilotRupeeBlocked(account);
    }
}
