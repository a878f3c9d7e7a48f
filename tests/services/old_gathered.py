"""Training occasions and notes on gaps and good examples of chosen ages, for the tests of retention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.consultations import PlaceKind
from app.domain.register import SWEDEN
from app.domain.training import TrainingKind
from app.storage.models import Observation, TrainingOccasion, TrainingService
from tests.services.old_records import NOTE, NOW

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Gathered:
    """One occasion, or one note, by age in days. ``changed``: when somebody last wrote it; else on its day."""

    began: int
    changed: int | None = None
    services: tuple[str, ...] = ("SKOLA", "SOC")
    participants: int = 30
    by: str = "skane"


def put_trainings(session: Session, occasions: list[Gathered]) -> None:
    """Their ids count from 1."""
    for number, one in enumerate(occasions, start=1):
        row = TrainingOccasion(id=number, organisation=one.by, held_on=day(one.began), participants=one.participants)
        row.minutes, row.kind = 90, TrainingKind.LECTURE
        row.place, row.municipality, row.county = PlaceKind.MUNICIPALITY, "1280", "12"
        _sign(row, one)
        session.add(row)
        session.flush()
        for position, code in enumerate(one.services, start=1):
            session.add(TrainingService(training_id=number, code=code, position=position))
    session.commit()


def put_observations(session: Session, notes: list[Gathered]) -> None:
    """Their ids count from 1. Each is about the first of its services, or about none."""
    for number, one in enumerate(notes, start=1):
        row = Observation(id=number, organisation=one.by, noted_on=day(one.began), code="RUTIN", text=NOTE)
        row.service, row.county = next(iter(one.services), None), "12"
        _sign(row, one)
        session.add(row)
    session.commit()


def day(age: int) -> date:
    """So many days ago."""
    return NOW.astimezone(SWEDEN).date() - timedelta(days=age)


def _sign(row: TrainingOccasion | Observation, one: Gathered) -> None:
    row.version, row.token, row.changed_by_id = 1, f"{row.id:032x}", "somebody"
    row.changed_at = NOW - timedelta(days=one.began if one.changed is None else one.changed)
