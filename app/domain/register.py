"""The chronological register: what an entry is called, and what kind of record it stands for."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain.channels import Channel

if TYPE_CHECKING:
    from collections.abc import Mapping

SWEDEN = ZoneInfo("Europe/Stockholm")
"""Registers go by Swedish days and years, whatever wall clock a line has."""


class RecordKind(StrEnum):
    """How a record came about. It says nothing of whom or what it is about."""

    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    VISIT = "visit"
    OTHER = "other"


KIND_OF: Mapping[Channel, RecordKind] = MappingProxyType(
    {
        Channel.CALL: RecordKind.CALL,
        Channel.CALL_BACK: RecordKind.CALL,
        Channel.EMAIL: RecordKind.EMAIL,
        Channel.MEETING: RecordKind.MEETING,
        Channel.VISIT: RecordKind.VISIT,
        Channel.PHONE: RecordKind.OTHER,
    }
)
"""What the register calls a consultation that took place like that."""


def serial(year: int, number: int) -> str:
    """As it is written, within its organisation: 2026-17."""
    return f"{year}-{number}"
