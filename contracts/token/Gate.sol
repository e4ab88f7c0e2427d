// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ICompliance} from "../compliance/ICompliance.sol";
import {IRuleBook} from "../compliance/IRuleBook.sol";
import {Restriction} from "../compliance/Restriction.sol";
import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {InvestorRecord, InvestorRecords, Standing, Verdict, Verdicts} from "../identity/InvestorRecord.sol";
import {IIssuanceGate} from "../programme/IIssuanceGate.sol";
import {Account, Accounts} from "./Account.sol";
import {Configuration, Configurations} from "./Configuration.sol";
import {IERC3643Events} from "./IERC3643.sol";
import {IERC7943Fungible} from "./IERC7943Fungible.sol";
import {Door, Movement} from "./Movement.sol";
import {Register} from "./Register.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

/// @notice What every series of a programme stands on; fixed in the code of its class.
/// @param authority Who may do what.
/// @param registry Who a wallet belongs to.
/// @param ruleBook The rules of all series.
/// @param issuance The gate of every mint and burn: the programme.
struct Foundations {
    address authority;
    IInvestorRegistry registry;
    IRuleBook ruleBook;
    IIssuanceGate issuance;
}

/// @notice The one gate every change of balances passes.
/// @dev judge (the token's own state, then the registry, both by static calls) → write → tell the rules, which check
/// and book in one call and undo everything where they refuse. Views judge with the same code, so that they cannot
/// disagree with the act.
abstract contract Gate is Register, AccessManaged, IERC3643Events, IERC20Errors {
    address private immutable _AUTHORITY;
    IInvestorRegistry internal immutable REGISTRY;
    IRuleBook internal immutable RULE_BOOK;
    IIssuanceGate internal immutable ISSUANCE;

    /// @dev Row of the batch being worked on, from one; zero outside a batch. Lets a refusal name its row.
    uint256 internal transient _batchRow;

    /// @dev Used only while the configuration says `OTHER_REGISTRY`.
    address internal _otherRegistry;

    /// @notice The regulator halted transfers of the whole programme.
    error ProgrammeHalted();
    /// @notice The token is paused until the given hour (Unix time / 3600); all ones: until somebody releases it.
    error TokenPaused(uint256 untilHour);
    /// @notice The series has matured: holdings can only be redeemed.
    error SeriesMatured();
    /// @notice The spender is frozen, suspended or lost.
    error SpenderRefused(address spender);
    /// @notice A foreign compliance contract refused the movement.
    error ForeignComplianceRefused(address compliance);
    /// @notice Only the rule book may say this.
    error OnlyRuleBook(address caller);
    /// @notice A row of a batch was refused, so none was done.
    /// @param row From zero.
    /// @param reason The error the row alone would have raised.
    error BatchRowRefused(uint256 row, bytes reason);
    /// @notice The lists of a batch have different lengths.
    error BatchLengthsDiffer(uint256 first, uint256 other);
    /// @notice A foreign compliance contract failed to book what it has no power to refuse.
    event ForeignComplianceFailed(address indexed compliance, bytes reason);

    /// @notice The authority of a class is fixed; what may change is inside it.
    error AuthorityIsFixed(address authority);

    constructor(Foundations memory foundations) AccessManaged(foundations.authority) {
        _AUTHORITY = foundations.authority;
        REGISTRY = foundations.registry;
        RULE_BOOK = foundations.ruleBook;
        ISSUANCE = foundations.issuance;
    }

    // ------------------------------------------------------------------ the gate

    /// @dev The holders' door: moves by a holder or a spender.
    function _transfer(address operator, address from, address to, uint256 amount) internal {
        Configuration configuration = _catchUp();
        Account sender = _accounts[from];
        Account recipient = _accounts[to];
        Movement memory m; // its door is `Door.Transfer`, the first
        (m.operator, m.from, m.to, m.amount) = (operator, from, to, amount);
        (m.fromBalance, m.toBalance) = (sender.balance(), recipient.balance());

        uint8 code = _judgeTransfer(configuration, m, sender, recipient);
        if (code != Restriction.NONE) _raise(_reason(code, m, sender));
        _settle(configuration, m, sender, recipient);
    }

    /// @dev The door of a recovery. It is not judged: the registry, which named the successor, has decided.
    /// @param record The successor's, and so of the same investor as the lost wallet.
    function _recover(address lost, address successor, InvestorRecord record) internal {
        Account sender = _accounts[lost];
        Account recipient = _accounts[successor];
        Movement memory m;
        (m.door, m.operator, m.from, m.to, m.amount) = (Door.Recovery, msg.sender, lost, successor, sender.balance());
        (m.fromBalance, m.toBalance, m.sender, m.recipient) = (m.amount, recipient.balance(), record, record);
        _settle(_catchUp(), m, sender, recipient);
        emit RecoverySuccess(lost, successor, record.investor());
    }

    /// @dev The agents' doors: mint, burn, force.
    function _act(Door door, address from, address to, uint256 amount) internal {
        Configuration configuration = _catchUp();
        Account sender = _accounts[from];
        Account recipient = _accounts[to];
        Movement memory m;
        (m.door, m.operator, m.from, m.to, m.amount) = (door, msg.sender, from, to, amount);
        if (from != address(0)) m.fromBalance = sender.balance();
        if (to != address(0)) m.toBalance = recipient.balance();
        if (door == Door.Mint) m.supply = sender.balance() + amount;

        uint8 code = _judgeAct(configuration, m, sender, recipient);
        if (code != Restriction.NONE) _raise(_reason(code, m, sender));
        _settle(configuration, m, sender, recipient);
    }

    /// @dev Nearly every transfer has nothing against it, which a few comparisons show; only then is it asked what.
    function _judgeTransfer(Configuration configuration, Movement memory m, Account sender, Account recipient)
        private
        view
        returns (uint8)
    {
        Verdict verdict;
        (m.sender, m.recipient, verdict) = _registry(configuration).screen(m.operator, m.from, m.to);
        uint256 doubt = (Configuration.unwrap(configuration) & Configurations.STANDSTILL) | Verdict.unwrap(verdict)
            | ((Account.unwrap(sender) | Account.unwrap(recipient)) & Accounts.FROZEN);
        if (m.operator != m.from) doubt |= Account.unwrap(_accounts[m.operator]) & Accounts.FROZEN;
        bool whole = m.from != address(0) && m.to != address(0) && m.amount <= sender.unfrozen();
        return doubt == 0 && whole ? Restriction.NONE : _doubt(configuration, m, sender, recipient, verdict);
    }

    /// @dev The first reason against a transfer, in the order of the codes' families: the series, the parties, the
    /// amount.
    function _doubt(Configuration configuration, Movement memory m, Account sender, Account recipient, Verdict verdict)
        private
        view
        returns (uint8)
    {
        if (_pausedNow(configuration)) return Restriction.PAUSED;
        if (configuration.is_(Configurations.MATURED)) return Restriction.MATURED;
        if (m.to == address(0)) return Restriction.ZERO_RECIPIENT;
        if (verdict.says(Verdicts.HALTED)) return Restriction.PROGRAMME_HALTED;
        if (m.from == address(0)) return Restriction.SENDER_STANDING + uint8(Standing.Unknown);
        if (sender.is_(Accounts.FROZEN)) return Restriction.SENDER_FROZEN;
        if (verdict.sender() != Standing.Verified) return Restriction.SENDER_STANDING + uint8(verdict.sender());
        if (recipient.is_(Accounts.FROZEN)) return Restriction.RECIPIENT_FROZEN;
        if (verdict.recipient() != Standing.Verified) {
            return Restriction.RECIPIENT_STANDING + uint8(verdict.recipient());
        }
        if (verdict.says(Verdicts.SPENDER_DEAD)) return Restriction.SPENDER_DEAD;
        if (m.operator != m.from && _accounts[m.operator].is_(Accounts.FROZEN)) return Restriction.SPENDER_FROZEN;
        if (m.amount > sender.balance()) return Restriction.INSUFFICIENT_BALANCE;
        return m.amount > sender.unfrozen() ? Restriction.INSUFFICIENT_UNFROZEN : Restriction.NONE;
    }

    /// @dev Mint, burn and force. The sender's standing is not asked, which is what such acts are for; the recipient's is.
    function _judgeAct(Configuration configuration, Movement memory m, Account sender, Account recipient)
        private
        view
        returns (uint8)
    {
        IInvestorRegistry registry = _registry(configuration);
        if (m.from != address(0)) {
            m.sender = registry.recordOf(m.from);
            if (m.amount > sender.balance()) return Restriction.INSUFFICIENT_BALANCE;
        }
        if (m.door == Door.Burn) return Restriction.NONE;
        if (m.to == address(0)) return Restriction.ZERO_RECIPIENT;
        Verdict verdict;
        (, m.recipient, verdict) = registry.screen(address(0), address(0), m.to);
        if (m.door == Door.Mint) {
            if (_pausedNow(configuration)) return Restriction.PAUSED;
            if (verdict.says(Verdicts.HALTED)) return Restriction.PROGRAMME_HALTED;
        }
        // Entitlements stand since the maturity: a holding seized now would part from its redemption.
        if (configuration.is_(Configurations.MATURED)) return Restriction.MATURED;
        if (recipient.is_(Accounts.FROZEN)) return Restriction.RECIPIENT_FROZEN;
        return verdict.recipient() == Standing.Verified
            ? Restriction.NONE
            : Restriction.RECIPIENT_STANDING + uint8(verdict.recipient());
    }

    /// @dev The error that a code stands for.
    function _reason(uint8 code, Movement memory m, Account sender) private view returns (bytes memory) {
        if (code == Restriction.PAUSED) {
            return abi.encodeWithSelector(TokenPaused.selector, _configuration.pausedUntilHour());
        }
        if (code == Restriction.PROGRAMME_HALTED) return abi.encodeWithSelector(ProgrammeHalted.selector);
        if (code == Restriction.MATURED) return abi.encodeWithSelector(SeriesMatured.selector);
        if (code == Restriction.ZERO_RECIPIENT) return abi.encodeWithSelector(ERC20InvalidReceiver.selector, m.to);
        if (code == Restriction.SPENDER_DEAD || code == Restriction.SPENDER_FROZEN) {
            return abi.encodeWithSelector(SpenderRefused.selector, m.operator);
        }
        if (code == Restriction.INSUFFICIENT_BALANCE) {
            return abi.encodeWithSelector(ERC20InsufficientBalance.selector, m.from, sender.balance(), m.amount);
        }
        if (code == Restriction.INSUFFICIENT_UNFROZEN) {
            return abi.encodeWithSelector(
                IERC7943Fungible.ERC7943InsufficientUnfrozenBalance.selector, m.from, m.amount, sender.unfrozen()
            );
        }
        bool recipients = code == Restriction.RECIPIENT_FROZEN || code >= Restriction.RECIPIENT_STANDING;
        return recipients
            ? abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotReceive.selector, m.to)
            : abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotSend.selector, m.from);
    }

    /// @dev Reverts with `reason`, wrapped in the row's number inside a batch.
    function _raise(bytes memory reason) internal view {
        if (_batchRow != 0) revert BatchRowRefused(_batchRow - 1, reason);
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    function _requireSameLength(uint256 first, uint256 other) internal pure {
        if (first != other) revert BatchLengthsDiffer(first, other);
    }

    /// @dev The only function that moves a balance: writes both accounts, then tells the rules.
    function _settle(Configuration configuration, Movement memory m, Account sender, Account recipient) private {
        uint256 word = Configuration.unwrap(configuration);
        if (word & Configurations.FOREIGN != 0) _askForeign(configuration, m);
        if (word & Configurations.COUNTS != 0 && m.toBalance == 0) m.holders = _holdersIfAdded(configuration, m);

        if (m.from == m.to) {
            // Nothing changes; the rules hear of it all the same.
        } else if (_settlesPlainly(configuration, m, sender, recipient)) {
            _write(m.from, sender, sender.sub(m.amount), configuration);
            _write(m.to, recipient, recipient.add(m.amount), configuration);
        } else {
            _settleFully(configuration, m, sender, recipient);
        }
        emit IERC20.Transfer(m.from, m.to, m.amount);
        if (word & Configurations.ASKS != 0) _tellRules(configuration, m);
    }

    /// @dev A transfer of an uncounted series, or between two who are counted and who both still hold, changes two
    /// balances and nothing else.
    function _settlesPlainly(Configuration configuration, Movement memory m, Account sender, Account recipient)
        private
        pure
        returns (bool)
    {
        if (m.door != Door.Transfer) return false;
        if (Configuration.unwrap(configuration) & Configurations.COUNTS == 0) return true;
        uint256 both = Account.unwrap(sender) & Account.unwrap(recipient);
        return both & Accounts.COUNTED != 0 && m.amount != m.fromBalance;
    }

    /// @dev Writes both accounts, their frozen parts, and who counts as a holder.
    function _settleFully(Configuration configuration, Movement memory m, Account sender, Account recipient) private {
        Account nextSender = m.from == address(0) ? sender.add(m.amount) : sender.sub(m.amount);
        Account nextRecipient = m.to == address(0) ? recipient.sub(m.amount) : recipient.add(m.amount);
        if (m.door > Door.Mint) (nextSender, nextRecipient) = _settleFrozen(m, sender, nextSender, nextRecipient);

        Configuration next = configuration;
        bool counts = configuration.is_(Configurations.COUNTS);
        if (counts && _countsByItself(m.from, m.sender, nextSender)) (next, nextSender) = _count(next, nextSender);
        if (counts && _countsByItself(m.to, m.recipient, nextRecipient)) {
            (next, nextRecipient) = _count(next, nextRecipient);
        }
        _write(m.from, sender, nextSender, configuration);
        _write(m.to, recipient, nextRecipient, configuration);
        if (counts && _linked(m.sender)) next = _countTogether(next, m.sender);
        if (counts && _linked(m.recipient)) next = _countTogether(next, m.recipient);
        if (Configuration.unwrap(next) != Configuration.unwrap(configuration)) _configuration = next;
    }

    /// @dev What burn, force and recovery do to frozen parts.
    function _settleFrozen(Movement memory m, Account sender, Account nextSender, Account nextRecipient)
        private
        returns (Account, Account)
    {
        if (m.door == Door.Recovery) {
            return (_bequeath(m.from, nextSender), _inherit(m.to, nextRecipient, sender));
        }
        nextSender = _release(m.from, nextSender, sender, m.amount);
        if (m.door == Door.Force) nextSender = nextSender.withOrderExecuted();
        return (nextSender, nextRecipient);
    }

    function _tellRules(Configuration configuration, Movement memory m) private {
        if (configuration.is_(Configurations.FOREIGN)) return _tellForeign(configuration.compliance(), m);
        bool refusable = m.door <= Door.Mint;
        if (!configuration.is_(refusable ? Configurations.REFUSES : Configurations.BOOKS)) return;
        if (!_callRuleBook(IRuleBook.book.selector, m)) _raise(_answer(type(uint256).max));
    }

    /// @dev Calls the rule book with the movement as it lies in memory: a struct of words is its own ABI encoding, and
    /// to encode it anew would cost as much as the rules. The word before it lends its place to the selector.
    function _callRuleBook(bytes4 selector, Movement memory m) private returns (bool done) {
        address ruleBook = address(RULE_BOOK);
        assembly ("memory-safe") {
            let head := sub(m, 0x20)
            let lent := mload(head)
            mstore(head, shr(224, selector))
            done := call(gas(), ruleBook, 0, sub(m, 4), 0x164, 0, 0)
            mstore(head, lent)
        }
    }

    /// @dev A foreign compliance contract may refuse a transfer or a mint, and is asked before anything is written.
    function _askForeign(Configuration configuration, Movement memory m) private view {
        if (m.door > Door.Mint) return;
        address foreign = configuration.compliance();
        if (ICompliance(foreign).canTransfer(m.from, m.to, m.amount)) return;
        _raise(abi.encodeWithSelector(ForeignComplianceRefused.selector, foreign));
    }

    /// @dev What it can refuse it can also fail to book; a burn, a forced transfer or a recovery it cannot block.
    function _tellForeign(address foreign, Movement memory m) private {
        bytes memory news;
        if (m.door == Door.Mint) news = abi.encodeCall(ICompliance.created, (m.to, m.amount));
        else if (m.door == Door.Burn) news = abi.encodeCall(ICompliance.destroyed, (m.from, m.amount));
        else news = abi.encodeCall(ICompliance.transferred, (m.from, m.to, m.amount));
        if (LowLevelCall.callNoReturn(foreign, news)) return;
        bytes memory reason = _answer(256);
        if (m.door <= Door.Mint) _raise(reason);
        emit ForeignComplianceFailed(foreign, reason);
    }

    /// @dev What the last call answered, cut to `most` bytes: an answer must not cost more than the call.
    function _answer(uint256 most) private pure returns (bytes memory answer) {
        assembly ("memory-safe") {
            let size := returndatasize()
            if gt(size, most) { size := most }
            answer := mload(0x40)
            mstore(answer, size)
            returndatacopy(add(answer, 0x20), 0, size)
            mstore(0x40, and(add(add(answer, size), 0x3f), not(0x1f)))
        }
    }

    // ------------------------------------------------------------------ the gate, only looking

    /// @dev What `_transfer` would say, as an ERC-1404 code.
    function _restriction(address operator, address from, address to, uint256 amount)
        internal
        view
        returns (uint8 code)
    {
        Configuration configuration = _currentConfiguration();
        Account sender = _accounts[from];
        Account recipient = _accounts[to];
        Movement memory m = _transferOf(operator, from, to, amount);
        code = _judgeTransfer(configuration, m, sender, recipient);
        if (code != Restriction.NONE) return code;
        if (m.toBalance == 0 && configuration.is_(Configurations.COUNTS)) {
            m.holders = _holdersIfAdded(configuration, m);
        }
        if (configuration.is_(Configurations.FOREIGN)) {
            bool allowed = ICompliance(configuration.compliance()).canTransfer(from, to, amount);
            return allowed ? Restriction.NONE : Restriction.FOREIGN_COMPLIANCE;
        }
        return configuration.is_(Configurations.REFUSES) ? RULE_BOOK.restriction(m) : Restriction.NONE;
    }

    // ------------------------------------------------------------------ holders

    /// @dev Number of holders after the movement where it makes the recipient's investor one; else zero.
    function _holdersIfAdded(Configuration configuration, Movement memory m) internal view returns (uint256) {
        if (m.toBalance != 0 || m.amount == 0 || m.to == address(0)) return 0;
        address investor = m.recipient.investor();
        if (_linked(m.recipient) && _holding(configuration, investor) != 0) return 0;
        bool leaves = m.from != address(0) && m.fromBalance == m.amount
            && (!_linked(m.sender) || _holding(configuration, m.sender.investor()) == m.amount);
        return leaves ? 0 : configuration.holders() + 1;
    }

    /// @dev Sum over the wallets of an investor, 8 at most.
    function _holding(Configuration configuration, address investor) private view returns (uint256 sum) {
        address[] memory wallets = _registry(configuration).walletsOf(investor);
        for (uint256 i; i < wallets.length; ++i) {
            sum += _accounts[wallets[i]].balance();
        }
    }

    /// @dev Counts an account that stands for its investor alone.
    function _count(Configuration configuration, Account next) internal pure returns (Configuration, Account) {
        bool holds = next.balance() != 0;
        if (holds == next.is_(Accounts.COUNTED)) return (configuration, next);
        uint256 number = holds ? configuration.holders() + 1 : configuration.holders() - 1;
        return (configuration.withHolders(number), next.withFlag(Accounts.COUNTED, holds));
    }

    /// @dev Counts an investor of several wallets by exactly one of those that hold: the first.
    function _countTogether(Configuration configuration, InvestorRecord record) internal returns (Configuration next) {
        next = configuration;
        address[] memory wallets = _registry(configuration).walletsOf(record.investor());
        bool found;
        for (uint256 i; i < wallets.length; ++i) {
            Account account = _accounts[wallets[i]];
            bool counts = !found && account.balance() != 0;
            found = found || counts;
            if (counts == account.is_(Accounts.COUNTED)) continue;
            next = next.withHolders(counts ? next.holders() + 1 : next.holders() - 1);
            _write(wallets[i], account, account.withFlag(Accounts.COUNTED, counts), configuration);
            emit HolderCounted(wallets[i], counts, next.holders());
        }
    }

    /// @dev A wallet that stands for its investor alone, or is empty and so counts for nobody. The zero address is no
    /// wallet.
    function _countsByItself(address account, InvestorRecord record, Account next) private pure returns (bool) {
        return account != address(0) && (!_linked(record) || next.balance() == 0);
    }

    function _linked(InvestorRecord record) internal pure returns (bool) {
        return record.is_(InvestorRecords.LINKED);
    }

    // ------------------------------------------------------------------ frozen parts

    /// @dev What an act took beyond the unfrozen part is no longer frozen.
    function _release(address account, Account next, Account old, uint256 amount) private returns (Account) {
        uint256 free = old.unfrozen();
        if (amount <= free) return next;
        return _setFrozen(account, next, old.frozen() - (amount - free));
    }

    /// @dev A recovered wallet keeps nothing, not even its freezes: it is dead by the registry's word.
    function _bequeath(address account, Account next) private returns (Account) {
        if (next.is_(Accounts.FROZEN)) emit AddressFrozen(account, false, msg.sender);
        if (next.frozen() != 0) next = _setFrozen(account, next, 0);
        return next.withFlag(Accounts.FROZEN, false);
    }

    /// @dev The successor of a recovered wallet inherits what was frozen, and the freeze of the account as a whole.
    function _inherit(address account, Account next, Account lost) private returns (Account) {
        if (lost.is_(Accounts.FROZEN) && !next.is_(Accounts.FROZEN)) {
            next = next.withFlag(Accounts.FROZEN, true);
            emit AddressFrozen(account, true, msg.sender);
        }
        if (lost.frozen() == 0) return next;
        uint256 sum = lost.frozen() + next.frozen();
        return _setFrozen(account, next, sum > type(uint112).max ? type(uint112).max : sum);
    }

    /// @dev Speaks to ERC-3643 readers in differences and to ERC-7943 readers in totals.
    function _setFrozen(address account, Account next, uint256 amount) internal returns (Account) {
        uint256 before = next.frozen();
        if (amount > before) emit TokensFrozen(account, amount - before);
        else if (amount < before) emit TokensUnfrozen(account, before - amount);
        emit IERC7943Fungible.Frozen(account, amount);
        return next.withFrozen(amount);
    }

    // ------------------------------------------------------------------ what the gate stands on

    function _transferOf(address operator, address from, address to, uint256 amount)
        internal
        view
        returns (Movement memory m)
    {
        (m.operator, m.from, m.to, m.amount) = (operator, from, to, amount);
        (m.fromBalance, m.toBalance) = (_accounts[from].balance(), _accounts[to].balance());
    }

    function _registry(Configuration configuration) internal view returns (IInvestorRegistry) {
        return configuration.is_(Configurations.OTHER_REGISTRY) ? IInvestorRegistry(_otherRegistry) : REGISTRY;
    }

    function _pausedNow(Configuration configuration) internal view returns (bool) {
        uint256 until = configuration.pausedUntilHour();
        return until != 0 && block.timestamp < until * 1 hours;
    }

    /// @inheritdoc AccessManaged
    function authority() public view override returns (address) {
        return _AUTHORITY;
    }

    /// @notice Always reverts.
    function setAuthority(address) public view override {
        revert AuthorityIsFixed(_AUTHORITY);
    }
}
