"""Whatever there is and whatever was decided: nothing new goes, what goes is counted, and a look ahead is right."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain.retention import RecordClass, limit_of, month_of
from app.domain.tallies import HeldConsultation, TallyUnit, cells_of
from app.services.keeping import retention
from app.storage.base import Base
from app.storage.engine import create_engine_for
from app.storage.models import (
    Call,
    CallbackRequest,
    Case,
    Consultation,
    ConsultationChange,
    ConsultationNote,
    Destruction,
    FollowUp,
    RegisterEntry,
    RetentionTally,
)
from app.storage.queries.consultations import answers_of
from app.storage.types import keyring
from tests.services.old_records import NOW, OPEN, Matter, decide, purge, put, put_people

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AGES = st.sampled_from((2, 29, 33, 60, 95, 130, 200, 300, 400))
OVER = st.one_of(st.none(), AGES, st.just(OPEN))
MATTERS = st.builds(
    Matter,
    began=AGES,
    held=st.booleans() | st.just(True),  # noqa: FBT003 - a value
    closed=st.none() | AGES,
    changed=st.none() | AGES,
    asked_back=OVER,
    case=st.none() | st.sampled_from((1, 2)),
    promised=OVER,
    dealt=st.none() | AGES,
    themes=st.lists(st.sampled_from(("FYS", "PSYK", "SEX")), unique=True, max_size=3).map(tuple),
    municipality=st.sampled_from(("1280", "1281", None)),
    exposed=st.none() | st.integers(0, 4),
    call_is_over=st.sampled_from((True, True, True, False)),
)
RULES = st.dictionaries(st.sampled_from(RecordClass), st.sampled_from((1, 3, 6)))
CASES = st.fixed_dictionaries({1: AGES | st.just(OPEN), 2: AGES | st.just(OPEN)})


@pytest.fixture(scope="module")
def database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One for all examples: the conditions are the same on both databases, and the other tests try both."""
    file = tmp_path_factory.mktemp("retention") / "radrum.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    keyring.load({"test": b"0123456789abcdef0123456789abcdef"})
    engine = create_engine_for(f"sqlite:///{file}")
    with Session(engine) as session:
        put_people(session)
        session.commit()
        yield session
    engine.dispose()


def emptied(session: Session) -> None:
    session.rollback()
    session.expunge_all()
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in {"staff", "audit_entry", "audit_head"}:
            session.execute(delete(table))
    session.commit()


def ids(session: Session, model: Any) -> set[int]:  # noqa: ANN401 - any model
    column = model.consultation_id if model is ConsultationNote else model.id
    return set(session.scalars(select(column)))


def expected_tallies(session: Session, gone: set[int]) -> Counter[tuple[Any, ...]]:
    records = session.scalars(select(Consultation).where(Consultation.id.in_(gone), Consultation.held_at.is_not(None)))
    found = list(records)
    counted: Counter[tuple[Any, ...]] = Counter()
    for one, answers in zip(found, answers_of(session, found).values(), strict=True):
        assert one.held_at
        for cell, number in cells_of(HeldConsultation(answers, one.channel)):
            counted[one.line, month_of(one.held_at), *cell] += number
    return counted


