"""From a term sheet to an open series.

The debt office proposes the series and sets its term sheet; the fiscal agent, another person,
approves and opens it, which commits its maximum issue against the programme's ceiling. The address
is known beforehand and commits to the terms, so that a second run finds what the first one did, and
a changed term sheet is another series.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts._amanat import sheets
from scripts._amanat.bill_arguments import countries, rules
from scripts._amanat.business_days import day_in_karachi
from scripts._amanat.errors import InputRefused, NotPermitted
from scripts._amanat.onchain import Contract, Programme, Series, Status
from scripts._amanat.plan import Call, Creates, Pending, Plan, Ref, Step, digest
from scripts._amanat.powers import class_id
from scripts._amanat.proof import Check

if TYPE_CHECKING:
    from scripts._amanat.command import Desk

OPERATION, PROPOSING = "issue", "propose"
TERM_SHEET = b"TERM_SHEET".ljust(32, b"\0")
PROPOSER, OPENER = "issuer", "fiscal_agent"

PROPOSE = (
    "proposeSeries(bytes32,bytes,(uint112,uint112,uint64,uint32,uint112,uint32,uint64,uint40,"
    "uint40,uint40,bool,bool,bool,uint72),uint16[],(bytes32,bytes32))"
)
APPROVE = "approveSeries(address,bytes32)"


class Issue:
    """One term sheet against one chain.

    A series `for_exchange` takes the place of another: its day of issue may have passed, and it is
    opened for nothing but what the exchange brings.
    """

    def __init__(
        self,
        desk: Desk,
        path: Path,
        terms: sheets.Sheet,
        *,
        order: bytes | None = None,
        proposes_only: bool = False,
        for_exchange: bool = False,
    ) -> None:
        """`order`: hash of the act or order behind it; the term sheet's document where it is None.
        `proposes_only`: others approve and open it."""
        self._desk, self._path, self._terms = desk, path, terms
        self._order, self._proposes_only = order, proposes_only
        self._for_exchange = for_exchange
        self._kind = sheets.kind_of(terms)
        self._class = self._kind.contract
        self._programme = Programme(desk.chain, desk.record)

    @property
    def wish(self) -> str:
        """The hash of everything asked for."""
        return digest((self._arguments, self._rules, self._countries, self.mandate))

    # ---------------------------------------------------------------- the plan

    def plan(self) -> Plan:
        """What is missing between the term sheet and an open series."""
        self._refuse_other_terms_under_this_name()
        if self._status is Status.NONE and not self._for_exchange:
            # Only now is it known that nothing of this may lie in the past.
            sheets.read_sheet(self._path, chain_date=day_in_karachi(self._desk.chain.now()))
        steps = [*self._steps()]
        pending = self._pending()
        operation = PROPOSING if self._proposes_only else OPERATION
        return Plan(operation, self.wish, tuple(steps), pending=pending)

    def _steps(self) -> Iterator[Step]:
        document = self._terms.document
        if self._status is Status.NONE:
            yield Step(
                f"propose {self._terms.series}",
                PROPOSER,
                Call(
                    Ref("Programme"),
                    "Programme",
                    PROPOSE,
                    (
                        class_id(self._class),
                        self.encoded_terms,
                        self._rules,
                        self._countries,
                        self.mandate,
                    ),
                ),
                f"the series stands at {self.address}; nothing can be minted yet",
                creates=(Creates(self._terms.series, self._class, self.address),),
            )
        if not self._has_term_sheet:
            yield Step(
                "set its term sheet",
                PROPOSER,
                Call(
                    self.address,
                    self._class,
                    "setDocument(bytes32,string,bytes32)",
                    (TERM_SHEET, document.uri, bytes.fromhex(document.keccak256[2:])),
                ),
                f"TERM_SHEET is {document.uri} with its hash",
            )
        if not self._is_to_be_opened or not self._opener_is_here:
            return
        if self._status is not Status.APPROVED:
            sheet = bytes.fromhex(document.keccak256[2:])
            yield approving(self._terms.series, self.address, sheet)
        yield opening(self._terms.series, self.address, for_exchange=self._for_exchange)

    def _pending(self) -> tuple[Pending, ...]:
        if not self._is_to_be_opened or self._opener_is_here:
            return ()
        return (
            Pending(
                f"approve and open {self._terms.series}",
                "the fiscal agent, who must not be who proposed it",
                None,
                f"ape run issue {self._path}",
            ),
        )

    # ---------------------------------------------------------------- the proof

    def prove(self) -> Sequence[Check]:
        """The series read back and compared with the term sheet field by field."""
        token = self.token
        return [
            *self._prove_terms(token),
            *self._prove_rules(),
            *self._prove_wiring(token),
            *self._kind.prove(self._terms, token),
        ]

    def _prove_terms(self, token: Contract) -> Iterator[Check]:
        found = _flat(token.read("terms")._asdict())
        for field, value in _flat(self._arguments).items():
            yield Check(f"terms: {field}", value, found[field])
        document = self._terms.document
        uri, sheet, _ = token.read("getDocument", TERM_SHEET)
        yield Check("term sheet", (document.uri, document.keccak256), (uri, "0x" + sheet.hex()))

    def _prove_rules(self) -> Iterator[Check]:
        series = self.series
        found = self._programme.rules(series)._asdict()
        for field, value in self._rules.items():
            yield Check(f"rules: {field}", value, found[field])
        yield Check("rules: countries", sorted(self._countries), self._programme.countries(series))

    def _prove_wiring(self, token: Contract) -> Iterator[Check]:
        implementation = self._programme[self._class].address
        rule_book = self._programme["RuleBook"]
        code = self._desk.chain.code(token.address)
        yield Check(
            "code is a clone of the class under these terms",
            True,
            code.endswith(self.encoded_terms) and bytes.fromhex(implementation[2:]) in code,
        )
        yield Check(
            "compliance",
            rule_book.read("complianceOf", token.address),
            token.read("compliance"),
        )
        yield Check(
            "identity registry",
            self._programme["IdentityRegistry"].address,
            token.read("identityRegistry"),
        )
        yield Check(
            "class it answers to",
            implementation,
            self._programme["Authority"].read("classOf", token.address),
        )
        book = self._programme.book(token.address)
        yield Check("legal authority", self.mandate[0], book.legalAuthority)
        found = self.series.status
        may_stay = found > Status.OPEN or not self._opener_is_here or self._proposes_only
        yield Check("status", (found if may_stay else Status.OPEN).label, found.label)

    # ---------------------------------------------------------------- what is known of it

    def report(self) -> dict[str, Any]:
        """The series for the JSON document; the record learns its name."""
        from scripts._amanat.standing import described

        if self._current_status() is Status.NONE:
            return {}
        self._desk.record.add_series(
            self._terms.series,
            {
                "address": self.address,
                "class": self._class,
                "isin": self._terms.isin,
                "symbol": self._terms.symbol,
                "terms": self._path.name,
            },
        )
        return {"series": described(self.series)}

    @property
    def token(self) -> Contract:
        """The series' contract, whether it stands yet or not."""
        return Contract(self._desk.chain, self._class, self.address)

    @property
    def series(self) -> Series:
        """The series as it stands on the programme's books."""
        return self._programme.find_series(self.address)

    @cached_property
    def address(self) -> str:
        """Where the series stands, or would."""
        programme = self._programme["Programme"]
        found: str = programme.read("predictSeries", class_id(self._class), self.encoded_terms)
        return found

    @cached_property
    def encoded_terms(self) -> bytes:
        """The terms as `abi.encode` writes them."""
        from scripts._amanat import artifacts

        outputs = artifacts.load(self._class).entries("function", "terms")[0]["outputs"]
        return bytes(artifacts.encode(outputs, [self._arguments]))

    @cached_property
    def _arguments(self) -> dict[str, Any]:
        return self._kind.arguments(self._terms)

    @property
    def _rules(self) -> dict[str, Any]:
        return rules(self._terms.compliance)

    @property
    def _countries(self) -> list[int]:
        return countries(self._terms.compliance)

    @cached_property
    def _status(self) -> Status:
        """As it was when the plan was made."""
        return self._current_status()

    def _current_status(self) -> Status:
        return Status(self._programme.book(self.address).status)

    @property
    def _is_to_be_opened(self) -> bool:
        return not self._proposes_only and self._status in (
            Status.NONE,
            Status.PROPOSED,
            Status.APPROVED,
        )

    @property
    def mandate(self) -> tuple[bytes, bytes]:
        """On what it rests: the reference of the authority, and the hash of the document."""
        reference = self._terms.legal_authority.encode("ascii").ljust(32, b"\0")
        return reference, self._order or bytes.fromhex(self._terms.document.keccak256[2:])

    @property
    def _has_term_sheet(self) -> bool:
        if self._status is Status.NONE:
            return False
        uri, sheet, _ = self.token.read("getDocument", TERM_SHEET)
        document = self._terms.document
        return bool((uri, "0x" + sheet.hex()) == (document.uri, document.keccak256))

    @cached_property
    def _opener_is_here(self) -> bool:
        """Whether the fiscal agent's key is named on this machine."""
        try:
            return self._desk.signers[OPENER].address != self._desk.signers[PROPOSER].address
        except NotPermitted:
            return False

    def _refuse_other_terms_under_this_name(self) -> None:
        known = self._desk.record.series.get(self._terms.series, {}).get("address", self.address)
        if known != self.address:
            raise InputRefused(
                f"{self._path}: {self._terms.series} stands at {known} under other terms",
                what_to_do="Terms on the chain cannot change: give a new series its own name.",
            )


def approving(name: str, address: str, decision: bytes) -> Step:
    """Another than the proposer stands for it; `decision` is the hash of its document."""
    act = Call(Ref("Programme"), "Programme", APPROVE, (address, decision))
    return Step(f"approve {name}", OPENER, act, "another than who proposed it stands for it")


def opening(name: str, address: str, *, for_exchange: bool = False) -> Step:
    """It commits its maximum issue, and may be minted from now on.

    `for_exchange` it commits nothing, and nothing can be minted.
    """
    call = Call(Ref("Programme"), "Programme", "openSeries(address)", (address,))
    expects = "its maximum issue is committed against the ceiling; bids can be settled"
    if for_exchange:
        signature = "openSeriesFor(address,uint256)"
        call = Call(Ref("Programme"), "Programme", signature, (address, 0))
        expects = "nothing is committed but what an exchange brings"
    return Step(f"open {name}", OPENER, call, expects)


def _flat(fields: dict[str, Any]) -> dict[str, Any]:
    """Terms with the fields of a struct in them beside the others."""
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        flat |= (
            value._asdict()
            if hasattr(value, "_asdict")
            else (value if isinstance(value, dict) else {name: value})
        )
    return flat
