"""A series beside a plain model of it: every act is done on both, and both must agree.

The registry is the oracle of how a wallet stands and whose it is; it has tests of its own. What
the token makes of that, its balances, freezes, orders, pauses and history, the model works out by
itself from dictionaries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from eth_utils.crypto import keccak

from scripts._amanat.claims import Attestation
from scripts._amanat.onchain import Flag, InvestorRecord
from tests.evm import Actor, Contract, Evm, Reverted, reverts
from tests.identity import onchainid
from tests.world import AML, KYC, PAKISTAN, RETAIL, Role, Rules, World

WALLETS: Final = 8
MAXIMUM_ISSUE: Final = 2_000
WIDEST: Final = 2**112 - 1
HOUR: Final = 3_600
UNLIMITED: Final = 2**256 - 1
NEVER: Final = 2**24 - 1
DOCUMENTS: Final = [name.ljust(32, b"\0") for name in (b"TERM_SHEET", b"DECREE", b"NOTICE")]
ANY_HOOKS: Final = 127

Act = tuple[str, int, int, int, int]
"""Its name, three wallets by number, and a quantity."""


@dataclass
class Pledge:
    """A pledge as the model has it; its number is its place in the list."""

    identity: bytes
    holder: str
    pledgee: str
    amount: int


class Life:
    """One series, eight wallets, and the model."""

    def __init__(self, evm: Evm | None = None) -> None:
        self.world = world = World(evm)
        self.evm = world.evm
        self.token: Contract = world.open_ended(Rules(maximum_holders=50), MAXIMUM_ISSUE)
        self.wallets: list[Actor] = [self.evm.actor(f"wallet {n}") for n in range(WALLETS)]
        self.desk = self.evm.actor("freezes and releases")
        for role in (Role.FREEZER, Role.RELEASER):
            world.authority.grantRole(role, self.desk, 0, sender=world.admin)
        for owner in self.wallets:
            for spender in self.wallets:
                self.token.approve(spender, UNLIMITED, sender=owner)
        self.identities = self.claimed_identities()
        self.modules: list[Contract] = [
            self.evm.deploy("WaywardModule", sender=world.admin) for _ in range(3)
        ]
        world.attest([self.row(n, 5_000) for n in range(5)])
        world.attest([self.row(5, 5_000, of=0)])
        self.begin()

    def claimed_identities(self) -> list[Contract]:
        """Two ONCHAINID contracts with the claims that the registry asks for."""
        owner, signer = self.evm.actor("owner of identities"), self.evm.actor("claim signer")
        issuer = onchainid.claim_issuer(self.evm, signer)
        officer = self.world[Role.COMPLIANCE_OFFICER]
        self.world.registry.addTrustedIssuer(issuer, [KYC, AML], sender=officer)
        identities = [onchainid.identity(self.evm, owner) for _ in range(2)]
        for each in identities:
            for topic in (KYC, AML):
                onchainid.add_claim(each, issuer, signer, owner, topic, b"")
        return identities

    def begin(self) -> None:
        """The model of a series that was just opened."""
        self.balances: Counter[str] = Counter()
        self.frozen: Counter[str] = Counter()
        self.orders: Counter[str] = Counter()
        self.held: set[str] = set()
        """Accounts frozen as a whole."""
        self.pledges: list[Pledge] = []
        self.paused_until = 0
        self.dates: list[int] = []
        self.history: list[tuple[int, Counter[str]]] = [(0, Counter())]
        self.documents: dict[bytes, tuple[str, bytes, int]] = {}
        self.hooks: dict[str, int] = {}
        """By module of the series."""

    def perform(self, act: Act) -> None:
        """Do one act on the chain and in the model."""
        name, first, second, third, amount = act
        wallets = self.wallets
        getattr(self, name)(wallets[first], wallets[second], wallets[third], amount)
        self.history.append((self.evm.time, Counter(self.balances)))

    def aim(self, act: Act) -> Act:
        """The same act on wallets that it can succeed with, where there are any: most acts on
        wallets taken blindly would be refused."""
        name, first, second, third, amount = act
        if name in self.fit:
            first = self.someone(first, self.fit[name])
        if name == "lose":
            second = self.someone(second, lambda each: self.may_succeed(self.wallets[first], each))
        if name in ("transfer", "transfer_from", "pledge", "force", "enforce"):
            second = self.someone(second, self.may_receive)
        return name, first, second, third, amount

    @cached_property
    def fit(self) -> dict[str, Callable[[str], bool]]:
        """Whom an act is aimed at, by its name."""

        def holds(each: str) -> bool:
            return self.balances[each] > 0

        def may_send(each: str) -> bool:
            return self.may_transfer(each, each, each, 1) and self.free(each) > 0

        def is_noticed(each: str) -> bool:
            return self.recovery(each) == 1

        return {
            **dict.fromkeys(("burn", "force", "freeze_part", "lose"), holds),
            **dict.fromkeys(("transfer", "transfer_from", "pledge"), may_send),
            **dict.fromkeys(("complete", "cancel"), is_noticed),
            "follow": lambda each: self.recovery(each) == 2 and holds(each),
            "unfreeze_part": lambda each: self.frozen[each] > 0,
            "mint": self.may_receive,
            "onboard": self.is_free,
            "reassign": self.is_onchainid,
        }

    def someone(self, number: int, wanted: Callable[[str], bool]) -> int:
        found = [n for n, each in enumerate(self.wallets) if wanted(each)]
        return found[number % len(found)] if found else number

    def may_succeed(self, lost: str, successor: str) -> bool:
        """Nobody's wallet, or another of the same investor."""
        record, other = self.record(lost), self.record(successor)
        return other.word == 0 or (lost != successor and other.investor == record.investor)

    def recovery(self, wallet: str) -> int:
        """0 none, 1 under notice, 2 completed."""
        return int(self.world.registry.recoveryOf(wallet).state)

    # ---------------------------------------------------------------- what the model knows

    @property
    def paused(self) -> bool:
        return self.evm.time < self.paused_until * HOUR

    def verified(self, wallet: str) -> bool:
        return bool(self.world.registry.standingOf(wallet) == 0)

    def record(self, wallet: str) -> InvestorRecord:
        return InvestorRecord(self.world.registry.recordOf(wallet))

    def is_onchainid(self, wallet: str) -> bool:
        """Registered with an identity contract, and not deleted since."""
        record = self.record(wallet)
        return record.is_held and not record.flags & Flag.ATTESTED

    def is_free(self, wallet: str) -> bool:
        """Nobody's: never registered, or deleted."""
        return not self.record(wallet).is_held

    def pledged(self, wallet: str) -> int:
        """Sum of what the wallet's holder pledged."""
        return sum(each.amount for each in self.pledges if each.holder == wallet)

    def unfrozen(self, wallet: str) -> int:
        """Of what it holds, what is not frozen."""
        return max(self.balances[wallet] - self.frozen[wallet], 0)

    def unpledged(self, wallet: str) -> int:
        """Of what it holds, what an agent can burn."""
        return max(self.balances[wallet] - self.pledged(wallet), 0)

    def free(self, wallet: str) -> int:
        """Of what it holds, what it can move: both claims are met."""
        return max(self.balances[wallet] - self.frozen[wallet] - self.pledged(wallet), 0)

    def may_receive(self, wallet: str) -> bool:
        return self.verified(wallet) and wallet not in self.held

    def may_transfer(self, by: str, source: str, to: str, amount: int) -> bool:
        return amount <= self.free(source) and self.may_move(by, source, to)

    def may_move(self, by: str, source: str, to: str) -> bool:
        """Whatever the amount."""
        dead = by not in (source, to) and self.record(by).flags & (Flag.SUSPENDED | Flag.LOST)
        spender = by == source or (by not in self.held and not dead)
        sender = self.verified(source) and source not in self.held
        return spender and sender and not self.paused and self.may_receive(to)

    def holding_investors(self) -> int:
        """By investor where a wallet is linked, else by wallet."""
        held = {each: self.record(each) for each in self.wallets if self.balances[each]}
        return len(
            {
                record.investor if record.flags & Flag.LINKED else each
                for each, record in held.items()
            }
        )

    def done(self, allowed: bool, act: Callable[[], Any]) -> bool:
        """Do it on the chain; refused exactly where the model does not allow it."""
        try:
            act()
        except Reverted as error:
            assert not allowed, f"the model allows what is refused: {error}"
            return False
        assert allowed, "the model refuses what was done"
        return True

    # ---------------------------------------------------------------- tokens

    def mint(self, to: Actor, _b: Actor, _c: Actor, amount: int) -> None:
        room = sum(self.balances.values()) + amount <= MAXIMUM_ISSUE
        allowed = room and not self.paused and self.may_receive(to)
        if self.done(allowed, lambda: self.world.mint(self.token, to, amount)):
            self.balances[to] += amount

    def burn(self, source: Actor, _b: Actor, _c: Actor, amount: int) -> None:
        allowed = amount <= self.unpledged(source)
        if self.done(allowed, lambda: self.world.burn(self.token, source, amount)):
            self.take(source, amount)

    def transfer(self, source: Actor, to: Actor, _c: Actor, amount: int) -> None:
        allowed = self.may_transfer(source, source, to, amount)
        if self.done(allowed, lambda: self.token.transfer(to, amount, sender=source)):
            self.balances[source] -= amount
            self.balances[to] += amount

    def transfer_from(self, source: Actor, to: Actor, by: Actor, amount: int) -> None:
        allowed = self.may_transfer(by, source, to, amount)
        if self.done(allowed, lambda: self.token.transferFrom(source, to, amount, sender=by)):
            self.balances[source] -= amount
            self.balances[to] += amount

    def force(self, source: Actor, to: Actor, _c: Actor, amount: int) -> None:
        allowed = source != to and amount <= self.balances[source] and self.may_receive(to)
        if self.done(allowed, lambda: self.world.force(self.token, source, to, amount)):
            self.take(source, amount)
            self.balances[to] += amount
            self.orders[source] += 1

    def take(self, source: Actor, amount: int) -> None:
        """What an agent takes comes from the unfrozen part first."""
        self.frozen[source] -= max(amount - self.unfrozen(source), 0)
        self.balances[source] -= amount

    # ---------------------------------------------------------------- freezes

    def freeze(self, wallet: Actor, _b: Actor, _c: Actor, _n: int) -> None:
        self.world.freeze(self.token, wallet)
        self.held.add(wallet)

    def release(self, wallet: Actor, _b: Actor, _c: Actor, _n: int) -> None:
        self.world.release(self.token, wallet)
        self.held.discard(wallet)

    def freeze_part(self, wallet: Actor, _b: Actor, _c: Actor, amount: int) -> None:
        allowed = amount <= self.unfrozen(wallet)
        act = self.token.freezePartialTokens
        if self.done(allowed, lambda: act(wallet, amount, sender=self.desk)):
            self.frozen[wallet] += amount

    def unfreeze_part(self, wallet: Actor, _b: Actor, _c: Actor, amount: int) -> None:
        allowed = amount <= self.frozen[wallet]
        act = self.token.unfreezePartialTokens
        if self.done(allowed, lambda: act(wallet, amount, sender=self.desk)):
            self.frozen[wallet] -= amount

    def set_frozen(self, wallet: Actor, _b: Actor, _c: Actor, amount: int) -> None:
        amount = amount if amount < 400 else UNLIMITED - amount
        self.token.setFrozenTokens(wallet, amount, sender=self.desk)
        self.frozen[wallet] = min(amount, WIDEST)

    # ---------------------------------------------------------------- pledges

    def pledge(self, holder: Actor, pledgee: Actor, _c: Actor, amount: int) -> None:
        document = keccak(text=f"agreement {len(self.pledges)}")
        allowed = amount > 0 and holder != pledgee
        allowed = allowed and self.may_transfer(holder, holder, pledgee, amount)
        act = self.token.pledge
        if self.done(allowed, lambda: act(pledgee, amount, document, 0, sender=holder)):
            identity = self.token.pledgeId(holder, pledgee, document)
            self.pledges.append(Pledge(identity, holder, pledgee, amount))

    def is_open(self, by: str) -> Callable[[Pledge], bool]:
        """Whether something is left that `by` may release or take."""
        successor = self.world.registry.successorOf
        return lambda pledge: pledge.amount > 0 and bool(successor(pledge.pledgee) == by)

    def someones(self, by: str) -> Pledge | None:
        """The newest pledge that is `by`'s, or else any."""
        own = [*self.pledges, *filter(self.is_open(by), self.pledges)]
        return own[-1] if own else None

    def may_act_on(self, pledge: Pledge, by: str, amount: int) -> bool:
        dead = self.record(by).flags & (Flag.SUSPENDED | Flag.LOST)
        right = self.world.registry.successorOf(pledge.pledgee) == by
        return by not in self.held and not dead and right and amount <= pledge.amount

    def release_pledge(self, _a: Actor, _b: Actor, by: Actor, amount: int) -> None:
        if pledge := self.someones(by):
            allowed = self.may_act_on(pledge, by, amount)
            act = self.token.releasePledge
            if self.done(allowed, lambda: act(pledge.identity, amount, sender=by)):
                pledge.amount -= amount

    def enforce(self, _a: Actor, to: Actor, by: Actor, amount: int) -> None:
        """What is pledged and not frozen, as a transfer by the pledgee, who could receive it."""
        if pledge := self.someones(by):
            source = pledge.holder
            allowed = self.may_act_on(pledge, by, amount) and self.verified(by)
            allowed = allowed and amount <= self.unfrozen(source) and self.may_move(by, source, to)
            act = self.token.enforcePledge
            if self.done(allowed, lambda: act(pledge.identity, to, amount, sender=by)):
                pledge.amount -= amount
                self.balances[source] -= amount
                self.balances[to] += amount

    # ---------------------------------------------------------------- recovery

    def lose(self, lost: Actor, successor: Actor, _c: Actor, _n: int) -> None:
        self.register(lambda: self.world.lose(lost, successor))

    def cancel(self, lost: Actor, _b: Actor, _c: Actor, _n: int) -> None:
        guardian = self.world[Role.GUARDIAN]
        self.register(lambda: self.world.registry.cancelRecovery(lost, sender=guardian))

    def complete(self, lost: Actor, _b: Actor, by: Actor, wait: int) -> None:
        """The registry's part alone, or with `follow` in the same transaction."""
        tokens = [self.token] if wait % 2 else []
        ready = self.world.registry.recoveryOf(lost)
        if ready.state == 1:
            self.evm.time = max(self.evm.time, ready.readyAt)
        act = self.world.registry.completeRecovery
        if self.register(lambda: act(lost, tokens, sender=by)) and tokens:
            assert self.evm.receipt.events("FollowFailed") == []
            self.inherit(lost)

    def follow(self, lost: Actor, _b: Actor, by: Actor, _n: int) -> None:
        allowed = self.world.registry.successorOf(lost) != lost
        if self.done(allowed, lambda: self.token.follow(lost, sender=by)):
            self.inherit(lost)

    def inherit(self, lost: Actor) -> None:
        successor = self.world.registry.successorOf(lost)
        self.balances[successor] += self.balances.pop(lost, 0)
        self.frozen[successor] = min(self.frozen[successor] + self.frozen.pop(lost, 0), WIDEST)
        if lost in self.held:
            self.held.discard(lost)
            self.held.add(successor)
        for pledge in self.pledges:
            pledge.holder = successor if pledge.holder == lost else pledge.holder

    def recount(self, first: Actor, second: Actor, by: Actor, _n: int) -> None:
        self.token.recount([first, second], sender=by)

    # ---------------------------------------------------------------- the register

    def row(self, number: int, hours: int, of: int | None = None) -> Attestation:
        hour = self.evm.time // HOUR + hours
        named = None if of is None else str(self.wallets[of])
        return Attestation(str(self.wallets[number]), PAKISTAN, RETAIL, hour, named)

    def register(self, act: Callable[[], Any]) -> bool:
        """What the registry refuses is its own matter."""
        try:
            act()
        except Reverted:
            return False
        return True

    def attest(self, wallet: Actor, _b: Actor, _c: Actor, hours: int) -> None:
        number = self.wallets.index(wallet)
        self.world.attest([self.row(number, max(hours, 1))])

    def link(self, wallet: Actor, investor: Actor, _c: Actor, hours: int) -> None:
        if wallet != investor:
            numbers = self.wallets.index(wallet), self.wallets.index(investor)
            self.world.attest([self.row(numbers[0], max(hours, 1), of=numbers[1])])

    def withdraw(self, wallet: Actor, _b: Actor, _c: Actor, _n: int) -> None:
        registrar = self.world[Role.REGISTRAR]
        self.register(lambda: self.world.registry.withdraw(wallet, sender=registrar))

    def revoke_batch(self, _a: Actor, _b: Actor, _c: Actor, n: int) -> None:
        """Everybody who rests on it is unverified until attested again; mostly it is too late."""
        act, freezer = self.world.registry.revokeBatch, self.world[Role.FREEZER]
        self.register(lambda: act(3 + n % 20, sender=freezer))

    def unlink(self, wallet: Actor, _b: Actor, _c: Actor, _n: int) -> None:
        registrar = self.world[Role.REGISTRAR]
        self.register(lambda: self.world.registry.deleteIdentity(wallet, sender=registrar))

    def suspend(self, wallet: Actor, _b: Actor, _c: Actor, on: int) -> None:
        if on % 2:
            self.world.registry.suspend(wallet, sender=self.world[Role.REGULATOR])
        else:
            self.world.registry.unsuspend(wallet, sender=self.world[Role.RELEASER])

    def onboard(self, wallet: Actor, _b: Actor, _c: Actor, n: int) -> None:
        """With an ONCHAINID, by the registrar."""
        act, identity = self.world.registry.registerIdentity, self.identities[n % 2]
        registrar = self.world[Role.REGISTRAR]
        self.register(lambda: act(wallet, identity, 1 + n % 999, sender=registrar))

    def reassign(self, wallet: Actor, _b: Actor, _c: Actor, n: int) -> None:
        act, identity = self.world.registry.updateIdentity, self.identities[n % 2]
        self.register(lambda: act(wallet, identity, sender=self.world[Role.REGISTRAR]))

    def classify(self, wallet: Actor, _b: Actor, _c: Actor, n: int) -> None:
        act, registrar = self.world.registry.updateClass, self.world[Role.REGISTRAR]
        self.register(lambda: act(wallet, 1 + n % 63, sender=registrar))

    def venue(self, wallet: Actor, _b: Actor, _c: Actor, on: int) -> None:
        act, steward = self.world.registry.setVenue, self.world[Role.LICENSING]
        self.register(lambda: act(wallet, on % 2 == 1, sender=steward))

    def move_abroad(self, wallet: Actor, _b: Actor, _c: Actor, country: int) -> None:
        act, registrar = self.world.registry.updateCountry, self.world[Role.REGISTRAR]
        self.register(lambda: act(wallet, 1 + country, sender=registrar))

    def refresh(self, first: Actor, second: Actor, by: Actor, _n: int) -> None:
        self.world.registry.refresh([first, second], sender=by)

    def change_policy(self, _a: Actor, _b: Actor, _c: Actor, days: int) -> None:
        """Every cached verdict goes stale."""
        officer = self.world[Role.COMPLIANCE_OFFICER]
        self.world.registry.setMaxAge(days % 30 * 86_400, sender=officer)

    # ---------------------------------------------------------------- documents and modules

    def document(self, _a: Actor, _b: Actor, _c: Actor, n: int) -> None:
        name, text, issuer = DOCUMENTS[n % 3], f"ipfs://{n}", self.world[Role.ISSUER]
        digest = n.to_bytes(32, "big")
        self.token.setDocument(name, text, digest, sender=issuer)
        self.documents[name] = text, digest, self.evm.time

    def shred(self, _a: Actor, _b: Actor, _c: Actor, n: int) -> None:
        name, issuer = DOCUMENTS[n % 3], self.world[Role.ISSUER]
        act = self.token.removeDocument
        if self.done(name in self.documents, lambda: act(name, sender=issuer)):
            del self.documents[name]

    def add_module(self, _a: Actor, _b: Actor, _c: Actor, n: int) -> None:
        module, hooks, book = self.modules[n % 3], 1 + n % ANY_HOOKS, self.world.rule_book
        officer, is_new = self.world[Role.COMPLIANCE_OFFICER], module.address not in self.hooks
        if self.done(is_new, lambda: book.addModule(self.token, module, hooks, sender=officer)):
            self.hooks[module.address] = hooks

    def remove_module(self, _a: Actor, _b: Actor, _c: Actor, n: int) -> None:
        module, book = self.modules[n % 3], self.world.rule_book
        officer, is_there = self.world[Role.COMPLIANCE_OFFICER], module.address in self.hooks
        if self.done(is_there, lambda: book.removeModule(self.token, module, sender=officer)):
            del self.hooks[module.address]

    # ---------------------------------------------------------------- time and pause

    def wait(self, _a: Actor, _b: Actor, _c: Actor, hours: int) -> None:
        self.evm.advance(hours=hours, seconds=hours % 7)

    def reach(self, _a: Actor, _b: Actor, _c: Actor, seconds: int) -> None:
        """The second before, of, or after the next record date."""
        coming = [at - 1 + seconds % 3 for at in self.dates if at - 1 > self.evm.time]
        if coming:
            self.evm.time = coming[0]

    def announce(self, _a: Actor, _b: Actor, _c: Actor, hours: int) -> None:
        earliest = max(self.evm.time, *self.dates[-1:], 0) + HOUR
        at = earliest + hours * HOUR
        self.token.announceRecordDate(at, sender=self.world[Role.ISSUER])
        self.dates.append(at)

    def pause(self, _a: Actor, _b: Actor, _c: Actor, _n: int) -> None:
        if not self.paused:
            self.paused_until = self.evm.time // HOUR + 168
        self.token.pause(sender=self.world[Role.EMERGENCY])

    def confirm(self, _a: Actor, _b: Actor, _c: Actor, _n: int) -> None:
        confirmer = self.world[Role.PAUSE_CONFIRMER]
        if self.done(self.paused, lambda: self.token.confirmPause(sender=confirmer)):
            self.paused_until = NEVER

    def unpause(self, _a: Actor, _b: Actor, _c: Actor, _n: int) -> None:
        releaser = self.world[Role.RELEASER]
        if self.done(self.paused, lambda: self.token.unpause(sender=releaser)):
            self.paused_until = 0

    # ---------------------------------------------------------------- what always holds

    def check(self) -> None:
        """Invariants 1 to 3, 5, 7 to 9, and 12."""
        token, balances = self.token, self.balances
        assert token.totalSupply() == sum(balances.values()) <= MAXIMUM_ISSUE
        assert token.paused() is self.paused
        assert {name: tuple(token.getDocument(name)) for name in token.getAllDocuments()} == (
            self.documents
        )
        assert dict(self.world.rule_book.modulesOf(token)) == self.hooks
        for wallet in self.wallets:
            assert token.balanceOf(wallet) == balances[wallet]
            assert token.getFrozenTokens(wallet) == self.frozen[wallet]
            assert token.pledgedOf(wallet) == self.pledged(wallet)
            assert token.isFrozen(wallet) is (wallet in self.held)
            assert token.orderSequence(wallet) == self.orders[wallet] % 2**16
            if self.record(wallet).flags & Flag.LOST:
                assert token.canSend(wallet) is False
                assert token.canReceive(wallet) is False
        for pledge in self.pledges:
            told = token.pledgeOf(pledge.identity)
            assert (told.holder, told.amount) == (pledge.holder, pledge.amount)

    def check_history(self) -> None:
        """Invariant 5."""
        token = self.token
        assert token.recordDates() == self.dates
        for number, at in enumerate(self.dates):
            if at > self.evm.time:
                with reverts("RecordDateNotReached", number, at):
                    token.totalSupplyAt(number)
                continue
            kept = next(held for moment, held in reversed(self.history) if moment < at)
            assert token.totalSupplyAt(number) == sum(kept.values())
            for wallet in self.wallets:
                assert token.balanceOfAt(wallet, number) == kept[wallet]

    def check_question(self, by: str, source: str, to: str, amount: int) -> None:
        """Invariant 6."""
        token, allowed = self.token, self.may_transfer(by, source, to, amount)
        code = token.detectTransferRestrictionFrom(by, source, to, amount)
        assert (code == 0) is allowed, code
        act = token.transferFrom
        self.done(allowed, lambda: act.call(source, to, amount, sender=by))
        if by == source:
            assert token.canTransfer(source, to, amount) is allowed

    def check_holders(self) -> None:
        """Invariants 4, 8 and 10: count anew, settle every recovery, and put all back."""
        before = Counter(self.balances), Counter(self.frozen), set(self.held)
        pledges = [replace(each) for each in self.pledges]
        with self.evm.snapshot():
            self.token.recount(self.wallets, sender=self.desk)
            assert self.token.holders() == self.holding_investors()
            for wallet in self.wallets:
                if self.world.registry.successorOf(wallet) == wallet:
                    continue
                for _ in range(2):
                    self.token.follow(wallet, sender=self.desk)
                assert self.evm.receipt.all_events == ()
                self.inherit(wallet)
                assert self.token.balanceOf(wallet) == self.token.getFrozenTokens(wallet) == 0
                assert self.token.pledgedOf(wallet) == 0
            assert self.token.holders() == self.holding_investors()
            for wallet in self.wallets:
                free = self.unpledged(wallet)
                self.world.burn(self.token, wallet, free)
                self.balances[wallet] -= free
            assert self.token.holders() == self.holding_investors()
            assert self.token.totalSupply() == sum(self.balances.values())
        self.balances, self.frozen, self.held = before
        self.pledges = pledges
