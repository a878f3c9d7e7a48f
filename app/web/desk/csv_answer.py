"""A file for spreadsheets, as an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from app.services.csv_rows import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def csv_answer(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """``rows`` with their header; each cell is harmless. ``name``: the file's, without its end, in ASCII."""
    answer = Response(written(rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
