"""The whole programme in an in-process EVM: what the deployment makes, ready for a test.

    world = World()
    bill = world.bill(Rules(lot=5_000))
    alice = world.investor("alice", country=PAKISTAN, klass=RETAIL)
    world.mint(bill, alice, 10_000)

Each role is held by an actor of the role's name, without delay; `tests/programme` tests delays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from datetime import date
from typing import Any, Final

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from scripts._amanat import artifacts, powers
from scripts._amanat.business_days import epoch_day
from scripts._amanat.claims import Attestation, Batch
from scripts._amanat.onchain import NOBODY
from scripts._amanat.powers import Role
from scripts._amanat.stages import NO_LIMITS, LimitValues, Stage
from tests.evm import CHAIN_ID, Actor, Contract, Evm

PAKISTAN: Final = 586
EMIRATES: Final = 784
KOREA_NORTH: Final = 408
RETAIL: Final = 1
INSTITUTION: Final = 3
KYC: Final = 1
AML: Final = 2
YEAR: Final = 365 * 86_400

CALENDAR: Final = b"PK".ljust(32, b"\0")
HOLIDAYS: Final = {2025: (date(2025, 12, 25),), 2026: (date(2026, 2, 5), date(2026, 3, 23))}
"""A few days on which the market of the tests is closed."""
ACT_ACT_ICMA: Final = 0
ACT_365: Final = 1
THIRTY_360: Final = 2
AS_IT_FALLS: Final = 0
FOLLOWING: Final = 1
MODIFIED_FOLLOWING: Final = 2
DISCOUNT: Final = 0
FIXED: Final = 1
VARIABLE: Final = 2

ISSUE_DATE: Final = 20_363  # 2025-10-02
MATURITY: Final = 20_448  # 2025-12-26
MATURITY_INSTANT: Final = MATURITY * 86_400 - 5 * 3_600
FORCED_TRANSFER: Final = "forcedTransfer(address,address,uint256,(bytes32,uint256,uint256))"
REFERENCE: Final = keccak(text="a decision on file")

RATE_BOUNDS: Final = (1_000, 5_000, 30 * 86_400, 2**32 - 1)
"""Of the world's rates: 10 % a move, 50 % in any thirty days, and never stale."""
OPENING_RATES: Final = [
    (name.ljust(32, b"\0"), rate, RATE_BOUNDS, REFERENCE)
    for name, rate in (
        (b"PKR", 35 * 10**14),
        (b"GOLD/FINE TROY OUNCE", 4_000 * 10**18),
        (b"CRUDE OIL/BARREL", 65 * 10**18),
        (b"NATURAL GAS/MMBTU", 3 * 10**18),
    )
]
"""What one unit is worth in US dollars, 18 decimals."""

PLENTY: Final = 10**12 * 10**18
OPENING_LIMITS: Final = (
    PLENTY,
    366 * 86_400,
    [
        (name.encode().ljust(32, b"\0"), PLENTY)
        for name in (*powers.ASSET_CLASSES, "OpenEndedToken", "BenchNote")
    ],
)
"""A ceiling that no test meets by accident."""
MANDATE: Final = (b"Public Debt Act 1944".ljust(32, b"\0"), REFERENCE)
APPROVAL: Final = keccak(text="an approval on file")


@dataclass(frozen=True)
class Rules:
    """`Rules` of contracts/compliance/Rules.sol, in its order; zero is off."""

    maximum_holding: int = 0
    supply_cap: int = 0
    lot: int = 0
    maximum_holders: int = 0
    velocity_limit: int = 0
    velocity_window: int = 0
    classes: int = 0
    locked_until: int = 0
    closed_from: int = 0
    closed_until: int = 0
    jurisdictions: bool = False
    pre_approval: bool = False
    sanctions: bool = False
    maximum_transaction: int = 0


