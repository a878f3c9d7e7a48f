"""CSV as spreadsheets write and read it: rows with their numbers, and cells that are no formulas."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from typing import TYPE_CHECKING, NoReturn

from app.domain.errors import Problem, RejectedInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MARK = "\ufeff"
"""The mark of UTF-8, without which Excel takes å for Ã¥."""
_MOST_CHARACTERS = 5_000_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A cell that begins so is calculated by spreadsheets (OWASP, CSV injection); some take the full-width signs, too."""
# What Excel is told by a first line of its own.
_TELLS_DELIMITER = re.compile(r'"?sep=([,;\t])"?(?=\r?\n)', re.IGNORECASE)


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers, as a spreadsheet counts; empty ones are left out. Raises ``RejectedInput``."""
    if len(text) > _MOST_CHARACTERS:
        reject("the file", f"{len(text)} characters", f"at most {_MOST_CHARACTERS} characters")
    text = text.removeprefix(MARK)
    told = _TELLS_DELIMITER.match(text)
    # Its line stays, empty, so that rows keep the numbers that the spreadsheet shows.
    text = text[told.end() :] if told else text
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = told[1] if told else max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    row = 0
    try:
        for row, cells in enumerate(rows, start=1):
            if any(cell.strip() for cell in cells):
                yield row, cells
    except csv.Error as error:
        reject(f"row {row + 1}", str(error), "a CSV row, its quotes in pairs")


def tidy(cell: str) -> str:
    """One form for letters that can be written in two; one space where there are many; nothing no keyboard writes."""
    signs = unicodedata.normalize("NFC", cell)
    # PostgreSQL takes no NUL; nobody means the others either.
    return " ".join("".join(one for one in signs if one.isspace() or unicodedata.category(one) != "Cc").split())


def harmless(cell: str) -> str:
    """The cell so that no spreadsheet calculates it; ``meant`` takes it back."""
    return f"'{cell}" if cell.startswith(_FORMULA) or meant(cell) != cell else cell


def meant(cell: str) -> str:
    """What ``harmless`` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip("'").startswith(_FORMULA) else cell


def written(rows: Iterable[Sequence[str]]) -> str:
    """A file that Swedish and English spreadsheets open as a table, each cell harmless."""
    return MARK + lines_of(rows)


def line_of(row: Sequence[str]) -> str:
    """One line of such a file, which begins with ``MARK``."""
    return lines_of([row])


def lines_of(rows: Iterable[Sequence[str]]) -> str:
    """Some lines of it."""
    lines = io.StringIO(newline="")
    csv.writer(lines, delimiter=";").writerows([harmless(cell) for cell in row] for row in rows)
    return lines.getvalue()


def header_of(cells: Sequence[str], columns: Mapping[str, Sequence[str]]) -> Sequence[str] | None:
    """The English names of the columns, in the file's order; ``None`` when they aren't these.

    ``columns``: the header in each language, in one order; a file is read with either.
    """
    names = [tidy(cell).lower() for cell in cells]
    for spelled in columns.values():
        if sorted(names) == sorted(spelled):
            return [columns["en"][spelled.index(name)] for name in names]
    return None


def reject(where: str, found: str, allowed: str) -> NoReturn:
    """The file isn't what it should be. Raises ``RejectedInput``."""
    raise RejectedInput([Problem(where, "csv", found, allowed)])
