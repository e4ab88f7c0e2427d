"""What stands on the chain, read with types: the one place where commands look.

    programme = Programme(desk.chain, desk.record)
    programme["IdentityRegistry"].read("isVerified", wallet)
    programme.records([wallet, ...])        # many wallets in few round trips
    programme.series()

Nothing here sends anything. Contracts are found by their names in the record; reads of many things
go to the node together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, IntFlag
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scripts._amanat.errors import InputRefused
from scripts._amanat.network import Chain, RpcError
from scripts._amanat.powers import Role

if TYPE_CHECKING:
    from scripts._amanat.artifacts import AbiEntry, DecodedEvent
    from scripts._amanat.plan import Call
    from scripts._amanat.record import Record

NOBODY = "0x" + "00" * 20
NOT_DEPLOYED = "Run `ape run deploy` on this chain first, or check --network."


class Status(IntEnum):
    """Life of a series, as in `IProgramme.sol`."""

    NONE = 0
    PROPOSED = 1
    APPROVED = 2
    OPEN = 3
    CLOSED = 4
    MATURED = 5
    REDEEMED = 6
    CANCELLED = 7

    @property
    def label(self) -> str:
        return self.name.lower()


class Standing(IntEnum):
    """How a wallet stands with the registry, as in `InvestorRecord.sol`."""

    VERIFIED = 0
    UNKNOWN = 1
    LAPSED = 2
    UNTRUSTED = 3
    WITHDRAWN = 4
    SUSPENDED = 5
    LOST = 6

    @property
    def label(self) -> str:
        return self.name.lower()


class Flag(IntFlag):
    """Flags of an investor's record, as in `InvestorRecord.sol`."""

    ATTESTED = 1
    LINKED = 2
    VENUE = 4
    WITHDRAWN = 8
    SUSPENDED = 16
    LOST = 32
    RECOVERED = 64
    HEIR = 128


@dataclass(frozen=True)
class Query:
    """One read of one contract, to be asked together with others."""

    address: str
    function: AbiEntry
    args: tuple[Any, ...]

    @property
    def request(self) -> dict[str, str]:
        """The call as JSON-RPC takes it."""
        from scripts._amanat import artifacts

        data = artifacts.selector(self.function) + artifacts.encode(
            self.function["inputs"], self.args
        )
        return {"to": self.address, "data": "0x" + data.hex()}

    def answer(self, data: str) -> Any:
        """The decoded result: a value, or a named tuple of several."""
        from scripts._amanat import artifacts

        return artifacts.decode_result(self.function["outputs"], bytes.fromhex(data[2:]))


@dataclass(frozen=True)
class Contract:
    """A contract at its address, read by the ABI of its artifact."""

    chain: Chain
    artifact: str
    address: str

    def query(self, function: str, *args: Any) -> Query:
        """A read to be asked later. `function` is a name, or a signature where it is overloaded."""
        return Query(self.address, self._function(function), args)

    def read(self, function: str, *args: Any, block: str = "latest") -> Any:
        """Ask now; RpcError where the contract reverts."""
        query = self.query(function, *args)
        return query.answer(self.chain.request("eth_call", query.request, block))

    def events(self, name: str, since: int) -> list[DecodedEvent]:
        """Every event of that name from block `since` on, in order."""
        from scripts._amanat import artifacts

        event = artifacts.load(self.artifact).entries("event", name)[0]
        topic = "0x" + artifacts.topic(event).hex()
        logs = _logs(self.chain, self.address, topic, since, self.chain.height())
        return [
            replace(
                artifacts.decode_event(
                    self.address,
                    [bytes.fromhex(each[2:]) for each in log["topics"]],
                    bytes.fromhex(log["data"][2:]),
                    [event],
                ),
                transaction=log["transactionHash"],
            )
            for log in logs
        ]

    def approval(self, spender: str, amount: int) -> Call:
        """The call by which a holder of this token lets `spender` take so much, and no more."""
        from scripts._amanat.plan import Call

        return Call(self.address, self.artifact, "approve(address,uint256)", (spender, amount))

    def _function(self, wanted: str) -> AbiEntry:
        from scripts._amanat import artifacts

        entries = artifacts.load(self.artifact).entries("function")
        found = [e for e in entries if wanted in (e["name"], artifacts.signature(e))]
        if len(found) != 1:
            raise LookupError(f"{self.artifact} has {len(found)} functions {wanted}")
        return found[0]


