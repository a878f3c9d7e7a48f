"""What lies over the rotas at a time, of every kind, in one query: it runs inside every voice webhook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all

from app.domain.calls import AttemptState
from app.storage.models import Absence, Attempt, Cover, Pause, TemporaryPerson, TemporarySchedule

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

Between: TypeAlias = tuple[datetime, datetime]
"""``[begins, ends)``."""
_Agreed: TypeAlias = type[TemporarySchedule] | type[Cover] | type[Absence]

_Columns: TypeAlias = Select[*tuple[Any, ...]]

_NOBODY = literal("")
_NO_ROTA = literal("")
_NO_PLACE = literal(0)


class LayerKind(StrEnum):
    """Which table a row is from."""

    TEMPORARY = "temporary"
    COVER = "cover"
    ABSENCE = "absence"
    PAUSE = "pause"
    CALL = "call"
    """An accepted attempt; it begins and ends when the call ended."""


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A row of any kind. A temporary schedule has one for each person, and one without ``staff`` when it has nobody."""

    kind: LayerKind
    id: int
    begins: datetime
    ends: datetime | None
    """When it was withdrawn, if it was; None for a pause that has no end yet."""
    rota: str
    """Empty where it isn't about one rota, as the next two where they are nobody."""
    staff: str
    """Who; of a cover: who stands in."""
    instead_of: str
    place: int
    """In a temporary schedule; else 0."""


def layer_rows(
    session: Session, rotas: Collection[str], agreed: Between, available: Between, wrap_up: timedelta = timedelta()
) -> tuple[LayerRow, ...]:
    """What holds at some time of ``agreed``, and who takes no calls, or wraps one up, at some time of ``available``.

    Temporary schedules and covers of the rotas; absences, pauses and calls of everybody, since those who hold at one
    time are few. Each kind is in the order in which it was agreed.
    """
    kinds = [_temporary(rotas, agreed), _covers(rotas, agreed), _absences(agreed), _pauses(available)]
    if wrap_up:
        kinds.append(_calls(available, wrap_up))
    rows = session.execute(union_all(*kinds).order_by("id", "place"))
    return tuple(LayerRow(LayerKind(kind), *others) for kind, *others in rows)


def _temporary(rotas: Collection[str], agreed: Between) -> _Columns:
    one, person = TemporarySchedule, TemporaryPerson
    staff, place = func.coalesce(person.staff_id, ""), func.coalesce(person.place, 0)
    columns = _columns(LayerKind.TEMPORARY, one, one.rota, staff, _NOBODY, place)
    with_people = columns.outerjoin(person, person.schedule_id == one.id)
    return with_people.where(one.rota.in_(rotas), _holds(one, agreed))


def _covers(rotas: Collection[str], agreed: Between) -> _Columns:
    stands_in, instead_of = func.coalesce(Cover.stands_in_id, ""), func.coalesce(Cover.instead_of_id, "")
    columns = _columns(LayerKind.COVER, Cover, Cover.rota, stands_in, instead_of, _NO_PLACE)
    return columns.where(Cover.rota.in_(rotas), _holds(Cover, agreed))


def _absences(agreed: Between) -> _Columns:
    columns = _columns(LayerKind.ABSENCE, Absence, _NO_ROTA, Absence.staff_id, _NOBODY, _NO_PLACE)
    return columns.where(_holds(Absence, agreed))


def _pauses(available: Between) -> _Columns:
    begins, ends = available
    kind = literal(LayerKind.PAUSE.value)
    columns = select(kind, Pause.id, Pause.begins, Pause.ends, _NO_ROTA, Pause.staff_id, _NOBODY, _NO_PLACE)
    return columns.where(Pause.begins < ends, or_(Pause.ends.is_(None), Pause.ends > begins))


def _calls(available: Between, wrap_up: timedelta) -> _Columns:
    begins, ends = available
    kind, over = literal(LayerKind.CALL.value), Attempt.ended_at
    columns = select(kind, Attempt.id, over, over, _NO_ROTA, Attempt.staff_id, _NOBODY, _NO_PLACE)
    return columns.where(Attempt.state == AttemptState.ACCEPTED, over > begins - wrap_up, over < ends)


def _columns(kind: LayerKind, model: _Agreed, *others: Any) -> _Columns:  # noqa: ANN401 - columns of any type
    rota, staff, instead_of, place = others
    ends = case((model.withdrawn_at < model.ends, model.withdrawn_at), else_=model.ends)
    return select(
        literal(kind.value).label("kind"),
        model.id.label("id"),
        model.begins.label("begins"),
        ends.label("ends"),
        rota.label("rota"),
        staff.label("staff"),
        instead_of.label("instead_of"),
        place.label("place"),
    )


def _holds(model: _Agreed, agreed: Between) -> ColumnElement[bool]:
    begins, ends = agreed
    gone = model.withdrawn_at
    still_there = or_(gone.is_(None), and_(gone > begins, gone > model.begins))
    return and_(model.begins < ends, model.ends > begins, still_there)
