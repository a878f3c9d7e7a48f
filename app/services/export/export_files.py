"""Rows as a file, of any size in the same memory: CSV as it goes, XLSX through a file on disk."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from xlsxwriter import Workbook

from app.services.csv_rows import MARK, line_of, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from app.domain.columns import Column
    from app.services.export.leaving import Value, Values

ROWS_OF_A_SHEET = 1_048_575
"""Besides the heads: what Excel takes (specifications and limits of Excel)."""
_CHUNK_BYTES = 256 * 1024
_WIDTH = 16
# Every cell is what we say that it is: nothing is calculated, followed, or taken for a number.
_AS_WRITTEN = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def csv_of(columns: Sequence[Column], batches: Iterable[Sequence[Values]]) -> Iterator[bytes]:
    """The file in pieces, one for the heads and one for each batch; each cell harmless."""
    yield (MARK + line_of([one.name for one in columns])).encode()
    for rows in batches:
        yield lines_of([text_of(row[one.name]) for one in columns] for row in rows).encode()


def text_of(value: Value) -> str:
    """A value as CSV has it; nothing is empty."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case tuple():
            return " ".join(value)
        case _:
            return str(value)


def write_xlsx(
    file: Path,
    title: str,
    columns: Sequence[Column],
    batches: Iterable[Sequence[Values]],
    dictionary: Sequence[Sequence[str]],
) -> None:
    """Write a workbook: the rows, in as many sheets as they need, and last what the columns mean.

    It lies in the file's folder while it is made.
    """
    with Workbook(str(file), {**_AS_WRITTEN, "tmpdir": str(file.parent)}) as book:
        book.use_zip64()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        number, row, sheet = 1, 0, _sheet(book, title, columns)
        for batch in batches:
            for values in batch:
                if row == ROWS_OF_A_SHEET:
                    number, row = number + 1, 0
                    sheet = _sheet(book, f"{title} {number}", columns)
                row += 1
                for place, one in enumerate(columns):
                    _write(sheet, row, place, values[one.name], day)
        meanings = book.add_worksheet("columns")
        for place, cells in enumerate(dictionary):
            for column, cell in enumerate(cells):
                meanings.write_string(place, column, cell)


def pieces_of(file: Path) -> Iterator[bytes]:
    """A file's content."""
    with file.open("rb") as content:
        while piece := content.read(_CHUNK_BYTES):
            yield piece


def _sheet(book: Workbook, title: str, columns: Sequence[Column]) -> Worksheet:
    sheet = book.add_worksheet(title)
    sheet.set_column(0, len(columns) - 1, _WIDTH)
    sheet.freeze_panes(1, 0)
    for place, one in enumerate(columns):
        sheet.write_string(0, place, one.name)
    return sheet


def _write(sheet: Worksheet, row: int, place: int, value: Value, day: Format) -> None:
    match value:
        case None | ():
            pass
        case bool():
            sheet.write_boolean(row, place, value)
        case int():
            sheet.write_number(row, place, value)
        case date() if not isinstance(value, datetime):
            sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - a day
        case _:
            sheet.write_string(row, place, text_of(value))
