"""The figures as a file that a spreadsheet opens with a double click.

It is made for Excel in Swedish, which takes a file for UTF-8 only where a byte order mark says so, and puts a row into
columns only at semicolons; other spreadsheets ask, or find out. A cell that could be taken for a formula gets an
apostrophe before it, though no cell here is written by anybody but us.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from flask import Response
from flask_babel import gettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.services.numbers.figures import Figures

_BYTE_ORDER_MARK = "\ufeff"
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def answer(figures: Figures | None) -> Response:
    """A row for each week and line that the page shows, in the same order; the sums are left to the spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_heads())
    writer.writerows([harmless(cell) for cell in row] for row in _rows(figures))
    response = Response(_BYTE_ORDER_MARK + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(figures)}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def named(figures: Figures) -> str:
    """The file as the read log calls it."""
    return f"figures:{_weeks(figures, '_')}"


def harmless(cell: str | int) -> str | int:
    """A cell that no spreadsheet calculates."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINS_A_FORMULA) else cell


def _heads() -> list[str]:
    return [
        gettext("Line"),
        gettext("Year"),
        gettext("Week"),
        gettext("From"),
        gettext("To"),
        gettext("Week is over"),
        gettext("Calls (dialled line)"),
        gettext("Held consultations (answering line)"),
        gettext("Held, wrong target group (answering line)"),
    ]


def _rows(figures: Figures | None) -> Iterator[list[str | int]]:
    for one in figures.lines if figures else ():
        for week in one.weeks:
            year, number, _ = week.period.first.isocalendar()
            days = [week.period.first.isoformat(), week.period.last.isoformat()]
            # Of weeks whose records are gone nobody knows the number: an empty cell is in no sum, and no zero.
            counted = ["" if number is None else number for number in (week.calls, week.held, week.wrong_target)]
            yield [one.line.name, year, number, *days, gettext("yes") if week.is_over else gettext("no"), *counted]


def _name(figures: Figures | None) -> str:
    if figures is None:
        return "radrum.csv"
    return f"radrum-{_weeks(figures, '-')}.csv"


def _weeks(figures: Figures, between: str) -> str:
    first, last = (day.isocalendar() for day in (figures.period.first, figures.period.last))
    return f"{first.year}-W{first.week:02d}{between}{last.year}-W{last.week:02d}"
