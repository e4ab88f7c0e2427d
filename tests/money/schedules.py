"""Random schedules: every frequency, every kind of month end, first periods of every length."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from scripts._amanat.business_days import epoch_day
from scripts._amanat.schedules import Schedule, add_months

Packed = tuple[int, int, int, int, bool]


def packed(schedule: Schedule) -> Packed:
    """The struct of `PeriodSchedule.sol`."""
    first = schedule.first_period_end
    return (
        epoch_day(schedule.accrual_start),
        epoch_day(schedule.stated_maturity),
        epoch_day(first) if first else 0,
        schedule.frequency,
        schedule.end_of_month,
    )


@st.composite
def maturities(draw: st.DrawFn) -> date:
    """Any day, and the last days of months more often than chance has it."""
    day = draw(st.dates(date(1985, 1, 1), date(2070, 12, 31)))
    return draw(
        st.sampled_from([day, *[add_months(day.replace(day=1), 1) - timedelta(days=1)] * 2])
    )


@st.composite
def regular_schedules(draw: st.DrawFn, most: int = 60) -> Schedule:
    """Of 1 to `most` whole periods."""
    maturity, frequency = draw(maturities()), draw(st.sampled_from([1, 2, 4]))
    is_last = (maturity + timedelta(days=1)).day == 1
    end_of_month = is_last and draw(st.booleans())
    probe = Schedule(maturity - timedelta(days=1), maturity, frequency, None, end_of_month)
    start = probe.quasi_date(draw(st.integers(1, min(most, 14 * frequency))))
    return Schedule(start, maturity, frequency, None, end_of_month)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Regular ones, and with a first period that is short or long."""
    regular = draw(regular_schedules())
    later = timedelta(days=draw(st.sampled_from([0, 1]) | st.integers(0, 400)))
    start = min(regular.accrual_start + later, regular.stated_maturity - timedelta(days=1))
    first = None
    if draw(st.booleans()):
        after = [p.end for p in regular if p.end > start][:3]
        first = draw(st.sampled_from(after))
    return Schedule(start, regular.stated_maturity, regular.frequency, first, regular.end_of_month)


@st.composite
def schedules_with_a_day(draw: st.DrawFn) -> tuple[Schedule, date]:
    """A schedule and a day in it, often one on which a period begins."""
    schedule = draw(schedules())
    day = draw(
        st.sampled_from([period.start for period in schedule])
        | st.dates(schedule.accrual_start, schedule.stated_maturity - timedelta(days=1))
    )
    return schedule, day
