// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ICompliance} from "../compliance/ICompliance.sol";
import {IRuleBookClient} from "../compliance/IRuleBook.sol";
import {Restriction} from "../compliance/Restriction.sol";
import {IERC3643IdentityRegistry, IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {Standing, Verdict} from "../identity/InvestorRecord.sol";
import {Account, Accounts} from "./Account.sol";
import {Acts} from "./Acts.sol";
import {Allowances} from "./Allowances.sol";
import {Configurations} from "./Configuration.sol";
import {IERC1404} from "./IERC1404.sol";
import {IERC1643} from "./IERC1643.sol";
import {IERC3643Core, IERC3643Desk} from "./IERC3643.sol";
import {IERC7943Fungible} from "./IERC7943Fungible.sol";
import {IPermissionedTokenCore, IPermissionedTokenDesk, Order} from "./IPermissionedToken.sol";
import {Door} from "./Movement.sol";
import {TermsHead} from "./TermsHead.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @notice A permissioned token: ERC-20, ERC-2612, ERC-3643, ERC-7943, ERC-1404 and ERC-1643 over one register.
/// @dev The core of every asset class. A series is a clone; what can differ between series is in its storage or its
/// immutable arguments, and what all share is immutable here. Every power is a role of the `Authority`, opened to a
/// selector by class; this contract knows no owner, no agent and no administrator of its own.
///
/// What is called rarely stands in the `TokenDesk`, which this contract calls in its own name for every function it
/// does not have itself; the desk's address is fixed in the code. Both inherit the same storage from `Gate`.
abstract contract PermissionedToken is
    Acts,
    Allowances,
    IERC3643Core,
    IERC7943Fungible,
    IERC1404,
    IERC165,
    IRuleBookClient,
    IPermissionedTokenCore
{
    bytes32 private constant _ORDER =
        keccak256("Order(address from,address to,uint256 amount,bytes32 document,uint256 sequence,uint256 expiry)");

    address private immutable _DESK;

    error OrderExpired(uint256 expiry);
    error OrderOutOfSequence(address account, uint256 sequence, uint256 expected);
    error RecoveryNotCompleted(address lost);
    error HoldersNotCounted();

    constructor(address desk) {
        _DESK = desk;
    }

    /// @dev The desk: all that is not below.
    fallback() external {
        address desk = _DESK;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let done := delegatecall(gas(), desk, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(done) { revert(0, returndatasize()) }
            return(0, returndatasize())
        }
    }

    // ------------------------------------------------------------------ ERC-20

    /// @inheritdoc IERC20
    function totalSupply() external view returns (uint256) {
        return _accounts[address(0)].balance();
    }

    /// @inheritdoc IERC20
    function balanceOf(address account) external view returns (uint256) {
        return account == address(0) ? 0 : _accounts[account].balance();
    }

    /// @inheritdoc IERC20
    function transfer(address to, uint256 amount) external returns (bool) {
        _transfer(msg.sender, msg.sender, to, amount);
        return true;
    }

    /// @inheritdoc IERC20
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _spend(from, msg.sender, amount);
        _transfer(msg.sender, from, to, amount);
        return true;
    }

    // ------------------------------------------------------------------ mint and burn

    /// @inheritdoc IPermissionedTokenCore
    function mint(address to, uint256 amount, bytes32 reference_) external restricted {
        _mint(to, amount);
        _issued(amount, reference_);
    }

    /// @inheritdoc IPermissionedTokenCore
    function burn(address from, uint256 amount, bytes32 reference_) external restricted {
        _burn(from, amount, reference_);
    }

    // ------------------------------------------------------------------ force

    /// @inheritdoc IPermissionedTokenCore
    function forcedTransfer(address from, address to, uint256 amount, Order calldata order)
        external
        restricted
        returns (bool)
    {
        if (block.timestamp > order.expiry) revert OrderExpired(order.expiry);
        uint256 expected = _accounts[from].orders();
        if (order.sequence != expected) revert OrderOutOfSequence(from, order.sequence, expected);
        bytes32 digest = _typedDataHash(
            keccak256(abi.encode(_ORDER, from, to, amount, order.document, order.sequence, order.expiry))
        );
        _force(from, to, amount);
        emit OrderExecuted(digest, order.document, from, to, amount);
        return true;
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev The standard's form has no room for an order, so production opens it to nobody.
    function forcedTransfer(address from, address to, uint256 amount) external restricted returns (bool) {
        _force(from, to, amount);
        return true;
    }

    /// @inheritdoc IPermissionedTokenCore
    function orderSequence(address account) external view returns (uint256) {
        return _accounts[account].orders();
    }

    // ------------------------------------------------------------------ freeze

    /// @inheritdoc IERC3643Core
    function freezePartialTokens(address userAddress, uint256 amount) external restricted {
        _freezePartial(userAddress, amount);
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev To lower the figure, the caller must also be able to call `unfreezePartialTokens`, at once.
    function setFrozenTokens(address account, uint256 amount) external restricted returns (bool) {
        Account old = _accounts[account];
        if (amount > type(uint112).max) amount = type(uint112).max; // more than any balance can be
        if (amount < old.frozen()) _requireAlso(IERC3643Desk.unfreezePartialTokens.selector);
        _rewrite(account, old, _setFrozen(account, old, amount));
        return true;
    }

    /// @inheritdoc IERC7943Fungible
    function getFrozenTokens(address account) external view returns (uint256) {
        return _accounts[account].frozen();
    }

    /// @inheritdoc IERC3643Core
    function isFrozen(address userAddress) external view returns (bool) {
        return _accounts[userAddress].is_(Accounts.FROZEN);
    }

    /// @inheritdoc IERC3643Core
    function paused() external view returns (bool) {
        return _pausedNow(_configuration);
    }

    // ------------------------------------------------------------------ recovery

    /// @inheritdoc IPermissionedTokenCore
    function follow(address lost) external {
        IInvestorRegistry registry = _registry(_configuration);
        address successor = registry.successorOf(lost);
        if (successor == lost) revert RecoveryNotCompleted(lost);
        Account account = _accounts[lost];
        if (account.balance() == 0 && account.frozen() == 0 && !account.is_(Accounts.FROZEN)) return;
        _act(Door.Recovery, lost, successor, account.balance());
        emit RecoverySuccess(lost, successor, registry.recordOf(successor).investor());
    }

    // ------------------------------------------------------------------ what can be asked

    /// @inheritdoc IERC1404
    function detectTransferRestriction(address from, address to, uint256 value) public view returns (uint8) {
        return _restriction(from, from, to, value);
    }

    /// @inheritdoc IPermissionedTokenCore
    function detectTransferRestrictionFrom(address spender, address from, address to, uint256 amount)
        external
        view
        returns (uint8)
    {
        if (spender != from && allowance(from, spender) < amount) return Restriction.INSUFFICIENT_ALLOWANCE;
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

    /// @inheritdoc IPermissionedTokenCore
    function balanceOfAt(address account, uint256 recordId) external view returns (uint256) {
        return account == address(0) ? 0 : _balanceAtRecord(account, recordId);
    }

    /// @inheritdoc IPermissionedTokenCore
    function totalSupplyAt(uint256 recordId) external view returns (uint256) {
        return _balanceAtRecord(address(0), recordId);
    }

    /// @inheritdoc IPermissionedTokenCore
    function holders() external view returns (uint256) {
        if (!_configuration.is_(Configurations.COUNTS)) revert HoldersNotCounted();
        return _configuration.holders();
    }

    /// @inheritdoc IPermissionedTokenCore
    function maximumIssue() external view returns (uint256) {
        return TermsHead.maximumIssue();
    }

    /// @inheritdoc IERC3643Core
    function identityRegistry() external view returns (IERC3643IdentityRegistry) {
        return IERC3643IdentityRegistry(address(_registry(_configuration)));
    }

    /// @inheritdoc IERC3643Core
    function compliance() external view returns (ICompliance) {
        return ICompliance(_configuration.compliance());
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external view virtual returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC7943Fungible).interfaceId
            || interfaceId == type(IERC20).interfaceId || interfaceId == type(IERC20Metadata).interfaceId
            || interfaceId == type(IERC20Permit).interfaceId || interfaceId == type(IERC5267).interfaceId
            || interfaceId == type(IERC1404).interfaceId || interfaceId == type(IERC1643).interfaceId
            || interfaceId == type(IPermissionedTokenCore).interfaceId
            || interfaceId == type(IPermissionedTokenDesk).interfaceId;
    }

    // ------------------------------------------------------------------ the rule book's hint

    /// @inheritdoc IRuleBookClient
    function setRuleHooks(bool refuses, bool books, bool counts) external {
        if (msg.sender != address(RULE_BOOK)) revert OnlyRuleBook(msg.sender);
        _configuration = _configuration.withFlag(Configurations.REFUSES, refuses).withFlag(Configurations.BOOKS, books)
            .withFlag(Configurations.COUNTS, counts);
    }
}
