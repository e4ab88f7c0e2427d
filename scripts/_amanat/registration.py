"""From a list of investors to a register that knows them.

A claim issuer signs batches of attestations over what the list says; anyone may present them, and
one transaction registers a hundred wallets. Wallets whose identity is an ONCHAINID contract are
registered by the registrar. What the registry says already is not said again: a renewal, another
country or another class make a batch of just those wallets.

Signing stands apart from presenting: batches can be written to a file, signed elsewhere, and come
back as a file. A batch from outside is presented only where it says what the list says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts._amanat.business_days import day_in_karachi
from scripts._amanat.claims import SECONDS_AN_HOUR, Attestation, AttestationError, Batch
from scripts._amanat.errors import InputRefused, NotPermitted
from scripts._amanat.investors import Investor, Investors, Kind, read_investors
from scripts._amanat.onchain import Flag, InvestorRecord, Programme, Standing
from scripts._amanat.plan import Call, Pending, Plan, Ref, Step, digest
from scripts._amanat.proof import Check

if TYPE_CHECKING:
    from scripts._amanat.command import Desk

OPERATION = "register_investors"
REGISTRAR, CLAIM_ISSUER = "registrar", "claim_issuer"
BATCH_WALLETS = 100
REGISTRATION_WALLETS = 50
SHOWN = 5  # wallets that a check names
SIGN_ELSEWHERE = (
    "Name the claim issuer's key; or write the batches with --export FILE, have the claim issuer "
    "fill in their signatures, and present them with --batch FILE."
)

_UPDATE_IDENTITY = "updateIdentity(address,address)"
_ATTEST = "attest((address,bytes32,uint256,uint256[],uint256),(uint256,address)[],bytes)"


@dataclass(frozen=True)
class SignedBatch:
    """A batch with its claim issuer's signature; empty where it is still to be signed."""

    batch: Batch
    signature: bytes = b""


