"""What holds of every rota, every layer and every instant of twenty years."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.duty import on_duty, roster_at
from app.domain.hours import OpeningHours, Span, is_open, open_spans
from app.domain.layers import NO_LAYERS, Absence, Cover, Layer, Layers, Pause, TemporarySchedule, WrapUp
from app.domain.lines import StaffId
from app.domain.rotas import Membership, Rota, RotaKey, RotaUnit, Tier, Window
from app.domain.timetable import final_schedule
from tests.domain.hours_of_tests import intervals, opening_hours
from tests.domain.rotas_of_tests import BACKUP, SKANE
from tests.domain.swedish_days import CALENDAR, ONE_DAY, STOCKHOLM, days_from, days_of

if TYPE_CHECKING:
    from app.domain.rosters import OnDuty
    from app.domain.timetable import FinalSchedule

Value = TypeVar("Value")

NAMES = tuple(StaffId(name) for name in ("anna", "bo", "cilla", "david", "elin", "farid"))
DAYS = 8
FIRST, LAST = date(2026, 1, 1), date(2045, 12, 20)
LONG_AGO = date(2024, 1, 1)
# Sundays on which the clock is set.
CLOCK_CHANGES = [
    day for day in days_of(FIRST.year, LAST.year) if day.month in {3, 10} and day.day > 24 and day.isoweekday() == 7
]
OFFICE = opening_hours()
DAY_AND_NIGHT = OpeningHours(STOCKHOLM, (intervals("00:00-02:30", "02:45-12:00", "12:30-23:59"),) * 7, CALENDAR)

TIMES = st.sampled_from([time(0), time(2), time(2, 30), time(6), time(9), time(12), time(22), time(23, 30)])
WINDOWS = st.tuples(TIMES, TIMES).filter(lambda ends: ends[0] != ends[1]).map(lambda ends: Window(*ends))
SOMEBODY = st.sampled_from(NAMES)
NOBODY_OR_SOMEBODY = st.none() | SOMEBODY
ROTA_KEYS = st.sampled_from([SKANE, BACKUP])


@dataclass(frozen=True, slots=True)
class Case:
    """A week of a line, and all that lies over its rotas."""

    is_open_at_night: bool
    rotas: tuple[Rota, ...]
    members: tuple[Membership, ...]
    layers: Layers
    begins: datetime
    ends: datetime

    @property
    def hours(self) -> OpeningHours:
        return DAY_AND_NIGHT if self.is_open_at_night else OFFICE

    def at(self, instant: datetime) -> tuple[OnDuty, ...]:
        return on_duty(self.hours, {}, self.rotas, self.members, instant, self.layers)

    def final(self) -> FinalSchedule:
        return final_schedule(self.hours, {}, self.rotas, self.members, self.begins, self.ends, self.layers)

    def open_time(self) -> list[Span]:
        days = days_from(self.begins.astimezone(STOCKHOLM).date(), DAYS + 2)
        spans = [span for day in days for span in open_spans(self.hours, {}, day)]
        cut = [Span(max(opens, self.begins), min(closes, self.ends)) for opens, closes in spans]
        return [span for span in cut if span.opens < span.closes]


def some(one: st.SearchStrategy[Value], most: int) -> st.SearchStrategy[tuple[Value, ...]]:
    return st.lists(one, max_size=most).map(tuple)


@st.composite
def rotas(draw: st.DrawFn, key: RotaKey, tier: Tier, day: date) -> Rota:
    unit, window, handover = draw(st.sampled_from(RotaUnit)), draw(st.none() | WINDOWS), draw(TIMES)
    if unit is RotaUnit.HOUR and window:
        handover = window.begins
    return Rota(
        key,
        tier,
        unit,
        length=draw(st.integers(1, 5)),
        weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        handover=handover,
        handover_weekday=draw(st.integers(0, 6)),
        at_once=draw(st.integers(1, 3)),
        anchor=draw(st.sampled_from([LONG_AGO, day - 20 * ONE_DAY, day + 2 * ONE_DAY])),
        window=window,
    )


@st.composite
def memberships(draw: st.DrawFn, day: date) -> Membership:
    begins = draw(st.just(LONG_AGO) | st.integers(-3, DAYS).map(lambda days: day + days * ONE_DAY))
    ends = draw(st.none() | st.integers(0, DAYS).map(lambda days: day + days * ONE_DAY))
    return Membership(draw(ROTA_KEYS), draw(SOMEBODY), begins, draw(st.integers(0, 9)), ends)


def instants(day: date) -> st.SearchStrategy[datetime]:
    begins = datetime.combine(day, time(0), tzinfo=UTC)
    return st.integers(0, DAYS * 24 * 4).map(lambda quarters: begins + quarters * timedelta(minutes=15))


def in_order(two: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    return min(two), max(two)


@st.composite
def layers_over(draw: st.DrawFn, day: date) -> Layers:
    ends = st.tuples(instants(day), instants(day)).filter(lambda two: two[0] != two[1]).map(in_order)
    changes = st.tuples(NOBODY_OR_SOMEBODY, NOBODY_OR_SOMEBODY).filter(lambda two: two[0] != two[1])

    def up_to(most: int) -> range:
        return range(draw(st.integers(0, most)))

    return Layers(
        tuple(TemporarySchedule(*draw(ends), draw(ROTA_KEYS), draw(some(SOMEBODY, 3))) for _ in up_to(2)),
        tuple(Cover(*draw(ends), draw(ROTA_KEYS), *draw(changes)) for _ in up_to(4)),
        tuple(Absence(*draw(ends), draw(SOMEBODY)) for _ in up_to(3)),
        tuple(Pause(*draw(ends), draw(SOMEBODY)) for _ in up_to(2)),
        tuple(WrapUp(*draw(ends), draw(SOMEBODY)) for _ in up_to(2)),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    changing = st.sampled_from(CLOCK_CHANGES).map(lambda sunday: sunday - 3 * ONE_DAY)
    day = draw(st.dates(FIRST, LAST) | changing)
    begins = draw(instants(day).map(lambda one: one + timedelta(seconds=1)))
    length = draw(st.integers(1, 3 * 86400))
    return Case(
        is_open_at_night=draw(st.booleans()),
        rotas=(draw(rotas(BACKUP, Tier.BACKUP, day)), draw(rotas(SKANE, Tier.PRIMARY, day))),
        members=draw(some(memberships(day), 8)),
        layers=draw(layers_over(day)),
        begins=begins,
        ends=begins + timedelta(seconds=length),
    )


@settings(max_examples=50, deadline=None)
@given(cases(), st.lists(st.integers(0, 9999), min_size=5, max_size=20))
def test_it_says_what_on_duty_says_at_every_boundary_and_at_any_instant(case: Case, parts: list[int]) -> None:
    spans = case.final().spans
    anywhere = [case.begins + part * (case.ends - case.begins) / 10_000 for part in parts]

    for span in spans:
        assert case.at(span.begins) == span.on_duty == case.at(span.ends - timedelta.resolution)
    for instant in anywhere:
        found = [span.on_duty for span in spans if span.begins <= instant < span.ends]
        assert case.at(instant) == (found[0] if found else ())


@settings(max_examples=50, deadline=None)
@given(cases())
def test_gaps_and_covered_spans_together_are_the_open_time(case: Case) -> None:
    final = case.final()

    pieces = [(span.begins, span.ends) for span in final.covered] + list(final.gaps)
    opened = case.open_time()
    for piece_begins, piece_ends in pieces:
        assert any(opens <= piece_begins < piece_ends <= closes for opens, closes in opened)
    total = sum((ends - begins for begins, ends in pieces), timedelta())
    assert total == sum((closes - opens for opens, closes in opened), timedelta())
    assert all(one.ends <= other.begins for one, other in pairwise(final.spans))
    assert all((one.ends, one.on_duty) != (other.begins, other.on_duty) for one, other in pairwise(final.spans))


@settings(max_examples=50, deadline=None)
@given(cases())
def test_the_time_of_all_is_the_sum_over_the_spans(case: Case) -> None:
    final = case.final()

    of_spans = sum(((span.ends - span.begins) * len(span.on_duty) for span in final.spans), timedelta())
    assert sum(final.time_on_duty.values(), timedelta()) == of_spans
    assert all(lasted > timedelta() for lasted in final.time_on_duty.values())


@settings(max_examples=50, deadline=None)
@given(cases(), st.integers(1, 3 * 86400))
def test_two_periods_that_meet_say_what_the_whole_says(case: Case, seconds: int) -> None:
    middle = case.ends + timedelta(seconds=seconds)
    whole = replace(case, ends=middle).final()

    first, second = case.final(), replace(case, begins=case.ends, ends=middle).final()

    for name in NAMES:
        parts = [final.time_on_duty.get(name, timedelta()) for final in (first, second)]
        assert sum(parts, timedelta()) == whole.time_on_duty.get(name, timedelta())
    gaps, of_whole = (
        sum((ends - begins for begins, ends in one), timedelta()) for one in ((*first.gaps, *second.gaps), whole.gaps)
    )
    assert gaps == of_whole


@settings(max_examples=100, deadline=None)
@given(cases())
def test_nobody_is_there_twice_or_against_a_layer_or_while_the_line_is_closed(case: Case) -> None:
    at, layers = case.begins, case.layers

    roster = roster_at(case.hours, {}, case.rotas, case.members, at, layers)

    found = [one.staff for one in roster.on_duty]
    assert len(found) == len(set(found))
    assert not layers.paused_at(at).intersection(found)
    # A temporary schedule goes before an absence.
    listed = {one.staff for one in roster.on_duty if one.layer is Layer.TEMPORARY}
    assert layers.absent_at(at).intersection(found) <= listed
    assert not {one.staff for one in roster.left_out}.intersection(found)
    assert [one.tier for one in roster.on_duty] == sorted((one.tier for one in roster.on_duty), key=list(Tier).index)
    assert is_open(case.hours, {}, at) or not found


@settings(max_examples=100, deadline=None)
@given(cases(), SOMEBODY)
def test_who_is_removed_last_is_not_there(case: Case, name: StaffId) -> None:
    ends = (case.begins, case.ends)
    removed = tuple(Cover(*ends, rota.key, None, name) for rota in case.rotas)
    layers = replace(case.layers, temporary=(), covers=(*case.layers.covers, *removed))

    found = replace(case, layers=layers).at(case.begins)

    assert name not in [one.staff for one in found]


@settings(max_examples=100, deadline=None)
@given(cases())
def test_covers_and_absences_never_move_turns_of_others(case: Case) -> None:
    layers = Layers(covers=case.layers.covers, absences=case.layers.absences)
    concerned = {one.staff for one in layers.absences}
    concerned |= {name for one in layers.covers for name in (one.stands_in, one.instead_of) if name}

    with_layers, without = replace(case, layers=layers), replace(case, layers=NO_LAYERS)
    others, as_before = (
        [one for one in over.at(case.begins) if one.staff not in concerned] for over in (with_layers, without)
    )

    assert others == as_before


@settings(max_examples=50, deadline=None)
@given(cases(), st.data())
def test_the_answer_depends_on_its_arguments_alone(case: Case, data: st.DataObject) -> None:
    before = case.at(case.begins)
    members = tuple(data.draw(st.permutations(case.members)))
    absences = tuple(data.draw(st.permutations(case.layers.absences)))
    pauses = tuple(data.draw(st.permutations(case.layers.pauses)))

    case.final()
    shuffled = replace(case, layers=replace(case.layers, absences=absences, pauses=pauses))

    assert shuffled.at(case.begins) == before
    # Two entries of one person with the same date and place are told apart by nothing.
    places = [(one.rota, one.begins, one.position, one.staff) for one in members]
    assert len(set(places)) < len(places) or replace(shuffled, members=members).at(case.begins) == before


def test_twenty_years_whole_have_no_gap_and_give_everyone_their_share() -> None:
    rota = Rota(
        SKANE,
        Tier.PRIMARY,
        RotaUnit.HOUR,
        length=3,
        weekdays=frozenset(range(5)),
        handover=time(9),
        handover_weekday=0,
        at_once=1,
        anchor=FIRST,
        window=Window(time(9), time(16)),
    )
    members = tuple(Membership(SKANE, name, LONG_AGO, place) for place, name in enumerate(NAMES))
    begins, ends = (datetime(year, 1, 1, tzinfo=STOCKHOLM) for year in (FIRST.year, FIRST.year + 20))

    final = final_schedule(OFFICE, {}, [rota], members, begins, ends)

    open_days = [day for day in days_of(FIRST.year, LAST.year) if open_spans(OFFICE, {}, day)]
    shares = final.time_on_duty.values()
    assert final.gaps == ()
    assert sum(shares, timedelta()) == len(open_days) * timedelta(hours=7)
    assert max(shares) - min(shares) <= timedelta(hours=3)