@dataclass(frozen=True)
class BillTerms:
    """`BillTerms` of contracts/assets/BillTerms.sol, in its order."""

    maximum_issue: int = 10_000_000_000
    stated_maturity: int = MATURITY
    name: bytes = b"Market Treasury Bill 26-Dec-2025"
    symbol: bytes = b"MTB-3M"
    isin: bytes = b"PK0TEST00001"
    cfi: bytes = b"DYZTXB"
    issuer_lei: bytes = b"0000000000000000TEST"
    currency: int = 586
    country: int = PAKISTAN
    unit_face: int = 100
    denomination: int = 5_000
    issue_date: int = ISSUE_DATE
    payment_date: int = MATURITY
    cut_off_price: int = 974_913
    dlt_register: bool = True
    governing_law: bytes = b"Pakistan"
    term_sheet_hash: bytes = keccak(text="term sheet")

    def encoded(self) -> bytes:
        return encode(
            [
                *("uint112", "uint32", "bytes32", "bytes32", "bytes12", "bytes6", "bytes20"),
                *("uint16", "uint16", "uint32", "uint64", "uint32", "uint32", "uint32", "bool"),
                *("bytes32", "bytes32"),
            ],
            astuple(self),
        )


@dataclass(frozen=True)
class PeriodicTerms:
    """`PeriodicTerms` of contracts/assets/PeriodicTerms.sol, in its order: PIB 10.5 % of 2028."""

    maximum_issue: int = 10_000_000_000
    stated_maturity: int = epoch_day(date(2028, 7, 17))
    name: bytes = b"Pakistan Investment Bond 2028"
    symbol: bytes = b"PIB-28"
    isin: bytes = b"PK0TEST00002"
    cfi: bytes = b"DBFTXR"
    issuer_lei: bytes = b"0000000000000000TEST"
    currency: int = 586
    country: int = PAKISTAN
    unit_face: int = 100
    denomination: int = 100_000
    calculation_amount: int = 100_000
    issue_date: int = epoch_day(date(2025, 11, 6))
    issue_price: int = 977_244
    dlt_register: bool = True
    governing_law: bytes = b"Pakistan"
    term_sheet_hash: bytes = keccak(text="term sheet")
    accrual_start: int = epoch_day(date(2025, 7, 17))
    first_period_end: int = 0
    frequency: int = 2
    end_of_month: bool = False
    day_count: int = ACT_ACT_ICMA
    accrued_day_count: int = ACT_ACT_ICMA
    business_days: int = FOLLOWING
    calendar: bytes = b"PK"
    record_days: int = 7
    rate_type: int = FIXED
    rate: int = 105_000
    benchmark: bytes = b""
    spread: int = 0
    floor: int = 0
    cap: int = 0
    maximum_step: int = 0
    fixing_days: int = 0


@dataclass(frozen=True)
class BondTerms:
    """`BondTerms` of contracts/assets/BondTerms.sol, in its order."""

    periodic: PeriodicTerms = PeriodicTerms()
    callable_from: int = 0
    call_price: int = 0
    call_notice_days: int = 0

    def encoded(self) -> bytes:
        return _encoded("BondDesk", self)


@dataclass(frozen=True)
class SukukTerms:
    """`SukukTerms` of contracts/assets/SukukTerms.sol, in its order."""

    periodic: PeriodicTerms = PeriodicTerms(
        stated_maturity=epoch_day(date(2028, 10, 22)),
        name=b"GoP Ijarah Sukuk 2028",
        symbol=b"GIS-28",
        accrual_start=epoch_day(date(2025, 10, 22)),
        day_count=ACT_365,
        accrued_day_count=ACT_365,
        rate=110_000,
        issue_price=1_000_000,
    )
    asset_id: bytes = b"MOTORWAY-M2"
    asset_hash: bytes = keccak(text="the leased asset")
    shariah_approval: bytes = keccak(text="the approval")

    def encoded(self) -> bytes:
        return _encoded("SukukDesk", self)


@dataclass(frozen=True)
class WaterfallRule:
    """`Rule` of contracts/assets/Waterfall.sol, in its order: 25 % of what the tiers leave."""

    order: tuple[int, int, int] = (0, 1, 2)
    share: int = 2_500
    floor: int = 0
    cap: int = 0


