"""What lies over the rotas at a time, of every kind, in one query: it runs inside every voice webhook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app.domain.calls import AttemptState
from app.storage.models import Absence, Attempt, Cover, Pause, TemporaryPerson, TemporarySchedule
from app.storage.types import Instant

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

Between: TypeAlias = tuple[datetime, datetime]
"""``[begins, ends)``."""
_Agreed: TypeAlias = type[TemporarySchedule] | type[Cover] | type[Absence]

_Columns: TypeAlias = Select[*tuple[Any, ...]]

_ROTAS = bindparam("rotas", type_=String(), expanding=True)
_BEGINS, _ENDS = bindparam("begins", type_=Instant()), bindparam("ends", type_=Instant())
_RUNG_FROM, _RUNG_TO = bindparam("rung_from", type_=Instant()), bindparam("rung_to", type_=Instant())
_OVER_SINCE = bindparam("over_since", type_=Instant())

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
    begins, ends = agreed
    rung_from, rung_to = available
    values = {
        "rotas": list(rotas),
        "begins": begins,
        "ends": ends,
        "rung_from": rung_from,
        "rung_to": rung_to,
        # No time at all where nobody wraps up.
        "over_since": rung_from - wrap_up if wrap_up else rung_to,
    }
    rows = session.execute(_all_kinds(), values)
    # Sorted here: told to sort, SQLite reads each table in the order of its ids, whole, instead of by its index.
    return tuple(sorted((LayerRow(LayerKind(kind), *others) for kind, *others in rows), key=_order))


def _order(row: LayerRow) -> tuple[int, int]:
    return row.id, row.place


@cache
def _all_kinds() -> CompoundSelect[*tuple[Any, ...]]:
    """Built once: to build it takes longer than to run it."""
    return union_all(_temporary(), _covers(), _absences(), _pauses(), _calls())


def _temporary() -> _Columns:
    one, person = TemporarySchedule, TemporaryPerson
    staff, place = func.coalesce(person.staff_id, ""), func.coalesce(person.place, 0)
    columns = _columns(LayerKind.TEMPORARY, one, one.rota, staff, _NOBODY, place)
    with_people = columns.outerjoin(person, person.schedule_id == one.id)
    return with_people.where(one.rota.in_(_ROTAS), _holds(one))


def _covers() -> _Columns:
    stands_in, instead_of = func.coalesce(Cover.stands_in_id, ""), func.coalesce(Cover.instead_of_id, "")
    columns = _columns(LayerKind.COVER, Cover, Cover.rota, stands_in, instead_of, _NO_PLACE)
    return columns.where(Cover.rota.in_(_ROTAS), _holds(Cover))


def _absences() -> _Columns:
    columns = _columns(LayerKind.ABSENCE, Absence, _NO_ROTA, Absence.staff_id, _NOBODY, _NO_PLACE)
    return columns.where(_holds(Absence))


def _pauses() -> _Columns:
    kind = literal(LayerKind.PAUSE.value)
    columns = select(kind, Pause.id, Pause.begins, Pause.ends, _NO_ROTA, Pause.staff_id, _NOBODY, _NO_PLACE)
    return columns.where(Pause.begins < _RUNG_TO, or_(Pause.ends.is_(None), Pause.ends > _RUNG_FROM))


def _calls() -> _Columns:
    kind, over = literal(LayerKind.CALL.value), Attempt.ended_at
    columns = select(kind, Attempt.id, over, over, _NO_ROTA, Attempt.staff_id, _NOBODY, _NO_PLACE)
    return columns.where(Attempt.state == AttemptState.ACCEPTED, over > _OVER_SINCE, over < _RUNG_TO)


def _columns(kind: LayerKind, model: _Agreed, *others: Any) -> _Columns:  # noqa: ANN401 - columns of any type
    rota, staff, instead_of, place = others
    ends = case((model.withdrawn_at < model.ends, model.withdrawn_at), else_=model.ends)
    return select(literal(kind.value), model.id, model.begins, ends, rota, staff, instead_of, place)


def _holds(model: _Agreed) -> ColumnElement[bool]:
    gone = model.withdrawn_at
    still_there = or_(gone.is_(None), and_(gone > _BEGINS, gone > model.begins))
    return and_(model.begins < _ENDS, model.ends > _BEGINS, still_there)
