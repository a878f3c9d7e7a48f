"""A purge that is killed fifty times in the middle ends complete, and has taken nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.retention import RecordClass
from app.domain.tallies import TallyUnit
from app.services.keeping import audit, retention
from app.storage.base import Base
from app.storage.models import (
    Call,
    CallbackRequest,
    Case,
    Consultation,
    ConsultationNote,
    Destruction,
    FollowUp,
    Observation,
    RegisterEntry,
    RetentionTally,
    TrainingOccasion,
)
from tests.services.old_gathered import Gathered, put_observations, put_trainings
from tests.services.old_records import NOW, OPEN, Matter, decide, put, put_people

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

KILLS = 50
OLD, KEPT = 60, 20
GATHERED_OLD, GATHERED_KEPT = 9, 2
COUNTED = {
    TallyUnit.CALL: RecordClass.CALLS,
    TallyUnit.CONSULTATION: RecordClass.CONSULTATIONS,
    TallyUnit.TRAINING: RecordClass.TRAININGS,
    TallyUnit.OBSERVATION: RecordClass.OBSERVATIONS,
}
STATEMENTS = (12, 60)
"""A life is so long at the most: it takes a few records, and comes to no end."""


def matters() -> list[Matter]:
    chance = Random("purge")
    old = [
        Matter(
            began=chance.randint(400, 900),
            closed=chance.choice((None, 395)),
            held=chance.random() < 0.8,
            case=chance.choice((None, None, 1, 2, 3)),
            promised=chance.choice((None, 380)),
            asked_back=chance.choice((None, None, 390)),
            themes=tuple(chance.sample(("FYS", "PSYK", "SEX"), chance.randint(0, 3))),
            municipality=chance.choice(("1280", "1281", None)),
        )
        for _ in range(OLD)
    ]
    return [
        *old,
        *(Matter(began=chance.randint(1, 300), case=chance.choice((None, 4))) for _ in range(KEPT)),
        Matter(began=800, case=4),
        Matter(began=800, asked_back=OPEN),
    ]


def gathered() -> list[Gathered]:
    chance = Random("gathered")
    services = [("SKOLA",), ("SOC",), ("SKOLA", "SOC")]
    old = [Gathered(began=chance.randint(400, 900), services=chance.choice(services)) for _ in range(GATHERED_OLD)]
    return [*old, Gathered(began=300), Gathered(began=800, changed=300)]


def kept(session: Session) -> dict[str, list[str]]:
    """Every row of what is new, or waits for something new."""
    stays = {
        name: select(table)
        for name, table in Base.metadata.tables.items()
        if name not in {"audit_entry", "audit_head", "destruction", "retention_tally", "register_entry", "dirty_day"}
    }
    return {name: sorted(map(repr, session.execute(query).all())) for name, query in stays.items()}


def test_a_purge_that_is_killed_fifty_times_ends_complete(session: Session, database_url: str) -> None:
    put_people(session)
    put(session, matters(), {1: 370, 2: 371, 3: 372, 4: OPEN})
    put_trainings(session, gathered())
    put_observations(session, gathered())
    decide(session, dict.fromkeys(RecordClass, 12))
    ahead = {one.rule.kind: one.number for one in retention.look_ahead(session, NOW)}
    before, last = kept(session), OLD + 1
    numbers = session.scalar(select(func.count()).select_from(RegisterEntry))
    session.commit()

    ends = _purges(database_url)

    assert Counter(ends) == {"killed": KILLS, "complete": 1}
    assert {one.rule.kind: one.number for one in retention.look_ahead(session, NOW)} == dict.fromkeys(RecordClass, 0)
    after = kept(session)
    assert all(set(after[name]) <= set(before[name]) for name in before)
    for model in (Call, Consultation):
        assert sorted(session.scalars(select(model.id))) == list(range(last, last + KEPT + 2))
    assert sorted(session.scalars(select(ConsultationNote.consultation_id))) == list(range(last, last + KEPT + 2))
    assert session.scalars(select(Case.id)).all() == [4]
    assert session.scalars(select(CallbackRequest.id)).all() == [OLD + KEPT + 2]
    assert session.scalars(select(FollowUp.id)).all() == []
    for of in (TrainingOccasion, Observation):
        assert sorted(session.scalars(select(of.id))) == [GATHERED_OLD + 1, GATHERED_OLD + GATHERED_KEPT]
    destroyed = session.execute(
        select(Destruction.record_class, func.sum(Destruction.number)).group_by(Destruction.record_class)
    )
    assert {kind: number for kind, number in destroyed} == ahead  # noqa: C416 - rows, not pairs
    entries = session.scalars(select(RegisterEntry)).all()
    assert len(entries) == numbers
    assert sum(one.destroyed_at is not None for one in entries) == ahead[RecordClass.CONSULTATIONS]
    for unit, kind in COUNTED.items():
        everything = (RetentionTally.unit == unit, RetentionTally.dimension == "all")
        assert session.scalar(select(func.sum(RetentionTally.number)).where(*everything)) == ahead[kind]
    audit.verify(session)
    if session.get_bind().dialect.name == "sqlite":
        assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def _purges(database_url: str) -> list[str]:
    """How fifty short lives and one long one ended."""
    chance = Random("deaths")
    command = [sys.executable, "-m", "tests.services.purging", database_url]
    lives = [*(chance.randint(*STATEMENTS) for _ in range(KILLS)), 10**9]
    told = "".join(f"{one}\n" for one in lives)
    done = subprocess.run(command, input=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.split()
