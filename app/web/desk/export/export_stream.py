"""A file that leaves: read a batch at a time, each in a transaction of its own, so that a slow line holds nothing."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from flask import Response, request, stream_with_context

from app.domain.columns import COLUMNS, Form
from app.services.export import export_log, exports
from app.services.export.export_files import csv_of, pieces_of, write_xlsx
from app.services.export.export_slots import Progress
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web import language
from app.web.desk.access import actor
from app.web.desk.export.column_words import dictionary_of
from app.web.desk.export.tally_words import labels
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.export.export_slots import Slot
    from app.services.export.exports import Wanted
    from app.services.export.leaving import Values

_TYPES: Final = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PATIENCE_SECONDS: Final = 60
"""Whoever takes nothing for so long is cut off: their file holds a thread."""


def file_of(wanted: Wanted, form: Form, number: int, slot: Slot) -> Response:
    """The file as an answer; the place is given back when it is over, however it ends."""
    _cut_off_who_stalls()
    rows = _Rows(wanted, slot)
    pieces = _csv(rows) if form is Form.CSV else _xlsx(rows)
    answer = Response(stream_with_context(_until_the_end(pieces, rows, number, slot)), content_type=_TYPES[form])
    # Also of one that nobody takes a byte of.
    answer.call_on_close(slot.release)
    name = f"radrum-{wanted.what}-{wanted.period.first}-{wanted.period.last}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


class _Rows:
    """The batches of a file. ``count``: how many rows were read so far."""

    def __init__(self, wanted: Wanted, slot: Slot) -> None:
        self.wanted = wanted
        self.count = 0
        self._slot = slot

    def __iter__(self) -> Iterator[Sequence[Values]]:
        """Between two of them there is no transaction."""
        session, policy, asking = db.session(), setup().policy, actor()
        begin_read_only(session)
        of = exports.expected(session, asking, self.wanted)
        self._slot.tell(Progress(0, of))
        for rows in exports.batches(session, policy, asking, self.wanted, labels(policy, language.spoken())):
            session.rollback()
            yield rows
            self.count += len(rows)
            self._slot.tell(Progress(self.count, of))
            begin_read_only(session)
        session.rollback()


def _csv(rows: _Rows) -> Iterator[bytes]:
    return csv_of(COLUMNS[rows.wanted.what], rows)


def _xlsx(rows: _Rows) -> Iterator[bytes]:
    """Made whole on disk, and gone once it has left. Nobody else on this machine reads it there."""
    what = rows.wanted.what
    with TemporaryDirectory(dir=setup().exports) as folder:
        file = Path(folder) / "file.xlsx"
        write_xlsx(file, what.value, COLUMNS[what], rows, dictionary_of(what))
        yield from pieces_of(file)


def _until_the_end(pieces: Iterator[bytes], rows: _Rows, number: int, slot: Slot) -> Iterator[bytes]:
    """The pieces; that the last one has left is noted."""
    try:
        # The server sends the heads at once, and nobody takes a workbook that is still being made for a dead service.
        yield b""
        yield from pieces
    finally:
        slot.release()
    export_log.end(db.session(), actor(), number, rows.count, datetime.now(UTC))
    db.session.commit()


def _cut_off_who_stalls() -> None:
    connection = request.environ.get("gunicorn.socket")
    if connection is not None:
        with suppress(OSError):
            connection.settimeout(_PATIENCE_SECONDS)