@dataclass(frozen=True)
class RevenueTerms:
    """`RevenueTerms` of contracts/assets/RevenueTerms.sol, in its order: a toll road."""

    maximum_issue: int = 10_000_000
    stated_maturity: int = epoch_day(date(2030, 7, 1))
    name: bytes = b"Motorway Revenue Share 2030"
    symbol: bytes = b"MRS-30"
    isin: bytes = b"PK0TEST00003"
    cfi: bytes = b"EPRXXR"
    issuer_lei: bytes = b"0000000000000000TEST"
    currency: int = 586
    country: int = PAKISTAN
    unit_face: int = 100_000
    denomination: int = 1
    issue_date: int = epoch_day(date(2025, 10, 2))
    dlt_register: bool = True
    governing_law: bytes = b"Pakistan"
    term_sheet_hash: bytes = keccak(text="term sheet")
    asset_id: bytes = b"MOTORWAY-M2"
    account_hash: bytes = keccak(text="the revenue account")
    control_hash: bytes = keccak(text="no vote, no title, no control")
    auditor: str = NOBODY
    """The world's auditor unless named."""
    revenue_from: int = epoch_day(date(2025, 10, 1))
    waterfall: WaterfallRule = WaterfallRule()
    business_days: int = FOLLOWING
    calendar: bytes = b"PK"
    record_notice_days: int = 5
    payment_days: int = 30
    end_price: int = 0
    call_notice_days: int = 30
    calls: tuple[tuple[int, int], ...] = (
        (epoch_day(date(2027, 1, 1)), 1_100_000),
        (epoch_day(date(2028, 1, 1)), 1_050_000),
    )

    def encoded(self) -> bytes:
        steps = (*self.calls, *[(0, 0)] * (8 - len(self.calls)))
        return _encoded("RevenueDesk", replace(self, calls=steps))


@dataclass(frozen=True)
class CommodityTerms:
    """`CommodityTerms` of contracts/assets/CommodityTerms.sol, in its order: gold by the ounce.

    Custodian and auditor are the world's unless named.
    """

    maximum_issue: int = 100_000_000
    stated_maturity: int = 0
    name: bytes = b"State Gold"
    symbol: bytes = b"PKGOLD"
    isin: bytes = b""
    issuer_lei: bytes = b"0000000000000000TEST"
    currency: int = 586
    country: int = PAKISTAN
    commodity: bytes = b"GOLD"
    unit: bytes = b"FINE TROY OUNCE"
    decimals: int = 3
    grade: bytes = b"GOOD DELIVERY"
    measure: int = 0
    minimum_quality: int = 995_000
    maximum_quality: int = 1_000_000
    minimum_redemption: int = 100_000
    tolerance: int = 5_000
    issue_date: int = epoch_day(date(2025, 9, 1))
    heartbeat: int = 2 * 86_400
    feed: str = NOBODY
    custodian: str = NOBODY
    auditor: str = NOBODY
    response_time: int = 3 * 86_400
    payment_time: int = 2 * 86_400
    delivery_time: int = 10 * 86_400
    redemption_fee: int = 50_000_00
    delivery_fee: int = 500_00
    storage_fee: int = 1_000_00
    governing_law: bytes = b"Pakistan"
    term_sheet_hash: bytes = keccak(text="term sheet")

    def encoded(self) -> bytes:
        return _encoded("CommodityReserve", self)


def _encoded(desk: str, terms: BondTerms | SukukTerms | RevenueTerms | CommodityTerms) -> bytes:
    outputs = artifacts.load(desk).entries("function", "terms")[0]["outputs"]
    return artifacts.encode(outputs, [astuple(terms)])


