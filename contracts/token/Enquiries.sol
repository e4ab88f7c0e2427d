// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ICompliance} from "../compliance/ICompliance.sol";
import {Restriction} from "../compliance/Restriction.sol";
import {IERC3643IdentityRegistry, IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {Standing, Verdict} from "../identity/InvestorRecord.sol";
import {Accounts} from "./Account.sol";
import {Acts} from "./Acts.sol";
import {Allowances} from "./Allowances.sol";
import {Configuration, Configurations} from "./Configuration.sol";
import {IERC1404} from "./IERC1404.sol";
import {IERC1643} from "./IERC1643.sol";
import {IERC3643Desk} from "./IERC3643.sol";
import {IERC7943Fungible} from "./IERC7943Fungible.sol";
import {IPermissionedTokenCore, IPermissionedTokenDesk} from "./IPermissionedToken.sol";
import {IPledges} from "./IPledges.sol";
import {Movement} from "./Movement.sol";
import {Register} from "./Register.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @notice What a series can be asked, beyond balances and terms: why a transfer would be refused, what is frozen, who
/// held how much when.
abstract contract Enquiries is
    Acts,
    Allowances,
    IERC3643Desk,
    IERC7943Fungible,
    IERC1404,
    IERC165,
    IERC5267,
    IPermissionedTokenDesk
{
    error HoldersNotCounted();

    // ------------------------------------------------------------------ transfers

    /// @inheritdoc IERC1404
    function detectTransferRestriction(address from, address to, uint256 value) public view returns (uint8) {
        return _restriction(from, from, to, value);
    }

    /// @inheritdoc IPermissionedTokenDesk
    function detectTransferRestrictionFrom(address spender, address from, address to, uint256 amount)
        external
        view
        returns (uint8)
    {
        if (spender != from && _allowances[from][spender] < amount) return Restriction.INSUFFICIENT_ALLOWANCE;
        return _restriction(spender, from, to, amount);
    }

    /// @inheritdoc IERC1404
    function messageForTransferRestriction(uint8 restrictionCode) external view returns (string memory) {
        return RULE_BOOK.message(restrictionCode);
    }

    /// @inheritdoc IERC7943Fungible
    function canTransfer(address from, address to, uint256 amount) external view returns (bool) {
        return detectTransferRestriction(from, to, amount) == Restriction.NONE;
    }

    /// @inheritdoc IERC7943Fungible
    function canSend(address account) external view returns (bool) {
        if (account == address(0) || _accounts[account].is_(Accounts.FROZEN)) return false;
        (,, Verdict verdict) = _registry(_configuration).screen(address(0), account, address(0));
        return verdict.sender() == Standing.Verified;
    }

    /// @inheritdoc IERC7943Fungible
    function canReceive(address account) external view returns (bool) {
        if (_accounts[account].is_(Accounts.FROZEN)) return false;
        return _registry(_configuration).standingOf(account) == Standing.Verified;
    }

    /// @inheritdoc IERC7943Fungible
    function getFrozenTokens(address account) external view returns (uint256) {
        return _accounts[account].frozen();
    }

    /// @inheritdoc IERC3643Desk
    function isFrozen(address userAddress) external view returns (bool) {
        return _accounts[userAddress].is_(Accounts.FROZEN);
    }

    /// @inheritdoc IERC3643Desk
    function paused() external view returns (bool) {
        return _pausedNow(_configuration);
    }

    /// @inheritdoc IPermissionedTokenDesk
    function orderSequence(address account) external view returns (uint256) {
        return _accounts[account].orders();
    }

    /// @inheritdoc IPermissionedTokenDesk
    function balanceOfAt(address account, uint256 recordId) external view returns (uint256) {
        return account == address(0) ? 0 : _balanceAtRecord(account, recordId);
    }

    /// @inheritdoc IPermissionedTokenDesk
    function balancesOfAt(address[] calldata accounts, uint256 recordId)
        external
        view
        returns (uint256[] memory balances)
    {
        _balanceAtRecord(address(0), recordId); // refuses a record date that is not reached
        balances = new uint256[](accounts.length);
        for (uint256 i; i < accounts.length; ++i) {
            if (accounts[i] != address(0)) balances[i] = _balanceAt(accounts[i], recordId);
        }
    }

    /// @inheritdoc IPermissionedTokenDesk
    function totalSupplyAt(uint256 recordId) external view returns (uint256) {
        return _balanceAtRecord(address(0), recordId);
    }

    /// @inheritdoc IPermissionedTokenDesk
    function holders() external view returns (uint256) {
        if (!_configuration.is_(Configurations.COUNTS)) revert HoldersNotCounted();
        return _configuration.holders();
    }

    /// @inheritdoc IERC3643Desk
    function identityRegistry() external view returns (IERC3643IdentityRegistry) {
        return IERC3643IdentityRegistry(address(_registry(_configuration)));
    }

    /// @inheritdoc IERC3643Desk
    function compliance() external view returns (ICompliance) {
        return ICompliance(_configuration.compliance());
    }

    /// @inheritdoc IERC5267
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version_,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        return (hex"0f", _domainName(), DOMAIN_VERSION, block.chainid, address(this), bytes32(0), new uint256[](0));
    }

    /// @notice ERC-2612: the domain permits are signed under.
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparator();
    }

    function _domainName() internal view override returns (string memory) {
        return IERC20Metadata(address(this)).name();
    }

    /// @inheritdoc IPermissionedTokenDesk
    function holdersAfter(address from, address to, uint256 amount) external view returns (uint256) {
        Configuration configuration = _currentConfiguration();
        Movement memory m = _transferOf(from, from, to, amount);
        IInvestorRegistry registry = _registry(configuration);
        (m.sender, m.recipient) = (registry.recordOf(from), registry.recordOf(to));
        return _holdersIfAdded(configuration, m);
    }

    /// @inheritdoc IPermissionedTokenDesk
    function recordDates() external view returns (uint256[] memory dates) {
        dates = new uint256[](_countRecordDates());
        for (uint256 id; id < dates.length; ++id) {
            dates[id] = _recordDateOf(id);
        }
    }

    /// @inheritdoc IPermissionedTokenDesk
    /// @dev Of the announced list: a class whose terms say when its record dates are answers itself.
    function recordDate(uint256 recordId) external view returns (uint256) {
        return _recordDates[recordId];
    }

    /// @inheritdoc Register
    /// @dev Asks the series, whose class is not known here.
    function _recordDateOf(uint256 recordId) internal view override returns (uint256) {
        return IPermissionedTokenDesk(address(this)).recordDate(recordId);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC7943Fungible).interfaceId
            || interfaceId == type(IERC20).interfaceId || interfaceId == type(IERC20Metadata).interfaceId
            || interfaceId == type(IERC20Permit).interfaceId || interfaceId == type(IERC5267).interfaceId
            || interfaceId == type(IERC1404).interfaceId || interfaceId == type(IERC1643).interfaceId
            || interfaceId == type(IPermissionedTokenCore).interfaceId
            || interfaceId == type(IPermissionedTokenDesk).interfaceId || interfaceId == type(IPledges).interfaceId;
    }
}