def ask(chain: Chain, queries: Sequence[Query], block: str = "latest") -> list[Any]:
    """Many reads in few round trips, of one block; RpcError where one of them reverts."""
    # A local chain stands still while nobody sends.
    if block == "latest" and len(queries) > 1 and not chain.is_local:
        block = hex(chain.height())
    answers = chain.request_many("eth_call", [(query.request, block) for query in queries])
    return [query.answer(data) for query, data in zip(queries, answers, strict=True)]


@dataclass(frozen=True)
class InvestorRecord:
    """What the registry keeps of one wallet; see `InvestorRecord.sol` for the layout."""

    word: int

    @property
    def investor(self) -> str:
        """The investor's name on the chain: its first wallet, or its ONCHAINID contract."""
        from scripts._amanat.artifacts import checksum

        return checksum(f"0x{self.word & (1 << 160) - 1:040x}")

    @property
    def country(self) -> int:
        """ISO 3166-1 numeric."""
        return self.word >> 160 & 0x3FF

    @property
    def investor_class(self) -> int:
        return self.word >> 170 & 0x3F

    @property
    def flags(self) -> Flag:
        return Flag(self.word >> 176 & 0xFF)

    @property
    def until_hour(self) -> int:
        """Unix time in hours at which the verdict ends."""
        return self.word >> 184 & 0xFFFFFF

    @property
    def epoch(self) -> int:
        return self.word >> 208 & 0xFFFFFF

    @property
    def batch(self) -> int:
        """The attestation batch that it rests on; 0 for an ONCHAINID wallet."""
        return self.word >> 232

    @property
    def is_held(self) -> bool:
        """Registered, and not released by a deletion."""
        gone = self.flags & (Flag.WITHDRAWN | Flag.ATTESTED) == Flag.WITHDRAWN
        return self.investor != NOBODY and not gone


@dataclass(frozen=True)
class Membership:
    """One holder of one role: from when (Unix seconds), and how long its acts wait (seconds)."""

    since: int
    delay: int


@dataclass(frozen=True)
class Series:
    """One series on the programme's books."""

    id: str
    """The identifier of its term sheet where the record knows it, else its symbol."""
    token: Contract
    class_name: str
    symbol: str
    status: Status
    proposer: str
    compliance: str
    supply: int
    counted: int | None
    """Holders; None while no rule of the series has them counted."""

    @property
    def address(self) -> str:
        return self.token.address

    @property
    def holders(self) -> int:
        """How many investors hold it; InputRefused where nobody counts them."""
        if self.counted is None:
            raise InputRefused(f"the holders of {self.id} are not counted: no rule limits them")
        return self.counted


