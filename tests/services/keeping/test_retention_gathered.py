"""Training occasions and notes on gaps and good examples are destroyed by decision alone, and counted before."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text

from app.domain.retention import RecordClass, limit_of
from app.domain.tallies import TallyUnit
from app.services.keeping import retention
from app.storage.models import Destruction, Observation, RetentionDecision, RetentionTally, TrainingOccasion
from app.storage.models import TrainingService as ForWhom
from tests.services.old_gathered import Gathered, day, put_observations, put_trainings
from tests.services.old_records import NOW, Matter, decide, purge, put, put_people

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OLD = Gathered(began=400)
A_YEAR = 365
"""Its day is the limit, so it stays."""
CLASSES = (RecordClass.TRAININGS, RecordClass.OBSERVATIONS)
MODELS: dict[RecordClass, Any] = {RecordClass.TRAININGS: TrainingOccasion, RecordClass.OBSERVATIONS: Observation}
PUT = {RecordClass.TRAININGS: put_trainings, RecordClass.OBSERVATIONS: put_observations}


def ids(session: Session, kind: RecordClass) -> list[int]:
    model = MODELS[kind]
    return list(session.scalars(select(model.id).order_by(model.id)))


def tallies(session: Session) -> dict[tuple[Any, ...], int]:
    columns = (RetentionTally.unit, RetentionTally.month, RetentionTally.dimension, RetentionTally.code)
    return {tuple(row[:4]): row[4] for row in session.execute(select(*columns, RetentionTally.number))}


@pytest.mark.parametrize("kind", CLASSES)
def test_without_a_decision_of_their_own_they_stay(session: Session, kind: RecordClass) -> None:
    PUT[kind](session, [OLD])
    decide(session, {one: 1 for one in RecordClass if one is not kind})

    purge(session)

    assert ids(session, kind) == [1]


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize(
    "stays",
    [Gathered(began=A_YEAR), Gathered(began=400, changed=20), Gathered(began=400, by="nationell")],
    ids=["too new", "changed lately", "of somebody else"],
)
def test_what_is_old_goes_and_nothing_else(session: Session, kind: RecordClass, stays: Gathered) -> None:
    PUT[kind](session, [OLD, stays, Gathered(began=A_YEAR + 1)])
    decide(session, {kind: 12})

    purge(session)

    assert ids(session, kind) == [2]
    assert session.execute(select(Destruction.record_class, Destruction.number)).all() == [(kind, 2)]


@pytest.mark.parametrize("kind", CLASSES)
def test_a_look_ahead_says_what_would_go_and_what_waits(session: Session, kind: RecordClass) -> None:
    PUT[kind](session, [OLD, Gathered(began=500), Gathered(began=600, changed=20), Gathered(began=30)])
    decide(session, {kind: 12})

    ahead = retention.look_ahead(session, NOW)

    assert [(one.number, one.waiting, one.oldest, one.newest) for one in ahead] == [(2, 1, day(500), day(400))]
    assert ids(session, kind) == [1, 2, 3, 4]


def test_whom_an_occasion_was_for_goes_with_it(session: Session) -> None:
    put_trainings(session, [OLD, Gathered(began=30)])
    decide(session, {RecordClass.TRAININGS: 12})

    purge(session)

    assert session.scalars(select(ForWhom.training_id).distinct()).all() == [2]


def test_what_is_left_of_training_are_occasions_and_those_who_took_part(session: Session) -> None:
    put_trainings(session, [OLD, Gathered(began=401, services=("SKOLA",), participants=12)])
    decide(session, {RecordClass.TRAININGS: 12})

    purge(session, at_once=1)

    month = date(2025, 10, 1)
    of_occasions = {("all", ""): 2, ("kind", "lecture"): 2, ("minutes", "90"): 2, ("place", "KOMMUN"): 2}
    of_occasions |= {("county", "12"): 2, ("municipality", "1280"): 2, ("service", "SKOLA"): 2, ("service", "SOC"): 1}
    of_persons = {("all", ""): 42, ("service", "SKOLA"): 42, ("service", "SOC"): 30}
    assert tallies(session) == {(TallyUnit.TRAINING, month, *cell): number for cell, number in of_occasions.items()} | {
        (TallyUnit.PARTICIPANT, month, *cell): number for cell, number in of_persons.items()
    }
    assert set(session.scalars(select(RetentionTally.line))) == {""}


def test_what_is_left_of_notes_is_how_many_there_were_and_none_of_their_words(session: Session) -> None:
    put_observations(session, [OLD, Gathered(began=402, services=())])
    # Words that nobody can open any more don't stop it, for nobody opens them.
    session.execute(text("UPDATE observation SET text = :broken WHERE id = 1"), {"broken": b"broken"})
    session.commit()
    decide(session, {RecordClass.OBSERVATIONS: 12})

    purge(session)

    cells = {("all", ""): 2, ("gap", "RUTIN"): 2, ("county", "12"): 2, ("service", "SKOLA"): 1}
    month = date(2025, 10, 1)
    assert tallies(session) == {(TallyUnit.OBSERVATION, month, *cell): number for cell, number in cells.items()}


def test_tallies_of_lines_and_of_an_organisation_stand_apart(session: Session) -> None:
    put_people(session)
    put(session, [Matter(began=400)])
    put_trainings(session, [OLD])
    put_observations(session, [OLD])
    decide(session, dict.fromkeys(RecordClass, 12))

    purge(session)

    found = session.execute(
        select(RetentionTally.line, RetentionTally.unit, RetentionTally.number).where(RetentionTally.dimension == "all")
    )
    assert {(line, unit): number for line, unit, number in found} == {
        ("skane", TallyUnit.CALL): 1,
        ("skane", TallyUnit.CONSULTATION): 1,
        ("skane", TallyUnit.PERSON): 2,
        ("", TallyUnit.TRAINING): 1,
        ("", TallyUnit.PARTICIPANT): 30,
        ("", TallyUnit.OBSERVATION): 1,
    }


AGES = st.sampled_from((2, 30, 31, 33, 95, 200, 400))
GATHERED = st.builds(
    Gathered,
    began=AGES,
    changed=st.none() | st.sampled_from((1, 32, 100)),
    services=st.lists(st.sampled_from(("SKOLA", "SOC", "HSV")), unique=True, min_size=1).map(tuple),
    participants=st.integers(1, 40),
    by=st.sampled_from(("skane", "nationell")),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=30)
@given(occasions=st.lists(GATHERED, max_size=6), months=st.sampled_from((1, 3, 6)), at_once=st.sampled_from((1, 2, 50)))
def test_nothing_new_goes_and_everything_that_goes_is_counted(
    session: Session, occasions: list[Gathered], months: int, at_once: int
) -> None:
    for model in (ForWhom, TrainingOccasion, RetentionTally, Destruction, RetentionDecision):
        session.execute(delete(model))
    put_trainings(session, occasions)
    decide(session, {RecordClass.TRAININGS: months})
    session.expunge_all()
    (ahead,) = retention.look_ahead(session, NOW)

    purge(session, at_once)

    limit = limit_of(months, NOW)
    gone = [one for number, one in enumerate(occasions, 1) if number not in ids(session, RecordClass.TRAININGS)]
    assert ahead.number == len(gone)
    assert all((NOW - limit).days < min(one.began, one.changed or one.began) for one in gone if one.by == "skane")
    assert {one.by for one in gone} <= {"skane"}
    kept: Counter[str] = Counter()
    for unit, _, dimension, number in ((*cell[:3], number) for cell, number in tallies(session).items()):
        kept[f"{unit} {dimension}"] += number
    assert kept["training all"] == len(gone)
    assert kept["participant all"] == sum(one.participants for one in gone)
    assert kept["participant service"] == sum(one.participants * len(one.services) for one in gone)
