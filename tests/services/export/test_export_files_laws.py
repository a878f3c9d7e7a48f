"""Whatever stands in a cell, no spreadsheet calculates with it; and the same rows come out that went in."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.columns import Column, Type
from app.services.csv_rows import meant
from app.services.export import export_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.export.leaving import Value, Values

FORMULAS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - the full-width signs are meant
COLUMNS = tuple(Column(name, Type.TEXT) for name in ("a", "b"))
_IN_SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

# What a database may hold: no half of a sign, and on PostgreSQL no NUL.
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
hostile = st.builds(
    "".join, st.tuples(st.sampled_from(["", "'", "''", *FORMULAS]), st.sampled_from(["", "cmd|' /C calc'!A0"]), words)
)
values = st.one_of(
    hostile,
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are bare
    st.lists(st.sampled_from(["FYS", "PSYK"]), max_size=2).map(tuple),
)
rows = st.lists(st.fixed_dictionaries({"a": hostile, "b": values}), max_size=12)


def batches(of: Sequence[Values], size: int = 5) -> Iterator[Sequence[Values]]:
    return (of[begins : begins + size] for begins in range(0, len(of), size))


def csv_cells(of: Sequence[Values]) -> list[list[str]]:
    text = b"".join(export_files.csv_of(COLUMNS, batches(of))).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def sheets(of: Sequence[Values]) -> list[list[ET.Element]]:
    """The cells of every sheet of rows."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "file.xlsx"
        export_files.write_xlsx(file, "rows", COLUMNS, batches(of), [["Column"], ["=1+1"]])
        with ZipFile(file) as book:
            names = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/"))
            found = [ET.fromstring(book.read(name)) for name in names]  # noqa: S314 - our own file
    return [list(sheet.iter(f"{_IN_SHEETS}c")) for sheet in found]


@given(rows)
def test_no_cell_of_a_csv_file_begins_like_a_formula(of: Sequence[Values]) -> None:
    heads, *cells = csv_cells(of)

    assert heads == ["a", "b"]
    assert not [cell for row in cells for cell in row if cell.startswith(FORMULAS) and not _is_number(cell)]
    wanted = [[export_files.text_of(row["a"]), export_files.text_of(row["b"])] for row in of]
    assert [[meant(cell) for cell in row] for row in cells] == wanted


def _is_number(cell: str) -> bool:
    return cell.removeprefix("-").isdecimal()


@given(rows)
def test_no_cell_of_a_workbook_is_a_formula_and_words_are_words(of: Sequence[Values]) -> None:
    first, meanings = sheets(of)

    for cell in [*first, *meanings]:
        assert cell.find(f"{_IN_SHEETS}f") is None
    in_a = [cell for cell in first if (cell.get("r") or "").startswith("A")]
    assert {cell.get("t") for cell in in_a} <= {"inlineStr", "s"}
    assert len(in_a) == 1 + len(of)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (("FYS", "PSYK"), "FYS PSYK"),
        (date(2026, 11, 23), "2026-11-23"),
        (datetime(2026, 11, 23, 9, 0, 5, tzinfo=UTC), "2026-11-23T09:00:05+00:00"),
    ],
)
def test_each_value_has_one_form(value: Value, text: str) -> None:
    assert export_files.text_of(value) == text


def test_more_rows_than_a_sheet_takes_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_files, "ROWS_OF_A_SHEET", 4)

    found = sheets([{"a": str(number), "b": number} for number in range(10)])

    assert [len(cells) for cells in found] == [10, 10, 6, 2]
