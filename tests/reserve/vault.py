"""A vault of gold, its keepers, and a series that stands on it.

Figures of the published example: 400.025 oz gross of 0.9958 are 398.344 fine ounces, floored.
"""

from __future__ import annotations

from typing import Any, Final

from eth_utils.crypto import keccak

from scripts._amanat.lots import Attestation, Lot, content_down
from tests.evm import CHAIN_ID, Actor, Contract
from tests.world import REFERENCE, Role, World, padded

DAY: Final = 86_400
HEARTBEAT: Final = 2 * DAY
GROSS: Final = 400_025
FINENESS: Final = 995_800
FINE: Final = 398_344
PRICE: Final = 1_150_000_0000
"""Rs 1,150,000 an ounce, in ten-thousandths."""
DOCUMENT: Final = keccak(text="joint statement, salted")
BARS: Final = keccak(text="list of bars")
INSTRUCTIONS: Final = keccak(text="where to deliver, salted")


class Vault:
    """The programme with a gold series; nothing is attested yet."""

    def __init__(self, world: World | None = None, **terms: Any) -> None:
        self.world = world or World()
        self.evm = self.world.evm
        self.lots, self.desk = self.world.lots, self.world.redemptions
        self.custodian, self.auditor = self.world[Role.CUSTODIAN], self.world[Role.AUDITOR]
        self.fiscal, self.cash = self.world[Role.FISCAL_AGENT], self.world.cash
        self.token = self.world.commodity(**terms)
        self.anyone = self.evm.actor("anyone")

    # ---------------------------------------------------------------- attesting

    def lot(self, name: str = "LOT-1", gross: int = GROSS, **changes: Any) -> Lot:
        """A lot insured for a year, of the fineness of the example."""
        quality = changes.get("quality", FINENESS)
        fields: dict[str, Any] = {
            "lot_id": padded(name.encode()),
            "gross": gross,
            "quality": quality,
            "net": content_down(gross, quality),
            "vault": padded(b"KARACHI"),
            "serials": keccak(text=f"serials of {name}"),
            "assay": keccak(text=f"assay of {name}"),
            "insured_until": self.evm.time + 365 * DAY,
        }
        return Lot(**fields | changes)

    def record(self, *lots: Lot, **changes: Any) -> Attestation:
        """What the keepers would sign now."""
        fields: dict[str, Any] = {
            "token": self.token.address,
            "sequence": self.lots.sequenceOf(self.token) + 1,
            "as_of": self.evm.time,
            "document": DOCUMENT,
            "lots": lots or (self.lot(),),
        }
        return Attestation(**fields | changes)

    def sign(self, record: Attestation, signer: Actor) -> bytes:
        return signer.sign_hash(record.digest(CHAIN_ID, self.lots.address))

    def attest(self, *lots: Lot, **changes: Any) -> None:
        """Both keepers sign, and anyone brings it."""
        self.submit(self.record(*lots, **changes))

    def submit(
        self,
        record: Attestation,
        custodian: bytes | None = None,
        auditor: bytes | None = None,
    ) -> None:
        self.lots.attest(
            record.values,
            self.sign(record, self.custodian) if custodian is None else custodian,
            self.sign(record, self.auditor) if auditor is None else auditor,
            sender=self.anyone,
        )

    def mint(self, to: str, units: int) -> None:
        self.world.mint(self.token, to, units)

    def encumber(self, lot: str = "LOT-1", *, encumbered: bool = True) -> None:
        """Both parties encumber a lot, or release it."""
        what = (self.token, padded(lot.encode()), encumbered, REFERENCE)
        self.lots.proposeEncumbrance(*what, sender=self.custodian)
        self.lots.confirmEncumbrance(*what, sender=self.fiscal)

    # ---------------------------------------------------------------- redeeming

    def holder(self, name: str = "holder", units: int = 0) -> Actor:
        """An investor with cash enough, and gold."""
        actor = self.world.investor(name)
        self.give_cash(actor, 10**12)
        if units:
            self.mint(actor, units)
        return actor

    def give_cash(self, to: str, amount: int) -> None:
        """Rupees, which the redemption desk may take."""
        self.cash.mint(to, amount, sender=self.fiscal)
        self.cash.approve(self.desk, 2**256 - 1, sender=to)

    def request(self, holder: Actor, units: int, instructions: bytes = INSTRUCTIONS) -> bytes:
        """Locked and asked for."""
        what = (self.token, units, self.cash, instructions)
        document: bytes = self.desk.redemptionId(holder, *what)
        self.token.pledge(self.desk, units, document, 0, sender=holder)
        self.desk.request(*what, sender=holder)
        return document

    def assign(self, redemption: bytes, weight: int, lot: str = "LOT-1") -> None:
        self.desk.assign(redemption, padded(lot.encode()), weight, BARS, sender=self.custodian)

    def publish(self, price: int = PRICE) -> None:
        self.desk.publishPrice(self.token, price, REFERENCE, sender=self.fiscal)

    def deliver(self, redemption: bytes, holder: Actor) -> None:
        """Both confirm."""
        self.desk.confirmDelivery(redemption, REFERENCE, sender=self.custodian)
        self.desk.acknowledge(redemption, sender=holder)

    def status(self, redemption: bytes) -> int:
        found: int = self.desk.redemption(redemption).status
        return found

    def net(self, lot: str = "LOT-1") -> int:
        found: int = self.lots.lot(self.token, padded(lot.encode())).net
        return found

    @property
    def reserve(self) -> int:
        found: int = self.lots.recognisedReserve(self.token)
        return found


def contract_wallet(vault: Vault) -> Contract:
    """A wallet that signs under ERC-1271."""
    return vault.evm.deploy("FakeWallet", sender=vault.anyone)
