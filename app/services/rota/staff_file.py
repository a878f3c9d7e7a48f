"""Reading a CSV file of staff: a row becomes a value, or its problems. Nothing here knows the database."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from app.domain.errors import Problem, RejectedInput
from app.domain.rotas import RotaKey
from app.domain.skills import Competence
from app.services.csv_rows import reject, rows_of, tidy
from app.services.numbering import parse_phone
from app.services.rota.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from app.domain.phone import PhoneNumber

_T = TypeVar("_T")

COLUMNS = ("name", "alias", "phone", "competences", "languages", "rota", "from")
# What Swedish files call them, told to whoever writes so.
_SWEDISH_COLUMNS = {
    "namn": "name",
    "telefon": "phone",
    "telefonnummer": "phone",
    "mobil": "phone",
    "kompetens": "competences",
    "kompetenser": "competences",
    "språk": "languages",
    "jour": "rota",
    "schema": "rota",
    "jourschema": "rota",
    "från": "from",
    "fr.o.m.": "from",
    "datum": "from",
}
MOST_ROWS = 5000
_LONGEST_ALIAS = 40
_LONGEST_NAME = 80
_LONGEST_SHOWN = 40
_PHONE_LIKE_DIGITS = 6

# Letters of any alphabet and digits; the first is one of them, so that no spreadsheet takes an alias for a formula.
_ALIAS = re.compile(r"[^\W_](?:[^\W_]|[ -])*")
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'\u2019-])*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# A day as people and spreadsheets write it: the year first or last, perhaps with a time of day.
_DAY_LIKE = re.compile(
    r"((19|20)[0-9]{2}[-/. ]?[0-9]{1,2}[-/. ]?[0-9]{1,2}|[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ]((19|20)[0-9]{2}|[0-9]{2}))"
    r"([ T][0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2})?)?",
    re.ASCII,
)
_BETWEEN = re.compile(r"[;|,\s]+")


# How Swedish files write them, with their marks taken off.
_COMPETENCES = {one.value: one for one in Competence} | {
    "juridik": Competence.LAW,
    "polis": Competence.POLICE,
    "socialt_arbete": Competence.SOCIAL_WORK,
    "skola": Competence.SCHOOL,
    "halsa": Competence.HEALTH,
}


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One row that reads well: a person in one or several rotas from a day on."""

    row: int
    """As a spreadsheet counts: the header is row 1."""
    name: str
    alias: str
    phone: PhoneNumber
    competences: tuple[Competence, ...]
    languages: tuple[str, ...]
    rotas: tuple[RotaKey, ...]
    begins: date

    @property
    def where(self) -> str:
        """As problems name it."""
        return f"row {self.row}"


@dataclass(slots=True)
class _Reading:
    """The cells of one row, and what was wrong with them."""

    row: int
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, key: str, found: str, allowed: str) -> None:
        self.problems.append(Problem(f"row {self.row}", key, found, allowed))


def read_staff_file(text: str) -> tuple[list[StaffRow], list[Problem]]:
    """All rows that read well, and every problem of the others. Raises ``RejectedInput`` when it isn't such a file."""
    rows: list[StaffRow] = []
    problems: list[Problem] = []
    for reading in _readings(text):
        row = _row(reading)
        problems += reading.problems
        if row:
            rows.append(row)
    return rows, problems


def shown(text: str) -> str:
    """A cell as an error may quote it: short, and a number in the wrong column keeps only its last two digits."""
    short = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    if sum(one.isdigit() for one in short) >= _PHONE_LIKE_DIGITS and not _DAY.fullmatch(short):
        return f"a number …{re.sub(r'[^0-9]', '', short)[-2:]}"
    return repr(short) if short else "nothing"


def _readings(text: str) -> Iterator[_Reading]:
    lines = rows_of(text)
    header = _header(next(lines, (1, [])))
    for count, (row, cells) in enumerate(lines, start=1):
        if count > MOST_ROWS:
            reject("the file", f"more than {MOST_ROWS} rows", f"at most {MOST_ROWS} rows")
        reading = _Reading(row, dict(zip(header, (tidy(cell) for cell in cells), strict=False)))
        if len(cells) != len(header):
            reading.refuse("row", f"{len(cells)} cells", f"{len(header)} cells, as the header has")
        yield reading