class World:
    """The programme's contracts, its officers, and helpers that say what a test means."""

    def __init__(self, evm: Evm | None = None) -> None:
        self.evm = evm = evm or Evm()
        self.admin = evm.actor("admin")
        self.officers: dict[Role, Actor] = {
            role: evm.actor(role.label) for role in Role if role is not Role.ADMIN
        }
        self.claim_issuer = evm.actor("claim issuer")
        self.treasury = evm.actor("treasury")
        self.auditor = evm.actor("auditor")
        self.tax_authority = evm.actor("tax authority")
        self._deploy()
        self._label()
        self._set_up()
        self._sequence = 0

    def __getitem__(self, role: Role) -> Actor:
        """The actor who holds a role."""
        return self.officers[role]

    # ---------------------------------------------------------------- the programme

    def _deploy(self) -> None:
        make, admin = self.evm.deploy, self.admin
        self.authority = make("Authority", admin, sender=admin)
        self.registry = make("IdentityRegistry", self.authority, sender=admin)
        self.rates = make("ReferenceRates", self.authority, OPENING_RATES, sender=admin)
        self.stage = make("PilotStage", self.authority, self.rates, self.registry, sender=admin)
        self.rule_book = make("RuleBook", self.authority, self.registry, self.stage, sender=admin)
        self.programme = make(
            "Programme",
            self.authority,
            self.rule_book,
            self.rates,
            self.stage,
            OPENING_LIMITS,
            sender=admin,
        )
        self.foundations = (self.authority, self.registry, self.rule_book, self.programme)
        self.licences = make(
            "LicenceRegistry", self.authority, self.registry, self.rule_book, sender=admin
        )
        self.venue_rules = make("VenueRules", self.authority, self.rule_book, sender=admin)
        self.returns = make(
            "CustomerReturns",
            self.authority,
            self.registry,
            self.licences,
            self.programme,
            sender=admin,
        )
        self.pledge_desk = make("PledgeDesk", self.foundations, sender=admin)
        self.desk = make("TokenDesk", self.foundations, self.pledge_desk, sender=admin)
        self.calendar = make("HolidayCalendar", self.authority, sender=admin)
        behind = (self.foundations, self.desk, self.calendar)
        self.bond_desk = make("BondDesk", *behind, sender=admin)
        self.sukuk_desk = make("SukukDesk", *behind, sender=admin)
        self.revenue_desk = make("RevenueDesk", *behind, sender=admin)
        self.bill_class = make("TreasuryBill", self.foundations, self.desk, sender=admin)
        self.bond_class = make("GovernmentBond", self.foundations, self.bond_desk, sender=admin)
        self.sukuk_class = make("IjarahSukuk", self.foundations, self.sukuk_desk, sender=admin)
        self.revenue_class = make("RevenueShare", self.foundations, self.revenue_desk, sender=admin)
        self.lots = make("LotRegister", self.authority, self.programme, sender=admin)
        self.commodity_class = make(
            "CommodityReserve", self.foundations, self.desk, self.lots, sender=admin
        )
        self.cash = make("PilotRupee", self.authority, sender=admin)
        self.dvp = make(
            "DeliveryVersusPayment", self.authority, self.programme, self.treasury, sender=admin
        )
        self.auction = make(
            "Auction", self.authority, self.programme, self.registry, self.treasury, sender=admin
        )
        self.redemptions = make(
            "RedemptionDesk",
            self.authority,
            self.programme,
            self.registry,
            self.lots,
            self.treasury,
            sender=admin,
        )
        self.withholding = make("WithholdingTax", self.authority, PAKISTAN, sender=admin)
        self.paying_agent = make(
            "PayingAgent",
            self.authority,
            self.programme,
            self.registry,
            self.withholding,
            self.treasury,
            self.tax_authority,
            sender=admin,
        )
        self.exchange = make("SeriesExchange", self.authority, self.programme, sender=admin)
        self.contracts = {
            "Authority": self.authority,
            "IdentityRegistry": self.registry,
            "ReferenceRates": self.rates,
            "PilotStage": self.stage,
            "RuleBook": self.rule_book,
            "Programme": self.programme,
            "SeriesExchange": self.exchange,
            "HolidayCalendar": self.calendar,
            "LicenceRegistry": self.licences,
            "VenueRules": self.venue_rules,
            "CustomerReturns": self.returns,
            "TreasuryBill": self.bill_class,
            "GovernmentBond": self.bond_class,
            "IjarahSukuk": self.sukuk_class,
            "RevenueShare": self.revenue_class,
            "CommodityReserve": self.commodity_class,
            "LotRegister": self.lots,
            "RedemptionDesk": self.redemptions,
            "PilotRupee": self.cash,
            "DeliveryVersusPayment": self.dvp,
            "Auction": self.auction,
            "PayingAgent": self.paying_agent,
            "WithholdingTax": self.withholding,
        }

    def _label(self) -> None:
        for label in powers.labels():
            selectors = [keccak(text=each)[:4] for each in label.functions]
            self.authority.setTargetFunctionRole(
                self.contracts[label.contract], selectors, label.role, sender=self.admin
            )
        for role, officer in self.officers.items():
            if role is not Role.STANDARD_FORM:
                self.authority.grantRole(role, officer, 0, sender=self.admin)
        for contract in self.contracts.values():
            if contract is not self.authority and contract not in self.classes.values():
                self.authority.enrol(contract, contract, sender=self[Role.FACTORY])
        for role, names in powers.OF_CONTRACTS.items():
            for name in names:
                self.authority.grantRole(role, self.contracts[name], 0, sender=self.admin)

    def _set_up(self) -> None:
        officer, steward = self[Role.COMPLIANCE_OFFICER], self[Role.STEWARD]
        self.stage.begin(self.programme, self.rule_book, Stage.FULL, NO_LIMITS, sender=steward)
        for topic in (KYC, AML):
            self.registry.addClaimTopic(topic, sender=officer)
        self.registry.addTrustedIssuer(self.claim_issuer, [KYC, AML], sender=officer)
        for name, implementation in self.classes.items():
            self.programme.setClass(padded(name.encode()), implementation, sender=steward)
        for year in range(2025, 2031):
            self.set_holidays(year, HOLIDAYS.get(year, ()))
        for desk in (self.dvp, self.auction, self.paying_agent, self.redemptions):
            desk.approveCash(self.cash, 586, True, sender=steward)
        self.tax(0)

    def narrow(self, limits: LimitValues, most: int = 50) -> None:
        """Tighten the stage at once, as the regulator does, and conform so many series."""
        self.stage.narrowStage(limits, most, sender=self[Role.REGULATOR])

    def widen(self, limits: LimitValues, stage: Stage = Stage.FULL, most: int = 50) -> None:
        """Another stage, or other limits, by board and regulator together."""
        self.stage.proposeStage(stage, limits, sender=self[Role.BOARD])
        self.stage.confirmStage(stage, limits, most, sender=self[Role.REGULATOR])

    def tax(self, rate: int, klass: int = 0, *, reducible: bool = False) -> None:
        """Withhold `rate` millionths of any income from `klass`, or from everybody; from now."""
        rows = [
            ((kind, klass, resident), rate, reducible, 0)
            for kind in (1, 2, 3, 4)
            for resident in (True, False)
        ]
        self.withholding.setRates(rows, sender=self[Role.TAX_AGENT])

    @property
    def classes(self) -> dict[str, Contract]:
        """The implementation of each class of asset, by its name."""
        return {name: self.contracts[name] for name in powers.ASSET_CLASSES}

    def set_holidays(
        self, year: int, holidays: Iterable[date], weekend: Iterable[int] = (5, 6)
    ) -> None:
        """Publish a year of the market's calendar; Monday is weekday 0."""
        words = [0, 0]
        for day in holidays:
            place = (day - date(year, 1, 1)).days
            words[place // 256] |= 1 << place % 256
        mask = sum(1 << weekday for weekday in weekend)
        self.calendar.setCalendar(
            CALENDAR, year, (mask, words), REFERENCE, sender=self[Role.STEWARD]
        )

    # ---------------------------------------------------------------- series

    def bond(
        self,
        rules: Rules | None = None,
        terms: BondTerms | None = None,
        countries: Any = (),
        **changes: Any,
    ) -> Contract:
        """A bond, proposed and opened; `changes` are fields of its periodic terms."""
        terms = terms or BondTerms()
        return self._periodic("GovernmentBond", terms, changes, rules, countries)

    def sukuk(
        self,
        rules: Rules | None = None,
        terms: SukukTerms | None = None,
        countries: Any = (),
        **changes: Any,
    ) -> Contract:
        """A sukuk, proposed and opened; `changes` are fields of its periodic terms."""
        terms = terms or SukukTerms()
        return self._periodic("IjarahSukuk", terms, changes, rules, countries)

    def commodity(
        self,
        rules: Rules | None = None,
        terms: CommodityTerms | None = None,
        countries: Any = (),
        **changes: Any,
    ) -> Contract:
        """A commodity reserve, proposed and opened; `changes` are fields of its terms."""
        self._sequence += 1
        sheet = {
            "term_sheet_hash": keccak(text=f"term sheet {self._sequence}"),
            "custodian": str(self[Role.CUSTODIAN]),
            "auditor": str(self[Role.AUDITOR]),
        }
        terms = replace(terms or CommodityTerms(), **sheet | changes)
        token = self.propose(rules, terms, countries, "CommodityReserve")
        self.open(token)
        return token

    def _periodic(
        self,
        asset_class: str,
        terms: BondTerms | SukukTerms,
        changes: dict[str, Any],
        rules: Rules | None,
        countries: Any,
    ) -> Contract:
        self._sequence += 1
        sheet = {"term_sheet_hash": keccak(text=f"term sheet {self._sequence}")} | changes
        terms = replace(terms, periodic=replace(terms.periodic, **sheet))
        token = self.propose(rules, terms, countries, asset_class)
        self.open(token)
        return token

    def revenue(
        self, rules: Rules | None = None, terms: RevenueTerms | None = None, **changes: Any
    ) -> Contract:
        """A revenue share, proposed and opened; `changes` are fields of its terms."""
        self._sequence += 1
        sheet = {
            "term_sheet_hash": keccak(text=f"term sheet {self._sequence}"),
            "auditor": str(self.auditor),
        }
        terms = replace(terms or RevenueTerms(), **sheet | changes)
        token = self.propose(rules, terms, (), "RevenueShare")
        self.open(token)
        return token

    def bill(
        self, rules: Rules | None = None, terms: BillTerms | None = None, countries: Any = ()
    ) -> Contract:
        """A bill, proposed by the issuer and opened by the fiscal agent."""
        self._sequence += 1
        terms = terms or BillTerms(term_sheet_hash=keccak(text=f"term sheet {self._sequence}"))
        token = self.propose(rules, terms, countries)
        self.open(token)
        return token

    def open(self, token: Any) -> None:
        """Approve a proposed series, and open it."""
        self.programme.approveSeries(token, APPROVAL, sender=self[Role.FISCAL_AGENT])
        self.programme.openSeries(token, sender=self[Role.FISCAL_AGENT])

    def propose(
        self,
        rules: Rules | None,
        terms: BillTerms | BondTerms | SukukTerms | RevenueTerms | CommodityTerms,
        countries: Any = (),
        asset_class: str = "TreasuryBill",
    ) -> Contract:
        """A series, proposed by the issuer and not yet open."""
        address = self.programme.proposeSeries(
            padded(asset_class.encode()),
            terms.encoded(),
            astuple(rules or Rules()),
            list(countries),
            MANDATE,
            sender=self[Role.ISSUER],
        )
        self.evm.labels[address] = asset_class
        return self.evm.at(address, asset_class)

    def add_class(self, contract: str) -> Contract:
        """Deploy and label another class of asset, under its contract's name."""
        made = self.evm.deploy(contract, self.foundations, self.desk, sender=self.admin)
        for role, signatures in powers.SERIES.items():
            selectors = [keccak(text=each)[:4] for each in signatures]
            self.authority.setTargetFunctionRole(made, selectors, role, sender=self.admin)
        self.programme.setClass(padded(contract.encode()), made, sender=self[Role.STEWARD])
        return made

    def open_ended(self, rules: Rules | None = None, maximum_issue: int = 10**12) -> Contract:
        """A series of the tests' class without maturity, open for issue."""
        name = padded(b"OpenEndedToken")
        if self.programme.implementationOf(name) == NOBODY:
            self.add_class("OpenEndedToken")
        self._sequence += 1
        terms = encode(["uint112", "uint32", "uint256"], [maximum_issue, 0, self._sequence])
        address = self.programme.proposeSeries(
            name, terms, astuple(rules or Rules()), [], MANDATE, sender=self[Role.ISSUER]
        )
        self.evm.labels[address] = "open-ended token"
        self.open(address)
        return self.evm.at(address, with_desk(artifacts.load("OpenEndedToken").abi))

    def mint(self, token: Contract, to: str, amount: int) -> None:
        """Mint with a reference, as the minter does."""
        token["mint(address,uint256,bytes32)"](to, amount, REFERENCE, sender=self[Role.MINTER])

    def burn(self, token: Contract, holder: str, amount: int) -> None:
        """Burn with a reference, as the minter does."""
        token["burn(address,uint256,bytes32)"](holder, amount, REFERENCE, sender=self[Role.MINTER])

    def force(self, token: Contract, source: str, to: str, amount: int, **order: Any) -> None:
        """Execute an order in its turn, good for an hour unless told otherwise."""
        wanted = {
            "document": REFERENCE,
            "sequence": token.orderSequence(source),
            "expiry": self.evm.time + 3_600,
        }
        token[FORCED_TRANSFER](source, to, amount, wanted | order, sender=self[Role.ORDER_EXECUTOR])

    def freeze(self, token: Contract, account: str) -> None:
        """Freeze an account as a whole."""
        token.setAddressFrozen(account, True, sender=self[Role.FREEZER])

    def release(self, token: Contract, account: str) -> None:
        """Release an account that was frozen as a whole."""
        token.releaseAddress(account, sender=self[Role.RELEASER])

    def lose(self, lost: str, successor: str) -> None:
        """Notice the recovery of a wallet; from now on it is dead."""
        self.registry.noticeRecovery(lost, successor, REFERENCE, sender=self[Role.RECOVERY_AGENT])

    def recover(self, lost: str, successor: str, *tokens: Contract) -> None:
        """Notice a recovery, let the window pass, complete it, and settle it on `tokens`."""
        self.lose(lost, successor)
        self.evm.time = max(self.evm.time, self.registry.recoveryOf(lost).readyAt)
        self.registry.completeRecovery(lost, tokens, sender=self.evm.actor("passer-by"))

    # ---------------------------------------------------------------- investors

    def investor(
        self,
        name: str,
        country: int = PAKISTAN,
        klass: int = RETAIL,
        until: int | None = None,
        of: str | None = None,
    ) -> Actor:
        """An actor with an attested wallet; `of` links it to an investor's first wallet."""
        actor = self.evm.actor(name)
        hour = (until or self.evm.time + YEAR // 2) // 3_600
        self.attest([Attestation(str(actor), country, klass, hour, of and str(of))])
        return actor

    def attest(self, rows: list[Attestation]) -> int:
        """One batch of the claim issuer, a second later than whatever came before."""
        self.evm.advance(seconds=1)
        batch = Batch(str(self.claim_issuer), (KYC, AML), self.evm.time, tuple(rows))
        signature = self.claim_issuer.sign_hash(batch.digest(CHAIN_ID, self.registry.address))
        number: int = self.registry.attest(
            batch.header, batch.rows, signature, sender=self[Role.REGISTRAR]
        )
        return number


def with_desk(abi: artifacts.Abi) -> artifacts.Abi:
    """The ABI of a class together with what it leaves to the desk."""
    desk = artifacts.load("TokenDesk").abi
    return abi + [e for e in desk if e["type"] != "constructor" and e not in abi]


def padded(text: bytes) -> bytes:
    return text.ljust(32, b"\0")
