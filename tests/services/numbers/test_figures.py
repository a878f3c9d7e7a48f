"""The figures: what is counted, on which line, in which week; the same on both databases, and as a recount says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from app.domain import trends
from app.domain.calls import Outcome, Source
from app.domain.errors import NotFound
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.phone import PhoneNumber
from app.domain.trends import Period, Span, Tally
from app.services.numbers import figures
from app.services.numbers.figures import Asked
from app.storage.models import Call, Consultation, ConsultationTag, Staff
from app.storage.scope import narrow
from tests.services.counting import count_changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.services.numbers.figures import Figures

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 11, 30, 10, tzinfo=STOCKHOLM)
SKANE, NATIONELL = LineKey("skane"), LineKey("nationell")
_numbers = count(1)


def actor(organisation: str = "skane", *lines: str) -> Actor:
    reach = frozenset(map(LineKey, lines or (organisation,)))
    return Actor(AccountId("övning"), None, OrganisationKey(organisation), reach, frozenset({Role.MANAGER}))


def wall(words: str) -> datetime:
    """An instant on the wall in Sweden."""
    return datetime.fromisoformat(words).replace(tzinfo=STOCKHOLM)


def hire(session: Session, organisation: str = "skane") -> str:
    number = next(_numbers)
    phone = PhoneNumber(f"+46701740{640 + number % 60}")
    one = Staff(id=f"staff-{number}", organisation=organisation, alias=f"Övning {number}", name="Övning", phone=phone)
    one.competences, one.languages, one.created_at = [], [], NOW
    session.add(one)
    session.flush()
    return one.id


def call(session: Session, at: datetime, line: str = "skane", organisation: str = "") -> Call:
    one = Call(sid=f"CA{next(_numbers):032x}", line=line, organisation=organisation or line, source=Source.LIVE)
    one.started_at, one.last_heard_at, one.arrived, one.outcome = at, at, True, Outcome.ABANDONED
    session.add(one)
    session.flush()
    return one


def consultation(
    session: Session,
    at: datetime,
    line: str = "skane",
    *,
    organisation: str = "",
    by: str | None = None,
    of: Call | None = None,
    kind: str = "",
) -> Consultation:
    """A record that was held at that instant; without ``by``, one that wasn't."""
    one = Consultation(line=line, organisation=organisation or line, source=Source.LIVE, opened_at=at)
    one.staff_id, one.held_at, one.call_id = by, at if by else None, of.id if of else None
    session.add(one)
    session.flush()
    if kind:
        session.add(ConsultationTag(consultation_id=one.id, kind="type", code=kind, position=1))
        session.flush()
    return one


def shown(session: Session, policy: Policy, asked: Asked | None = None, who: Actor | None = None) -> Figures:
    count_changes(session, policy)
    found = figures.of(session, policy, who or actor(), asked or Asked(), NOW)
    assert found is not None
    return found


def by_week(found: Figures) -> dict[str, Tally]:
    """What isn't nothing, by week, of the first line."""
    return {f"{week.period.first:%G-W%V}": week.tally for week in found.lines[0].weeks if week.tally != Tally()}


def test_a_call_counts_whatever_became_of_it_and_a_consultation_only_if_it_was_held(
    session: Session, policy: Policy
) -> None:
    by = hire(session)
    answered = call(session, wall("2026-11-25T10:00"))
    consultation(session, wall("2026-11-25T10:01"), by=by, of=answered, kind="ARENDE")
    consultation(session, wall("2026-11-26T10:00"), of=call(session, wall("2026-11-26T10:00")))
    consultation(session, wall("2026-11-27T10:00"), by=by)

    found = shown(session, policy)

    assert by_week(found) == {"2026-W48": Tally(calls=2, held=2)}
    assert found.total == Tally(calls=2, held=2)


def test_a_consultation_with_the_wrong_target_group_is_counted_apart(session: Session, policy: Policy) -> None:
    by = hire(session)
    for kind in ("FEL", "ARENDE", "FEL", ""):
        consultation(session, wall("2026-11-25T10:00"), by=by, kind=kind)

    assert shown(session, policy).total == Tally(held=2, wrong_target=2)


