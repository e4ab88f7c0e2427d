"""Customers leave a venue whose licence ended, without its signature.

The list says who is owed what of which wallet of the venue. The licensing desk posts its Merkle
root, the order executor confirms that root, and each part is then brought to its customer by
anyone. The venue's wallet is frozen meanwhile, so that nothing is given twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts._amanat.command import Desk, Work
from scripts._amanat.delayed import Prepared, prepare
from scripts._amanat.errors import InputRefused
from scripts._amanat.licence_files import Holding, read_holdings
from scripts._amanat.onchain import Programme
from scripts._amanat.orders import document_hash
from scripts._amanat.plan import Call, Plan, Ref, Step, digest
from scripts._amanat.proof import Check

OPERATION = "customer_returns"
LICENSOR = "licensor"
EXECUTOR = "order_executor"
FREEZER = "freezer"
ANYONE = "registrar"
DESK = "CustomerReturns"

_POST = "post(address,bytes32,bytes32,(address,uint256)[])"
_CONFIRM = "confirm(uint256,bytes32)"
_CLAIM = "claim(uint256,(uint256,address,address,address,uint256),bytes32[])"
_FREEZE = "setAddressFrozen(address,bool)"
_PART = "(uint256,address,address,address,uint256)"

Part = tuple[int, str, str, str, int]
"""`CustomerReturn`: place in the list, token, wallet of the venue, customer, amount."""


def return_to_customers(path: Path, document: Path, *, command: str) -> Work:
    """Bring every part of the list at `path` to its customer, under the order in `document`."""
    holdings = read_holdings(path)
    hashed = document_hash(document)

    def act(desk: Desk) -> _Act:
        return _Act(desk, holdings, hashed, command)

    return Work(
        operation=OPERATION,
        wish=digest((holdings, hashed)),
        plan=lambda desk: act(desk).plan(),
        verify=lambda desk: act(desk).verify(),
        report=lambda desk: act(desk).report(),
        left=lambda desk: act(desk).plan().pending,
        inputs=(path, document),
    )


class _Act:
    """One look at the chain, and what follows from it."""

    def __init__(
        self, desk: Desk, holdings: Sequence[Holding], document: bytes, command: str
    ) -> None:
        self._desk, self._holdings = desk, holdings
        self._document, self._command = document, command
        self._programme = Programme(desk.chain, desk.record)
        self._returns = self._programme[DESK]

    def plan(self) -> Plan:
        """Freeze, post, confirm, claim: as far as the chain is."""
        self._require_owed()
        found = Prepared(tuple(self._freezing()))
        # The number that a list gets: a confirmation names its root too, so it cannot be another's.
        number = self._posted.number if self._posted else self._returns.read("lists") + 1
        if self._posted is None:
            found += self._prepare(self._posting())
        if not found.pending and not (self._posted and self._posted.confirmed):
            found += self._prepare(self._confirming(number))
        if not found.pending:
            found += Prepared(tuple(self._claiming(number)))
        return Plan(OPERATION, digest(self._tree.root), found.steps, pending=found.pending)

    def verify(self) -> Sequence[Check]:
        """Every part claimed; nothing while the list waits for others."""
        if self._posted is None or not self._posted.confirmed:
            return []
        left = [part[0] for part in self._unclaimed(self._posted.number)]
        return [Check("parts of customers not returned", [], left)]

    def report(self) -> Mapping[str, Any]:
        """The list, and how much of it was returned."""
        number = self._posted.number if self._posted else None
        left = len(self._unclaimed(number)) if number else len(self._parts)
        return {
            "list": number,
            "root": "0x" + self._tree.root.hex(),
            "parts": len(self._parts),
            "returned": len(self._parts) - left,
        }

    # ---------------------------------------------------------------- steps

    def _freezing(self) -> Iterator[Step]:
        for token, wallet in dict.fromkeys((part[1], part[2]) for part in self._parts):
            series = self._programme.find_series(token)
            if not series.token.read("isFrozen", wallet) and self._unreturned:
                call = Call(token, series.token.artifact, _FREEZE, (wallet, True))
                title = f"freeze the venue's {wallet[:8]}… on {series.id}"
                yield Step(title, FREEZER, call, "what it holds stands still")

    def _posting(self) -> Step:
        totals: Counter[str] = Counter()
        for _, token, _, _, amount in self._parts:
            totals[token] += amount
        return self._step(
            f"post what {len(self._parts)} customers are owed",
            LICENSOR,
            _POST,
            (self._venue, self._tree.root, self._document, sorted(totals.items())),
            f"the list 0x{self._tree.root.hex()[:12]}… can be confirmed",
        )

    def _confirming(self, number: int) -> Step:
        return self._step(
            f"confirm the list {number}",
            EXECUTOR,
            _CONFIRM,
            (number, self._tree.root),
            "its parts can be claimed",
        )

    def _claiming(self, number: int) -> Iterator[Step]:
        for part in self._unclaimed(number):
            yield self._step(
                f"return {part[4]:,} to {part[3][:8]}…",
                ANYONE,
                _CLAIM,
                (number, part, self._tree.proof(part[0])),
                "the customer holds it, or its successor",
                bulk="returns",
            )

    def _prepare(self, step: Step) -> Prepared:
        return prepare(self._desk, step, command=self._command)

    def _step(
        self,
        title: str,
        role: str,
        signature: str,
        args: tuple[Any, ...],
        expects: str,
        bulk: str = "",
    ) -> Step:
        return Step(title, role, Call(Ref(DESK), DESK, signature, args), expects, bulk=bulk)

    # ---------------------------------------------------------------- what is owed

    @cached_property
    def _parts(self) -> list[Part]:
        series = {each.series for each in self._holdings}
        tokens = {name: self._programme.find_series(name).address for name in series}
        return [
            (place, tokens[each.series], each.wallet, each.customer, each.amount)
            for place, each in enumerate(self._holdings)
        ]

    @cached_property
    def _venue(self) -> str:
        records = self._programme.records(dict.fromkeys(part[2] for part in self._parts))
        found = {record.investor for record in records.values()}
        if len(found) != 1:
            raise InputRefused("the wallets of the list are not of one venue: a list each")
        return found.pop()

    @cached_property
    def _tree(self) -> MerkleTree:
        return MerkleTree([leaf_of(part) for part in self._parts])

    @cached_property
    def _posted(self) -> _Posted | None:
        """The list as it was posted, unless it was withdrawn."""
        for number in range(1, self._returns.read("lists") + 1):
            told = self._returns.read("listOf", number)
            if (told.venue, told.root, told.document) == (
                self._venue,
                self._tree.root,
                self._document,
            ):
                return _Posted(number, told.confirmed)
        return None

    @property
    def _unreturned(self) -> bool:
        return self._posted is None or bool(self._unclaimed(self._posted.number))

    def _unclaimed(self, number: int) -> list[Part]:
        queries = [self._returns.query("isClaimed", number, part[0]) for part in self._parts]
        return [
            part
            for part, done in zip(self._parts, self._programme.ask(queries), strict=True)
            if not done
        ]

    def _require_owed(self) -> None:
        """A list takes no more of a wallet than it holds, and from no venue that still stands."""
        if self._posted is not None:
            return
        if self._programme["LicenceRegistry"].read("stands", self._venue):
            raise InputRefused(
                "the venue's licence stands: it gives back itself",
                what_to_do="Suspend it first: ape run licence, with `stage: suspended`.",
            )
        owed: Counter[tuple[str, str]] = Counter()
        for _, token, wallet, _, amount in self._parts:
            owed[token, wallet] += amount
        for (token, wallet), amount in owed.items():
            held = self._programme.find_series(token).token.read("balanceOf", wallet)
            if amount > held:
                raise InputRefused(f"the list takes {amount:,} of {wallet}, which holds {held:,}")


@dataclass(frozen=True)
class _Posted:
    number: int
    confirmed: bool


# ---------------------------------------------------------------- the tree


def leaf_of(part: Part) -> bytes:
    """As `CustomerReturns.leafOf`: hashed twice, so that no inner node is a leaf."""
    from eth_abi.abi import encode
    from eth_utils.crypto import keccak

    return keccak(keccak(encode([_PART], [part])))


class MerkleTree:
    """A tree as OpenZeppelin's `MerkleProof` reads it: each pair hashed in the order of its values;
    an odd one goes up alone."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        if not leaves:
            raise InputRefused("a list without parts has no root")
        self._levels = [list(leaves)]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            self._levels.append([_joined(below[at : at + 2]) for at in range(0, len(below), 2)])

    @property
    def root(self) -> bytes:
        return self._levels[-1][0]

    def proof(self, place: int) -> list[bytes]:
        """The hashes that lead from a leaf to the root."""
        proof = []
        for level in self._levels[:-1]:
            if (beside := place ^ 1) < len(level):
                proof.append(level[beside])
            place //= 2
        return proof


def _joined(pair: Sequence[bytes]) -> bytes:
    from eth_utils.crypto import keccak

    return keccak(b"".join(sorted(pair))) if len(pair) == 2 else pair[0]
