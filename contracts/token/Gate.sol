// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Restriction} from "../compliance/Restriction.sol";
import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {InvestorRecord, Standing, Verdict, Verdicts} from "../identity/InvestorRecord.sol";
import {Account, Accounts} from "./Account.sol";
import {ComplianceCalls} from "./ComplianceCalls.sol";
import {Configuration, Configurations} from "./Configuration.sol";
import {Foundations, Founded} from "./Foundations.sol";
import {Freezes} from "./Freezes.sol";
import {Holders} from "./Holders.sol";
import {IERC7943Fungible} from "./IERC7943Fungible.sol";
import {Door, Movement} from "./Movement.sol";
import {Pledges} from "./Pledges.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice The one gate every change of balances passes.
/// @dev judge (the token's own state, then the registry, both by static calls) → write → tell the rules, which check
/// and book in one call and undo everything where they refuse. Views judge with the same code, so that they cannot
/// disagree with the act.
abstract contract Gate is Holders, Freezes, Pledges, ComplianceCalls, IERC20Errors {
    /// @notice Transfers of the whole programme are halted.
    error ProgrammeHalted();
    /// @notice The stage of the programme has ended: only burns, payments and orders go on.
    error StageEnded();
    /// @notice Every token of this class is paused.
    error AssetClassPaused();
    /// @notice The token is paused until the given hour (Unix time / 3600); all ones: until somebody releases it.
    error TokenPaused(uint256 untilHour);
    /// @notice The series has matured: holdings can only be redeemed.
    error SeriesMatured();
    /// @notice The spender is frozen, suspended or lost.
    error SpenderRefused(address spender);
    /// @notice Only the rule book may say this.
    error OnlyRuleBook(address caller);

    constructor(Foundations memory foundations) Founded(foundations) {}

    // ------------------------------------------------------------------ the gate

    /// @dev The holders' door: moves by a holder or a spender.
    function _transfer(address operator, address from, address to, uint256 amount) internal {
        Configuration configuration = _catchUp();
        Account sender = _accounts[from];
        Account recipient = _accounts[to];
        Movement memory m = Movement({
            door: Door.Transfer,
            operator: operator,
            from: from,
            to: to,
            amount: amount,
            sender: InvestorRecord.wrap(0),
            recipient: InvestorRecord.wrap(0),
            fromBalance: sender.balance(),
            toBalance: recipient.balance(),
            supply: 0,
            holders: 0
        });

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

    /// @dev A burn that takes nothing frozen or pledged, of a series that counts nobody and tells nobody of burns, changes
    /// two balances and nothing else.
    /// @return done Whether it was such a one; if not, nothing is done.
    function _burnsPlainly(address from, uint256 amount) internal returns (bool done) {
        Configuration configuration = _catchUp();
        Account sender = _accounts[from];
        bool heard = configuration.is_(Configurations.FOREIGN | Configurations.BOOKS | Configurations.COUNTS);
        if (heard || sender.is_(Accounts.PLEDGED) || amount > sender.unfrozen()) return false;
        Account supply = _accounts[address(0)];
        _write(from, sender, sender.sub(amount), configuration);
        _write(address(0), supply, supply.sub(amount), configuration);
        emit IERC20.Transfer(from, address(0), amount);
        return true;
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
            | ((Account.unwrap(sender) | Account.unwrap(recipient)) & Accounts.ENCUMBERED);
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
        uint8 standstill = _standstill(verdict);
        if (standstill != Restriction.NONE) return standstill;
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
        if (m.amount > sender.unfrozen()) return Restriction.INSUFFICIENT_UNFROZEN;
        return m.amount > _unpledged(m, sender) ? Restriction.INSUFFICIENT_UNPLEDGED : Restriction.NONE;
    }

    /// @dev Mint, burn and force. The sender's standing is not asked, which is what such acts are for; the recipient's is.
    function _judgeAct(Configuration configuration, Movement memory m, Account sender, Account recipient)
        private
        view
        returns (uint8)
    {
        IInvestorRegistry registry = _registry(configuration);
        if (m.from != address(0)) {
            if (configuration.is_(Configurations.BOOKS | Configurations.COUNTS)) m.sender = registry.recordOf(m.from);
            if (m.amount > sender.balance()) return Restriction.INSUFFICIENT_BALANCE;
        }
        if (m.door == Door.Burn) {
            return m.amount > _unpledged(m, sender) ? Restriction.INSUFFICIENT_UNPLEDGED : Restriction.NONE;
        }
        if (m.to == address(0)) return Restriction.ZERO_RECIPIENT;
        Verdict verdict;
        (, m.recipient, verdict) = registry.screen(address(0), address(0), m.to);
        if (m.door == Door.Mint) {
            if (_pausedNow(configuration)) return Restriction.PAUSED;
            uint8 standstill = _standstill(verdict);
            if (standstill != Restriction.NONE) return standstill;
        }
        // Entitlements stand since the maturity: a holding seized now would part from its redemption.
        if (configuration.is_(Configurations.MATURED)) return Restriction.MATURED;
        if (recipient.is_(Accounts.FROZEN)) return Restriction.RECIPIENT_FROZEN;
        return verdict.recipient() == Standing.Verified
            ? Restriction.NONE
            : Restriction.RECIPIENT_STANDING + uint8(verdict.recipient());
    }

    /// @dev What stops more tokens than this one.
    function _standstill(Verdict verdict) private pure returns (uint8) {
        if (verdict.says(Verdicts.HALTED)) return Restriction.PROGRAMME_HALTED;
        if (verdict.says(Verdicts.STAGE_ENDED)) return Restriction.STAGE_ENDED;
        return verdict.says(Verdicts.CLASS_PAUSED) ? Restriction.CLASS_PAUSED : Restriction.NONE;
    }

    /// @dev The error that a code stands for.
    function _reason(uint8 code, Movement memory m, Account sender) private view returns (bytes memory) {
        if (code == Restriction.PAUSED) {
            return abi.encodeWithSelector(TokenPaused.selector, _configuration.pausedUntilHour());
        }
        if (code == Restriction.PROGRAMME_HALTED) return abi.encodeWithSelector(ProgrammeHalted.selector);
        if (code == Restriction.STAGE_ENDED) return abi.encodeWithSelector(StageEnded.selector);
        if (code == Restriction.CLASS_PAUSED) return abi.encodeWithSelector(AssetClassPaused.selector);
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
        if (code == Restriction.INSUFFICIENT_UNPLEDGED) {
            return abi.encodeWithSelector(TokensPledged.selector, m.from, m.amount, _unpledged(m, sender));
        }
        bool recipients = code == Restriction.RECIPIENT_FROZEN || code >= Restriction.RECIPIENT_STANDING;
        return recipients
            ? abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotReceive.selector, m.to)
            : abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotSend.selector, m.from);
    }

    /// @dev Moves every balance but those of a plain burn: writes both accounts, then tells the rules.
    function _settle(Configuration configuration, Movement memory m, Account sender, Account recipient) internal {
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
        if (!m.isThrough(Door.Transfer)) return false;
        if (Configuration.unwrap(configuration) & Configurations.COUNTS == 0) return true;
        uint256 both = Account.unwrap(sender) & Account.unwrap(recipient);
        return both & Accounts.COUNTED != 0 && m.amount != m.fromBalance;
    }

    /// @dev Writes both accounts, what is frozen or pledged of them, and who counts as a holder.
    function _settleFully(Configuration configuration, Movement memory m, Account sender, Account recipient) private {
        Account nextSender = m.from == address(0) ? sender.add(m.amount) : sender.sub(m.amount);
        Account nextRecipient = m.to == address(0) ? recipient.sub(m.amount) : recipient.add(m.amount);
        if (!m.isThrough(Door.Mint)) {
            (nextSender, nextRecipient) = _settleFrozen(m, sender, nextSender, nextRecipient);
            if (sender.is_(Accounts.PLEDGED)) {
                (nextSender, nextRecipient) = _settlePledges(m, nextSender, nextRecipient);
            }
        }

        Configuration next = configuration;
        bool counts = configuration.is_(Configurations.COUNTS);
        if (counts && _countsByItself(m.from, m.sender, nextSender)) (next, nextSender) = _count(next, nextSender);
        if (counts && _countsByItself(m.to, m.recipient, nextRecipient)) {
            (next, nextRecipient) = _count(next, nextRecipient);
        }
        _write(m.from, sender, nextSender, configuration);
        _write(m.to, recipient, nextRecipient, configuration);
        if (counts && _linked(m.sender)) next = _countTogether(next, m.sender);
        // A recovery's parties are one investor.
        if (counts && _linked(m.recipient) && m.door != Door.Recovery) next = _countTogether(next, m.recipient);
        if (Configuration.unwrap(next) != Configuration.unwrap(configuration)) _configuration = next;
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
        return _objection(configuration, m);
    }

    /// @dev Reverts where a transfer from such a sender would be refused, whatever the rules would say.
    function _requireMovable(Movement memory m, Account sender) internal view {
        uint8 code = _judgeTransfer(_currentConfiguration(), m, sender, _accounts[m.to]);
        if (code != Restriction.NONE) _raise(_reason(code, m, sender));
    }

    function _transferOf(address operator, address from, address to, uint256 amount)
        internal
        view
        returns (Movement memory m)
    {
        (m.operator, m.from, m.to, m.amount) = (operator, from, to, amount);
        (m.fromBalance, m.toBalance) = (_accounts[from].balance(), _accounts[to].balance());
    }
}
