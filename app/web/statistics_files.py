"""The yearly figures as open data: one row for each number, with the unit that it counts in a column of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import json
from flask_babel import force_locale

from app.domain.public_statistics import Unit
from app.services.csv_rows import written
from app.web.language import LANGUAGES
from app.web.statistics_words import CAVEAT, label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.domain.policy import Policy
    from app.services.numbers.public_statistics import OfLine

_Cell = str | int | bool | None
COLUMNS = {
    "line": ("string", "The key of the line."),
    "line_name": ("string", "Its name."),
    "year": ("integer", "A calendar year on the line's wall clock."),
    "published_on": ("date", "When the year was published, as YYYY-MM-DD. Its numbers are never changed afterwards."),
    "dimension": ("string", "What the year is divided by; year: by nothing. Themes overlap, and add up to nothing."),
    "code": ("string", "The quarter, municipality (Statistics Sweden's code), or other part; REST: all the rest."),
    "label_sv": ("string", "The part in Swedish."),
    "label_en": ("string", "The part in English."),
    "unit": ("string", "Which of the next three columns the row counts in. They are never added."),
    "held_consultations": ("integer or null", "Held consultations, without those of the wrong target group."),
    "exposed_persons": ("integer or null", "Exposed persons, as noted in each held consultation."),
    "calls": ("integer or null", "Calls to the line's number, whatever became of them."),
    "withheld": ("boolean", "Whether the number is below 5 (or none), or would give away one that is."),
}
"""Each with its type and what it means."""


def csv_of(policy: Policy, lines: Sequence[OfLine]) -> str:
    """A file that spreadsheets open; where nothing is shown, the cell is empty and ``withheld`` says why."""
    rows = ([_written(cell) for cell in row] for row in _rows(policy, lines))
    return written([list(COLUMNS), *rows])


def json_of(policy: Policy, lines: Sequence[OfLine]) -> str:
    """The same rows as objects, with their columns described."""
    columns = [{"name": name, "type": kind, "description": means} for name, (kind, means) in COLUMNS.items()]
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in _rows(policy, lines)]
    caveat = {language: _in(language, lambda: str(CAVEAT)) for language in LANGUAGES}
    return json.dumps({"caveat": caveat, "columns": columns, "rows": rows}, ensure_ascii=False, sort_keys=False)


def _rows(policy: Policy, lines: Sequence[OfLine]) -> Iterator[Sequence[_Cell]]:
    for one in lines:
        for year in one.years:
            zone = policy.schedules[one.line.key].hours.zone
            published = year.published_at.astimezone(zone).date().isoformat()
            for row in year.rows:
                labels = [
                    _in(language, partial(label, policy, row.dimension, row.code, language)) for language in LANGUAGES
                ]
                counted = [row.number if row.unit is unit else None for unit in (Unit.HELD, Unit.EXPOSED, Unit.CALLS)]
                what = [row.dimension.value, row.code, *labels, row.unit.value]
                yield [one.line.key, one.line.name, year.year, published, *what, *counted, row.number is None]


def _in(language: str, words: Callable[[], str]) -> str:
    with force_locale(language):
        return words()


def _written(cell: _Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else str(cell)