class Registration:
    """One list of investors against one chain."""

    def __init__(
        self,
        desk: Desk,
        path: Path,
        investors: Investors,
        *,
        signed: Sequence[SignedBatch] = (),
        reinstate: Iterable[str] = (),
    ) -> None:
        self._desk, self._path, self._investors = desk, path, investors
        self._signed, self._reinstate = signed, frozenset(reinstate)
        self._programme = Programme(desk.chain, desk.record)

    @property
    def wish(self) -> str:
        """The hash of everything asked for."""
        rows = [
            (i.wallets, i.country.numeric, i.class_code, i.lapses_at, i.kind.value, i.onchain_id)
            for i in self._investors.all
        ]
        return digest((rows, sorted(self._reinstate)))

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """What the registry does not say yet."""
        self._refuse_lapsed()
        self._refuse_what_the_registry_keeps_together()
        return Plan(
            OPERATION,
            self.wish,
            (*self._attestations(), *self._registrations()),
            notes=tuple(self._notes()),
            pending=tuple(self._pending()),
        )

    def batches(self) -> list[Batch]:
        """The attestations that are missing, as of the chain's clock, still to be signed."""
        # Later than every batch the wallets rest on, or the registry passes them over. Where that
        # is this very block's second, the next block is later still.
        issued_at = max(self._now, max(self._issued_at.values(), default=0) + 1)
        topics = self._topics
        return [
            Batch(self._issuer, topics, issued_at, leaves) for leaves in _pages(self._missing())
        ]

    def _attestations(self) -> Iterator[Step]:
        registry = self._programme["IdentityRegistry"]
        signed = self._signed or [self.sign(batch) for batch in self.batches()]
        if self._signed:
            self._refuse_batches_that_say_otherwise(signed)
        for number, each in enumerate(signed, 1):
            if registry.read("batchOf", self._digest(each.batch)):
                continue
            size = len(each.batch.leaves)
            yield Step(
                f"attest {size} wallets, batch {number} of {len(signed)}",
                REGISTRAR,
                Call(
                    Ref("IdentityRegistry"),
                    "IdentityRegistry",
                    _ATTEST,
                    (each.batch.header, each.batch.rows, each.signature),
                ),
                f"{size} wallets are verified",
                bulk="attest",
            )

    def _registrations(self) -> Iterator[Step]:
        """Wallets of ONCHAINID investors: new ones in pages, then what changed, one by one."""
        new = [(i, w) for i, w in self._of_kind(Kind.ONCHAINID) if not self._records[w].is_held]
        for number, start in enumerate(range(0, len(new), REGISTRATION_WALLETS), 1):
            page = new[start : start + REGISTRATION_WALLETS]
            yield self._act(
                f"register {len(page)} wallets with their ONCHAINID, page {number}",
                "batchRegisterIdentity(address[],address[],uint16[])",
                (
                    [wallet for _, wallet in page],
                    [investor.onchain_id for investor, _ in page],
                    [investor.country.numeric for investor, _ in page],
                ),
            )
        for investor, wallet in self._of_kind(Kind.ONCHAINID):
            record = self._records[wallet]
            if record.is_held and record.country != investor.country.numeric:
                yield self._act(
                    f"{investor.reference} is now of {investor.country.alpha_2}",
                    "updateCountry(address,uint16)",
                    (wallet, investor.country.numeric),
                    bulk="changes",
                )
            if self._has_another_identity(investor, wallet):
                yield self._act(
                    f"{investor.reference} has another ONCHAINID",
                    _UPDATE_IDENTITY,
                    (wallet, investor.onchain_id),
                    bulk="changes",
                )
        for investor, wallet in self._of_kind(Kind.ONCHAINID):
            known = self._records[wallet]
            if (known.investor_class if known.is_held else 1) != investor.class_code:
                yield self._act(
                    f"{investor.reference} is of class {investor.class_name}",
                    "updateClass(address,uint8)",
                    (wallet, investor.class_code),
                    bulk="classes",
                )

    def _has_another_identity(self, investor: Investor, wallet: str) -> bool:
        record = self._records[wallet]
        return record.is_held and record.investor != investor.onchain_id

    def _act(self, title: str, signature: str, args: tuple[Any, ...], bulk: str = "") -> Step:
        call = Call(Ref("IdentityRegistry"), "IdentityRegistry", signature, args)
        return Step(title, REGISTRAR, call, bulk=bulk)

    def _pending(self) -> Iterator[Pending]:
        for investor in self._investors.all:
            if investor.kind is Kind.ONCHAINID and investor.onchain_id is None:
                yield Pending(
                    f"{investor.reference} (row {investor.row}) has no identity contract yet",
                    "the investor and the claim issuer, who deploy it and add the claims",
                    None,
                    f"fill in its onchain_id, then: ape run register_investors {self._path}",
                )

    def _notes(self) -> Iterator[str]:
        for wallet, why in self._set_aside.items():
            yield f"{wallet} is {why} and stays as it is"

    # ---------------------------------------------------------------- signatures

    def sign(self, batch: Batch) -> SignedBatch:
        """Sign with the claim issuer's key; the signature covers nothing but the batch."""
        from eth_account.messages import encode_typed_data

        registry = self._programme["IdentityRegistry"].address
        typed = batch.typed_data(self._desk.chain.chain_id, registry)
        message = encode_typed_data(typed["domain"], typed["types"], typed["message"])
        try:
            signer = self._desk.signers[CLAIM_ISSUER]
        except NotPermitted as missing:
            raise NotPermitted(str(missing), what_to_do=SIGN_ELSEWHERE) from None
        return SignedBatch(batch, signer.sign_message(message))

    def export(self, path: Path) -> int:
        """Write the missing batches for a signature elsewhere; how many there are."""
        registry = self._programme["IdentityRegistry"].address
        batches = self.batches()
        content = {
            "chain_id": self._desk.chain.chain_id,
            "registry": registry,
            "batches": [
                {
                    "issuer": batch.issuer,
                    "topics": list(batch.topics),
                    "issued_at": batch.issued_at,
                    "leaves": [asdict(leaf) for leaf in batch.leaves],
                    "digest": "0x" + self._digest(batch).hex(),
                    "signature": "",
                }
                for batch in batches
            ],
        }
        path.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
        return len(batches)

    def _digest(self, batch: Batch) -> bytes:
        registry = self._programme["IdentityRegistry"].address
        return batch.digest(self._desk.chain.chain_id, registry)

    def _refuse_batches_that_say_otherwise(self, signed: Iterable[SignedBatch]) -> None:
        """Each leaf must say of its wallet what the list says: nothing is slipped in."""
        wanted = {leaf.wallet: leaf for leaf in self._leaves(self._of_kind(Kind.ATTESTED))}
        faults = []
        for number, each in enumerate(signed, 1):
            for leaf in each.batch.leaves:
                listed = wanted.get(leaf.wallet)
                stated = (leaf.country, leaf.investor_class, leaf.until_hour)
                if listed is None:
                    faults.append(f"batch {number}: {leaf.wallet} is not in {self._path}")
                elif stated != (listed.country, listed.investor_class, listed.until_hour):
                    faults.append(f"batch {number}: {leaf.wallet} differs from {self._path}")
                elif leaf.investor is not None and not self._are_one(leaf.wallet, leaf.investor):
                    faults.append(f"batch {number}: {leaf.wallet} is joined to another investor")
        if faults:
            raise InputRefused(f"{len(faults)} attestations are not what the list says", faults)

    def _are_one(self, wallet: str, other: str) -> bool:
        by_wallet: dict[str, Investor] = dict(self._investors.by_wallet.items())
        return wallet in by_wallet and by_wallet[wallet] is by_wallet.get(other)

    # ---------------------------------------------------------------- the proof

    def prove(self) -> Sequence[Check]:
        """Every wallet of the list read back."""
        fresh = Registration(self._desk, self._path, self._investors, reinstate=self._reinstate)
        return fresh._checks()

    def _checks(self) -> list[Check]:
        ready = [
            (investor, wallet)
            for investor, wallet in [*self._of_kind(Kind.ATTESTED), *self._of_kind(Kind.ONCHAINID)]
            if wallet not in self._set_aside
        ]
        now = self._now
        standings = self._programme.standings([wallet for _, wallet in ready])
        other = [w for i, w in ready if not self._says(i, w)]
        sound = (Standing.VERIFIED, Standing.SUSPENDED)  # a renewal does not lift a suspension
        unverified = [
            f"{wallet} {standings[wallet].label}"
            for investor, wallet in ready
            if standings[wallet] not in sound and investor.lapses_at > now
        ]
        return [
            Check(f"wallets of {len(ready)} whose record differs from the list", [], other[:SHOWN]),
            Check(f"wallets of {len(ready)} that are not verified", [], unverified[:SHOWN]),
        ]

    def _says(self, investor: Investor, wallet: str) -> bool:
        """Whether the registry says of a wallet what the list says."""
        record = self._records[wallet]
        if investor.kind is Kind.ONCHAINID:
            return (
                record.is_held
                and not record.flags & Flag.ATTESTED
                and record.investor == investor.onchain_id
                and record.country == investor.country.numeric
                and record.investor_class == investor.class_code
            )
        return (
            record.flags & (Flag.ATTESTED | Flag.WITHDRAWN) == Flag.ATTESTED
            and record.country == investor.country.numeric
            and record.investor_class == investor.class_code
            and record.investor == self._investor_name(investor)
            and self._holds_until(record, investor)
        )

    def _holds_until(self, record: InvestorRecord, investor: Investor) -> bool:
        """The hour of the list, or an earlier one, not passed yet, to which the regulator's maximum
        cut it."""
        wanted = investor.lapses_at // SECONDS_AN_HOUR
        cut = (self._issued_at[record.batch] + self._max_age) // SECONDS_AN_HOUR
        has_passed = record.until_hour <= self._now // SECONDS_AN_HOUR
        return record.until_hour == wanted or record.until_hour == cut < wanted and not has_passed

    # ---------------------------------------------------------------- what is missing

    def _missing(self) -> list[Attestation]:
        return self._leaves(
            (investor, wallet)
            for investor, wallet in self._of_kind(Kind.ATTESTED)
            if wallet not in self._set_aside and not self._says(investor, wallet)
        )

    def _leaves(self, wallets: Iterable[tuple[Investor, str]]) -> list[Attestation]:
        return [
            Attestation(
                wallet,
                investor.country.numeric,
                investor.class_code,
                investor.lapses_at // SECONDS_AN_HOUR,
                None if self._has_its_investor(investor, wallet) else investor.main_wallet,
            )
            for investor, wallet in wallets
        ]

    def _has_its_investor(self, investor: Investor, wallet: str) -> bool:
        """A main wallet names the investor itself; a renewal leaves a wallet with whom it is."""
        return (
            wallet == investor.main_wallet
            or self._records[wallet].is_held
            and self._records[wallet].investor == self._investor_name(investor)
        )

    def _investor_name(self, investor: Investor) -> str:
        """What the registry calls an attested investor: the first wallet it was known by."""
        record = self._records[investor.main_wallet]
        return record.investor if record.is_held else investor.main_wallet

    def _of_kind(self, kind: Kind) -> list[tuple[Investor, str]]:
        """Investors and wallets of a kind; ONCHAINID investors only where theirs is known."""
        return [
            (investor, wallet)
            for investor in self._investors.all
            if investor.kind is kind and (kind is Kind.ATTESTED or investor.onchain_id)
            for wallet in investor.wallets
        ]

    def _refuse_lapsed(self) -> None:
        """A verification that has ended cannot be registered; one that ended since, can stand."""
        now = self._now
        if any(
            investor.lapses_at <= now and wallet not in self._set_aside
            for investor, wallet in self._of_kind(Kind.ATTESTED)
            if not self._says(investor, wallet)
        ):
            read_investors(self._path, as_of=day_in_karachi(now))

    def _refuse_what_the_registry_keeps_together(self) -> None:
        """A wallet that stands in for a lost one stays with its investor, and the like: the
        registry is asked before anything is sent, since it would refuse half a list later."""
        faults = [
            f"row {investor.row}, {wallet}: {reason}"
            for investor, wallet in self._of_kind(Kind.ONCHAINID)
            if self._has_another_identity(investor, wallet)
            if (reason := self._why_it_stays(wallet, investor.onchain_id))
        ]
        if faults:
            raise InputRefused(
                f"{len(faults)} wallets cannot take another ONCHAINID",
                faults,
                what_to_do="List their investor under the identity that it has, and new wallets "
                "under the other; nothing was sent.",
            )

    def _why_it_stays(self, wallet: str, identity: str | None) -> str:
        """The registry's reason against another identity for a wallet; empty where it has none."""
        query = self._programme["IdentityRegistry"].query(_UPDATE_IDENTITY, wallet, identity)
        call = {**query.request, "from": self._desk.signers[REGISTRAR].address}
        revert = self._desk.chain.revert_of(call)
        return self._desk.artifacts.explain_revert(revert.data) if revert else ""

    @cached_property
    def _set_aside(self) -> dict[str, str]:
        """Wallets that were lost or withdrawn: a list that was not brought up to date must not
        bring them back."""
        found: dict[str, str] = {}
        for wallet, record in self._records.items():
            if record.flags & Flag.LOST:
                found[wallet] = "lost"
            elif record.flags & Flag.WITHDRAWN and wallet not in self._reinstate:
                found[wallet] = "withdrawn"
        return found

    # ---------------------------------------------------------------- the chain

    @cached_property
    def _now(self) -> int:
        return self._desk.chain.now()

    @cached_property
    def _records(self) -> dict[str, InvestorRecord]:
        return self._programme.records(self._investors.by_wallet)

    @cached_property
    def _issued_at(self) -> dict[int, int]:
        """When each batch was signed that a listed wallet rests on."""
        numbers = sorted({record.batch for record in self._records.values()})
        registry = self._programme["IdentityRegistry"]
        infos = self._programme.ask([registry.query("batchInfo", number) for number in numbers])
        return {number: info.issuedAt for number, info in zip(numbers, infos, strict=True)}

    @cached_property
    def _max_age(self) -> int:
        seconds: int = self._programme["IdentityRegistry"].read("policy").maxAttestationAge
        return seconds

    @cached_property
    def _topics(self) -> tuple[int, ...]:
        return tuple(self._programme["IdentityRegistry"].read("getClaimTopics"))

    @cached_property
    def _issuer(self) -> str:
        """Who signs: the claim issuer whose key is named here, else the only one trusted."""
        try:
            return self._desk.signers[CLAIM_ISSUER].address
        except NotPermitted:
            trusted = self._programme["IdentityRegistry"].read("getTrustedIssuers")
            if len(trusted) != 1:
                raise
            return str(trusted[0])


