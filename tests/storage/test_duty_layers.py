"""What the tables of duty refuse by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from app.storage.models import Absence, Cover, Pause, TemporaryPerson, TemporarySchedule
from tests.services.on_duty import hire, plan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.storage.base import Base

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
EVENING = NOON + timedelta(hours=7)


def cover(stands_in: str | None, instead_of: str | None, begins: datetime = NOON, ends: datetime = EVENING) -> Cover:
    return Cover(rota="skane", begins=begins, ends=ends, stands_in_id=stands_in, instead_of_id=instead_of, made_at=NOON)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(TemporarySchedule(rota="skane", begins=NOON, ends=NOON, made_at=NOON), id="schedule, no time"),
        pytest.param(cover("alfa", "beta", EVENING, NOON), id="cover, backwards"),
        pytest.param(cover(None, None), id="cover, nobody"),
        pytest.param(cover("alfa", "alfa"), id="cover, for themselves"),
        pytest.param(cover("nobody", None), id="cover, unknown"),
        pytest.param(cover(None, "nobody"), id="cover, for unknown"),
        pytest.param(Absence(staff_id="alfa", begins=NOON, ends=NOON, made_at=NOON), id="absence, no time"),
        pytest.param(Absence(staff_id="nobody", begins=NOON, ends=EVENING, made_at=NOON), id="absence, unknown"),
        pytest.param(Pause(staff_id="alfa", begins=NOON, ends=NOON), id="pause, no time"),
        pytest.param(Pause(staff_id="nobody", begins=NOON), id="pause, unknown"),
        pytest.param(TemporaryPerson(schedule_id=99, place=1, staff_id="alfa"), id="person of no schedule"),
    ],
)
def test_what_makes_no_sense_is_not_stored(session: Session, row: Base) -> None:
    hire(session, "alfa")
    hire(session, "beta")

    with pytest.raises(IntegrityError):
        _store(session, row)


@pytest.mark.parametrize(("stands_in", "instead_of"), [("alfa", "beta"), ("alfa", None), (None, "beta")])
def test_a_cover_names_one_person_or_two(session: Session, stands_in: str | None, instead_of: str | None) -> None:
    hire(session, "alfa")
    hire(session, "beta")

    _store(session, cover(stands_in, instead_of))


@pytest.mark.parametrize(("place", "name"), [(0, "beta"), (1, "beta"), (2, "alfa"), (2, "nobody")])
def test_a_temporary_schedule_has_each_place_and_each_person_once(session: Session, place: int, name: str) -> None:
    hire(session, "alfa")
    hire(session, "beta")
    one = plan(session, "alfa")

    with pytest.raises(IntegrityError):
        _store(session, TemporaryPerson(schedule_id=one.id, place=place, staff_id=name))


def test_a_person_has_one_pause_without_an_end_at_most(session: Session) -> None:
    hire(session, "alfa")
    _store(session, Pause(staff_id="alfa", begins=NOON, ends=EVENING))
    _store(session, Pause(staff_id="alfa", begins=NOON))

    with pytest.raises(IntegrityError):
        _store(session, Pause(staff_id="alfa", begins=EVENING))


def _store(session: Session, row: Base) -> None:
    session.add(row)
    session.flush()
