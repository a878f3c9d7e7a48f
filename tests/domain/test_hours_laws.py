from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.domain.hours import (
    DatedChange,
    Interval,
    OpeningHours,
    SpecialDay,
    is_open,
    last_open_instant,
    open_spans,
    opening_at,
)
from tests.domain.swedish_days import CALENDAR, STOCKHOLM, days_from

FIRST, LAST = datetime(2024, 1, 1), datetime(2035, 12, 31)  # noqa: DTZ001 - hypothesis adds the zone
SECOND = timedelta(seconds=1)
Intervals = tuple[Interval, ...]


def _intervals_between(seconds: set[int]) -> Intervals:
    walls = [time(*divmod(second // 60, 60), second % 60) for second in sorted(seconds)]
    return tuple(Interval(opens, closes) for opens, closes in zip(walls[::2], walls[1::2], strict=False))


SECONDS = st.one_of(st.integers(0, 86_399), st.integers(0, 287).map(lambda step: step * 300))
A_DAYS_INTERVALS = st.sets(SECONDS, max_size=6).map(_intervals_between)
HOURS = st.builds(
    OpeningHours,
    zone=st.just(STOCKHOLM),
    weekly=st.tuples(*[A_DAYS_INTERVALS] * 7),
    calendar=st.just(CALENDAR),
    close_on_eves=st.booleans(),
    special_days=st.dictionaries(st.sampled_from(SpecialDay), A_DAYS_INTERVALS),
)
CLOCK_CHANGES = st.sampled_from([datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)])
INSTANTS = st.one_of(
    st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    st.builds(lambda change, minutes: change + timedelta(minutes=minutes), CLOCK_CHANGES, st.integers(-300, 300)),
)


@st.composite
def situations(draw: st.DrawFn) -> tuple[OpeningHours, dict[date, DatedChange], datetime]:
    """Hours, an instant, and dated changes around it."""
    at = draw(INSTANTS)
    days = draw(st.dictionaries(st.integers(-15, 40), A_DAYS_INTERVALS, max_size=8))
    around = {at.date() + timedelta(days=step): intervals for step, intervals in days.items()}
    return draw(HOURS), {day: DatedChange(day, one, "ändrat") for day, one in around.items()}, at


Situation = tuple[OpeningHours, dict[date, DatedChange], datetime]


@given(situations())
def test_a_line_is_open_or_closed_for_a_reason(situation: Situation) -> None:
    opening = opening_at(*situation)

    assert opening.is_open is (opening.closed is None) is is_open(*situation)
    assert (opening.closes_at is not None) is opening.is_open
    assert opening.next_opening is None or not opening.is_open
    assert opening.at.astimezone(UTC) == situation[2]


@given(situations())
def test_it_stays_open_until_it_closes_and_no_longer(situation: Situation) -> None:
    hours, changes, at = situation
    opening = opening_at(*situation)

    if opening.closes_at is not None:
        closes_at = opening.closes_at.astimezone(UTC)
        assert closes_at > at
        assert is_open(hours, changes, max(at, closes_at - SECOND))
        assert not is_open(hours, changes, closes_at)
        halfway = at + (closes_at - at) / 2
        assert opening_at(hours, changes, halfway).closes_at == opening.closes_at


@given(situations(), st.floats(0, 1, exclude_max=True))
def test_it_stays_closed_until_it_opens_next(situation: Situation, share: float) -> None:
    hours, changes, at = situation
    opening = opening_at(*situation)

    if opening.next_opening is not None:
        opens = opening.next_opening.astimezone(UTC)
        between = min(at + (opens - at) * share, opens - timedelta(microseconds=1))
        assert opens > at
        assert is_open(hours, changes, opens)
        assert not is_open(hours, changes, opens - SECOND) or opens - SECOND < at
        assert not is_open(hours, changes, between)
        assert opening_at(hours, changes, between).next_opening == opening.next_opening


@given(situations())
def test_the_spans_of_a_day_lie_in_order_and_apart_on_that_day(situation: Situation) -> None:
    hours, changes, at = situation
    day = at.date()

    spans = open_spans(hours, changes, day)

    assert all(span.opens < span.closes for span in spans)
    assert all(earlier.closes < later.opens for earlier, later in pairwise(spans))
    assert all(one.astimezone(STOCKHOLM).date() == day for span in spans for one in span)


@given(situations())
def test_the_last_open_instant_is_open_and_nothing_after_it_is(situation: Situation) -> None:
    hours, changes, at = situation

    last = last_open_instant(*situation)

    if last is None:
        assert not is_open(*situation)
    elif last.astimezone(UTC) == at:
        assert is_open(*situation)
    else:
        closed_from = last.astimezone(UTC) + SECOND
        assert is_open(hours, changes, last)
        reopens = opening_at(hours, changes, closed_from).next_opening
        assert reopens is None or reopens > at


@given(st.datetimes(FIRST, LAST - timedelta(days=70), timezones=st.just(STOCKHOLM)), st.integers(1, 60))
def test_closing_every_day_of_a_period_moves_the_next_opening_beyond_it(at: datetime, days: int) -> None:
    nine_to_four = (Interval(time(9), time(16)),)
    hours = OpeningHours(STOCKHOLM, (nine_to_four,) * 5 + ((), ()), CALENDAR)
    period = days_from(at.date(), days)
    end = datetime.combine(period[-1], time(23, 59, 59), tzinfo=STOCKHOLM)

    moved = opening_at(hours, {day: DatedChange(day, (), "stängt") for day in period}, at)

    assert moved.next_opening == opening_at(hours, {}, end).next_opening
