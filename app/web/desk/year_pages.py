"""What the pages of a year have in common: which year is asked for, and a file of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Response, request

from app.services.csv_rows import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_YEAR = re.compile(r"20[0-9]{2}", re.ASCII)


def asked_year() -> int | None:
    """The year that the address names; anything else is as if it weren't there."""
    given = request.args.get("year", "")
    return int(given) if _YEAR.fullmatch(given) else None


def csv_answer(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """A file that a spreadsheet opens with a double click; no cell of it is calculated."""
    answer = Response(written(rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
