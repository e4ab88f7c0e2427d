// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {Standing, Verdict, Verdicts} from "../identity/InvestorRecord.sol";
import {Account, Accounts} from "./Account.sol";
import {Allowances} from "./Allowances.sol";
import {Exchanges} from "./Exchanges.sol";
import {Foundations} from "./Foundations.sol";
import {Gate} from "./Gate.sol";
import {IERC7943Fungible} from "./IERC7943Fungible.sol";
import {IBuyback, IPermissionedTokenDesk} from "./IPermissionedToken.sol";
import {IPledges, Pledge} from "./IPledges.sol";
import {Movement} from "./Movement.sol";
import {Register} from "./Register.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

/// @notice The desk of all series where holders let others have a hand in their tokens: a pledgee, who releases or
/// takes what is pledged, and a buyback, which burns what was offered. Here stand also the doors of an exchange.
/// @dev Runs in the name of a series as the `TokenDesk` does, which hands over to it. Nothing here is without the
/// holder's consent, a pledge or an allowance, but the exchange, which takes nothing from anybody.
contract PledgeDesk is Exchanges, Allowances, IPledges, IBuyback {
    /// @dev A notice that has run can be used for so long.
    uint256 private constant NOTICE_LASTS = 30 days;

    constructor(Foundations memory foundations) Gate(foundations) {}

    /// @inheritdoc IPledges
    function pledge(address pledgee, uint256 amount, bytes32 document, uint32 notice) external returns (bytes32 id) {
        if (amount == 0 || document == 0 || pledgee == msg.sender) revert PledgeUnsound(pledgee, amount, document);
        id = pledgeId(msg.sender, pledgee, document);
        Pledge storage made = _pledgeBook().pledges[id];
        if (made.holder != address(0)) revert PledgeAlreadyMade(id);
        address party = _isSettlement(pledgee) ? msg.sender : pledgee;
        _requireMovable(_transferOf(msg.sender, msg.sender, party, amount), _accounts[msg.sender]);

        (made.holder, made.pledgee, made.amount, made.notice) = (msg.sender, pledgee, uint112(amount), notice);
        emit Pledged(id, msg.sender, pledgee, amount, document, notice);
        _setPledged(msg.sender, _pledged(msg.sender, _accounts[msg.sender]) + amount);
    }

    /// @inheritdoc IPledges
    function releasePledge(bytes32 id, uint256 amount) external {
        Pledge storage made = _requirePledgee(id);
        (address holder, uint256 left) = _lessen(id, made, amount);
        emit PledgeReleased(id, holder, msg.sender, amount, left);
    }

    /// @inheritdoc IPledges
    function giveNotice(bytes32 id) external {
        Pledge storage made = _requirePledgee(id);
        made.enforceableFrom = uint40(block.timestamp) + made.notice;
        emit PledgeNoticed(id, msg.sender, made.enforceableFrom);
    }

    /// @inheritdoc IPledges
    function enforcePledge(bytes32 id, address to, uint256 amount) external {
        Pledge storage made = _requirePledgee(id);
        _requireNoticeRun(id, made);
        bool stands = _registry(_configuration).standingOf(msg.sender) == Standing.Verified;
        if (!stands && !_isSettlement(msg.sender)) {
            revert IERC7943Fungible.ERC7943CannotReceive(msg.sender);
        }
        (address holder, uint256 left) = _lessen(id, made, amount);
        emit PledgeEnforced(id, holder, to, msg.sender, amount, left);
        _take(holder, to, amount);
    }

    // ------------------------------------------------------------------ buyback

    /// @inheritdoc IBuyback
    function burnFrom(address from, uint256 amount, bytes32 reference_) external restricted {
        _spend(from, msg.sender, amount);
        _requireMovable(_transferOf(msg.sender, from, from, amount), _accounts[from]);
        _burn(from, amount);
        _retired(amount, reference_);
    }

    // ------------------------------------------------------------------ what can be asked

    /// @inheritdoc IPledges
    function pledgeOf(bytes32 id) external view returns (Pledge memory made) {
        made = _known(id);
        made.holder = _heirOf(made.holder);
        made.pledgee = _registry(_configuration).successorOf(made.pledgee);
    }

    /// @inheritdoc IPledges
    function pledgedOf(address account) external view returns (uint256) {
        return _pledged(account, _accounts[account]);
    }

    /// @inheritdoc IPledges
    function pledgeId(address holder, address pledgee, bytes32 document) public view returns (bytes32 id) {
        id = keccak256(abi.encode(block.chainid, address(this), holder, pledgee, document));
        PledgeBook storage book = _pledgeBook();
        address former = book.former;
        if (former == address(0) || book.pledges[id].holder != address(0)) return id;
        bytes32 older = IPledges(former).pledgeId(holder, pledgee, document);
        if (book.pledges[older].holder != address(0)) return older;
    }

    // ------------------------------------------------------------------ internals

    /// @dev The holders' door, but judged as if nothing were pledged: what other pledges stand on is left to them,
    /// since the pledge was lessened by what goes.
    function _take(address holder, address to, uint256 amount) private {
        Account sender = _accounts[holder];
        Movement memory m = _transferOf(msg.sender, holder, to, amount);
        _requireMovable(m, sender.withFlag(Accounts.PLEDGED, false));
        _settle(_catchUp(), m, sender, _accounts[to]);
    }

    function _lessen(bytes32 id, Pledge storage made, uint256 amount) private returns (address holder, uint256 left) {
        left = made.amount;
        if (amount > left) revert PledgeExceeded(id, amount, left);
        left -= amount;
        made.amount = uint112(left);
        holder = _heirOf(made.holder);
        _setPledged(holder, _pledged(holder, _accounts[holder]) - amount);
    }

    /// @dev The pledgee acts as a spender does: not while frozen here, suspended or lost.
    function _requirePledgee(bytes32 id) private view returns (Pledge storage made) {
        made = _known(id);
        IInvestorRegistry registry = _registry(_configuration);
        if (registry.successorOf(made.pledgee) != msg.sender) revert PledgeeOnly(id, msg.sender);
        (,, Verdict verdict) = registry.screen(msg.sender, address(0), address(0));
        bool refused = verdict.says(Verdicts.SPENDER_DEAD) || _accounts[msg.sender].is_(Accounts.FROZEN);
        if (refused) revert SpenderRefused(msg.sender);
    }

    function _domainName() internal view override returns (string memory) {
        return IERC20Metadata(address(this)).name();
    }

    function _requireNoticeRun(bytes32 id, Pledge storage made) private view {
        if (made.notice == 0) return;
        uint256 from = made.enforceableFrom;
        bool runs = from != 0 && block.timestamp >= from && block.timestamp <= from + NOTICE_LASTS;
        if (!runs) revert PledgeNoticeNotRun(id, from, from == 0 ? 0 : from + NOTICE_LASTS);
    }

    /// @inheritdoc Register
    /// @dev Asks the series, as the `TokenDesk` does: otherwise the first record date of one whose terms say them would
    /// be taken for its end.
    function _recordDateOf(uint256 recordId) internal view override returns (uint256) {
        return IPermissionedTokenDesk(address(this)).recordDate(recordId);
    }
}
