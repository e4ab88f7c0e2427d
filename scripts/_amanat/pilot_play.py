"""The pilot: every leg, in the order of the one clock of the chain."""

from __future__ import annotations

from scripts._amanat.pilot_auction import AuctionedBill
from scripts._amanat.pilot_bill import Bill
from scripts._amanat.pilot_bond import InvestmentBond
from scripts._amanat.pilot_cast import Cast
from scripts._amanat.pilot_ceiling import CeilingHeld
from scripts._amanat.pilot_floater import Floater
from scripts._amanat.pilot_foundation import Foundation
from scripts._amanat.pilot_gold import Gold
from scripts._amanat.pilot_ledger import Ledger
from scripts._amanat.pilot_leg import Leg, Surroundings, play_all
from scripts._amanat.pilot_limits import Limits
from scripts._amanat.pilot_oil import Oil
from scripts._amanat.pilot_powers import Powers
from scripts._amanat.pilot_replaced import ReplacedBill
from scripts._amanat.pilot_road import TollRoad
from scripts._amanat.pilot_stage import Stage
from scripts._amanat.pilot_sukuk import Sukuk
from scripts._amanat.pilot_tax import RATES_PUBLISHED, Taxation
from scripts._amanat.pilot_venue import Venues

LEGS: tuple[type[Leg], ...] = (
    Foundation,
    Bill,
    CeilingHeld,
    AuctionedBill,
    InvestmentBond,
    Floater,
    Sukuk,
    TollRoad,
    Venues,
    ReplacedBill,
    Gold,
    Oil,
    Limits,
    Powers,
)
"""A line a leg. Where two have a scene at the same time, the upper one's comes first."""


class Play:
    """The legs, their parts and their common ledger."""

    def __init__(self, stage: Stage, cast: Cast) -> None:
        self.stage, self.cast = stage, cast
        self.ledger = Ledger()
        taxation = Taxation(cast, RATES_PUBLISHED)
        around = Surroundings(stage, cast, self.ledger, taxation)
        self.legs = [leg(around) for leg in LEGS]

    def perform(self) -> None:
        """Every scene of every leg."""
        play_all(self.stage, self.legs)
