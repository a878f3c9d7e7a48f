"""Taking in figures that were published elsewhere, and taking them away again. Nothing here commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.audit import What
from app.domain.errors import NotFound
from app.domain.history import overlap
from app.domain.trends import Period
from app.services.csv_reading import Mistake
from app.services.keeping import audit
from app.services.numbers.figure_files import interval, read_history
from app.services.numbers.figure_rows import Imported, Refused, Wrong
from app.storage.locks import one_at_a_time
from app.storage.models import EarlierFigure as Row
from app.storage.queries import history as stored

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.history import SeriesUnit
    from app.domain.lines import LineKey
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.services.numbers.figure_files import FigureRow

_LOCK = "earlier_figure"


def import_file(
    session: Session, policy: Policy, actor: Actor | None, text: str, today: date, now: datetime
) -> Imported | Refused:
    """All of a CSV file, or nothing of it. ``actor``: ``None`` for a command, which reaches every line.

    A figure that stands there already with another number or source is a mistake of its row.
    """
    read, mistakes, standing = _read(session, policy, actor, text, today)
    stands = [
        Mistake(one.row, "number", Wrong.STANDS, str(row.number))
        for one in read
        if (row := standing.get(_key(one))) and _differs(row, one)
    ]
    return Refused((*mistakes, *stands)) if mistakes or stands else _store(session, policy, actor, read, standing, now)


def replace_by_file(
    session: Session, policy: Policy, actor: Actor | None, text: str, today: date, now: datetime
) -> Imported | Refused:
    """The same, but that what the file says of a period takes the place of what stands there."""
    read, mistakes, standing = _read(session, policy, actor, text, today)
    return Refused(mistakes) if mistakes else _store(session, policy, actor, read, standing, now)


def take_away(
    session: Session, policy: Policy, actor: Actor | None, line: LineKey, unit: SeriesUnit, now: datetime
) -> int:
    """Delete what was taken in of a line and a unit; gives how many figures.

    Raises ``NotFound`` for a line that isn't in reach, and where there is nothing.
    """
    one_at_a_time(session, _LOCK)
    gone = stored.take_away(session, (line, unit)) if line in _lines(policy, actor) else 0
    if not gone:
        message = f"nothing was taken in for {line} that counts {unit}"
        raise NotFound(message)
    _note(session, actor, {line}, now)
    return gone


def _read(
    session: Session, policy: Policy, actor: Actor | None, text: str, today: date
) -> tuple[Sequence[FigureRow], Sequence[Mistake], Mapping[tuple[str, str, Period], Row]]:
    """The rows, what is wrong with them, and what stands there of the same line, unit and period."""
    read, mistakes = read_history(text, _lines(policy, actor), today)
    one_at_a_time(session, _LOCK)
    rows = stored.figures_of(session, {one.figure.line for one in read})
    standing = {(row.line, row.unit.value, Period(row.first_day, row.last_day)): row for row in rows}
    return read, (*mistakes, *_overlapped(read, standing)), standing


def _overlapped(read: Sequence[FigureRow], standing: Mapping[tuple[str, str, Period], Row]) -> Iterator[Mistake]:
    """Rows that share days with another period that stands there: both together would count those days twice."""
    for one in read:
        for line, unit, period in standing:
            is_same_series = (line, unit) == (one.figure.line, one.figure.unit)
            if is_same_series and period != one.figure.period and overlap(period, one.figure.period):
                yield Mistake(one.row, "first", Wrong.OVERLAPS, interval(period))


def _store(
    session: Session,
    policy: Policy,
    actor: Actor | None,
    read: Sequence[FigureRow],
    standing: Mapping[tuple[str, str, Period], Row],
    now: datetime,
) -> Imported:
    changed = [one for one in read if (row := standing.get(_key(one))) is None or _differs(row, one)]
    for one in changed:
        row = standing.get(_key(one)) or _added(session, policy, one)
        row.number, row.source = one.figure.number, one.figure.source
        row.imported_at, row.imported_by_id = now, actor.account_id if actor else None
    session.flush()
    if changed:
        _note(session, actor, {one.figure.line for one in changed}, now)
    added = sum(_key(one) not in standing for one in changed)
    return Imported(added, len(changed) - added, len(read) - len(changed))


def _added(session: Session, policy: Policy, one: FigureRow) -> Row:
    figure = one.figure
    row = Row(organisation=policy.lines[figure.line].organisation, line=figure.line, unit=figure.unit)
    row.first_day, row.last_day = figure.period.first, figure.period.last
    session.add(row)
    return row


def _note(session: Session, actor: Actor | None, lines: Collection[LineKey], now: datetime) -> None:
    for line in sorted(lines):
        audit.note(session, actor, What.CHANGED_RECORD, f"earlier_figure:{line}", ("number", "source"), now)


def _lines(policy: Policy, actor: Actor | None) -> Collection[LineKey]:
    return policy.lines.keys() if actor is None else [key for key in policy.lines if key in actor.lines]


def _key(one: FigureRow) -> tuple[str, str, Period]:
    return one.figure.line, one.figure.unit.value, one.figure.period


def _differs(row: Row, one: FigureRow) -> bool:
    return (row.number, row.source) != (one.figure.number, one.figure.source)
