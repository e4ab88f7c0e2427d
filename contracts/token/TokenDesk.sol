// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CivilDate} from "../assets/CivilDate.sol";
import {ICompliance} from "../compliance/ICompliance.sol";
import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {InvestorRecord} from "../identity/InvestorRecord.sol";
import {ISeries, ITermed} from "../programme/ISeries.sol";
import {Account} from "./Account.sol";
import {BatchDesk} from "./BatchDesk.sol";
import {Configuration, Configurations} from "./Configuration.sol";
import {Documents} from "./Documents.sol";
import {Extended} from "./Extended.sol";
import {Foundations} from "./Foundations.sol";
import {Gate} from "./Gate.sol";
import {IERC1643} from "./IERC1643.sol";
import {IERC3643Desk, IERC3643Roles} from "./IERC3643.sol";
import {IERC7943Fungible} from "./IERC7943Fungible.sol";
import {IPermissionedTokenCore, IPermissionedTokenDesk} from "./IPermissionedToken.sol";
import {TermsHead} from "./TermsHead.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";

/// @notice The desk of all series: what agents and stewards do rarely or in batches, and what can be asked.
/// @custom:extension PledgeDesk
/// @dev Runs in the name of a series, by delegatecall from its fallback, on the storage both inherit from `Gate`; it
/// adds none of its own but for the documents, which stand under a slot of their own. Called directly it moves
/// nothing: its own storage is empty, and no label opens its own address.
contract TokenDesk is BatchDesk, Documents, Extended, IERC3643Roles, ISeries {
    using ERC165Checker for address;

    string private constant _VERSION = "1.0.0";
    /// @dev A pause by one person lapses after this many hours unless another confirms it.
    uint256 private constant PAUSE_HOURS = 7 * 24;

    /// @dev Bounds the walk back through an account's checkpoints, and what eight bits can number.
    uint256 private constant MAXIMUM_RECORD_DATES = 250;
    /// @dev Record dates closer than this would be one.
    uint256 private constant MINIMUM_RECORD_SPACING = 1 hours;

    error OnlyProgramme(address caller);
    error AlreadyInitialized();
    error RecordDateNotInFuture(uint256 at, uint256 notBefore);
    error RecordDatesExhausted(uint256 maximum);
    /// @notice The terms say when the record dates are: none can be announced.
    error RecordDatesAreTerms();
    error TermsAreImmutable();
    error PowersLiveInAuthority(address authority);
    error NotPaused();
    error RecoveryNotDecided(address lost, address successor, address investor);
    error RegistryNotUnderstood(address registry);

    constructor(Foundations memory foundations, address pledgeDesk) Gate(foundations) Extended(pledgeDesk) {}

    // ------------------------------------------------------------------ birth

    /// @inheritdoc ISeries
    /// @dev Record dates that the terms give are known from here on; otherwise the stated maturity, where there is one,
    /// becomes the first record date and so the last.
    function initialize(address compliance_) external {
        if (msg.sender != address(ISSUANCE)) revert OnlyProgramme(msg.sender);
        if (_configuration.compliance() != address(0)) revert AlreadyInitialized();
        ITermed(address(this)).requireSoundTerms();
        _useCompliance(compliance_);
        _firstRecordDate();
        IERC20Metadata self = IERC20Metadata(address(this));
        emit IdentityRegistryAdded(address(REGISTRY));
        emit UpdatedTokenInformation(self.name(), self.symbol(), self.decimals(), _VERSION, address(0));
    }

    /// @inheritdoc ISeries
    function isBacked() external pure returns (bool) {
        return false;
    }

    // ------------------------------------------------------------------ the standard's forms that carry no reference

    /// @inheritdoc IERC3643Desk
    function mint(address to, uint256 amount) external restricted {
        _requireRoom(amount);
        _mint(to, amount);
        _issued(amount, 0);
    }

    /// @inheritdoc IERC3643Desk
    function burn(address userAddress, uint256 amount) external restricted {
        _burn(userAddress, amount);
        _retired(amount, 0);
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev The standard's form has no room for an order, so production opens it to nobody.
    function forcedTransfer(address from, address to, uint256 amount) external restricted returns (bool) {
        _force(from, to, amount);
        return true;
    }

    // ------------------------------------------------------------------ pause

    /// @inheritdoc IERC3643Desk
    /// @dev Lapses after seven days unless confirmed. A second pause neither shortens nor prolongs the first.
    function pause() external restricted {
        Configuration configuration = _configuration;
        if (!_pausedNow(configuration)) {
            _configuration = configuration.withPausedUntilHour(block.timestamp / 1 hours + PAUSE_HOURS);
        }
        emit Paused(msg.sender);
    }

    /// @inheritdoc IPermissionedTokenDesk
    function confirmPause() external restricted {
        if (!_pausedNow(_configuration)) revert NotPaused();
        _configuration = _configuration.withPausedUntilHour(Configurations.PAUSED_FOR_GOOD);
        emit PauseConfirmed(msg.sender);
    }

    /// @inheritdoc IERC3643Desk
    function unpause() external restricted {
        if (!_pausedNow(_configuration)) revert NotPaused();
        _configuration = _configuration.withPausedUntilHour(0);
        emit Unpaused(msg.sender);
    }

    // ------------------------------------------------------------------ freeze and release

    /// @inheritdoc IERC7943Fungible
    /// @dev To lower the figure, the caller must also be able to call `unfreezePartialTokens`, at once.
    function setFrozenTokens(address account, uint256 amount) external restricted returns (bool) {
        Account old = _accounts[account];
        if (amount > type(uint112).max) amount = type(uint112).max; // more than any balance can be
        if (amount < old.frozen()) _requireAlso(IERC3643Desk.unfreezePartialTokens.selector);
        _rewrite(account, old, _setFrozen(account, old, amount));
        return true;
    }

    /// @inheritdoc IERC3643Desk
    /// @dev To release by it, the caller must also be able to call `releaseAddress`, at once. Whose release role is
    /// delayed schedules `releaseAddress` itself.
    function setAddressFrozen(address userAddress, bool freeze) external restricted {
        _setAddressFrozen(userAddress, freeze);
    }

    /// @inheritdoc IPermissionedTokenDesk
    function releaseAddress(address account) external restricted {
        _markFrozen(account, false);
    }

    /// @inheritdoc IERC3643Desk
    function unfreezePartialTokens(address userAddress, uint256 amount) external restricted {
        _unfreezePartial(userAddress, amount);
    }

    // ------------------------------------------------------------------ recovery and holders

    /// @inheritdoc IERC3643Desk
    /// @dev The decision is the registry's, for all tokens at once; this carries it out here. Anyone may call.
    function recoveryAddress(address lostWallet, address newWallet, address investorOnchainID) external returns (bool) {
        IInvestorRegistry registry = _registry(_configuration);
        bool decided = lostWallet != newWallet && registry.successorOf(lostWallet) == newWallet
            && registry.recordOf(newWallet).investor() == investorOnchainID;
        if (!decided) revert RecoveryNotDecided(lostWallet, newWallet, investorOnchainID);
        IPermissionedTokenCore(address(this)).follow(lostWallet);
        return true;
    }

    /// @inheritdoc IPermissionedTokenDesk
    function recount(address[] calldata accounts) external {
        Configuration configuration = _catchUp();
        if (!configuration.is_(Configurations.COUNTS)) return;
        Configuration next = configuration;
        for (uint256 i; i < accounts.length; ++i) {
            next = _recount(next, accounts[i]);
        }
        _configuration = next;
    }

    function _recount(Configuration configuration, address account) private returns (Configuration next) {
        InvestorRecord record = _registry(configuration).recordOf(account);
        if (_linked(record)) return _countTogether(configuration, record);
        if (account == address(0)) return configuration;
        Account old = _accounts[account];
        Account counted;
        (next, counted) = _count(configuration, old);
        if (Account.unwrap(counted) != Account.unwrap(old)) _write(account, old, counted, configuration);
    }

    // ------------------------------------------------------------------ record dates and documents

    /// @inheritdoc IPermissionedTokenDesk
    function announceRecordDate(uint256 at) external restricted returns (uint256 recordId) {
        if (TermsHead.maturityDay() != 0) revert RecordDatesAreTerms();
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

    function _firstRecordDate() private {
        uint32 maturity = TermsHead.maturityDay();
        if (maturity == 0) return;
        uint256 at = _recordDateOf(0);
        if (at == 0) {
            _announce(CivilDate.startOfDayKarachi(maturity));
        } else {
            if (at <= block.timestamp) revert RecordDateNotInFuture(at, block.timestamp + 1);
            _configuration = _configuration.withNextRecordDate(at);
        }
    }

    /// @dev Appends a record date. Nothing moves or removes one: what is announced stands.
    function _announce(uint256 at) private returns (uint256 recordId) {
        recordId = _recordCount;
        if (recordId == MAXIMUM_RECORD_DATES) revert RecordDatesExhausted(MAXIMUM_RECORD_DATES);
        uint256 notBefore = recordId == 0 ? 0 : _recordDates[recordId - 1] + MINIMUM_RECORD_SPACING;
        if (notBefore <= block.timestamp) notBefore = block.timestamp + 1;
        if (at < notBefore || at > type(uint32).max) revert RecordDateNotInFuture(at, notBefore);

        _recordDates[recordId] = at;
        _recordCount = recordId + 1;
        Configuration configuration = _currentConfiguration();
        if (configuration.nextRecordDate() == 0) configuration = configuration.withNextRecordDate(at);
        _configuration = configuration;
        emit RecordDateAnnounced(recordId, at);
    }

    // ------------------------------------------------------------------ pointers

    /// @inheritdoc IERC3643Desk
    function setIdentityRegistry(address identityRegistry_) external restricted {
        if (!identityRegistry_.supportsInterface(type(IInvestorRegistry).interfaceId)) {
            revert RegistryNotUnderstood(identityRegistry_);
        }
        _useRegistry(identityRegistry_);
    }

    /// @inheritdoc IERC3643Desk
    /// @dev Any ERC-3643 compliance contract will do; the former one has no say in its removal.
    function setCompliance(address compliance_) external restricted {
        address former = _configuration.compliance();
        if (former == compliance_) return;
        _useCompliance(compliance_);
        try ICompliance(former).unbindToken(address(this)) {} catch {}
        ICompliance(compliance_).bindToken(address(this));
    }

    function _useCompliance(address compliance_) private {
        bool foreign = compliance_ != RULE_BOOK.complianceOf(address(this));
        _configuration = _configuration.withCompliance(compliance_, foreign);
        emit ComplianceAdded(compliance_);
    }

    function _useRegistry(address registry) private {
        _otherRegistry = registry;
        _configuration = _configuration.withFlag(Configurations.OTHER_REGISTRY, registry != address(REGISTRY));
        emit IdentityRegistryAdded(registry);
    }

    // ------------------------------------------------------------------ who has power here

    /// @inheritdoc IERC3643Roles
    /// @dev An agent, to an ERC-3643 client, is who may freeze or mint here at once.
    function isAgent(address agent) external view returns (bool) {
        return _canCall(agent, IERC3643Desk.setAddressFrozen.selector)
            || _canCall(agent, bytes4(keccak256("mint(address,uint256,bytes32)")));
    }

    /// @inheritdoc IERC3643Roles
    function owner() external view returns (address) {
        return authority();
    }

    /// @inheritdoc IERC3643Roles
    function addAgent(address) external view {
        revert PowersLiveInAuthority(authority());
    }

    /// @inheritdoc IERC3643Roles
    function removeAgent(address) external view {
        revert PowersLiveInAuthority(authority());
    }

    /// @inheritdoc IERC3643Roles
    function transferOwnership(address) external view {
        revert PowersLiveInAuthority(authority());
    }

    // ------------------------------------------------------------------ what never changes

    /// @inheritdoc IERC3643Desk
    function setName(string calldata) external pure {
        revert TermsAreImmutable();
    }

    /// @inheritdoc IERC3643Desk
    function setSymbol(string calldata) external pure {
        revert TermsAreImmutable();
    }

    /// @inheritdoc IERC3643Desk
    function setOnchainID(address) external pure {
        revert TermsAreImmutable();
    }

    /// @inheritdoc IERC3643Desk
    function onchainID() external pure returns (address) {
        return address(0);
    }

    /// @inheritdoc IERC3643Desk
    function version() external pure returns (string memory) {
        return _VERSION;
    }
}
