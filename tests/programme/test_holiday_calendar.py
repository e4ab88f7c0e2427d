"""The markets' calendars: data with versions, which never move a day that has come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts._amanat.business_days import (
    BusinessDayConvention,
    MarketCalendar,
    epoch_day,
    start_of_day_karachi,
)
from tests.evm import reverts
from tests.world import (
    AS_IT_FALLS,
    CALENDAR,
    FOLLOWING,
    MODIFIED_FOLLOWING,
    REFERENCE,
    Role,
    World,
)

CONVENTIONS = {
    AS_IT_FALLS: BusinessDayConvention.NONE,
    FOLLOWING: BusinessDayConvention.FOLLOWING,
    MODIFIED_FOLLOWING: BusinessDayConvention.MODIFIED_FOLLOWING,
}
TODAY = date(2026, 3, 23)


@pytest.fixture
def world() -> World:
    """The programme, on the morning of a holiday."""
    world = World()
    world.evm.time = start_of_day_karachi(TODAY) + 9 * 3_600
    return world


def adjusted(world: World, day: date, convention: int) -> date:
    found: int = world.calendar.adjust(CALENDAR, epoch_day(day), convention)
    return date(1970, 1, 1) + timedelta(days=found)


def test_what_falls_on_a_holiday_is_paid_on_the_next_business_day(world: World) -> None:
    assert adjusted(world, TODAY, FOLLOWING) == date(2026, 3, 24)
    assert adjusted(world, TODAY, AS_IT_FALLS) == TODAY
    assert adjusted(world, date(2027, 7, 17), FOLLOWING) == date(2027, 7, 19)  # a Saturday
    assert adjusted(world, date(2025, 12, 25), FOLLOWING) == date(2025, 12, 26)


def test_modified_following_does_not_cross_the_end_of_the_month(world: World) -> None:
    last = date(2026, 5, 31)  # a Sunday
    assert adjusted(world, last, FOLLOWING) == date(2026, 6, 1)
    assert adjusted(world, last, MODIFIED_FOLLOWING) == date(2026, 5, 29)
    assert adjusted(world, TODAY, MODIFIED_FOLLOWING) == date(2026, 3, 24)
    world.set_holidays(2026, [date(2026, 2, 5), TODAY, date(2026, 5, 29)])
    assert adjusted(world, last, MODIFIED_FOLLOWING) == date(2026, 5, 28)


def test_a_year_that_nobody_published_is_never_taken_for_open(world: World) -> None:
    monday = date(2040, 1, 2)
    with reverts("CalendarNotCovered", CALENDAR, 2040):
        world.calendar.isBusinessDay(CALENDAR, epoch_day(monday))
    with reverts("CalendarNotCovered", b"AE".ljust(32, b"\0"), 2026):
        world.calendar.adjust(b"AE".ljust(32, b"\0"), epoch_day(TODAY), FOLLOWING)
    with reverts("CalendarNotCovered", CALENDAR, 2040):
        world.calendar.calendarYear(CALENDAR, 2040)
    world.set_holidays(2039, [date(2039, 12, 31)], weekend=())
    with reverts("CalendarNotCovered", CALENDAR, 2040):  # the year after is asked
        adjusted(world, date(2039, 12, 31), FOLLOWING)


def test_a_correction_is_a_new_version_with_its_circular(world: World) -> None:
    eid = date(2026, 5, 27)
    world.set_holidays(2026, [date(2026, 2, 5), TODAY, eid])
    told = world.evm.receipt.events("CalendarSet")[0]
    assert (told["calendar"], told["year"], told["version"]) == (CALENDAR, 2026, 2)
    assert told["source"] == REFERENCE
    content, version = world.calendar.calendarYear(CALENDAR, 2026)
    assert (tuple(content), version) == (tuple(told["content"]), 2)
    assert not world.calendar.isBusinessDay(CALENDAR, epoch_day(eid))


@pytest.mark.parametrize(
    "holidays",
    [
        [TODAY],  # the 5th of February, which has passed, would open
        [date(2026, 2, 5)],  # today would
        [date(2026, 2, 5), date(2026, 3, 20), TODAY],  # last Friday would close
    ],
)
def test_a_correction_cannot_reach_today_or_a_day_before(
    world: World, holidays: list[date]
) -> None:
    with reverts("CalendarDayPassed", CALENDAR, 2026):
        world.set_holidays(2026, holidays)
    with reverts("CalendarDayPassed", CALENDAR, 2025):
        world.set_holidays(2025, [])
    with reverts("CalendarDayPassed", CALENDAR, 2026):
        world.set_holidays(2026, [date(2026, 2, 5), TODAY], weekend=(4, 5))


def test_tomorrow_and_a_year_to_come_can_still_change(world: World) -> None:
    world.set_holidays(2026, [date(2026, 2, 5), TODAY, date(2026, 3, 24)])
    assert adjusted(world, TODAY, FOLLOWING) == date(2026, 3, 25)
    world.set_holidays(2027, [], weekend=(4, 5))
    assert adjusted(world, date(2027, 7, 16), FOLLOWING) == date(2027, 7, 18)
    # Up to the last second of the day before, a day can change; from its first it stands.
    world.evm.time = start_of_day_karachi(date(2026, 3, 25)) - 1
    world.set_holidays(2026, [date(2026, 2, 5), TODAY, date(2026, 3, 24), date(2026, 3, 25)])
    world.evm.time += 1
    with reverts("CalendarDayPassed", CALENDAR, 2026):
        world.set_holidays(2026, [date(2026, 2, 5), TODAY, date(2026, 3, 24)])


def test_a_year_that_cannot_be_is_refused(world: World) -> None:
    publish = world.calendar.setCalendar
    steward = world[Role.STEWARD]
    for content in ((0x7F, [0, 0]), (0, [0, 1 << 109])):
        with reverts("CalendarYearInvalid", 2031):
            publish(CALENDAR, 2031, content, REFERENCE, sender=steward)
    publish(CALENDAR, 2032, (0, [0, 1 << 109]), REFERENCE, sender=steward)  # the 366th day
    assert not world.calendar.isBusinessDay(CALENDAR, epoch_day(date(2032, 12, 31)))
    with reverts("CalendarWithoutSource"):
        publish(CALENDAR, 2031, (0, [0, 0]), bytes(32), sender=steward)
    with reverts("CivilDateInvalid", 10_000, 1, 1):
        publish(CALENDAR, 10_000, (0, [0, 0]), REFERENCE, sender=steward)


days = st.dates(date(2027, 1, 1), date(2028, 12, 31))


@settings(max_examples=60)
@given(
    holidays=st.sets(days, max_size=60),
    weekend=st.sets(st.integers(0, 6), max_size=3),
    asked=st.lists(days, min_size=1, max_size=10),
    convention=st.sampled_from(sorted(CONVENTIONS)),
)
def test_days_are_adjusted_as_python_does(
    holidays: set[date], weekend: set[int], asked: list[date], convention: int
) -> None:
    world = SHARED
    with world.evm.snapshot():
        for year in range(2026, 2031):
            of_year = [day for day in holidays if day.year == year]
            world.set_holidays(year, of_year, weekend)
        calendar = MarketCalendar(
            "test",
            "1",
            date(2026, 1, 1),
            date(2030, 12, 31),
            frozenset(weekend),
            {day: "a holiday" for day in holidays},
        )
        for day in asked:
            assert adjusted(world, day, convention) == calendar.adjust(day, CONVENTIONS[convention])


SHARED = World()
