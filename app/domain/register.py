"""The chronological register: what an entry is called, and what kind of record it stands for."""

from __future__ import annotations

from enum import StrEnum
from zoneinfo import ZoneInfo

SWEDEN = ZoneInfo("Europe/Stockholm")
"""Registers go by Swedish days and years, whatever wall clock a line has."""


class RecordKind(StrEnum):
    """How a record came about. It says nothing of whom or what it is about."""

    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    VISIT = "visit"
    OTHER = "other"


def serial(year: int, number: int) -> str:
    """As it is written, within its organisation: 2026-17."""
    return f"{year}-{number}"
