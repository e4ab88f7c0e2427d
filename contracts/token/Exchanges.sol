// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IInvestorRegistry} from "../identity/IIdentityRegistry.sol";
import {Account, Accounts} from "./Account.sol";
import {Configuration, Configurations} from "./Configuration.sol";
import {IExchangeable, Position} from "./IExchangeable.sol";
import {IPermissionedTokenCore} from "./IPermissionedToken.sol";
import {Pledge} from "./IPledges.sol";
import {Door, Movement} from "./Movement.sol";
import {PledgeActs} from "./PledgeActs.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice How holders leave a series for the one that replaces it, and arrive there.
abstract contract Exchanges is PledgeActs, IExchangeable {
    // ------------------------------------------------------------------ leaving

    /// @inheritdoc IExchangeable
    function exchangeBegin() external restricted {
        _stand();
    }

    /// @inheritdoc IExchangeable
    /// @dev Whatever is pledged beyond `pledgeIds` keeps what it stands on, and so does a freeze: together, as for a
    /// transfer. Once nothing is pledged any more, all goes.
    function exchangeOut(address account, bytes32[] calldata pledgeIds, address successor, bytes32 reference_)
        external
        restricted
        returns (Position memory left)
    {
        _stand();
        left.account = account = _followed(account);
        left.pledges = new Pledge[](pledgeIds.length);
        uint256 pledged = _pledged(account, _accounts[account]);
        uint256 rest = pledged;
        for (uint256 i; i < pledgeIds.length; ++i) {
            left.pledges[i] = _takePledge(pledgeIds[i], account, successor);
            rest -= left.pledges[i].amount;
        }
        if (rest != pledged) _setPledged(account, rest);
        if (rest == 0) _unbind(left);
        else left.units = _unbound(_accounts[account], rest);
        if (left.units == 0) return left;
        _burn(account, left.units);
        emit Retired(reference_, left.units);
        if (successor == address(0)) ISSUANCE.retire(left.units);
    }

    /// @dev The pause is for good: lifted by whoever may, it stands again with the next page.
    function _stand() private {
        Configuration configuration = _catchUp();
        if (configuration.is_(Configurations.MATURED)) revert SeriesMatured();
        if (configuration.pausedUntilHour() == Configurations.PAUSED_FOR_GOOD) return;
        _configuration = configuration.withPausedUntilHour(Configurations.PAUSED_FOR_GOOD);
        emit Paused(msg.sender);
        emit PauseConfirmed(msg.sender);
    }

    function _followed(address account) private returns (address successor) {
        successor = _registry(_configuration).successorOf(account);
        if (successor != account) IPermissionedTokenCore(address(this)).follow(account);
    }

    function _takePledge(bytes32 id, address account, address successor) private returns (Pledge memory taken) {
        Pledge storage made = _known(id);
        if (_heirOf(made.holder) != account) revert PledgeNotOf(id, account);
        if (_isSettlement(made.pledgee)) revert PledgeInSettlement(id, made.pledgee);
        taken = made;
        if (taken.amount == 0) return taken;
        taken.holder = account;
        made.amount = 0;
        emit PledgeLeft(id, account, taken.pledgee, successor, taken.amount, taken.notice, taken.enforceableFrom);
    }

    /// @dev All that is left goes, and every freeze with it.
    function _unbind(Position memory left) private {
        Account held = _accounts[left.account];
        (left.units, left.frozen, left.isFrozen) = (held.balance(), held.frozen(), held.is_(Accounts.FROZEN));
        if (left.frozen != 0) _rewrite(left.account, held, _setFrozen(left.account, held, 0));
        if (left.isFrozen) _markFrozen(left.account, false);
    }

    /// @dev What a holder whose pledges stay can part with.
    function _unbound(Account held, uint256 pledged) private pure returns (uint256) {
        if (held.is_(Accounts.FROZEN)) return 0;
        return Math.saturatingSub(held.unfrozen(), pledged);
    }

    // ------------------------------------------------------------------ arriving

    /// @inheritdoc IExchangeable
    function exchangeIn(Position calldata arriving, bytes32[] calldata pledgeIds, address former, bytes32 reference_)
        external
        restricted
    {
        address account = arriving.account;
        if (arriving.units != 0) {
            _arrive(account, arriving.units);
            emit Issued(reference_, arriving.units);
        }
        if (arriving.frozen != 0) {
            Account held = _accounts[account];
            uint256 sum = Math.min(held.frozen() + arriving.frozen, type(uint112).max);
            _rewrite(account, held, _setFrozen(account, held, sum));
        }
        if (arriving.isFrozen) _markFrozen(account, true);
        for (uint256 i; i < pledgeIds.length; ++i) {
            if (arriving.pledges[i].amount != 0) _bringPledge(pledgeIds[i], arriving.pledges[i], former);
        }
    }

    /// @dev A mint that no rule is asked about: modules are told of it as of a forced transfer, which they cannot stop.
    function _arrive(address account, uint256 units) private {
        _requireRoom(units);
        Configuration configuration = _catchUp();
        if (configuration.is_(Configurations.MATURED)) revert SeriesMatured();
        IInvestorRegistry registry = _registry(configuration);
        Account supply = _accounts[address(0)];
        Account held = _accounts[account];
        Movement memory m;
        (m.door, m.operator, m.to, m.amount) = (Door.Mint, msg.sender, account, units);
        (m.recipient, m.toBalance) = (registry.recordOf(account), held.balance());

        _settle(configuration.withFlag(Configurations.ASKS, false), m, supply, held);
        _configuration = configuration.withHolders(_configuration.holders());
        if (!configuration.is_(Configurations.ASKS)) return;
        m.door = Door.Force;
        _tellRules(configuration, m);
    }

    function _bringPledge(bytes32 id, Pledge calldata brought, address former) private {
        PledgeBook storage book = _pledgeBook();
        book.former = former;
        Pledge storage made = book.pledges[id];
        (made.holder, made.pledgee, made.amount) = (brought.holder, brought.pledgee, brought.amount);
        (made.notice, made.enforceableFrom) = (brought.notice, brought.enforceableFrom);
        emit PledgeArrived(
            id, brought.holder, brought.pledgee, former, brought.amount, brought.notice, brought.enforceableFrom
        );
        _setPledged(brought.holder, _pledged(brought.holder, _accounts[brought.holder]) + brought.amount);
    }
}