OF_RECORDS = (TallyUnit.CONSULTATION, TallyUnit.PERSON)
COUNTED: dict[RecordClass, Any] = {
    RecordClass.NOTES: ConsultationNote,
    RecordClass.CALLBACKS: CallbackRequest,
    RecordClass.CASES: Case,
    RecordClass.CALLS: Call,
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=80)
@given(
    matters=st.lists(MATTERS, min_size=1, max_size=6), cases=CASES, months=RULES, at_once=st.sampled_from((1, 2, 50))
)
# A request that was closed last month keeps its consultation only until it goes itself.
@example(
    matters=[Matter(began=95, asked_back=33)],
    cases={1: OPEN, 2: OPEN},
    months={RecordClass.CALLBACKS: 1, RecordClass.CONSULTATIONS: 3},
    at_once=1,
)
def test_nothing_new_goes_and_a_look_ahead_is_right(
    database: Session, matters: list[Matter], cases: dict[int, int], months: dict[RecordClass, int], at_once: int
) -> None:
    emptied(database)
    put(database, matters, cases)
    decide(database, months)
    ahead = {one.rule.kind: one.number for one in retention.look_ahead(database, NOW)}
    models: tuple[Any, ...] = (Call, CallbackRequest, Case, Consultation, ConsultationNote, FollowUp)
    before = {model: ids(database, model) for model in models}
    numbers = database.scalar(select(func.count()).select_from(RegisterEntry))
    records = {one.id: one for one in database.scalars(select(Consultation))}
    held = {number for number, one in records.items() if one.held_at}
    may_be_counted = {number: expected_tallies(database, {number}) for number in held}
    database.expunge_all()

    purge(database, at_once)

    gone = {model: before[model] - ids(database, model) for model in models}
    gone_held = gone[Consultation] & held
    limits = {kind: limit_of(keep, NOW) for kind, keep in months.items()}
    # What was said before is what happened.
    destroyed = {one.record_class: one.number for one in database.scalars(select(Destruction))}
    assert {kind: number for kind, number in ahead.items() if number} == destroyed
    if RecordClass.CONSULTATIONS in destroyed:
        assert destroyed[RecordClass.CONSULTATIONS] == len(gone_held)
    for kind, model in COUNTED.items():
        if kind is not RecordClass.NOTES:
            assert destroyed.get(kind, 0) == len(gone[model])
    # Nothing newer than the rule of its class, and nothing that is open.
    for number in gone_held:
        one = matters[number - 1]
        limit = limits[RecordClass.CONSULTATIONS]
        assert records[number].opened_at < limit
        assert one.asked_back != OPEN
        assert one.call_is_over
        assert one.promised != OPEN or one.case is None or number not in before[FollowUp]
        assert one.case is None or one.case in gone[Case]
    for number in gone[Case]:
        assert cases[number] != OPEN
        inside = [one for one in matters if one.case == number and one.held]
        assert all((NOW - limits[RecordClass.CASES]).days <= one.began for one in inside)
    for number in gone[Call]:
        assert number in gone[Consultation]
    assert gone[FollowUp] == {one for one in before[FollowUp] if matters[one - 1].case in gone[Case]}
    # A number of the register outlives its record.
    entries = list(database.scalars(select(RegisterEntry)))
    assert len(entries) == numbers
    assert sum(one.destroyed_at is not None for one in entries) == len(gone_held)
    # Everything that went was counted.
    kept = {
        (one.line, one.month, one.unit, one.dimension, one.code): one.number
        for one in database.scalars(select(RetentionTally).where(RetentionTally.unit.in_(OF_RECORDS)))
    }
    assert kept == sum((may_be_counted[number] for number in gone_held), Counter())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
@given(matters=st.lists(MATTERS, min_size=1, max_size=4), cases=CASES)
def test_what_was_touched_since_stays_whole(database: Session, matters: list[Matter], cases: dict[int, int]) -> None:
    """With all rules in force: a record goes only if nothing that was done with it, its call or its case is newer."""
    emptied(database)
    put(database, matters, cases)
    decide(database, dict.fromkeys(RecordClass, 3))
    limit = limit_of(3, NOW)
    age = (NOW - limit).days
    changes = {one.consultation_id: one.at for one in database.scalars(select(ConsultationChange))}

    purge(database, 2)
    there = ids(database, Consultation)

    for number, one in enumerate(matters, start=1):
        newest = [one.began, *(at for at in (one.closed,) if at is not None and one.held)]
        newest += [at for at in (one.asked_back,) if at is not None]
        newest += [cases[one.case]] if one.case is not None and one.held else []
        if min(newest) <= age - 1 or changes.get(number, limit.replace(year=1)) >= limit or not one.call_is_over:
            assert number in there