class Programme:
    """The contracts of the programme on one chain."""

    def __init__(self, chain: Chain, record: Record) -> None:
        self.chain, self._record = chain, record

    def __getitem__(self, name: str) -> Contract:
        """A contract by its name in the record; InputRefused where it is not deployed."""
        if name not in self._record.contracts:
            raise InputRefused(
                f"{name} is not deployed on chain {self.chain.chain_id}", what_to_do=NOT_DEPLOYED
            )
        entry = self._record.contracts[name]
        return Contract(self.chain, entry.artifact, entry.address)

    def __contains__(self, name: str) -> bool:
        return name in self._record.contracts

    def ask(self, queries: Sequence[Query]) -> list[Any]:
        """Many reads of one block."""
        return ask(self.chain, queries)

    @cached_property
    def cash(self) -> Contract:
        """The cash token that settles; InputRefused where none is known."""
        if "PilotRupee" in self:
            return self["PilotRupee"]
        approved: dict[str, bool] = {}
        for event in self.events("DeliveryVersusPayment", "CashApproved"):
            approved[event.arguments["cash"]] = event.arguments["approved"]
        tokens = [cash for cash, stands in approved.items() if stands]
        if len(tokens) != 1:
            raise InputRefused(f"{len(tokens)} cash tokens are approved, not one")
        return Contract(self.chain, "PilotRupee", tokens[0])

    def events(self, name: str, event: str) -> list[DecodedEvent]:
        """Every event of that name that a contract has emitted."""
        return self[name].events(event, self._record.contracts[name].block)

    # ---------------------------------------------------------------- powers

    def members(self) -> dict[Role | int, dict[str, Membership]]:
        """Who holds each role: whoever an event ever named and the authority still counts."""
        members: dict[Role | int, dict[str, Membership]] = {}
        granted = self.events("Authority", "RoleGranted")
        accounts = {(e.arguments["roleId"], e.arguments["account"]) for e in granted}
        pairs = sorted(accounts)
        authority = self["Authority"]
        held = self.ask([authority.query("getAccess", role, who) for role, who in pairs])
        for (role, account), access in zip(pairs, held, strict=True):
            if access[0]:
                known = Role(role) if role in list(Role) else role
                members.setdefault(known, {})[account] = Membership(access[0], access[1])
        return members

    def labels(self) -> dict[tuple[str, bytes], int]:
        """The role that opens each function, by target and selector, folded from the events."""
        found: dict[tuple[str, bytes], int] = {}
        for event in self.events("Authority", "TargetFunctionRoleUpdated"):
            known = event.arguments
            found[known["target"], known["selector"]] = known["roleId"]
        return found

    # ---------------------------------------------------------------- investors

    def records(self, wallets: Iterable[str]) -> dict[str, InvestorRecord]:
        """What the registry keeps of each wallet."""
        listed = list(wallets)
        registry = self["IdentityRegistry"]
        words = self.ask([registry.query("recordOf", wallet) for wallet in listed])
        return {wallet: InvestorRecord(word) for wallet, word in zip(listed, words, strict=True)}

    def standings(self, wallets: Iterable[str]) -> dict[str, Standing]:
        """How each wallet stands now."""
        listed = list(wallets)
        registry = self["IdentityRegistry"]
        found = self.ask([registry.query("standingOf", wallet) for wallet in listed])
        return {wallet: Standing(each) for wallet, each in zip(listed, found, strict=True)}

    # ---------------------------------------------------------------- series

    def series(self) -> list[Series]:
        """Every series, in the order in which they were made."""
        return [self._series(token) for token in self._tokens()]

    def find_series(self, word: str) -> Series:
        """The series that a word names: its id, symbol, ISIN or address.

        Raises InputRefused where none or several answer to it.
        """
        tokens = self._tokens()
        names = zip(tokens, self._names(tokens), strict=True)
        found = [token for token, named in names if word.lower() in named]
        if len(found) != 1:
            known = ", ".join(each.id for each in self.series()) or "none"
            raise InputRefused(
                f"{word!r} names {len(found)} series; on this chain stand: {known}",
                what_to_do="Name one of them by its id, symbol, ISIN or address.",
            )
        return self._series(found[0])

    def terms(self, series: Series) -> Any:
        """The terms as they stand in the series' code, as a named tuple."""
        return series.token.read("terms")

    def rules(self, series: Series) -> Any:
        """The rules in force, as a named tuple."""
        return self["RuleBook"].read("rulesOf", series.address)

    def countries(self, series: Series) -> list[int]:
        """Countries on the series' list, ISO 3166-1 numeric."""
        words = self["RuleBook"].read("jurisdictionsOf", series.address)
        return [256 * at + bit for at, word in enumerate(words) for bit in _bits(word)]

    def accounts(self, token: Contract) -> list[str]:
        """Every account that was ever given some of a series, in the order of its first time."""
        given = token.events("Transfer", self._record.contracts["Programme"].block)
        return list(dict.fromkeys(e.arguments["to"] for e in given if e.arguments["to"] != NOBODY))

    def balances(self, token: Contract, accounts: Iterable[str]) -> dict[str, int]:
        """Balance of each account, in smallest units."""
        listed = list(accounts)
        found = self.ask([token.query("balanceOf", account) for account in listed])
        return dict(zip(listed, found, strict=True))

    def _tokens(self) -> list[Contract]:
        """Every series by the artifact of its class, in few round trips however many there are."""
        programme, authority = self["Programme"], self["Authority"]
        count = programme.read("seriesCount")
        addresses = self.ask([programme.query("seriesAt", index) for index in range(count)])
        classes = self.ask([authority.query("classOf", address) for address in addresses])
        return [
            Contract(self.chain, self._class_at(implementation, address), address)
            for implementation, address in zip(classes, addresses, strict=True)
        ]

    def book(self, token: str) -> Any:
        """A series on the programme's books, as `SeriesState`; any other has the status NONE."""
        return self["Programme"].read("seriesOf", token)

    def _series(self, token: Contract) -> Series:
        book, symbol, compliance, supply = self.ask(
            [
                self["Programme"].query("seriesOf", token.address),
                token.query("symbol"),
                token.query("compliance"),
                token.query("totalSupply"),
            ]
        )
        return Series(
            id=self._id_of(token.address) or symbol,
            token=token,
            class_name=token.artifact,
            symbol=symbol,
            status=Status(book.status),
            proposer=book.proposer,
            compliance=compliance,
            supply=supply,
            counted=_counted(token),
        )

    def _class_at(self, implementation: str, token: str) -> str:
        """The artifact of a series' class, by the implementation that it is a clone of."""
        for name, entry in self._record.contracts.items():
            if entry.address == implementation:
                return name
        raise InputRefused(f"{token} is of a class at {implementation} that the record lacks")

    def _id_of(self, address: str) -> str | None:
        for name, facts in self._record.series.items():
            if facts.get("address") == address:
                return name
        return None

    def _names(self, tokens: Sequence[Contract]) -> Iterator[set[str]]:
        """What each series answers to, in small letters."""
        symbols = self.ask([token.query("symbol") for token in tokens])
        terms = self.ask([token.query("terms") for token in tokens])
        for token, symbol, found in zip(tokens, symbols, terms, strict=True):
            common = getattr(found, "periodic", found)  # of what runs in periods
            isin = common.isin.decode("ascii")
            own = self._id_of(token.address) or symbol
            yield {word.lower() for word in (own, symbol, token.address, isin)}


def named(value: Any) -> Mapping[str, Any]:
    """A named tuple that the chain answered with, as a mapping."""
    content: Mapping[str, Any] = value._asdict()
    return content


def _counted(token: Contract) -> int | None:
    """Holders of a series; None where no rule has them counted."""
    try:
        return int(token.read("holders"))
    except RpcError as answer:
        if not answer.is_revert:
            raise
        return None


def _bits(word: int) -> list[int]:
    return [bit for bit in range(256) if word >> bit & 1]


def _logs(chain: Chain, address: str, topic: str, first: int, last: int) -> list[Any]:
    """Logs of a range of blocks, halved where the node finds it too long."""
    wanted = {
        "address": address,
        "topics": [topic],
        "fromBlock": hex(first),
        "toBlock": hex(last),
    }
    try:
        return list(chain.request("eth_getLogs", wanted))
    except RpcError:
        if first >= last:
            raise
    middle = (first + last) // 2
    before = _logs(chain, address, topic, first, middle)
    return before + _logs(chain, address, topic, middle + 1, last)
