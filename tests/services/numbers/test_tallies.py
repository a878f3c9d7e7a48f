"""Tallies: whatever is written, by whatever way, the numbers are those of the rows."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.domain.calendar_periods import Kind, period_with
from app.domain.calls import AttemptState, Outcome
from app.domain.cases import CaseEnd
from app.domain.followups import FollowUpEnd
from app.domain.lines import LineKey
from app.domain.retention import RecordClass
from app.domain.tallies import CALLS, CASES, HELD, PROMISED, Cell, Dimension, Grain, TallyUnit
from app.domain.trends import Period
from app.services.numbers import tallies
from app.storage.models import (
    Attempt,
    Call,
    Case,
    CaseEvent,
    CaseHandOver,
    Consultation,
    ConsultationTag,
    DirtyDay,
    FollowUp,
    FollowUpEvent,
    RetentionTally,
    Tally,
)
from app.storage.queries import tallies as stored
from app.storage.queries.counted_rows import Owner
from tests.services.counting import count_changes
from tests.services.old_records import NOW, OPEN, Matter, ago, decide, purge, put, put_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from app.domain.policy import Policy

LONGER = {Grain.MONTH: Kind.MONTH, Grain.QUARTER: Kind.QUARTER, Grain.YEAR: Kind.YEAR}
SKANE = Owner("skane", LineKey("skane"))
MANY = [
    Matter(2, case=1, promised=OPEN),
    Matter(2, held=False),
    Matter(9, case=1),
    Matter(9, exposed=None, municipality=None),
    Matter(40, themes=("FYS", "PSYK"), exposed=3),
    Matter(41, by="nationell"),
    Matter(95, case=1, promised=90),
]
CASES_ENDED = {1: OPEN, 2: 200}
"""The second has a day on which nothing else is counted."""


@pytest.fixture
def filled(session: Session) -> Session:
    """A few months with a little of everything."""
    put_people(session)
    put(session, MANY, CASES_ENDED)
    return session


def number(session: Session, cell: Cell, day: date, grain: Grain = Grain.DAY) -> int:
    return stored.all_of(session)["skane", "skane", grain, day].get(cell, 0)


def assert_true(session: Session, policy: Policy) -> None:
    """The stored days are what the rows say now, and the months are their sums."""
    found = {key: dict(cells) for key, cells in stored.all_of(session).items()}
    wanted: dict[tuple[str, str, Grain, date], Counter[Cell]] = {}
    for owner in (SKANE, Owner("nationell", LineKey("nationell"))):
        zone = policy.schedules[owner.line].hours.zone
        counted = tallies.count(session, owner, zone, Period(date(2020, 1, 1), date(2030, 1, 1)))
        for day, cells in counted.items():
            wanted[(*owner, Grain.DAY, day)] = cells
            for grain, kind in LONGER.items():
                wanted.setdefault((*owner, grain, period_with(kind, day).first), Counter()).update(cells)
    assert found == wanted
    assert not stored.is_dirty(session)


def test_what_is_there_is_counted_by_its_own_unit(filled: Session, policy: Policy) -> None:
    count_changes(filled, policy, 3)

    assert_true(filled, policy)
    day, month = ago(40).date(), ago(40).date().replace(day=1)
    assert number(filled, HELD, day) == 1
    assert number(filled, CALLS, day) == 1
    assert number(filled, Cell(TallyUnit.PERSON, Dimension.ALL, ""), day) == 3
    assert number(filled, Cell(TallyUnit.CONSULTATION, "theme", "PSYK"), month, Grain.MONTH) == 1
    assert number(filled, Cell(TallyUnit.CONSULTATION, Dimension.CONTINUED, "same"), ago(9).date()) == 1
    assert number(filled, PROMISED, ago(95).date()) == 1
    assert [number(filled, CASES, ago(days).date()) for days in (2, 95, 200)] == [0, 1, 1]
    assert number(filled, CASES, ago(200).date().replace(month=1, day=1), Grain.YEAR) == 2


def earlier(session: Session) -> None:
    for call in session.scalars(select(Call)):
        call.started_at -= timedelta(days=40)


def take(session: Session) -> None:
    """Somebody takes every call, half a minute after it came."""
    for attempt, call in session.execute(select(Attempt, Call).join(Call, Call.id == Attempt.call_id)):
        attempt.state, attempt.accepted_at = AttemptState.ACCEPTED, call.started_at + timedelta(seconds=30)
        attempt.ended_at, call.ended_at = (call.started_at + timedelta(minutes=20),) * 2
        attempt.dial_seconds, call.outcome = None, Outcome.ANSWERED


def answer(session: Session) -> None:
    session.execute(delete(ConsultationTag).where(ConsultationTag.kind == "theme"))
    session.execute(update(Consultation).values(version=Consultation.version + 1))


def forget_promises(session: Session) -> None:
    session.execute(delete(FollowUpEvent))
    session.execute(delete(FollowUp))


def open_a_case(session: Session) -> None:
    values = {"id": 9, "reference": "9999999", "organisation": "skane", "line": "skane", "staff_id": "skane"}
    session.execute(insert(Case).values(**values, opened_at=ago(222)))


def forget_a_case(session: Session) -> None:
    for of in (CaseEvent, CaseHandOver):
        session.execute(delete(of).where(of.case_id == 2))
    session.execute(delete(Case).where(Case.id == 2))


CHANGES: dict[str, Callable[[Session], object]] = {
    "an outcome": lambda s: s.execute(update(Call).where(Call.id == 2).values(outcome=Outcome.CLOSED)),
    "a time": earlier,
    "how long they talked": lambda s: s.execute(update(Attempt).values(dial_seconds=400)),
    "that they were never joined": lambda s: s.execute(update(Attempt).values(bridged=False)),
    "an attempt gone": lambda s: s.execute(delete(Attempt)),
    "an answer": answer,
    "a person more": lambda s: s.execute(update(Consultation).values(exposed=5, version=Consultation.version + 1)),
    "who held it": lambda s: s.execute(update(Consultation).where(Consultation.id == 3).values(staff_id="skane-b")),
    "out of its case": lambda s: s.execute(update(Consultation).where(Consultation.id == 3).values(case_id=None)),
    "not held after all": lambda s: s.execute(update(Consultation).where(Consultation.id == 1).values(held_at=None)),
    "another owner": lambda s: s.execute(
        update(Consultation).where(Consultation.id == 1).values(organisation="nationell", line="nationell")
    ),
    "a promise kept": lambda s: s.execute(
        update(FollowUp).where(FollowUp.ended_at.is_(None)).values(ended_at=NOW, ended_as=FollowUpEnd.DONE)
    ),
    "a promise gone": forget_promises,
    "a case more": open_a_case,
    "a case opened earlier": lambda s: s.execute(update(Case).where(Case.id == 2).values(opened_at=ago(230))),
    "a case of another owner": lambda s: s.execute(
        update(Case).where(Case.id == 2).values(organisation="nationell", line="nationell")
    ),
    "a case gone": forget_a_case,
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_counted_wherever_it_came_from(filled: Session, policy: Policy, what: str) -> None:
    take(filled)
    count_changes(filled, policy, 3)
    before = stored.all_of(filled)

    CHANGES[what](filled)
    filled.commit()

    assert stored.is_dirty(filled)
    count_changes(filled, policy, 3)
    assert_true(filled, policy)
    assert stored.all_of(filled) != before


def test_a_change_that_is_taken_back_marks_nothing(filled: Session, policy: Policy) -> None:
    count_changes(filled, policy, 3)

    filled.execute(update(Call).values(outcome=Outcome.CLOSED))
    filled.rollback()

    assert not stored.is_dirty(filled)


def test_what_is_written_while_a_day_is_counted_is_counted_next(
    filled: Session, engine: Engine, policy: Policy
) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    count_changes(filled, policy, 3)
    day = ago(2).date()
    with Session(engine) as other:
        filled.execute(update(Call).where(Call.id == 2).values(outcome=Outcome.CLOSED))
        filled.commit()
        other.execute(update(Call).where(Call.id == 1).values(outcome=Outcome.CLOSED))

        tallies.refresh(filled, policy, 10)
        filled.commit()
        other.commit()

    assert stored.is_dirty(filled)
    count_changes(filled, policy, 3)
    assert_true(filled, policy)
    assert number(filled, Cell(TallyUnit.CALL, Dimension.OUTCOME, "closed"), day) == 2


def test_counting_all_anew_gives_the_same(filled: Session, policy: Policy) -> None:
    count_changes(filled, policy, 3)
    before = stored.all_of(filled)
    filled.execute(update(Tally).values(number=Tally.number + 1))

    steps = []
    for step in tallies.rebuild(filled, policy):
        filled.commit()
        steps.append(step)

    assert stored.all_of(filled) == before
    assert steps[-1] == (len(steps) - 1, len(steps) - 1)
    assert_true(filled, policy)


def test_numbers_of_which_no_row_is_left_are_taken_away(filled: Session, policy: Policy) -> None:
    count_changes(filled, policy, 3)
    filled.execute(update(Consultation).values(held_at=None))
    filled.execute(delete(DirtyDay))
    filled.commit()

    for _ in tallies.rebuild(filled, policy):
        filled.commit()

    units = {cell.unit for cells in stored.all_of(filled).values() for cell in cells}
    assert units == {TallyUnit.CALL, TallyUnit.FOLLOW_UP, TallyUnit.CASE}


def test_any_row_of_changes_ends_with_true_numbers(filled: Session, policy: Policy) -> None:
    """Many changes, with counting in between wherever it falls."""
    chance = Random(7)
    for _ in range(60):
        CHANGES[chance.choice(["an outcome", "a time", "how long they talked", "a person more", "who held it"])](filled)
        if chance.random() < 0.3:
            tallies.refresh(filled, policy, chance.randint(1, 4))
        filled.commit()

    count_changes(filled, policy, 3)

    assert_true(filled, policy)


def test_a_call_just_after_midnight_is_of_the_day_on_the_wall(session: Session, policy: Policy) -> None:
    put_people(session)
    at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    put(session, [Matter(2, held=False)])
    ended = {"ended_at": at + timedelta(minutes=1), "outcome": Outcome.ABANDONED}
    session.execute(update(Call).values(started_at=at, **ended))
    session.commit()

    count_changes(session, policy, 3)

    assert number(session, CALLS, date(2026, 7, 2)) == 1
    assert number(session, Cell(TallyUnit.CALL, Dimension.HOUR, "4-00-abandoned"), date(2026, 7, 2)) == 1


def test_handing_a_case_over_and_ending_it_marks_nothing(filled: Session, policy: Policy) -> None:
    count_changes(filled, policy, 3)

    filled.execute(update(Case).values(staff_id="skane-b", ended_at=NOW, ended_as=CaseEnd.FINISHED))

    assert not stored.is_dirty(filled)


def test_waits_and_talks_are_counted_in_their_steps(filled: Session, policy: Policy) -> None:
    take(filled)
    count_changes(filled, policy, 3)

    day = ago(2).date()
    assert number(filled, Cell(TallyUnit.CALL, Dimension.WAIT, "30"), day) == number(filled, CALLS, day)
    assert number(filled, Cell(TallyUnit.CALL, Dimension.TALK, "1140"), day) == number(filled, CALLS, day)


def test_a_month_keeps_what_was_destroyed_of_it_and_its_days_do_not(session: Session, policy: Policy) -> None:
    put_people(session)
    put(session, [Matter(400), Matter(401), Matter(2)])
    count_changes(session, policy, 3)
    day, month = ago(400).date(), ago(400).date().replace(day=1)
    before = stored.all_of(session)
    decide(session, {RecordClass.CONSULTATIONS: 12, RecordClass.CALLS: 12})

    purge(session)
    count_changes(session, policy, 3)

    left = stored.all_of(session)
    assert ("skane", "skane", Grain.DAY, day) not in left
    for key in (("skane", "skane", Grain.MONTH, month), ("skane", "skane", Grain.YEAR, month.replace(month=1))):
        assert left[key] == before[key]


def test_of_destroyed_cases_nothing_stays(session: Session, policy: Policy) -> None:
    put_people(session)
    put(session, [Matter(400, case=1), Matter(401)], {1: 390, 2: 500, 3: OPEN})
    count_changes(session, policy, 3)
    year = ago(400).date().replace(month=1, day=1)
    assert number(session, CASES, year, Grain.YEAR) == 2
    decide(session, {RecordClass.CASES: 12, RecordClass.CONSULTATIONS: 12})

    purge(session)
    count_changes(session, policy, 3)

    assert number(session, CASES, year, Grain.YEAR) == 0
    assert number(session, HELD, year, Grain.YEAR) == 2
    assert number(session, CASES, ago(1).date()) == 1
    assert session.scalars(select(RetentionTally).where(RetentionTally.unit == TallyUnit.CASE)).all() == []