def _header(first: tuple[int, list[str]]) -> list[str]:
    row, cells = first
    if not cells:
        reject("the file", "nothing", f"a header ({','.join(COLUMNS)}) and a row for each person")
    names = [tidy(cell).lower() for cell in cells]
    if sorted(names) != sorted(COLUMNS):
        raise RejectedInput([Problem(f"row {row}", "header", _header_found(names), _header_allowed(names))])
    return names


def _header_found(names: Sequence[str]) -> str:
    unknown = list(dict.fromkeys(shown(name) for name in names if name not in COLUMNS))
    parts = {
        "the unknown columns" if len(unknown) > 1 else "the unknown column": [
            *unknown[: len(COLUMNS)],
            *(["and more"] if len(unknown) > len(COLUMNS) else []),
        ],
        "without": [name for name in COLUMNS if name not in names],
        "twice": [name for name in COLUMNS if names.count(name) > 1],
    }
    return "; ".join(f"{what} {', '.join(which)}" for what, which in parts.items() if which)


def _header_allowed(names: Sequence[str]) -> str:
    swedish = ", ".join(
        f"{name} as {_SWEDISH_COLUMNS[name]}" for name in dict.fromkeys(names) if name in _SWEDISH_COLUMNS
    )
    return ",".join(COLUMNS) + (f" (write {swedish})" if swedish else "")


def _row(reading: _Reading) -> StaffRow | None:
    name = _matching(reading, "name", _NAME, _LONGEST_NAME, "letters, spaces, hyphens, dots and apostrophes")
    alias = _matching(reading, "alias", _ALIAS, _LONGEST_ALIAS, "letters (one at least), digits, spaces and hyphens")
    phone = _phone(reading)
    competences = _members(reading, "competences", _competence, ", ".join(Competence))
    languages = _members(reading, "languages", _language, "ISO 639-1 codes of two letters, as sv, so, ar")
    rotas = _list(reading, "rota")
    begins = _day(reading)
    if not rotas:
        reading.refuse("rota", "nothing", "the key of a rota")
    if reading.problems or phone is None or begins is None:
        return None
    return StaffRow(
        row=reading.row,
        name=name,
        alias=alias,
        phone=phone,
        competences=competences,
        languages=languages,
        rotas=tuple(map(RotaKey, rotas)),
        begins=begins,
    )


def _matching(reading: _Reading, key: str, pattern: re.Pattern[str], longest: int, allowed: str) -> str:
    text = reading.cells.get(key, "")
    letters = any(one.isalpha() for one in text)
    if len(text) > longest:
        reading.refuse(key, f"{len(text)} characters", f"at most {longest}")
    elif not pattern.fullmatch(text) or not letters:
        reading.refuse(key, shown(text), allowed)
    return text


def _phone(reading: _Reading) -> PhoneNumber | None:
    allowed = "a Swedish phone number that isn't premium, as 070-123 45 67"
    text = reading.cells.get("phone", "")
    try:
        phone = parse_phone(text)
    except ValueError:
        reading.refuse("phone", "no phone number" if text else "nothing", allowed)
        return None
    if not phone.may_be_rung:
        kind = "premium" if phone.is_premium else "foreign, or of a length that nobody answers"
        reading.refuse("phone", f"{phone.masked}, which is {kind}", allowed)
    return phone


def _members(reading: _Reading, key: str, read: Callable[[str], _T | None], allowed: str) -> tuple[_T, ...]:
    found: dict[_T, None] = {}
    for word in _list(reading, key):
        value = read(word)
        if value is None:
            reading.refuse(key, shown(word), allowed)
        else:
            found[value] = None
    return tuple(found)


def _competence(word: str) -> Competence | None:
    plain = unicodedata.normalize("NFD", word.lower()).encode("ascii", "ignore").decode()
    return _COMPETENCES.get(plain)


def _language(word: str) -> str | None:
    return word.lower() if word.lower() in LANGUAGES else None


def _list(reading: _Reading, key: str) -> list[str]:
    return [word for word in _BETWEEN.split(reading.cells.get(key, "")) if word]


def _day(reading: _Reading) -> date | None:
    text = reading.cells.get("from", "")
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not date(2000, 1, 1) <= day < date(2100, 1, 1):
        reading.refuse(
            "from", repr(text) if _DAY_LIKE.fullmatch(text) else shown(text), "a day as 2026-11-23, from 2000 to 2099"
        )
        return None
    return day
