"""Our rows: the whole programme as it is deployed, each row from the same moment."""

from __future__ import annotations

from dataclasses import astuple, replace
from typing import Any, Final

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from scripts._amanat import artifacts, powers
from scripts._amanat.claims import Attestation
from scripts._amanat.local_chain import LocalChain
from scripts._amanat.powers import Role
from scripts._amanat.stages import LimitValues
from tests.bench import settlement
from tests.bench.live import LiveEvm
from tests.bench.rows import Gas, share
from tests.evm import Actor, Contract
from tests.programme.licensing import LICENSED, Licensing
from tests.world import (
    APPROVAL,
    INSTITUTION,
    MANDATE,
    PAKISTAN,
    REFERENCE,
    RETAIL,
    YEAR,
    BillTerms,
    Rules,
    World,
)

DAY: Final = 86_400
NO_RULES: Final = Rules()
THREE_RULES: Final = Rules(jurisdictions=True, maximum_holding=10_000_000, supply_cap=1_000_000_000)
SIX_RULES: Final = replace(
    THREE_RULES,
    lot=100,
    maximum_holders=1_000,
    velocity_limit=1_000_000,
    velocity_window=30 * DAY,
)
STAGE: Final = LimitValues(
    per_series=10**27,
    total=10**27,
    holding=10**23,
    transaction=10**23,
    investors=1_000,
    classes=1 << RETAIL | 1 << INSTITUTION,
    ends_at=2**40 - 1,
    countries=(PAKISTAN,),
)
STAGED_RULES: Final = replace(
    THREE_RULES,
    maximum_transaction=1_000_000,
    maximum_holders=1_000,
    classes=1 << RETAIL | 1 << INSTITUTION,
)
_MINT: Final = "mint(address,uint256,bytes32)"
_BATCH_MINT: Final = "batchMint(address[],uint256[],bytes32)"
_FORCE: Final = "forcedTransfer(address,address,uint256,(bytes32,uint256,uint256))"


def measure(chain: LocalChain) -> Gas:
    """Every row, on a chain that nothing else was done on."""
    return _Bench(World(LiveEvm(chain))).rows()


