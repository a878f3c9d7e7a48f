"""Organisations and the lines that they own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from app.domain.phone import PhoneNumber

LineKey = NewType("LineKey", str)
OrganisationKey = NewType("OrganisationKey", str)
StaffId = NewType("StaffId", str)
MunicipalityCode = NewType("MunicipalityCode", str)


class Audience(StrEnum):
    """Whom a line serves."""

    PROFESSIONAL = "professional"
    EXPOSED = "exposed"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body (huvudman) that owns lines and their records."""

    key: OrganisationKey
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """A public number with a name, hours, a callflow, a rota and a catchment."""

    key: LineKey
    organisation: OrganisationKey
    name: str
    """The full name, as it is spoken and shown."""
    public_number: PhoneNumber
    """Spoken and shown."""
    twilio_numbers: tuple[PhoneNumber, ...]
    """Matched with ``To``; the first is used as caller id."""
    callflow: str
    """The name of a file in ``callflows/``, without its ending."""
    schedule: str
    """The name of a file in ``schedules/``, without its ending."""
    catchment: frozenset[MunicipalityCode]
    """SCB codes of the municipalities that it serves."""
    serves: frozenset[Audience]
    backup_number: PhoneNumber
    """Rung, and read out, when our own service fails. Never one of our own lines: that would ring ourselves."""
    more_at: str
    """Where callers can read more, as it is spoken."""
    overflow: LineKey | None = None
    public_statistics: bool = False
    """Whether everybody may read its yearly figures."""

    @property
    def caller_id(self) -> PhoneNumber:
        """What a specialist's phone shows when we ring it."""
        return self.twilio_numbers[0]
