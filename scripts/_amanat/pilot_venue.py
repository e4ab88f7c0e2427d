"""Two exchanges: one goes from its NOC to a licence and is suspended; its customers leave without
it. What it may and may not do is shown at each step, on the toll road's certificates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from scripts import licence, register_investors
from scripts._amanat.customer_returns import return_to_customers
from scripts._amanat.licence_files import read_holdings, read_licences
from scripts._amanat.pilot_instrument import Instrument
from scripts._amanat.pilot_leg import Scene, Surroundings

SERIES = "mrs-2027-01-01"
LOT = 1_000


class Venues(Instrument):
    """Binance and HTX, in December 2025."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around, SERIES)
        self._folder = self.cast.files.folder / "licences"
        licensed = read_licences(self._folder / "licensed.yaml").venues[0]
        self._binance = licensed.wallet
        self._bank, self._fund = licensed.customers
        self._htx = read_licences(self._first).venues[1].wallet

    @property
    def _first(self) -> Path:
        return self.cast.files.folder / "licences.yaml"

    def scenes(self) -> Iterable[Scene]:
        """Phase by phase, a decision each."""
        for day, title, play in (
            (date(2025, 12, 1), "Two exchanges get a no-objection certificate", self.noc),
            (date(2025, 12, 4), "One registers against money laundering", self.aml_registered),
            (date(2025, 12, 9), "It is incorporated, then licensed", self.licensed),
            (date(2025, 12, 16), "Its licence is suspended", self.suspended),
            (date(2025, 12, 17), "Its customers leave without its signature", self.returned),
        ):
            yield Scene(day, title, play)

    def noc(self) -> None:
        """It permits preparing, and nothing else."""
        self.command(register_investors.cli, investors=self._folder / "venues.csv")
        self.command(licence.cli, licences=self._first)
        self.stage.note("Binance and HTX have a NOC: they may prepare, and hold nothing")
        self._refused_into("a NOC is no licence", self._bank, LOT, 46, "VenueHoldingExceeded")

    def aml_registered(self) -> None:
        """Banks alone, within the limits of its stage."""
        self._decide("aml-registered")
        self.transfer(self._bank, self._binance, 1_000_000)
        self.stage.note("a bank brings it 1,000,000 certificates: as many as it may take a day")
        self._refused_into("a venue's day", self._bank, LOT, 47, "VenueTradeExceeded")
        topic = "whom a venue may serve"
        self._refused_into(topic, self._fund, LOT, 45, "VenueMayNotServe")

    def licensed(self) -> None:
        """More, for more, and under the travel rule."""
        self._decide("incorporated")
        self._decide("licensed")
        self.transfer(self._fund, self._binance, 3_000_000)
        self.transfer(self._binance, self._bank, 200_000)
        self.stage.note("a fund brings it 3,000,000; the bank takes 200,000 back")
        for topic, amount, code, error in (
            ("the travel rule", 1_000_000 + LOT, 50, "TravelReferenceMissing"),
            ("a venue to a venue with a NOC", LOT, 46, "VenueHoldingExceeded"),
        ):
            self.refused(topic, self._binance, self._htx, amount, code, error)

    def suspended(self) -> None:
        """At once; it may give back, and nothing else."""
        self._decide("suspended")
        error = "VenueNotLicensed"
        self._refused_into("into a suspended venue", self._bank, LOT, 44, error)
        other = next(wallet for wallet in self.book.holding if wallet not in self._parties)
        self.refused("from a suspended venue", self._binance, other, LOT, 44, error)
        self.transfer(self._binance, self._bank, 300_000)
        self.stage.note("it gives 300,000 back to the bank, which is its customer")

    def returned(self) -> None:
        """Posted by one, confirmed by another, brought by anybody."""
        path, document = self._folder / "returns.csv", self._folder / "suspension.md"
        command = f"ape run licence {path} --returns --document {document}"
        report = self.stage.finish(return_to_customers(path, document, command=command)).report
        for part in read_holdings(path):
            self.book.move(part.wallet, part.customer, part.amount)
        self.stage.note(f"{report['returned']} customers have what was theirs, by orders")
        held = self.series.token.read("balanceOf", self._binance)
        self.stage.check("certificates left with the venue", 0, held)
        self.stage.finish(self.frozen(self._binance, release=True))
        self.holders_are_exact()

    @property
    def _parties(self) -> tuple[str, ...]:
        return self._binance, self._bank, self._fund

    def _decide(self, name: str) -> None:
        report = self.command(licence.cli, licences=self._folder / f"{name}.yaml").report
        history = " → ".join(each["stage"] for each in report["venues"]["Binance"])
        self.stage.note(f"Binance: {history}")

    def _refused_into(self, topic: str, sender: str, amount: int, code: int, error: str) -> None:
        self.refused(topic, sender, self._binance, amount, code, error)
