"""What the stories of gold and of oil have in common: attested, sold, refused, redeemed in kind."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from scripts import attest_reserve, encumber, issue, redeem_in_kind, sell
from scripts._amanat.commodity_terms import CommodityReserveTerms
from scripts._amanat.errors import ChainRefused
from scripts._amanat.pilot_instrument import Instrument
from scripts._amanat.pilot_leg import Surroundings
from scripts._amanat.pilot_money import rupees
from scripts._amanat.pilot_stage import work_of
from scripts._amanat.quantities import in_words, smallest
from scripts._amanat.reserves import REGISTER
from scripts._amanat.sales import read_sales
from scripts._amanat.sheets import read_sheet

FIRST_DAY = date(2026, 4, 8)
"""On which both reserves are attested for the first time."""
LAST_DAY = date(2026, 4, 20)
"""On which what is left of both is redeemed."""


class Commodity(Instrument):
    """One reserve in the pilot."""

    sheet_name: ClassVar[str]

    def __init__(self, around: Surroundings) -> None:
        self._folder = around.cast.files.folder / "commodities"
        sheet = read_sheet(self.file(f"{self.sheet_name}.yaml"), chain_date=None)
        assert isinstance(sheet, CommodityReserveTerms)
        self.sheet = sheet
        super().__init__(around, sheet.series)

    def file(self, name: str) -> Path:
        """One of the leg's sample files."""
        return self._folder / name

    def words(self, units: int) -> str:
        """Smallest units as the report says them."""
        return in_words(units, self.sheet.precision, self.sheet.unit)

    @property
    def recognised(self) -> int:
        """What may be in circulation, as the register says."""
        register = self.stage.programme[REGISTER]
        return int(register.read("recognisedReserve", self.first_seen.address))

    # ---------------------------------------------------------------- stock and sales

    def issue(self) -> None:
        """From its term sheet."""
        self.command(issue.cli, terms=self.file(f"{self.sheet_name}.yaml"))
        self.stage.note(f"{self.sheet.symbol}: {self.sheet.name}, by the {self.sheet.unit.lower()}")

    def attest(self, name: str, recognised: int) -> None:
        """Both keepers sign what is in store."""
        self.command(attest_reserve.cli, statement=self.file(name))
        self.stage.check(f"{self.sheet.symbol}: recognised", recognised, self.recognised)
        self.stage.note(f"custodian and auditor attest to {self.words(recognised)}")

    def sell(self, name: str, day: date) -> None:
        """Against payment, each buyer with its own money."""
        result = read_sales(self.file(name), self.cast.investors, self.sheet.precision)
        costs: Counter[str] = Counter()
        for sale in result.allotments:
            costs[sale.wallet] += sale.payment
        for wallet, cost in costs.items():
            self.bring_money(wallet, cost)
        self.command(sell.cli, **self._sale(name, day))
        for sale in result.allotments:
            self.book.issue(sale.wallet, sale.face)
            self.book.subscribed += sale.payment
            self.ledger.pay(sale.wallet, self.treasury, sale.payment)
        self.stage.note(f"{self.words(result.face)} sold for {rupees(result.payment)}")

    def _sale(self, name: str, day: date) -> dict[str, Any]:
        investors = self.cast.files.investors
        words = {"series": self.series_name, "sales": self.file(name), "sold_on": day}
        return {**words, "investors": investors, "fund_on_local_chain": True}

    def refused_sale(self, name: str, day: date, error: str) -> None:
        """The command refuses, and the series would: the mint itself is tried as well."""
        try:
            self.stage.do(work_of(sell.cli, self.stage.desk, **self._sale(name, day)))
            told = "nothing"
        except ChainRefused as refusal:
            told = str(refusal)
        self.stage.check(f"{self.sheet.symbol}: the sale is refused", True, error in told)
        result = read_sales(self.file(name), self.cast.investors, self.sheet.precision)
        wanted = result.allotments[0]
        mint = self.first_seen.token.query(
            "mint(address,uint256,bytes32)", wanted.wallet, wanted.face, bytes(32)
        )
        minter = self.stage.programme["DeliveryVersusPayment"].address
        own = self.stage.answer(mint, minter)
        self.stage.check(f"{self.sheet.symbol}: the mint itself", error, own.split("(")[0])
        self.stage.note(f"refused: a mint of {self.words(wanted.face)}: {own}")

    def encumber(self, lot: str, document: str, *, release: bool = False) -> None:
        """By the custodian and the fiscal agent."""
        words = {"series": self.series_name, "lot": lot, "document": self.file(document)}
        self.command(encumber.cli, **words, release=release)
        self.stage.note(f"{lot} is {'released' if release else 'encumbered'}, by two")

    # ---------------------------------------------------------------- redemption in kind

    def stage_of(self, request: str, **options: object) -> dict[str, Any]:
        """One stage of a redemption; where it stands then."""
        found = self.command(redeem_in_kind.cli, request=self.file(request), **options).report
        return dict(found)

    def redeem(self, request: str, lot: str, weight: str, bars: str) -> None:
        """From the choice of a lot to the burn; the shortfall, if any, from the treasury."""
        chosen = self.stage_of(request, lot=lot, weight=Decimal(weight), bars=self.file(bars))
        holder = self._holder(request)
        fee, shortfall, units = chosen["fee"], chosen["shortfall"], chosen["units"]
        self.bring_money(holder, fee)
        self.stage_of(request, accept=True)
        self.stage_of(request, deliver=self.file("receipt.md"))
        done = self.stage_of(request, acknowledge=True)
        self.stage.check(f"{request}: it stands", "settled", done["status"])
        delivered = smallest(Decimal(weight), self.sheet.precision)
        self.stage.check(f"{request}: weight", delivered, done["weight"])
        self.ledger.pay(holder, self.treasury, fee)
        self.ledger.pay(self.treasury, holder, shortfall)
        self.book.redeem(holder, units)
        self.book.fees += fee
        self.book.shortfalls += shortfall
        self.stage.check("supply after the delivery", self.book.outstanding, self.series.supply)
        more = f", and {rupees(shortfall)} for what it falls short" if shortfall else ""
        self.stage.note(f"{self.words(delivered)} of {lot} delivered for {rupees(fee)}{more}")

    def _holder(self, request: str) -> str:
        from scripts._amanat.in_kind_files import read_request

        return read_request(self.file(request)).content.holder

    def prove(self) -> None:
        """No lot is chosen for anybody any more."""
        register, token = self.stage.programme[REGISTER], self.first_seen.address
        lots = register.read("lotsOf", token)
        chosen = [register.read("lot", token, lot).assigned for lot in lots]
        self.stage.check(f"{self.sheet.symbol}: still chosen of the lots", 0, sum(chosen))
