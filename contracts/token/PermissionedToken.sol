// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ICompliance} from "../compliance/ICompliance.sol";
import {Restriction} from "../compliance/Restriction.sol";
import {IERC3643IdentityRegistry, IInvestorRegistry, Screening} from "../identity/IIdentityRegistry.sol";
import {Standing} from "../identity/InvestorRecord.sol";
import {IIssuanceGate} from "../programme/IIssuanceGate.sol";
import {Account, Accounts} from "./Account.sol";
import {Allowances} from "./Allowances.sol";
import {Documents} from "./Documents.sol";
import {Enforcement} from "./Enforcement.sol";
import {IERC1404} from "./IERC1404.sol";
import {IERC1643} from "./IERC1643.sol";
import {IERC3643, IERC3643Roles} from "./IERC3643.sol";
import {IERC7943Fungible} from "./IERC7943Fungible.sol";
import {IPermissionedToken, Order} from "./IPermissionedToken.sol";
import {Door} from "./Movement.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @notice A permissioned token: ERC-20, ERC-2612, ERC-3643, ERC-7943, ERC-1404 and ERC-1643 over one register.
/// @dev The core of every asset class. A series is a clone; what can differ between series is in its storage or its
/// immutable arguments, and what all share is immutable here. Every power is a role of the `Authority`, opened to a
/// selector by class; this contract knows no owner, no agent and no administrator of its own.
abstract contract PermissionedToken is Enforcement, Allowances, Documents, IERC1404, IERC3643Roles, IERC165 {
    using ERC165Checker for address;

    bytes32 private constant _ORDER =
        keccak256("Order(address from,address to,uint256 amount,bytes32 document,uint256 sequence,uint256 expiry)");

    bytes4 private constant _MINT_WITH_REFERENCE = bytes4(keccak256("mint(address,uint256,bytes32)"));

    address private immutable _AUTHORITY;
    IIssuanceGate internal immutable ISSUANCE;

    error TermsAreImmutable();
    error PowersLiveInAuthority(address authority);
    error MaximumIssueExceeded(uint256 supply, uint256 maximumIssue);
    error OrderExpired(uint256 expiry);
    error OrderOutOfSequence(address account, uint256 sequence, uint256 expected);
    error ForcedTransferToSelf(address account);
    error RecoveryNotCompleted(address lost, address successor);
    error RegistryNotUnderstood(address registry);

    constructor(address authority_, IIssuanceGate issuance) AccessManaged(authority_) {
        _AUTHORITY = authority_;
        ISSUANCE = issuance;
    }

    // ------------------------------------------------------------------ ERC-20

    /// @inheritdoc IERC20
    function totalSupply() public view returns (uint256) {
        return _accounts[address(0)].balance();
    }

    /// @inheritdoc IERC20
    function balanceOf(address account) external view returns (uint256) {
        return account == address(0) ? 0 : _accounts[account].balance();
    }

    /// @inheritdoc IERC20
    function transfer(address to, uint256 amount) external returns (bool) {
        _move(Door.Transfer, msg.sender, msg.sender, to, amount);
        return true;
    }

    /// @inheritdoc IERC20
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _spend(from, msg.sender, amount);
        _move(Door.Transfer, msg.sender, from, to, amount);
        return true;
    }

    /// @inheritdoc IERC3643
    function batchTransfer(address[] calldata toList, uint256[] calldata amounts) external {
        _requireSameLength(toList.length, amounts.length);
        for (uint256 row; row < amounts.length; ++row) {
            _batchRow = row + 1;
            _move(Door.Transfer, msg.sender, msg.sender, toList[row], amounts[row]);
        }
        _batchRow = 0;
    }

    // ------------------------------------------------------------------ issuance

    /// @inheritdoc IPermissionedToken
    function mint(address to, uint256 amount, bytes32 reference_) external restricted {
        _mint(to, amount, reference_);
        ISSUANCE.admit(amount);
    }

    /// @inheritdoc IERC3643
    function mint(address to, uint256 amount) external restricted {
        _mint(to, amount, 0);
        ISSUANCE.admit(amount);
    }

    /// @inheritdoc IPermissionedToken
    function batchMint(address[] calldata to, uint256[] calldata amounts, bytes32 reference_) external restricted {
        _mintAll(to, amounts, reference_);
    }

    /// @inheritdoc IERC3643
    function batchMint(address[] calldata toList, uint256[] calldata amounts) external restricted {
        _mintAll(toList, amounts, 0);
    }

    /// @inheritdoc IPermissionedToken
    function burn(address from, uint256 amount, bytes32 reference_) external restricted {
        _burn(from, amount, reference_);
    }

    /// @inheritdoc IERC3643
    function burn(address userAddress, uint256 amount) external restricted {
        _burn(userAddress, amount, 0);
    }

    /// @inheritdoc IERC3643
    function batchBurn(address[] calldata userAddresses, uint256[] calldata amounts) external restricted {
        _requireSameLength(userAddresses.length, amounts.length);
        for (uint256 row; row < amounts.length; ++row) {
            _batchRow = row + 1;
            _burn(userAddresses[row], amounts[row], 0);
        }
        _batchRow = 0;
    }

    function _mintAll(address[] calldata to, uint256[] calldata amounts, bytes32 reference_) private {
        _requireSameLength(to.length, amounts.length);
        uint256 sum;
        for (uint256 row; row < amounts.length; ++row) {
            _batchRow = row + 1;
            _mint(to[row], amounts[row], reference_);
            sum += amounts[row];
        }
        _batchRow = 0;
        ISSUANCE.admit(sum);
    }

    /// @dev The caller asks the issuance gate, once for a whole batch; it undoes everything where it refuses.
    function _mint(address to, uint256 amount, bytes32 reference_) private {
        uint256 maximum = maximumIssue();
        uint256 supply = totalSupply();
        if (amount > maximum || supply + amount > maximum) {
            _raise(abi.encodeWithSelector(MaximumIssueExceeded.selector, supply, maximum));
        }
        _move(Door.Mint, msg.sender, address(0), to, amount);
        emit Issued(to, amount, reference_);
    }

    function _burn(address from, uint256 amount, bytes32 reference_) internal {
        _move(Door.Burn, msg.sender, from, address(0), amount);
        emit Retired(from, amount, reference_);
        ISSUANCE.retire(amount);
    }

    // ------------------------------------------------------------------ force

    /// @inheritdoc IPermissionedToken
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

    /// @inheritdoc IERC3643
    function batchForcedTransfer(address[] calldata fromList, address[] calldata toList, uint256[] calldata amounts)
        external
        restricted
    {
        _requireSameLength(fromList.length, toList.length);
        _requireSameLength(fromList.length, amounts.length);
        for (uint256 row; row < amounts.length; ++row) {
            _batchRow = row + 1;
            _force(fromList[row], toList[row], amounts[row]);
        }
        _batchRow = 0;
    }

    /// @inheritdoc IPermissionedToken
    function orderSequence(address account) external view returns (uint256) {
        return _accounts[account].orders();
    }

    function _force(address from, address to, uint256 amount) private {
        if (from == to) _raise(abi.encodeWithSelector(ForcedTransferToSelf.selector, from));
        if (from == address(0)) _raise(abi.encodeWithSelector(ERC7943CannotSend.selector, from));
        _move(Door.Force, msg.sender, from, to, amount);
        emit ForcedTransfer(from, to, amount);
    }

    // ------------------------------------------------------------------ recovery

    /// @inheritdoc IPermissionedToken
    function follow(address lost) public {
        IInvestorRegistry registry = _registry(_configuration);
        address successor = registry.successorOf(lost);
        if (successor == lost) revert RecoveryNotCompleted(lost, successor);
        Account account = _accounts[lost];
        if (account.balance() == 0 && account.frozen() == 0) return;
        _move(Door.Recovery, msg.sender, lost, successor, account.balance());
        emit RecoverySuccess(lost, successor, registry.recordOf(successor).investor());
        emit Followed(lost, successor, account.balance(), account.frozen());
    }

    /// @inheritdoc IERC3643
    /// @dev The decision is the registry's, for all tokens at once; this carries it out here. Anyone may call.
    function recoveryAddress(address lostWallet, address newWallet, address investorOnchainID) external returns (bool) {
        IInvestorRegistry registry = _registry(_configuration);
        bool decided = registry.successorOf(lostWallet) == newWallet && lostWallet != newWallet
            && registry.recordOf(newWallet).investor() == investorOnchainID;
        if (!decided) revert RecoveryNotCompleted(lostWallet, newWallet);
        follow(lostWallet);
        return true;
    }

    // ------------------------------------------------------------------ what can be asked

    /// @inheritdoc IERC1404
    function detectTransferRestriction(address from, address to, uint256 value) public view returns (uint8) {
        return _restriction(Door.Transfer, from, from, to, value);
    }

    /// @inheritdoc IPermissionedToken
    function detectTransferRestrictionFrom(address spender, address from, address to, uint256 amount)
        external
        view
        returns (uint8)
    {
        return _restriction(Door.Transfer, spender, from, to, amount);
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
        Screening memory s = _registry(_configuration).screen(address(0), account, address(0));
        bool stands = s.senderStanding == Standing.Verified || (s.senderStanding == Standing.Lapsed && s.lapsedMaySend);
        return account != address(0) && stands && !_accounts[account].is_(Accounts.FROZEN);
    }

    /// @inheritdoc IERC7943Fungible
    function canReceive(address account) external view returns (bool) {
        Standing standing = _registry(_configuration).standingOf(account);
        return standing == Standing.Verified && !_accounts[account].is_(Accounts.FROZEN);
    }

    // ------------------------------------------------------------------ pointers and documents

    /// @inheritdoc IERC3643
    function identityRegistry() external view returns (IERC3643IdentityRegistry) {
        return IERC3643IdentityRegistry(address(_registry(_configuration)));
    }

    /// @inheritdoc IERC3643
    function compliance() external view returns (ICompliance) {
        return ICompliance(_configuration.compliance());
    }

    /// @inheritdoc IERC3643
    function setIdentityRegistry(address identityRegistry_) external restricted {
        if (!identityRegistry_.supportsInterface(type(IInvestorRegistry).interfaceId)) {
            revert RegistryNotUnderstood(identityRegistry_);
        }
        _useRegistry(identityRegistry_);
    }

    /// @inheritdoc IERC3643
    /// @dev Any ERC-3643 compliance contract will do; the former one has no say in its removal.
    function setCompliance(address compliance_) external restricted {
        address former = _configuration.compliance();
        _useCompliance(compliance_);
        if (former == compliance_) return;
        try ICompliance(former).unbindToken(address(this)) {} catch {}
        ICompliance(compliance_).bindToken(address(this));
    }

    /// @inheritdoc IPermissionedToken
    function announceRecordDate(uint256 at) external virtual restricted returns (uint256 recordId) {
        return _announce(at);
    }

    /// @inheritdoc IERC1643
    function setDocument(bytes32 documentName, string calldata uri, bytes32 documentHash) external restricted {
        _setDocument(documentName, uri, documentHash);
    }

    /// @inheritdoc IERC1643
    function removeDocument(bytes32 documentName) external restricted {
        _removeDocument(documentName);
    }

    function _useCompliance(address compliance_) internal {
        bool foreign = compliance_ != RULE_BOOK.complianceOf(address(this));
        _configuration = _configuration.withCompliance(compliance_, foreign);
        emit ComplianceAdded(compliance_);
    }

    // ------------------------------------------------------------------ who has power here

    /// @inheritdoc AccessManaged
    function authority() public view override returns (address) {
        return _AUTHORITY;
    }

    /// @notice Always reverts: the authority of a class is fixed; what may change is inside it.
    function setAuthority(address) public view override {
        revert PowersLiveInAuthority(_AUTHORITY);
    }

    /// @inheritdoc IERC3643Roles
    /// @dev An agent, to an ERC-3643 client, is who may freeze or mint here at once.
    function isAgent(address agent) external view returns (bool) {
        (bool freezes,) = IAccessManager(_AUTHORITY).canCall(agent, address(this), IERC3643.setAddressFrozen.selector);
        if (freezes) return true;
        (bool mints,) = IAccessManager(_AUTHORITY).canCall(agent, address(this), _MINT_WITH_REFERENCE);
        return mints;
    }

    /// @inheritdoc IERC3643Roles
    function owner() external view returns (address) {
        return _AUTHORITY;
    }

    /// @inheritdoc IERC3643Roles
    function addAgent(address) external view {
        revert PowersLiveInAuthority(_AUTHORITY);
    }

    /// @inheritdoc IERC3643Roles
    function removeAgent(address) external view {
        revert PowersLiveInAuthority(_AUTHORITY);
    }

    /// @inheritdoc IERC3643Roles
    function transferOwnership(address) external view {
        revert PowersLiveInAuthority(_AUTHORITY);
    }

    // ------------------------------------------------------------------ what never changes

    /// @inheritdoc IERC3643
    function setName(string calldata) external pure {
        revert TermsAreImmutable();
    }

    /// @inheritdoc IERC3643
    function setSymbol(string calldata) external pure {
        revert TermsAreImmutable();
    }

    /// @inheritdoc IERC3643
    function setOnchainID(address) external pure {
        revert TermsAreImmutable();
    }

    /// @inheritdoc IERC3643
    function onchainID() external pure returns (address) {
        return address(0);
    }

    /// @inheritdoc IERC3643
    function version() external pure returns (string memory) {
        return "1.0.0";
    }

    /// @inheritdoc IPermissionedToken
    function maximumIssue() public view virtual returns (uint256);

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external view virtual returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC7943Fungible).interfaceId
            || interfaceId == type(IERC20).interfaceId || interfaceId == type(IERC20Metadata).interfaceId
            || interfaceId == type(IERC20Permit).interfaceId || interfaceId == type(IERC5267).interfaceId
            || interfaceId == type(IERC3643).interfaceId || interfaceId == type(IERC1404).interfaceId
            || interfaceId == type(IERC1643).interfaceId || interfaceId == type(IPermissionedToken).interfaceId;
    }
}
