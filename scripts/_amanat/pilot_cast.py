"""Who plays what in the pilot, chosen from the sample files by what they are, never by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from eth_typing import ChecksumAddress, HexAddress, HexStr

from scripts._amanat.auction import AuctionResult, Sale, read_auction
from scripts._amanat.business_days import start_of_day_karachi
from scripts._amanat.errors import InputRefused
from scripts._amanat.investors import Investor, Investors, read_investors
from scripts._amanat.signers import development_account
from scripts._amanat.terms import BillTerms, read_bill

ACCOUNTS = 300
"""Development accounts of the private chain: the officers, the investors of the list, and three."""
STRANGER_KEY = ACCOUNTS - 1
NEW_WALLET_KEY = ACCOUNTS - 2
SECOND_NEW_WALLET_KEY = ACCOUNTS - 3


@dataclass(frozen=True)
class Files:
    """The files of the sample programme."""

    folder: Path

    @property
    def programme(self) -> Path:
        return self.folder / "programme.yaml"

    @property
    def investors(self) -> Path:
        return self.folder / "investors.csv"

    @property
    def bill(self) -> Path:
        return self.folder / "bills" / "mtb-3m-2025-10-02.yaml"

    @property
    def auction(self) -> Path:
        return self.folder / "auction-2025-10-01.csv"

    @property
    def auctioned_bill(self) -> Path:
        """A bill that is sold by an auction on the chain."""
        return self.folder / "bills" / "mtb-1m-2025-10-28.yaml"

    @property
    def announcement(self) -> Path:
        """Of that auction."""
        return self.folder / "auctions" / "mtb-1m-2025-10-27.yaml"

    @property
    def acceptance(self) -> Path:
        """The decision on it."""
        return self.folder / "auctions" / "decision-2025-10-27.md"

    @property
    def order(self) -> Path:
        return self.folder / "orders" / "decree-2025-017.yaml"

    @property
    def decision(self) -> Path:
        return self.folder / "orders" / "recovery-2025-004.md"

    @property
    def second_decision(self) -> Path:
        return self.folder / "orders" / "recovery-2026-003.md"

    @property
    def fallback(self) -> Path:
        """What proves the reference rates that take the benchmark's place."""
        return self.folder / "orders" / "fallback-2026-02-06.md"

    @property
    def call(self) -> Path:
        """The decision to call the floater."""
        return self.folder / "orders" / "call-2026-005.md"

    @property
    def buyback(self) -> Path:
        """The result of the buyback auction of April 2026."""
        return self.folder / "buyback-2026-04-14-pib.csv"

    @property
    def calendar(self) -> Path:
        return self.folder / "calendars" / "pk-2026.yaml"

    @property
    def pledge(self) -> Path:
        """The agreement between a bank and its creditor."""
        return self.folder / "orders" / "pledge-2026-011.md"

    @property
    def tax(self) -> Path:
        """The tax agent's table for 2026."""
        return self.folder / "tax-2026.yaml"

    @property
    def renewals(self) -> Path:
        """Investors whose verification is renewed, as `investors` lists them."""
        return self.folder / "renewals-2026.csv"

    @property
    def revenue(self) -> Path:
        """The folder of the toll road: its term sheet, and its figures period by period."""
        return self.folder / "revenue"

    @property
    def road_call(self) -> Path:
        """The decision to call the toll road's revenue share."""
        return self.folder / "orders" / "call-2026-07-02.md"

    def sheet(self, series: str) -> Path:
        """The term sheet of a bond or sukuk."""
        return self.folder / "bonds" / f"{series}.yaml"

    def sale(self, name: str) -> Path:
        """The auction of November 2025 for a bond or sukuk."""
        return self.folder / f"auction-2025-11-05-{name}.csv"


