// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IRuleBookClient} from "../compliance/IRuleBook.sol";
import {InvestorRecord} from "../identity/InvestorRecord.sol";
import {Account, Accounts} from "./Account.sol";
import {Acts} from "./Acts.sol";
import {Allowances} from "./Allowances.sol";
import {Configurations} from "./Configuration.sol";
import {Extended} from "./Extended.sol";
import {IERC3643Core} from "./IERC3643.sol";
import {IPermissionedTokenCore, Order} from "./IPermissionedToken.sol";
import {TermsHead} from "./TermsHead.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

/// @notice A permissioned token: ERC-20, ERC-2612, ERC-3643, ERC-7943, ERC-1404 and ERC-1643 over one register.
/// @dev The core of every asset class. A series is a clone; what can differ between series is in its storage or its
/// immutable arguments, and what all share is immutable here. Every power is a role of the `Authority`, opened to a
/// selector by class; this contract knows no owner, no agent and no administrator of its own.
///
/// Here stands what is called often and what differs between classes. All the rest stands in the `TokenDesk`, which
/// this contract calls in its own name for every function it does not have itself. That keeps a class small, and its hot
/// functions quick to find.
abstract contract PermissionedToken is
    Acts,
    Allowances,
    Extended,
    IERC20Metadata,
    IERC3643Core,
    IRuleBookClient,
    IPermissionedTokenCore
{
    bytes32 private constant _ORDER =
        keccak256("Order(address from,address to,uint256 amount,bytes32 document,uint256 sequence,uint256 expiry)");

    error OrderExpired(uint256 expiry);
    error OrderOutOfSequence(address account, uint256 sequence, uint256 expected);
    error RecoveryNotCompleted(address lost);

    constructor(address desk) Extended(desk) {}

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

    /// @inheritdoc IERC20
    function allowance(address holder, address spender) external view returns (uint256) {
        return _allowances[holder][spender];
    }

    /// @inheritdoc IERC20
    function approve(address spender, uint256 value) external returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    /// @notice ERC-2612: approves by the holder's signature.
    function permit(address holder, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
    {
        _permit(holder, spender, value, deadline, v, r, s);
    }

    /// @inheritdoc IERC20Metadata
    function name() public view virtual returns (string memory);

    function _domainName() internal view override returns (string memory) {
        return name();
    }

    // ------------------------------------------------------------------ mint and burn

    /// @inheritdoc IPermissionedTokenCore
    function mint(address to, uint256 amount, bytes32 reference_) external restricted {
        _requireRoom(amount);
        _mint(to, amount);
        _issued(amount, reference_);
    }

    /// @inheritdoc IPermissionedTokenCore
    function burn(address from, uint256 amount, bytes32 reference_) external restricted {
        _burn(from, amount);
        _retired(amount, reference_);
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

    // ------------------------------------------------------------------ freeze

    /// @inheritdoc IERC3643Core
    function freezePartialTokens(address userAddress, uint256 amount) external restricted {
        _freezePartial(userAddress, amount);
    }

    // ------------------------------------------------------------------ recovery

    /// @inheritdoc IPermissionedTokenCore
    function follow(address lost) external {
        (address successor, InvestorRecord record) = _registry(_configuration).succession(lost);
        if (successor == lost) revert RecoveryNotCompleted(lost);
        Account account = _accounts[lost];
        if (account.balance() == 0 && account.frozen() == 0 && !account.is_(Accounts.ENCUMBERED)) return;
        _recover(lost, successor, record);
    }

    // ------------------------------------------------------------------ what can be asked

    /// @inheritdoc IPermissionedTokenCore
    function maximumIssue() external view returns (uint256) {
        return TermsHead.maximumIssue();
    }

    // ------------------------------------------------------------------ the rule book's hint

    /// @inheritdoc IRuleBookClient
    function setRuleHooks(bool refuses, bool books, bool counts) external {
        if (msg.sender != address(RULE_BOOK)) revert OnlyRuleBook(msg.sender);
        _configuration = _configuration.withFlag(Configurations.REFUSES, refuses).withFlag(Configurations.BOOKS, books)
            .withFlag(Configurations.COUNTS, counts);
    }
}
