"""A bond on the live programme: its calendar published, proposed and opened, sold by a tap."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from scripts import holidays, tap
from scripts._amanat import bonds
from scripts._amanat.bonds import Bond
from scripts._amanat.build import ROOT
from scripts._amanat.business_days import epoch_day
from scripts._amanat.command import Desk, Work, perform
from scripts._amanat.issuance import APPROVE, PROPOSE
from scripts._amanat.onchain import Programme
from scripts._amanat.pilot import SAMPLE
from scripts._amanat.pilot_cast import morning
from scripts._amanat.pilot_stage import StageConsole
from scripts._amanat.plan import Call, Plan, Ref, Step
from scripts._amanat.powers import class_id
from scripts._amanat.schedules import Schedule
from tests.journeys.live_programme import Answer, LiveProgramme
from tests.world import APPROVAL, MANDATE, VARIABLE, BondTerms, PeriodicTerms, Rules, SukukTerms

BOND, FLOATER, CALLED, SUKUK = "PIB-OCT26", "PFL-OCT26", "PIB-CALL", "GIS-OCT26"
START, FIRST_END, MATURITY = date(2025, 10, 16), date(2026, 4, 16), date(2026, 10, 16)
SETTLEMENT = date(2025, 10, 20)
PRICE = Decimal("97.7244")
LOT = 100_000
COUPON = 525_000
"""Paisa that 10.5 % pays on 100,000 for half a year: 5,250.00."""

TERMS = BondTerms(
    PeriodicTerms(
        stated_maturity=epoch_day(MATURITY),
        name=b"Pakistan Investment Bond 2026",
        symbol=BOND.encode(),
        issue_date=epoch_day(START),
        accrual_start=epoch_day(START),
    )
)
FLOATING = replace(
    TERMS,
    periodic=replace(
        TERMS.periodic,
        symbol=FLOATER.encode(),
        rate_type=VARIABLE,
        benchmark=b"6M MTB weighted average yield",
        spread=5_000,
        floor=50_000,
        cap=200_000,
        fixing_days=2,
    ),
)
CALLABLE = replace(
    TERMS,
    periodic=replace(TERMS.periodic, symbol=CALLED.encode()),
    callable_from=epoch_day(FIRST_END),
    call_price=1_005_000,
    call_notice_days=30,
)

SUKUK_TERMS = SukukTerms(
    replace(
        SukukTerms().periodic,
        stated_maturity=epoch_day(MATURITY),
        symbol=SUKUK.encode(),
        issue_date=epoch_day(START),
        accrual_start=epoch_day(START),
    )
)
CLASSES = {BondTerms: "GovernmentBond", SukukTerms: "IjarahSukuk"}

CALENDAR = """\
name: Pakistan, money market
version: 2025-09-01
first: 2025-01-01
last: 2026-12-31
weekend: [saturday, sunday]
holidays:
  - {date: 2025-12-25, name: Quaid-e-Azam Day}
  - {date: 2026-04-16, name: A holiday on the day of the first coupon}
"""


@dataclass(frozen=True)
class Bid:
    """A bid of the tap; its yield is the one that belongs to its price."""

    number: str
    wallet: str
    face: int = 10 * LOT
    price: Decimal = PRICE
    stated: str = ""

    @property
    def row(self) -> str:
        return self._row(
            self.stated or str(bonds.yield_from_price(instrument(), SETTLEMENT, self.price))
        )

    @property
    def at_price(self) -> str:
        """The row without a yield."""
        return self._row("")

    def _row(self, stated: str) -> str:
        cells = (self.number, "", self.wallet, "competitive", self.face, self.price, stated)
        return ",".join(map(str, (*cells, f"ACC-{self.number}")))


def instrument() -> Bond:
    """The fixed bond as Python prices it."""
    return Bond(Schedule(START, MATURITY, 2), Decimal("10.5"))


def publish_calendar(live: LiveProgramme) -> Answer:
    """Scheduled by the steward, and executed after its delay."""
    path = live.root / "pk.yaml"
    path.write_text(CALENDAR, "utf-8")
    first = live.run(holidays.cli, str(path), "--name", "PK")
    assert first.exit_code == 10
    live.wait(first.pending[-1])
    return live.run(holidays.cli, str(path), "--name", "PK")


def issue(live: LiveProgramme, terms: BondTerms | SukukTerms) -> None:
    """Proposed by the debt office, opened by the fiscal agent; every rule is off but the lot."""
    rules = astuple(replace(Rules(), lot=LOT))

    def plan(desk: Desk) -> Plan:
        programme = Programme(desk.chain, desk.record)["Programme"]
        encoded, name = terms.encoded(), class_id(CLASSES[type(terms)])
        address = programme.read("predictSeries", name, encoded)
        if programme.read("seriesOf", address).status:
            return Plan("issue_bond", "")
        act = Call(Ref("Programme"), "Programme", PROPOSE, (name, encoded, rules, [], MANDATE))
        approval = Call(Ref("Programme"), "Programme", APPROVE, (address, APPROVAL))
        opening = Call(Ref("Programme"), "Programme", "openSeries(address)", (address,))
        steps = (
            Step("propose", "issuer", act),
            Step("approve", "fiscal_agent", approval),
            Step("open", "fiscal_agent", opening),
        )
        return Plan("issue_bond", terms.periodic.symbol.decode(), steps)

    desk = live.desk
    desk.console = StageConsole(assume_yes=True)
    perform(desk, Work("issue_bond", plan=plan))


def bids_of(live: LiveProgramme) -> list[Bid]:
    """A primary dealer and two that buy less."""
    dealer, *_ = live.cast.largest
    return [
        Bid("C-1", dealer, 30 * LOT),
        Bid("C-2", live.cast.bidder("pension_fund"), 10 * LOT),
        Bid("C-3", live.cast.bidder("retail"), LOT),
    ]


def sell(live: LiveProgramme, bids: list[Bid], series: str = BOND, *more: str) -> Answer:
    """The bids, settled on the day of settlement."""
    return sell_rows(live, [bid.row for bid in bids], series, *more)


def sell_rows(live: LiveProgramme, rows: list[str], series: str, *more: str) -> Answer:
    """The same, from the rows of the file."""
    heading = "bid,investor,wallet,kind,face,price,yield,account"
    path = live.root / "tap.csv"
    path.write_text("\n".join((heading, *rows)) + "\n", "utf-8")
    words = (series, str(path), "--settlement", str(SETTLEMENT))
    investors = ("--investors", str(ROOT / SAMPLE / "investors.csv"))
    return live.run(tap.cli, *words, *investors, "--fund-on-local-chain", *more)


def live_bond(live: LiveProgramme, terms: BondTerms | SukukTerms = TERMS) -> None:
    """Issued on the live chain, whose clock is at the morning of the tap's settlement."""
    assert publish_calendar(live).exit_code == 0
    issue(live, terms)
    live.chain.advance_to(morning(SETTLEMENT))


def bring(live: LiveProgramme, wanted: dict[str, int]) -> None:
    """Pilot rupees, in paisa."""
    from scripts._amanat import pilot_money

    desk = live.desk
    desk.console = StageConsole(assume_yes=True)
    perform(desk, pilot_money.bring(wanted))


def cash_of(live: LiveProgramme, wallet: str) -> Any:
    return live.programme["PilotRupee"].read("balanceOf", wallet)