class Cast:
    """The investors of the sample files in their parts."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.stands_in: dict[str, str] = {}
        """By the wallet that took its place, the lost one."""
        self.terms: BillTerms = read_bill(files.bill, chain_date=None)
        self.investors: Investors = read_investors(files.investors, as_of=None)
        self.auction: AuctionResult = read_auction(
            files.auction, Sale.of(self.terms), self.investors
        )

    @cached_property
    def allotted(self) -> Counter[str]:
        """Units that each wallet is allotted."""
        units: Counter[str] = Counter()
        for allotment in self.auction.allotments:
            units[allotment.wallet] += allotment.face
        return units

    @cached_property
    def costs(self) -> Counter[str]:
        """Paisa that each wallet pays for what it is allotted."""
        paisa: Counter[str] = Counter()
        for allotment in self.auction.allotments:
            paisa[allotment.wallet] += allotment.payment
        return paisa

    def is_listed(self, wallet: str) -> bool:
        """Whether the wallet, or the one in whose place it is, stands in the list of investors."""
        return self.stands_in.get(wallet, wallet) in self.investors.by_wallet

    def owner(self, wallet: str) -> Investor:
        """The investor of a wallet; KeyError for one that is not in the list."""
        wallet = self.stands_in.get(wallet, wallet)
        return self.investors.by_wallet[ChecksumAddress(HexAddress(HexStr(wallet)))]

    @cached_property
    def largest(self) -> list[str]:
        """Wallets of bidders with one wallet, the largest first."""
        single = [w for w in self.allotted if len(self.owner(w).wallets) == 1]
        return sorted(single, key=lambda wallet: (-self.allotted[wallet], wallet))

    @cached_property
    def newcomers(self) -> list[str]:
        """Retail investors of Pakistan who did not bid, and stay verified to the end."""
        return [
            investor.main_wallet
            for investor in self._onlookers()
            if investor.class_name == "retail"
            and investor.country.alpha_2 == "PK"
            and len(investor.wallets) == 1
        ]

    @cached_property
    def dealers(self) -> list[str]:
        """Primary dealers who stay verified to the end, by their main wallets."""
        return [
            investor.main_wallet
            for investor in self.investors.all
            if investor.class_name == "primary_dealer"
            and self._is_admitted(investor)
            and self._lasts(investor)
        ]

    @cached_property
    def lapsing(self) -> Investor:
        """The first admitted investor, no bidder, whose verification runs out after the issue."""
        candidates = [
            investor
            for investor in self.investors.all
            if self._is_admitted(investor) and not self._bids(investor)
        ]
        return min(candidates, key=lambda investor: (investor.verified_until, investor.row))

    @cached_property
    def foreigner(self) -> Investor:
        """Verified, of an admitted class, and of a country that is not admitted."""
        return self._first(
            lambda each: (
                each.country not in self._jurisdictions
                and each.class_name in self.terms.compliance.investor_classes
            )
        )

    @cached_property
    def broker(self) -> Investor:
        """Verified, of an admitted country, and of a class that is not admitted."""
        return self._first(
            lambda each: (
                each.country in self._jurisdictions
                and each.class_name not in self.terms.compliance.investor_classes
            )
        )

    @property
    def stranger(self) -> str:
        """A wallet that nobody registered."""
        return str(development_account(STRANGER_KEY).address)

    @property
    def new_wallet(self) -> str:
        """A wallet that nobody registered, to which its owner has the key."""
        return str(development_account(NEW_WALLET_KEY).address)

    @property
    def second_new_wallet(self) -> str:
        """Another."""
        return str(development_account(SECOND_NEW_WALLET_KEY).address)

    @cached_property
    def lapsing_holder(self) -> Investor:
        """A bidder whose verification runs out before the bill does."""
        bidders = (self.owner(wallet) for wallet in self.allotted)
        return min(bidders, key=lambda investor: (investor.verified_until, investor.row))

    def bidder(self, class_name: str) -> str:
        """The smallest bidder of a class with one wallet that stays verified to the end."""
        fit = [
            wallet
            for wallet in reversed(self.largest)
            if self.owner(wallet).class_name == class_name and self._lasts(self.owner(wallet))
        ]
        if not fit:
            raise InputRefused(f"{self.files.auction} has no bidder of the class {class_name}")
        return fit[0]

    @cached_property
    def two_wallets(self) -> tuple[str, str]:
        """Two wallets of one bidder, of which the first holds."""
        for wallet in self.allotted:
            others = [w for w in self.owner(wallet).wallets if w not in self.allotted]
            if others:
                return wallet, others[0]
        raise InputRefused(f"{self.files.auction} has no bidder of several wallets")

    def name(self, wallet: str) -> str:
        """How the report calls a wallet: its investor's reference and class."""
        if not self.is_listed(wallet):
            return f"{wallet[:8]}…"
        investor = self.owner(wallet)
        kind = investor.class_name.replace("_", " ")
        return f"{investor.reference} ({kind}, {investor.country.alpha_2})"

    @property
    def _jurisdictions(self) -> frozenset[object]:
        return frozenset(self.terms.compliance.jurisdictions)

    def _is_admitted(self, investor: Investor) -> bool:
        return (
            investor.country in self._jurisdictions
            and investor.class_name in self.terms.compliance.investor_classes
        )

    def _bids(self, investor: Investor) -> bool:
        return any(wallet in self.allotted for wallet in investor.wallets)

    def _onlookers(self) -> Iterator[Investor]:
        """Admitted investors who did not bid, verified on the day after maturity and longer."""
        for investor in self.investors.all:
            if self._is_admitted(investor) and not self._bids(investor) and self._lasts(investor):
                yield investor

    def _lasts(self, investor: Investor) -> bool:
        return investor.verified_until > self.terms.payment_date

    def _first(self, is_fit: Callable[[Investor], bool]) -> Investor:
        for investor in self.investors.all:
            if is_fit(investor) and self._lasts(investor):
                return investor
        raise InputRefused(f"{self.files.investors} has nobody for one of the pilot's parts")


def morning(day: date) -> int:
    """Ten o'clock in Karachi, in Unix seconds."""
    return start_of_day_karachi(day) + 10 * 3_600
