"""A list as a file that a spreadsheet opens: all rows of what is looked for, a few hundred at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response, stream_with_context

from app.services.csv_rows import MARK, line_of
from app.services.keeping import audit
from app.services.record import lists
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from app.domain.finding import ListName, Sought


@dataclass(frozen=True, slots=True)
class Columns:
    """The heads of a file, and the cells of one row. ``rows``: all of them, where the list has no pages."""

    heads: Sequence[str]
    cells: Callable[[Any], Sequence[str]]
    rows: Sequence[Any] | None = None


def answer(name: ListName, sought: Sought, columns: Columns, now: datetime) -> Response:
    """The file. That it was taken is noted before the first row leaves."""
    lines = actor().lines if sought.line is None else actor().lines & {sought.line}
    audit.note_export(db.session(), actor(), f"{name}:file", lines, now)
    db.session.commit()
    response = Response(stream_with_context(_lines(name, sought, columns)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="radrum-{name.value.replace("_", "-")}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _lines(name: ListName, sought: Sought, columns: Columns) -> Iterator[str]:
    yield MARK + line_of(columns.heads)
    for rows in [columns.rows] if columns.rows is not None else _pages(name, sought):
        yield "".join(line_of(columns.cells(row)) for row in rows)


def _pages(name: ListName, sought: Sought) -> Iterator[Sequence[Any]]:
    """Each in a transaction of its own: whoever receives the file slowly holds nothing of the database."""
    begin_read_only(db.session())
    for rows in lists.every_page(db.session(), setup().policy, actor(), name, sought):
        db.session.rollback()
        yield rows
        begin_read_only(db.session())
    db.session.rollback()
