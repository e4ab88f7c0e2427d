"""Schedules: dates counted back from the maturity, first periods, and days on which money comes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from scripts._amanat.business_days import BusinessDayConvention, CalendarError, MarketCalendar
from scripts._amanat.schedules import Period, Schedule, ScheduleError
from tests.money.schedules import schedules

FOLLOWING = BusinessDayConvention.FOLLOWING
MODIFIED = BusinessDayConvention.MODIFIED_FOLLOWING
NONE = BusinessDayConvention.NONE


def ends(schedule: Schedule) -> list[str]:
    return [period.end.isoformat() for period in schedule]


def test_a_short_month_leaves_no_trace() -> None:
    """31-Aug, then 28 or 29-Feb, then 31-Aug again: each date is counted from the maturity."""
    schedule = Schedule(date(2023, 8, 31), date(2026, 8, 31), 2)
    assert ends(schedule) == [
        *("2024-02-29", "2024-08-31", "2025-02-28", "2025-08-31", "2026-02-28", "2026-08-31")
    ]


def test_the_end_of_month_is_a_choice() -> None:
    """A maturity on 30 June pays on 30 December, or on 31 December where the terms say so."""
    assert ends(Schedule(date(2025, 6, 30), date(2026, 6, 30), 2)) == ["2025-12-30", "2026-06-30"]
    last = Schedule(date(2025, 6, 30), date(2026, 6, 30), 2, end_of_month=True)
    assert ends(last) == ["2025-12-31", "2026-06-30"]
    leap = Schedule(date(2024, 2, 29), date(2026, 2, 28), 1, end_of_month=True)
    assert ends(leap) == ["2025-02-28", "2026-02-28"]


def test_a_first_period_is_regular_short_or_long() -> None:
    maturity, january, july = date(2028, 7, 17), date(2026, 1, 17), date(2026, 7, 17)
    regular = Schedule(date(2025, 7, 17), maturity, 2)
    assert regular.period(0) == Period(0, date(2025, 7, 17), january)
    assert regular.count == 6
    short = Schedule(date(2025, 11, 6), maturity, 2)
    assert short.period(0) == Period(0, date(2025, 11, 6), january)
    assert short.count == 6
    assert Schedule(date(2025, 11, 6), maturity, 2, january).count == 6
    long = Schedule(date(2025, 11, 6), maturity, 2, july)
    assert long.period(0) == Period(0, date(2025, 11, 6), july)
    assert long.count == 5
    assert long.period_at(date(2026, 1, 17)).number == long.period_at(date(2026, 7, 16)).number == 0
    assert long.period_at(july).number == 1


def test_money_comes_on_a_business_day_and_the_dates_stay() -> None:
    """17-Jan-2026 is a Saturday; 31-Jan-2026 too, and modified following stays in January."""
    weekend = frozenset({5, 6})
    calendar = MarketCalendar(
        "market", "1", date(2025, 1, 1), date(2026, 12, 31), weekend, {date(2026, 7, 17): "Ashura"}
    )
    pib = Schedule(date(2025, 7, 17), date(2026, 7, 17), 2)
    assert pib.payment_days(calendar, FOLLOWING) == (date(2026, 1, 19), date(2026, 7, 20))
    assert pib.payment_days(calendar, NONE) == (date(2026, 1, 17), date(2026, 7, 17))
    sukuk = Schedule(date(2025, 7, 31), date(2026, 1, 31), 2)
    assert sukuk.payment_days(calendar, FOLLOWING) == (date(2026, 2, 2),)
    assert sukuk.payment_days(calendar, MODIFIED) == (date(2026, 1, 30),)
    assert pib.period(0).end == date(2026, 1, 17)
    with pytest.raises(CalendarError, match="not 2027-01-17"):
        Schedule(date(2026, 7, 17), date(2027, 1, 17), 2).payment_days(calendar, FOLLOWING)


@given(schedule=schedules())
def test_periods_follow_each_other_from_the_accrual_start_to_the_maturity(
    schedule: Schedule,
) -> None:
    periods = list(schedule)
    assert periods[0].start == schedule.accrual_start
    assert periods[-1].end == schedule.stated_maturity
    for before, after in zip(periods, periods[1:], strict=False):
        assert before.end == after.start
    for period in periods:
        assert period.start < period.end
        assert schedule.period_at(period.start) == period


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ((date(2025, 7, 17), date(2028, 7, 17), 3), "a year has 1, 2 or 4 periods, not 3"),
        ((date(2028, 7, 17), date(2028, 7, 17), 2), "not before its maturity 2028-07-17"),
        ((date(2025, 7, 17), date(2028, 7, 17), 2, None, True), "is not the last of a month"),
        (
            (date(2025, 7, 17), date(2028, 7, 17), 2, date(2026, 1, 18)),
            "such as 2026-01-17, not on 2026-01-18",
        ),
        ((date(2025, 7, 17), date(2028, 7, 17), 2, date(2025, 7, 17)), "ends after 2025-07-17"),
    ],
)
def test_terms_that_contradict_each_other_are_refused(terms: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ScheduleError, match=message):
        Schedule(*terms)


def test_what_no_schedule_holds_is_refused() -> None:
    schedule = Schedule(date(2025, 7, 17), date(2028, 7, 17), 2)
    with pytest.raises(ScheduleError, match="there is no period 6, the last is 5"):
        schedule.period(6)
    with pytest.raises(ScheduleError, match="2028-07-17 is in no period"):
        schedule.period_at(date(2028, 7, 17))
    with pytest.raises(ScheduleError, match="is after the stated maturity"):
        schedule.quasi_number(date(2028, 7, 18))
