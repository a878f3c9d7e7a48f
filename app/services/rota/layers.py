"""What lies over the rotas of a line, as the database knows it. One query: it runs inside every voice webhook."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.domain.layers import UNTIL_FURTHER_NOTICE, Absence, Cover, Layers, Pause, TemporarySchedule, WrapUp
from app.domain.lines import StaffId
from app.domain.rotas import RotaKey
from app.storage.queries.layers import LayerKind, LayerRow, layer_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.domain.policy import Schedule


def layers_at(session: Session, schedule: Schedule, at: datetime, *, now: datetime | None = None) -> Layers:
    """What holds at ``at``, for ``on_duty`` and ``roster_at`` at that very instant.

    ``now`` (by default ``at``) is when phones ring: a caller who was let in is served by those of the last open
    instant, but who of them pauses or wraps up is asked now.
    """
    wrap_up = timedelta(minutes=schedule.wrap_up_minutes)
    rung_at = now or at
    rows = layer_rows(session, [rota.key for rota in schedule.rotas], _instant(at), _instant(rung_at), wrap_up)
    return _available_since(_layers(rows, wrap_up), at)


def layers_during(session: Session, schedule: Schedule, begins: datetime, ends: datetime) -> Layers:
    """What holds at some time of ``[begins, ends)``, for ``final_schedule``.

    Without the minutes after calls, which change nothing but who is rung first, and that for a moment.
    """
    keys = [rota.key for rota in schedule.rotas]
    return _layers(layer_rows(session, keys, (begins, ends), (begins, ends)))


def layers_of_lines(
    session: Session, schedules: Sequence[Schedule], now: datetime, until: datetime
) -> Sequence[Layers]:
    """For each of these lines what holds now or until then, with the minutes after calls. One query for all of them."""
    wrap_ups = [timedelta(minutes=schedule.wrap_up_minutes) for schedule in schedules]
    rotas = {rota.key for schedule in schedules for rota in schedule.rotas}
    rows = layer_rows(session, rotas, (now, until), _instant(now), max(wrap_ups, default=timedelta()))
    without_calls = [row for row in rows if row.kind is not LayerKind.CALL]
    return [_layers(rows if wrap_up else without_calls, wrap_up) for wrap_up in wrap_ups]


def _instant(at: datetime) -> tuple[datetime, datetime]:
    return at, at + timedelta.resolution


def _layers(rows: Sequence[LayerRow], wrap_up: timedelta = timedelta()) -> Layers:
    of: dict[LayerKind, list[LayerRow]] = defaultdict(list)
    for row in rows:
        of[row.kind].append(row)
    return Layers(
        temporary=_temporary(of[LayerKind.TEMPORARY]),
        covers=tuple(
            Cover(row.begins, _end(row), RotaKey(row.rota), _somebody(row.staff), _somebody(row.instead_of))
            for row in of[LayerKind.COVER]
        ),
        absences=tuple(Absence(row.begins, _end(row), StaffId(row.staff)) for row in of[LayerKind.ABSENCE]),
        pauses=tuple(Pause(row.begins, _end(row), StaffId(row.staff)) for row in of[LayerKind.PAUSE]),
        wrap_ups=tuple(WrapUp(row.begins, row.begins + wrap_up, StaffId(row.staff)) for row in of[LayerKind.CALL]),
    )


def _temporary(rows: Iterable[LayerRow]) -> tuple[TemporarySchedule, ...]:
    """One for each id; the rows of one stand in the order of its people."""
    found: dict[int, TemporarySchedule] = {}
    for row in rows:
        one = found.get(row.id) or TemporarySchedule(row.begins, _end(row), RotaKey(row.rota), ())
        found[row.id] = replace(one, people=(*one.people, StaffId(row.staff))) if row.staff else one
    return tuple(found.values())


def _available_since(layers: Layers, at: datetime) -> Layers:
    """Pauses and wrap-ups of the present hold at ``at`` too, when they began after it."""
    return replace(
        layers,
        pauses=tuple(replace(one, begins=min(one.begins, at)) for one in layers.pauses),
        wrap_ups=tuple(replace(one, begins=min(one.begins, at)) for one in layers.wrap_ups),
    )


def _end(row: LayerRow) -> datetime:
    return row.ends or UNTIL_FURTHER_NOTICE


def _somebody(staff: str) -> StaffId | None:
    return StaffId(staff) if staff else None