def test_a_call_counts_where_it_was_dialled_and_its_consultation_where_it_was_answered(
    session: Session, policy: Policy
) -> None:
    by = hire(session, "nationell")
    dialled = call(session, wall("2026-11-25T10:00"), "skane")
    consultation(session, wall("2026-11-25T10:01"), "nationell", by=by, of=dialled)

    assert shown(session, policy).total == Tally(calls=1)
    assert shown(session, policy, who=actor("nationell")).total == Tally(held=1)


def test_a_callback_counts_in_the_week_in_which_it_was_talked(session: Session, policy: Policy) -> None:
    asked = call(session, wall("2026-11-20T15:00"))
    consultation(session, wall("2026-11-23T09:10"), by=hire(session), of=asked)

    assert by_week(shown(session, policy)) == {"2026-W47": Tally(calls=1), "2026-W48": Tally(held=1)}


@pytest.mark.parametrize(
    ("at", "week"),
    [
        ("2026-10-18T23:59:59", "2026-W42"),
        ("2026-10-19T00:00:00", "2026-W43"),
        ("2026-10-25T23:59:59", "2026-W43"),
        ("2026-10-26T00:00:00", "2026-W44"),
    ],
)
def test_a_week_begins_at_midnight_on_the_wall_also_when_the_clock_is_set_back(
    session: Session, policy: Policy, at: str, week: str
) -> None:
    call(session, wall(at))

    assert by_week(shown(session, policy)) == {week: Tally(calls=1)}


def test_a_week_that_is_not_over_is_marked_and_is_in_no_sum(session: Session, policy: Policy) -> None:
    call(session, wall("2026-11-30T09:00"))
    call(session, wall("2026-11-29T09:00"))

    found = shown(session, policy)

    assert [week.is_over for week in found.lines[0].weeks] == [True] * 13 + [False]
    assert found.lines[0].weeks[-1].tally == Tally(calls=1)
    assert found.total == Tally(calls=1)


def test_an_earlier_period_has_whole_weeks_alone(session: Session, policy: Policy) -> None:
    call(session, wall("2024-01-01T09:00"))

    found = shown(session, policy, Asked(Span.WEEKS_26, until=date(2026, 5, 5)))

    assert len(found.lines[0].weeks) == 26
    assert all(week.is_over for week in found.lines[0].weeks)
    assert found.earlier
    assert found.later


def test_a_period_is_compared_with_the_one_before_if_that_was_counted(session: Session, policy: Policy) -> None:
    for at in ("2026-05-25T09:00", "2026-08-03T09:00", "2026-08-04T09:00", "2026-11-25T10:00"):
        call(session, wall(at))

    assert shown(session, policy).compared == Tally(calls=2)
    assert shown(session, policy).is_comparable
    assert not shown(session, policy, Asked(Span.WEEKS_52)).is_comparable


def test_nothing_lies_before_the_first_call(session: Session, policy: Policy) -> None:
    call(session, wall("2026-09-01T09:00"))

    found = shown(session, policy)

    assert found.earlier is None
    assert found.later is None
    assert found.lines[0].since == date(2026, 9, 1)


def test_the_first_consultation_may_come_before_the_first_call(session: Session, policy: Policy) -> None:
    consultation(session, wall("2026-08-20T09:00"), by=hire(session))
    call(session, wall("2026-09-01T09:00"))

    found = shown(session, policy)

    assert found.lines[0].since == date(2026, 8, 20)
    assert found.earlier is not None


def test_without_a_call_there_is_nothing_to_show_or_to_compare(session: Session, policy: Policy) -> None:
    found = shown(session, policy)

    assert found.is_empty
    assert not found.is_comparable
    assert found.lines[0].since is None


def test_who_reaches_several_lines_may_choose_among_them(session: Session, policy: Policy) -> None:
    two = replace(policy.lines[SKANE], key=LineKey("skane-natt"))
    wider = replace(
        policy,
        lines={**policy.lines, two.key: two},
        schedules={**policy.schedules, two.key: policy.schedules[SKANE]},
    )
    who = actor("skane", "skane", "skane-natt")
    call(session, wall("2026-11-25T10:00"))
    call(session, wall("2026-11-25T10:00"), "skane-natt", "skane")

    both = shown(session, wider, who=who)
    one = shown(session, wider, Asked(lines=frozenset({two.key})), who)

    assert [line.line.key for line in both.lines] == ["skane", "skane-natt"]
    assert both.total == Tally(calls=2)
    assert [line.line.key for line in one.lines] == ["skane-natt"]
    assert [line.key for line in one.in_reach] == ["skane", "skane-natt"]