class _Bench:
    """A programme with investors, and a bill for each set of rules, which two of them hold."""

    def __init__(self, world: World) -> None:
        self.world, self.evm = world, world.evm
        self.alice, self.bob, self.carol = map(world.investor, ("alice", "bob", "carol"))
        self.three = self._held(world.bill(THREE_RULES, countries=[PAKISTAN]))

    def rows(self) -> Gas:
        three, alice, bob = self.three, self.alice, self.bob
        return {
            "transfer_3_rules": self._gas(three.transfer, bob, 100, sender=alice),
            "transfer_3_rules_new_holder": self._gas(three.transfer, self.carol, 100, sender=alice),
            "transfer_6_rules": self._transfer_under_six(),
            **self._transfers_about_venues(),
            "transfer_0_rules": self._gas(
                self._held(self.world.bill(NO_RULES)).transfer, bob, 100, sender=alice
            ),
            "transferFrom_3_rules": self._transfer_from(),
            "onboard_attested_per_investor": self._attest(100),
            "register_onchainid_per_investor": self._register(50),
            "mint_existing_3_rules": self._gas(
                three[_MINT], bob, 100, REFERENCE, sender=self.world[Role.MINTER]
            ),
            "batch_mint_50_per_new_holder": self._batch_mint(50),
            "forced_transfer_3_rules": self._force(),
            "freeze_partial": self._gas(
                three.freezePartialTokens, alice, 100, sender=self.world[Role.FREEZER]
            ),
            "recover_wallet": self._recover(three),
            "recover_wallet_further_token": self._recover_further(),
            "first_transfer_after_record_date": self._transfer_after_record_date(),
            **self._series(),
            **settlement.rows(self.world, THREE_RULES),
        }

    def _gas(self, function: Any, *arguments: Any, sender: Actor) -> int:
        return self.evm.gas_of(function, *arguments, sender=sender)

    def _held(self, token: Contract) -> Contract:
        for holder in (self.alice, self.bob):
            self.world.mint(token, holder, 100_000)
        return token

    def _transfer_under_six(self) -> int:
        token = self._held(self.world.bill(SIX_RULES, countries=[PAKISTAN]))
        token.transfer(self.bob, 100, sender=self.alice)  # velocity has its slot now
        return self._gas(token.transfer, self.bob, 100, sender=self.alice)

    def _transfers_about_venues(self) -> Gas:
        """With every rule of the programme on, of a series that lies within a stage which limits
        everything: between investors; to or from a venue, the dearer of the two, which a token
        knows from a transfer before."""
        with self.evm.snapshot():
            self.world.narrow(STAGE)
            token = self._held(self.world.bill(STAGED_RULES, countries=[PAKISTAN]))
            desk = Licensing(self.world)
            desk.permit(token, hold=1_000_000, trade=1_000_000)
            desk.bring(LICENSED)
            token.transfer(desk.venue, 1_000, sender=self.alice)
            between = self._gas(token.transfer, self.bob, 100, sender=self.alice)
            taken = self._gas(token.transfer, desk.venue, 100, sender=self.alice)
            given = self._gas(token.transfer, self.bob, 100, sender=desk.venue)
        return {
            "transfer_3_rules_programme": between,
            "transfer_3_rules_venue": max(taken, given),
        }

    def _transfer_from(self) -> int:
        with self.evm.snapshot():
            self.three.approve(self.carol, 1_000, sender=self.alice)
            arguments = (self.alice, self.bob, 100)
            return self._gas(self.three.transferFrom, *arguments, sender=self.carol)

    def _attest(self, count: int) -> int:
        with self.evm.snapshot():
            self.world.attest(self._newcomers(count))
            return share(self.evm.receipt.gas_used, count)

    def _register(self, count: int) -> int:
        wallets = [Actor(f"investor {n}") for n in range(count)]
        identities = [Actor(f"identity {n}") for n in range(count)]
        gas = self._gas(
            self.world.registry.batchRegisterIdentity,
            wallets,
            identities,
            [PAKISTAN] * count,
            sender=self.world[Role.REGISTRAR],
        )
        return share(gas, count)

    def _batch_mint(self, count: int) -> int:
        with self.evm.snapshot():
            rows = self._newcomers(count)
            self.world.attest(rows)
            gas = self._gas(
                self.three[_BATCH_MINT],
                [row.wallet for row in rows],
                [1_000] * count,
                REFERENCE,
                sender=self.world[Role.MINTER],
            )
            return share(gas, count)

    def _newcomers(self, count: int) -> list[Attestation]:
        until = (self.evm.time + YEAR // 2) // 3_600
        return [
            Attestation(str(Actor(f"investor {n}")), PAKISTAN, RETAIL, until) for n in range(count)
        ]

    def _force(self) -> int:
        order = (keccak(text="a court's order"), 0, self.evm.time + DAY)
        executor = self.world[Role.ORDER_EXECUTOR]
        return self._gas(self.three[_FORCE], self.alice, self.bob, 100, order, sender=executor)

    def _recover(self, *tokens: Contract) -> int:
        """The notice, and the completion with these, to a wallet nobody had registered."""
        registry, found = self.world.registry, self.evm.actor("alice's new wallet")
        with self.evm.snapshot():
            agent = self.world[Role.RECOVERY_AGENT]
            registry.noticeRecovery(self.alice, found, REFERENCE, sender=agent)
            gas = self.evm.receipt.gas_used
            _, ready_at, _ = registry.recoveryOf(self.alice)
            self.evm.time = ready_at
            registry.completeRecovery(self.alice, tokens, sender=found)
            return gas + self.evm.receipt.gas_used

    def _recover_further(self) -> int:
        """What a second token of the same rules adds."""
        with self.evm.snapshot():
            other = self._held(self.world.bill(THREE_RULES, countries=[PAKISTAN]))
            return self._recover(self.three, other) - self._recover(self.three)

    def _transfer_after_record_date(self) -> int:
        """Both parties' first movement since; the supply's is not part of a transfer."""
        with self.evm.snapshot():
            note = self._held(self._note())
            at = self.evm.time + DAY
            note.announceRecordDate(at, sender=self.world[Role.ISSUER])
            self.evm.time = at
            return self._gas(note.transfer, self.bob, 100, sender=self.alice)

    def _note(self) -> Contract:
        """A series without maturity under three rules, open."""
        world = self.world
        foundations = (world.authority, world.registry, world.rule_book, world.programme)
        note_class = self.evm.deploy("BenchNote", foundations, world.desk, sender=world.admin)
        for role, functions in powers.SERIES.items():
            selectors = [keccak(text=each)[:4] for each in functions]
            world.authority.setTargetFunctionRole(note_class, selectors, role, sender=world.admin)
        name = b"BenchNote".ljust(32, b"\0")
        world.programme.setClass(name, note_class, sender=world[Role.STEWARD])
        terms = encode(["uint112", "uint32"], [10_000_000_000, 0])
        address = world.programme.proposeSeries(
            name, terms, astuple(THREE_RULES), [PAKISTAN], MANDATE, sender=world[Role.ISSUER]
        )
        world.open(address)
        return self.evm.at(address, self._with_desk())

    def _with_desk(self) -> list[dict[str, Any]]:
        return artifacts.load("BenchNote").abi + artifacts.load("TokenDesk").entries("function")

    def _series(self) -> Gas:
        """The proposal, which makes, wires and configures a bill, and its opening by another, which
        commits it against the ceiling; its approval, a record of a decision, stands apart."""
        with self.evm.snapshot():
            terms = BillTerms(term_sheet_hash=keccak(text="one bill more"))
            token = self.world.propose(THREE_RULES, terms, [PAKISTAN])
            gas = self.evm.receipt.gas_used
            opener = self.world[Role.FISCAL_AGENT]
            self.world.programme.approveSeries(token, APPROVAL, sender=opener)
            approval = self.evm.receipt.gas_used
            self.world.programme.openSeries(token, sender=opener)
            gas += self.evm.receipt.gas_used
            return {"deploy_series": gas, "approve_series": approval}
