"""Withholding: rates by class, residence and date, certificates, and the tax to the paisa."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts._amanat.countries import PAKISTAN, CountryCode
from scripts._amanat.payments import Kind
from scripts._amanat.pricing import Paisa
from scripts._amanat.withholding import (
    TaxCertificate,
    Taxpayer,
    TaxRate,
    WithholdingError,
    WithholdingTable,
    withheld,
)

EMIRATES = CountryCode(784)
BUDGET = date(2026, 7, 1)
DAY = date(2026, 1, 19)

RETAIL = Taxpayer("INV-1", "retail", PAKISTAN)
BANK = Taxpayer("INV-2", "bank", PAKISTAN)
ABROAD = Taxpayer("INV-3", "professional", EMIRATES)

RATES = [
    TaxRate(Kind.COUPON, None, True, date(2025, 7, 1), Decimal(20)),
    TaxRate(Kind.COUPON, None, True, BUDGET, Decimal("22.5")),
    TaxRate(Kind.COUPON, "bank", True, date(2025, 7, 1), Decimal(0)),
    TaxRate(Kind.COUPON, None, False, date(2025, 7, 1), Decimal(10), reducible=True),
]
TREATY = TaxCertificate(Kind.COUPON, "INV-3", Decimal("7.5"), date(2026, 1, 1), date(2026, 12, 31))


def test_the_published_tax_on_a_discount() -> None:
    """5,000,000 of face at 98.3815: 20 % on the discount of 80,925.00 is 16,185.00."""
    payment = withheld(Paisa(5_000_000_00), Decimal(20), taxable=Paisa(80_925_00))
    assert payment.tax == 16_185_00
    assert payment.net == 4_983_815_00


def test_a_rate_holds_from_its_date_until_the_next_one() -> None:
    table = WithholdingTable(RATES)
    assert table.rate_on(date(2026, 6, 30), Kind.COUPON, RETAIL) == 20
    assert table.rate_on(BUDGET, Kind.COUPON, RETAIL) == Decimal("22.5")
    assert table.withhold(DAY, Kind.COUPON, RETAIL, Paisa(52_500_00)).net == 42_000_00


def test_the_rate_of_a_class_comes_before_the_rate_of_all() -> None:
    table = WithholdingTable(RATES)
    assert table.rate_on(BUDGET, Kind.COUPON, BANK) == 0
    assert table.withhold(DAY, Kind.COUPON, BANK, Paisa(52_500_00)).tax == 0


def test_a_certificate_lowers_a_reducible_rate_while_it_lasts() -> None:
    table = WithholdingTable(RATES, [TREATY])
    assert table.rate_on(date(2025, 12, 31), Kind.COUPON, ABROAD) == 10
    assert table.rate_on(date(2026, 1, 1), Kind.COUPON, ABROAD) == Decimal("7.5")
    assert table.rate_on(date(2026, 12, 31), Kind.COUPON, ABROAD) == Decimal("7.5")
    assert table.rate_on(date(2027, 1, 1), Kind.COUPON, ABROAD) == 10


def test_a_certificate_raises_no_rate_and_lowers_none_that_is_final() -> None:
    dear = TaxCertificate(Kind.COUPON, "INV-3", Decimal(15), date(2026, 1, 1), date(2026, 12, 31))
    resident = TaxCertificate(
        Kind.COUPON, "INV-1", Decimal(0), date(2026, 1, 1), date(2026, 12, 31)
    )
    table = WithholdingTable(RATES, [dear, resident])
    assert table.rate_on(DAY, Kind.COUPON, ABROAD) == 10
    assert table.rate_on(DAY, Kind.COUPON, RETAIL) == 20


def test_no_rate_is_not_a_rate_of_zero() -> None:
    table = WithholdingTable(RATES)
    with pytest.raises(WithholdingError, match="no rate is set for rental to residents of retail"):
        table.rate_on(DAY, Kind.RENTAL, RETAIL)
    with pytest.raises(WithholdingError, match="on 2025-06-30"):
        table.rate_on(date(2025, 6, 30), Kind.COUPON, RETAIL)


@given(
    gross=st.integers(0, 2**60),
    rate=st.integers(0, 1_000_000),
    income=st.fractions(0, 1, max_denominator=100),
)
def test_tax_is_half_up_to_the_paisa_and_gross_is_tax_and_net(
    gross: int, rate: int, income: Fraction
) -> None:
    taxable = int(gross * income)
    payment = withheld(Paisa(gross), Decimal(rate).scaleb(-4), Paisa(taxable))
    assert payment.tax == (2 * taxable * rate + 1_000_000) // 2_000_000
    assert payment.gross == payment.tax + payment.net
    assert 0 <= payment.tax <= taxable


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(WithholdingError, match="between 0 and 100 %, not 101 %"):
        TaxRate(Kind.COUPON, None, True, DAY, Decimal(101))
    with pytest.raises(WithholdingError, match="at most four decimals: 7.12345 %"):
        withheld(Paisa(100), Decimal("7.12345"))
    with pytest.raises(WithholdingError, match="income lies between 0 and the gross 100"):
        withheld(Paisa(100), Decimal(20), Paisa(101))
    with pytest.raises(WithholdingError, match="INV-3 ends before it begins"):
        TaxCertificate(Kind.COUPON, "INV-3", Decimal(5), DAY, date(2026, 1, 18))
    with pytest.raises(WithholdingError, match="two rates for coupon to residents of every class"):
        WithholdingTable([RATES[0], RATES[0]])