def read_batches(path: Path) -> list[SignedBatch]:
    """Signed batches from a file that `export` wrote and a claim issuer completed.

    Raises InputRefused where it does not read, or a signature is missing.
    """
    try:
        content = json.loads(path.read_text("utf-8-sig"))
        return [_signed_batch(each) for each in content["batches"]]
    except (OSError, ValueError, KeyError, TypeError, AttestationError) as fault:
        raise InputRefused(f"{path}: no file of signed batches: {fault}") from None


def _signed_batch(content: dict[str, Any]) -> SignedBatch:
    signature = bytes.fromhex(content["signature"].removeprefix("0x"))
    if not signature:
        raise ValueError("a batch has no signature yet")
    leaves = tuple(Attestation(**leaf) for leaf in content["leaves"])
    batch = Batch(content["issuer"], tuple(content["topics"]), int(content["issued_at"]), leaves)
    return SignedBatch(batch, signature)


def _pages(leaves: Iterable[Attestation]) -> Iterator[tuple[Attestation, ...]]:
    """Pages of at most BATCH_WALLETS in which an investor's wallets stay together, because the
    further ones name the first."""
    page: list[Attestation] = []
    for _, group in groupby(leaves, key=lambda leaf: leaf.investor or leaf.wallet):
        wallets = list(group)
        if page and len(page) + len(wallets) > BATCH_WALLETS:
            yield tuple(page)
            page = []
        page += wallets
    if page:
        yield tuple(page)
