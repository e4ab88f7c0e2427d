"""Secondary sales in the pilot: two signed orders, tokens against cash, both legs or neither."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts._amanat import offers, trades
from scripts._amanat.offers import DELIVERY
from scripts._amanat.pilot_instrument import Instrument
from scripts._amanat.pilot_money import PAISA, rupees
from scripts._amanat.restrictions import Restriction, restriction_of
from scripts._amanat.trade_orders import Basis, Side, read_signed_order
from scripts._amanat.trades import TradeRefused

VALID_SECONDS = 3_600
NONE_OF_ITS_OWN = 0  # the code of a refusal by cash, which knows no codes


class Trade:
    """A seller and a buyer of one instrument, who have signed; used as a context for its files."""

    def __init__(
        self,
        of: Instrument,
        seller: str,
        buyer: str,
        units: int,
        paisa: int,
        *,
        accrued: int | None = None,
    ) -> None:
        """`paisa` is all that is paid; with `accrued` (paisa, rounded up) that comes on top."""
        self._of, self._seller, self._buyer = of, seller, buyer
        self._units, self._clean, self._accrued = units, paisa, accrued
        of.trades += 1
        # Orders that are alike in all, and of the same second, would be one order.
        self._reference = f"pilot trade {of.trades}"
        self._folder = TemporaryDirectory(prefix="amanat-orders-")

    def __enter__(self) -> Trade:
        until = self._of.stage.now + VALID_SECONDS
        for side, wallet in ((Side.SELL, self._seller), (Side.BUY, self._buyer)):
            wish = offers.Offer(
                self._of.series_name,
                wallet,
                side,
                self._units,
                Decimal(self._clean) / PAISA,
                until,
                Basis.DIRTY if self._accrued is None else Basis.CLEAN,
                reference=self._reference,
            )
            self._of.stage.do(offers.offer(wish, self._file(side)))
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def settle(self) -> None:
        """Both legs, and the ledger's two entries."""
        stage, paid = self._of.stage, self._clean + (self._accrued or 0)
        work = trades.settle(self._orders)
        trade = stage.do(work).report["trade"]
        stage.check("what the buyer paid, to the paisa", paid, trade["payment"])
        stage.check_nothing_is_left(work)
        self._of.book.move(self._seller, self._buyer, self._units)
        self._of.ledger.pay(self._buyer, self._seller, paid)
        stage.note(f"{self.words}: both legs in one transaction")

    def refused(self, topic: str, leg: str, code: int, error: str) -> None:
        """One leg must be refused: told before anything is sent, and sent all the same."""
        stage = self._of.stage
        legs, data = self._told()
        stage.check(f"the leg that refuses: {topic}", [leg], list(legs))
        told = self._restriction(legs.get(leg, ""), data, code)
        stage.check(f"refused: {topic}", (code, error), (told.code, told.error_name))
        delivery = stage.programme[DELIVERY]
        anyway = delivery.query("settle", *(self._signed(side) for side in (Side.SELL, Side.BUY)))
        before = self._balances()
        venue = stage.desk.signers[trades.VENUE].address
        stage.sent_in_vain(topic, self.words, told, (code, error), anyway, venue)
        stage.check(f"tokens and cash stay where they were: {topic}", before, self._balances())
        stage.note(f"refused, {leg}: {told.message}: {self.words}")

    @property
    def words(self) -> str:
        """Who sells how much to whom, and for what."""
        name = self._of.cast.name
        on_top = "" if self._accrued is None else f" and {rupees(self._accrued)} accrued"
        return (
            f"{name(self._seller)} sells {self._units:,} to {name(self._buyer)} "
            f"for {rupees(self._clean)}{on_top}"
        )

    # ---------------------------------------------------------------- what is told

    def _told(self) -> tuple[dict[str, str], bytes]:
        """The legs that would be refused, each with its reason; none where it would settle."""
        plan = trades.settle(self._orders).plan
        assert plan is not None
        try:
            plan(self._of.stage.desk)
        except TradeRefused as refusal:
            return dict(refusal.details["legs"]), refusal.data
        return {}, b""

    def _restriction(self, reason: str, data: bytes, code: int) -> Restriction:
        error = reason.split(": ")[-1]
        if code == NONE_OF_ITS_OWN:
            return Restriction(code, "The cash cannot move", error, data)
        token = self._of.first_seen.token
        told = restriction_of(token, self._seller, self._buyer, self._units)
        return Restriction(told.code, told.message, error, data)

    def _balances(self) -> list[dict[str, int]]:
        programme, parties = self._of.stage.programme, (self._seller, self._buyer)
        return [
            programme.balances(what, parties)
            for what in (self._of.first_seen.token, programme.cash)
        ]

    # ---------------------------------------------------------------- its files

    @property
    def _orders(self) -> trades.Orders:
        return trades.Orders(self._file(Side.SELL), self._file(Side.BUY))

    def _file(self, side: Side) -> Path:
        return Path(self._folder.name) / f"{side.name.lower()}.json"

    def _signed(self, side: Side) -> tuple[object, ...]:
        return read_signed_order(self._file(side)).row
