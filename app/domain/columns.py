"""The columns of what leaves the service: the same names in JSON, CSV and XLSX. Never renamed; new ones come last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

FIRST: Final = date(2026, 11, 30)
"""Since when the columns are there that came first."""


class Dataset(StrEnum):
    """What a file is about. Each has a unit of its own."""

    CONSULTATIONS = "consultations"
    CALLS = "calls"
    TALLIES = "tallies"


class Form(StrEnum):
    """What kind of file it is."""

    CSV = "csv"
    XLSX = "xlsx"


class Type(StrEnum):
    """What stands in a column."""

    INTEGER = "integer"
    TEXT = "text"
    CODE = "code"
    """One of a closed list."""
    CODES = "codes"
    """Several: a list in JSON, a space between them elsewhere."""
    YES_OR_NO = "boolean"
    """``true`` or ``false``."""
    DAY = "date"
    """ISO 8601, of the line's wall clock."""
    INSTANT = "instant"
    """ISO 8601 with offset, on the line's wall clock."""


class Of(StrEnum):
    """What a number counts, or measures."""

    SECONDS = "seconds"
    PERSONS = "persons"
    AS_UNIT = "unit"
    """What the column ``unit`` says."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``of``: what its number counts; empty where there is no number."""

    name: str
    type: Type
    of: Of | None = None
    since: date = FIRST


CONSULTATIONS: Final = (
    Column("id", Type.INTEGER),
    Column("line", Type.CODE),
    Column("organisation", Type.CODE),
    Column("opened_at", Type.INSTANT),
    Column("held_at", Type.INSTANT),
    Column("held", Type.YES_OR_NO),
    Column("specialist", Type.CODE),
    Column("channel", Type.CODE),
    Column("call", Type.TEXT),
    Column("source", Type.CODE),
    Column("complete", Type.YES_OR_NO),
    Column("service", Type.CODE),
    Column("role", Type.CODE),
    Column("level", Type.CODE),
    Column("place", Type.CODE),
    Column("county", Type.CODE),
    Column("municipality", Type.CODE),
    Column("type", Type.CODE),
    Column("theme", Type.CODES),
    Column("exposed", Type.CODE, Of.PERSONS),
    Column("household", Type.CODE),
    Column("age", Type.CODE),
    Column("gender", Type.CODE),
    Column("urgency", Type.CODE),
    Column("advice", Type.CODES),
    Column("gap", Type.CODES),
    Column("outcome", Type.CODE),
)
CALLS: Final = (
    Column("sid", Type.TEXT),
    Column("line", Type.CODE),
    Column("started_at", Type.INSTANT),
    Column("ended_at", Type.INSTANT),
    Column("outcome", Type.CODE),
    Column("reason", Type.TEXT),
    Column("wait_seconds", Type.INTEGER, Of.SECONDS),
    Column("talk_seconds", Type.INTEGER, Of.SECONDS),
    Column("answered_by", Type.CODE),
    Column("consultation", Type.INTEGER),
    Column("source", Type.CODE),
)
TALLIES: Final = (
    Column("line", Type.CODE),
    Column("first", Type.DAY),
    Column("last", Type.DAY),
    Column("counted_since", Type.DAY),
    Column("unit", Type.CODE),
    Column("dimension", Type.CODE),
    Column("code", Type.CODE),
    Column("label", Type.TEXT),
    Column("number", Type.INTEGER, Of.AS_UNIT),
)
COLUMNS: Final = {Dataset.CONSULTATIONS: CONSULTATIONS, Dataset.CALLS: CALLS, Dataset.TALLIES: TALLIES}
