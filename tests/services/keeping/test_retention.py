"""Rules of retention: nothing without a decision, nothing newer, nothing half; and it is told what went."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.audit import What
from app.domain.lines import OrganisationKey
from app.domain.retention import RecordClass, limit_of
from app.domain.tallies import TallyUnit
from app.services.keeping import audit, retention, retention_rules
from app.storage.base import Base
from app.storage.engine import empty_log
from app.storage.models import (
    AuditEntry,
    Call,
    Case,
    Consultation,
    ConsultationNote,
    Destruction,
    RegisterEntry,
    RetentionDecision,
    RetentionTally,
)
from app.storage.queries.destroying import OF_CALLS, OF_CASES, OF_CONSULTATIONS
from tests.services.old_records import NOTE, NOW, OPEN, Matter, decide, purge, put, put_people

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

SKANE = OrganisationKey("skane")
OLD = Matter(began=400, closed=399, changed=399)
YEAR = dict.fromkeys(RecordClass, 12)


@pytest.fixture(autouse=True)
def people(session: Session) -> None:
    put_people(session)
    session.commit()


def everything(session: Session) -> dict[str, list[Any]]:
    tables = [table for table in Base.metadata.sorted_tables if table.name not in {"audit_entry", "audit_head"}]
    return {table.name: sorted(map(repr, session.execute(select(table)).all())) for table in tables}


def count(session: Session, model: Any) -> int:  # noqa: ANN401 - any model
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_without_a_decision_nothing_is_ever_destroyed(session: Session) -> None:
    put(session, [replace(OLD, began=5000)])
    before = everything(session)

    purge(session)

    assert retention.look_ahead(session, NOW) == []
    assert everything(session) == before


def test_a_look_ahead_says_what_would_go_and_changes_nothing(session: Session) -> None:
    put(session, [OLD, replace(OLD, began=500), replace(OLD, case=1), replace(OLD, began=30)], {1: OPEN})
    decide(session, YEAR)
    before = everything(session)

    ahead = {one.rule.kind: one for one in retention.look_ahead(session, NOW)}

    records = ahead[RecordClass.CONSULTATIONS]
    assert (records.number, records.waiting) == (2, 1)
    assert (records.oldest, records.newest) == (NOW - timedelta(days=500), NOW - timedelta(days=400))
    assert (ahead[RecordClass.CASES].number, ahead[RecordClass.CASES].waiting) == (0, 1)
    assert ahead[RecordClass.CALLS].number == 2  # of the records that will be gone by then
    assert everything(session) == before


def test_what_was_old_is_gone_and_the_register_says_by_which_decision(session: Session) -> None:
    put(session, [OLD, replace(OLD, case=1, promised=380), replace(OLD, asked_back=390), Matter(began=10)], {1: 370})
    decide(session, YEAR)

    purge(session, at_once=2)

    assert session.scalars(select(Consultation.id)).all() == [4]
    assert session.scalars(select(Call.id)).all() == [4]
    assert (count(session, Case), count(session, ConsultationNote)) == (0, 1)
    entries = session.execute(
        select(RegisterEntry.number, RegisterEntry.consultation_id, RegisterEntry.destroyed_at, RetentionDecision)
        .outerjoin(RetentionDecision, RetentionDecision.id == RegisterEntry.decision_id)
        .order_by(RegisterEntry.year, RegisterEntry.number)
    ).all()
    assert [(one[0], one[1], one[2]) for one in entries] == [
        (1, None, NOW),
        (2, None, NOW),
        (3, None, NOW),
        (1, 4, None),
    ]
    assert [(one[3].reference, one[3].record_class) if one[1] is None else None for one in entries] == [
        *[("KS 2026/17, 12 §", RecordClass.CONSULTATIONS)] * 3,
        None,
    ]


def test_it_is_told_what_went_by_class_rule_and_number_and_nothing_of_it(session: Session) -> None:
    put(session, [OLD, OLD])
    decide(session, YEAR)

    purge(session)
    purge(session)

    told = session.execute(
        select(Destruction.record_class, Destruction.number, Destruction.before, RetentionDecision.reference)
        .join(RetentionDecision, RetentionDecision.id == Destruction.decision_id)
        .order_by(Destruction.id)
    ).all()
    limit = limit_of(12, NOW)
    assert [tuple(one) for one in told] == [
        (kind, 2, limit, "KS 2026/17, 12 §")
        for kind in (RecordClass.NOTES, RecordClass.CONSULTATIONS, RecordClass.CALLS)
    ]
    noted = session.execute(
        select(AuditEntry.record, AuditEntry.fields).where(AuditEntry.what == What.ERASED).order_by(AuditEntry.sequence)
    ).all()
    assert [tuple(one) for one in noted] == [
        (f"destruction:{number}", kind) for number, kind in enumerate(("notes", "consultations", "calls"), start=1)
    ]
    assert audit.verify(session).sequence > 0


@pytest.mark.parametrize(
    ("matter", "cases"),
    [
        (replace(OLD, case=1), {1: OPEN}),
        (replace(OLD, case=1, promised=OPEN), {1: 380}),
        (replace(OLD, case=1), {1: 20}),
        (replace(OLD, asked_back=OPEN), {}),
        (replace(OLD, asked_back=20), {}),
        (replace(OLD, changed=20), {}),
        (replace(OLD, closed=20), {}),
        (replace(OLD, call_is_over=False), {}),
        (replace(OLD, began=360), {}),
    ],
    ids=[
        "an open case",
        "an open follow-up",
        "a case that ended lately",
        "somebody to ring back",
        "somebody rung back lately",
        "changed lately",
        "completed lately",
        "a call that goes on",
        "too new",
    ],
)
def test_what_something_newer_hangs_on_stays_whole(session: Session, matter: Matter, cases: dict[int, int]) -> None:
    put(session, [matter], cases)
    decide(session, YEAR)
    before = everything(session)

    purge(session)

    assert everything(session) == before


def test_a_record_in_a_case_waits_for_the_case(session: Session) -> None:
    put(session, [replace(OLD, case=1, promised=380), OLD], {1: 370})
    decide(session, {RecordClass.CONSULTATIONS: 12, RecordClass.CALLS: 12})

    purge(session)

    assert session.scalars(select(Consultation.id)).all() == [1]
    assert (count(session, Case), session.scalars(select(Call.id)).all()) == (1, [1])


def test_notes_go_and_their_records_stay(session: Session) -> None:
    put(session, [OLD, Matter(began=10)])
    decide(session, {RecordClass.NOTES: 12})

    purge(session)

    assert session.scalars(select(ConsultationNote.consultation_id)).all() == [2]
    assert (count(session, Consultation), count(session, RetentionTally)) == (2, 0)


def test_each_organisation_has_rules_of_its_own(session: Session) -> None:
    put(session, [OLD, replace(OLD, by="nationell")])
    decide(session, YEAR)

    purge(session)

    assert session.scalars(select(Consultation.organisation)).all() == ["nationell"]


def test_what_is_left_are_counts_of_one_question_each(session: Session) -> None:
    put(session, [OLD, replace(OLD, themes=("FYS", "SEX"), exposed=1), replace(OLD, held=False, dealt=390)])
    decide(session, YEAR)

    purge(session, at_once=1)

    month = date(2025, 10, 1)
    columns = (RetentionTally.unit, RetentionTally.month, RetentionTally.dimension, RetentionTally.code)
    found = {tuple(row[:4]): row[4] for row in session.execute(select(*columns, RetentionTally.number))}
    of_calls = {("all", ""): 3, ("outcome", "answered"): 2, ("outcome", "unanswered"): 1}
    of_calls |= {("hour", "7-12-answered"): 2, ("hour", "7-12-unanswered"): 1}
    of_records = {("all", ""): 2, ("theme", "FYS"): 2, ("theme", "SEX"): 1, ("exposed", "2"): 1, ("exposed", "1"): 1}
    of_records |= {("place", "KOMMUN"): 2, ("county", "12"): 2, ("municipality", "1280"): 2, ("channel", "call"): 2}
    of_persons = {("all", ""): 3, ("age", "OKAND"): 3, ("gender", "OKAND"): 3}
    assert found == {(TallyUnit.CALL, month, *cell): number for cell, number in of_calls.items()} | {
        (unit, month, *cell): number
        for unit, cells in ((TallyUnit.CONSULTATION, of_records), (TallyUnit.PERSON, of_persons))
        for cell, number in cells.items()
    }


def test_a_rule_that_ends_during_a_run_destroys_nothing_more(session: Session, engine: Engine) -> None:
    put(session, [OLD] * 6)
    decide(session, {RecordClass.NOTES: 12})

    running = retention.run(session, NOW, at_once=2)
    while next(running).destroyed < 2:
        session.commit()
    session.commit()

    with Session(engine) as other:
        retention_rules.end(other, None, SKANE, RecordClass.NOTES, NOW)
        other.commit()
    for _ in running:
        session.commit()

    assert count(session, ConsultationNote) == 4


def test_every_table_that_refers_to_what_is_destroyed_is_thought_of() -> None:
    """Of one that is new, say whether it goes with its record (``OF_…``), keeps it from going, or loses sight of it."""
    goes = {"consultation": OF_CONSULTATIONS, "call": OF_CALLS, "cases": OF_CASES}
    known = {name: {model.__tablename__ for model in models} for name, models in goes.items()}
    known["consultation"] |= {"register_entry", "follow_up"}
    known["call"] |= {"consultation", "callback_request"}
    known["cases"] |= {"consultation", "follow_up"}
    known |= {"follow_up": {"follow_up_event"}, "callback_request": {"callback_attempt"}}
    known |= {"training_occasion": {"training_service"}, "observation": set()}

    refer: dict[str, set[str]] = {name: set() for name in known}
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name in refer:
                refer[key.column.table.name].add(table.name)

    assert refer == known


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_destroyed_note_is_not_in_the_file_any_more(session: Session, engine: Engine, tmp_path: Path) -> None:
    """Of PostgreSQL's files its VACUUM has the care."""
    put(session, [OLD, Matter(began=10)])
    raw = session.connection().exec_driver_sql("SELECT text FROM consultation_note ORDER BY consultation_id")
    gone, stays = (bytes(row[0]) for row in raw)
    session.commit()
    decide(session, YEAR)

    purge(session)
    session.close()
    empty_log(engine)

    files = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.name.startswith("radrum.sqlite3"))
    assert stays in files
    assert gone not in files
    assert NOTE.encode() not in files


def test_the_first_rule_of_two_runs_at_once_counts_each_record_once(session: Session, engine: Engine) -> None:
    put(session, [OLD] * 5)
    decide(session, {RecordClass.NOTES: 12})
    first = retention.run(session, NOW, at_once=1)
    while next(first).destroyed < 2:
        session.commit()
    session.commit()

    with Session(engine) as other:
        purge(other, at_once=2)
    for _ in first:
        session.commit()
    session.commit()

    assert sum(session.scalars(select(Destruction.number))) == 5
    assert session.scalar(select(func.count()).where(Destruction.ended_at.is_(None))) == 0
