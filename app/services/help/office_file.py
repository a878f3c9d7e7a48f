"""A CSV file of social services: a row becomes a value, or its mistakes. Nothing here knows the database."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.lines import MunicipalityCode
from app.domain.referrals import LONGEST, SocialOffice
from app.services.csv_reading import FileWrong, by_row, day_of, table_of
from app.services.csv_rows import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.domain.municipalities import Municipalities
    from app.services.csv_reading import Mistake, Reading

FIELDS = ("number", "hours", "day_number", "note", "verified_on")
"""What is kept of a municipality."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "en": ("code", "municipality", "number", "hours", "day_number", "note", "verified_on", "version"),
    "sv": ("kod", "kommun", "nummer", "tider", "dagnummer", "anteckning", "kontrollerad", "version"),
}
"""The header in each language, in the same order; a file is read with either."""
_LETTERS = "bcdfghjkmnpqrstv"
"""For versions: no digits, which a spreadsheet might take for a number, and no words."""
_LONG = 12
NUMBER = re.compile(r"\+?[0-9][0-9 ()/-]*", re.ASCII)
"""A number as people write it: not E.164, which 112 isn't either."""
EARLIEST = date(2000, 1, 1)
_MOST_ROWS = 1_000


class Wrong(StrEnum):
    """What is wrong with a cell or a row."""

    NO_MUNICIPALITY = "no_municipality"
    OTHER_NAME = "other_name"
    """The code is another municipality's."""
    NO_NUMBER = "no_number"
    TOO_LONG = "too_long"
    NO_DAY = "no_day"
    """Not a day, or one that hasn't come."""
    CHANGED = "changed"
    """Somebody changed it after the file was downloaded."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """What a row says of a municipality, and the version that it was downloaded as; empty: as nothing was known."""

    row: int
    office: SocialOffice
    version: str

    @property
    def is_edited(self) -> bool:
        """Whether somebody changed it in the file."""
        is_day_alone = self.office.is_empty and self.office.verified_on is not None
        return is_day_alone or self.version != version_of(self.office)


def read_office_file(
    text: str, municipalities: Municipalities, today: date
) -> tuple[Sequence[FileRow], Sequence[Mistake]]:
    """All rows that read well, and every mistake of the others."""
    readings, mistakes = table_of(text, COLUMNS, _MOST_ROWS)
    found: dict[MunicipalityCode, FileRow] = {}
    for reading in readings:
        one = _office(reading, municipalities, today)
        if one and one.municipality in found:
            reading.refuse("code", FileWrong.TWICE, one.municipality)
        elif one:
            found[one.municipality] = FileRow(reading.row, one, reading.cells["version"])
        mistakes += reading.mistakes
    return tuple(found.values()), by_row(mistakes)


def office_file(offices: Iterable[SocialOffice], municipalities: Municipalities, language: str) -> str:
    """The file that ``read_office_file`` reads."""
    rows = [
        (
            one.municipality,
            municipalities.by_code[one.municipality].name,
            one.number,
            one.hours,
            one.day_number,
            one.note,
            one.verified_on.isoformat() if one.verified_on else "",
            version_of(one),
        )
        for one in offices
    ]
    return written([COLUMNS[language], *rows])


def version_of(office: SocialOffice) -> str:
    """Another one for whatever else is known of a municipality; empty while nothing is."""
    if office.is_empty:
        return ""
    day = office.verified_on.isoformat() if office.verified_on else ""
    content = [office.municipality, office.number, office.hours, office.day_number, office.note, day]
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:_LONG]
    return "".join(_LETTERS[int(digit, 16)] for digit in digest)


def _office(reading: Reading, municipalities: Municipalities, today: date) -> SocialOffice | None:
    code = _code(reading, municipalities)
    numbers = [_number(reading, column) for column in ("number", "day_number")]
    hours, note = (_text(reading, column, LONGEST[column]) for column in ("hours", "note"))
    verified_on = _day(reading, today)
    if reading.mistakes or code is None:
        return None
    return SocialOffice(code, numbers[0], hours, numbers[1], note, verified_on)


def _code(reading: Reading, municipalities: Municipalities) -> MunicipalityCode | None:
    """Spreadsheets take the zero of 0180 away; the name says whether the right row is meant."""
    code, name = reading.cells["code"].zfill(4), reading.cells["municipality"]
    known = municipalities.by_code.get(MunicipalityCode(code))
    if known is None:
        reading.refuse("code", Wrong.NO_MUNICIPALITY, reading.cells["code"])
        return None
    if name and name.lower() != known.name.lower():
        reading.refuse("municipality", Wrong.OTHER_NAME, name)
    return known.code


def _number(reading: Reading, column: str) -> str:
    text = _text(reading, column, LONGEST["number"])
    if text and not NUMBER.fullmatch(text):
        reading.refuse(column, Wrong.NO_NUMBER, text)
    return text


def _text(reading: Reading, column: str, longest: int) -> str:
    text = reading.cells[column]
    if len(text) > longest:
        reading.refuse(column, Wrong.TOO_LONG, str(longest))
    return text


def _day(reading: Reading, today: date) -> date | None:
    text = reading.cells["verified_on"]
    if not text:
        return None
    day = day_of(text)
    if day is None or not EARLIEST <= day <= today:
        reading.refuse("verified_on", Wrong.NO_DAY, text)
        return None
    return day