def test_a_line_out_of_reach_is_not_there(session: Session, policy: Policy) -> None:
    for line in ("nationell", "no-such-line"):
        with pytest.raises(NotFound):
            shown(session, policy, Asked(lines=frozenset({LineKey(line)})))


def test_without_a_line_in_reach_there_are_no_figures(session: Session, policy: Policy) -> None:
    nobody = replace(actor(), lines=frozenset())

    assert figures.of(session, policy, nobody, Asked(), NOW) is None


def test_the_database_itself_lets_the_figures_through_and_nothing_else(session: Session, policy: Policy) -> None:
    consultation(session, wall("2026-11-25T10:00"), by=hire(session), of=call(session, wall("2026-11-25T10:00")))
    call(session, wall("2026-11-25T10:00"), "nationell")
    count_changes(session, policy)
    narrow(session, actor())

    found = figures.of(session, policy, actor(), Asked(), NOW)

    assert found is not None
    assert found.total == Tally(calls=1, held=1)


@pytest.mark.parametrize("seed", range(3))
def test_weeks_are_the_sums_of_their_days_and_both_are_what_the_rows_say(
    session: Session, policy: Policy, seed: int
) -> None:
    # Around both clock changes, a turn of the year with a 53rd week, and midnights on the wall.
    chance = Random(seed)
    people = {line: hire(session, line) for line in ("skane", "nationell")}
    rows = _scattered(session, chance, people)
    period = Period(date(2025, 9, 29), date(2027, 4, 4))
    count_changes(session, policy)

    days = figures.count(session, actor(), SKANE, trends.days_of(period))
    weeks = figures.count(session, actor(), SKANE, trends.weeks_of(period))

    assert {
        day.first: tally for day, tally in zip(trends.days_of(period), days, strict=True) if tally != Tally()
    } == rows
    per_week = iter(days)
    assert weeks == [trends.total(next(per_week) for _ in trends.days_of(week)) for week in trends.weeks_of(period)]


def _scattered(session: Session, chance: Random, people: dict[str, str]) -> dict[date, Tally]:
    """Calls and records at random instants, and what a recount by hand makes of those of one line, day by day."""
    calls: Counter[date] = Counter()
    held: Counter[date] = Counter()
    wrong: Counter[date] = Counter()
    for at in _instants(chance):
        line, answering, kind = chance.choice(["skane", "nationell"]), chance.choice(["skane", "nationell"]), "ARENDE"
        made, local = call(session, at, line), at.astimezone(STOCKHOLM).date()
        was_held = chance.random() < 0.7
        if was_held:
            kind = chance.choice(["ARENDE", "FEL", ""])
        owner = answering if was_held else line
        consultation(session, at, owner, by=people[owner] if was_held else None, of=made, kind=kind)
        calls[local] += line == "skane"
        held[local] += was_held and owner == "skane" and kind != "FEL"
        wrong[local] += was_held and owner == "skane" and kind == "FEL"
    found = {day: Tally(calls[day], held[day], wrong[day]) for day in calls}
    return {day: tally for day, tally in found.items() if tally != Tally()}


def _instants(chance: Random) -> Sequence[datetime]:
    first, last = datetime(2025, 9, 29, tzinfo=UTC), datetime(2027, 4, 3, 20, tzinfo=UTC)
    anywhere = [first + chance.random() * (last - first) for _ in range(40)]
    midnights = [datetime(year, month, day, tzinfo=STOCKHOLM) for year, month, day in _EDGES]
    close = [
        edge.astimezone(UTC) + timedelta(seconds=chance.choice([-1, 0, 1])) for edge in midnights for _ in range(3)
    ]
    hours = [edge.astimezone(UTC) + timedelta(minutes=chance.randrange(-1440, 2880)) for edge in midnights]
    return [*anywhere, *close, *hours]


_EDGES = (
    (2025, 10, 26),
    (2025, 12, 29),
    (2026, 1, 1),
    (2026, 3, 29),
    (2026, 3, 30),
    (2026, 10, 25),
    (2026, 10, 26),
    (2027, 1, 4),
)
