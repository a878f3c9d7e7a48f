"""A report as a workbook: a sheet for each question, numbers as numbers, and no cell that is calculated."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from flask import Response
from xlsxwriter import Workbook

from app.web.desk.reports.report_file import heads, sections_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from app.services.numbers.trends import Trends
    from app.web.desk.reports.report_file import FileSection

_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_NAME = 31
"""Excel's, for a sheet."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDTHS = (16, 48, 12, 12, 12, 12, 12)


def answer(found: Trends, name: str, about: Sequence[tuple[str, str]]) -> Response:
    """The file. ``about``: what stands on its first sheet, as pairs of words."""
    file = io.BytesIO()
    with Workbook(file, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        first = book.add_worksheet("Rådrum")
        first.set_column(0, 0, 24)
        first.set_column(1, 1, 90)
        for place, (label, words) in enumerate(about):
            first.write_string(place, 0, label, bold)
            first.write_string(place, 1, words)
        for section in sections_of(found):
            _fill(book.add_worksheet(_sheet_name(section.key)), section, bold)
    made = Response(file.getvalue(), content_type=_KIND)
    made.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    made.headers["Cache-Control"] = "no-store"
    return made


def _fill(sheet: Worksheet, section: FileSection, bold: Format) -> None:
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, f"{section.title} ({section.unit})", bold)
    for column, head in enumerate(heads()):
        sheet.write_string(2, column, head, bold)
    sheet.freeze_panes(3, 0)
    for place, row in enumerate(section.rows, start=3):
        # As text, whatever it looks like: nothing of ours is calculated, and 0180 stays 0180.
        sheet.write_string(place, 0, row.code)
        sheet.write_string(place, 1, row.label)
        for column, number in enumerate(row.numbers, start=2):
            if number is not None:
                sheet.write_number(place, column, number)


def _sheet_name(key: str) -> str:
    return _NOT_IN_NAMES.sub("-", key)[:_LONGEST_NAME]
