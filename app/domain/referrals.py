"""Where callers can be referred to: services with their numbers, and the social services of each municipality.

The shipped list comes with the program (``referrals.toml``). An organisation's own words lie over it, field by field:
``None`` is as shipped. Numbers are text for people: 112 can't be written in E.164.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.lines import MunicipalityCode

ReferralKey = NewType("ReferralKey", str)

EMERGENCY, POLICE, FOREIGN_MINISTRY = map(ReferralKey, ("sos", "polisen", "ud-jouren"))
"""Those whose numbers the guidance for danger says; the shipped list has them, whatever else it has."""
LONGEST = {"name": 80, "number": 40, "hours": 120, "whom": 160, "note": 300}
"""Characters of each text."""
OLD_AFTER = timedelta(days=365)
"""Whatever was verified longer ago is marked."""
_FEWEST_DIALLED = 4


class Freshness(StrEnum):
    """Whether an entry can be relied on."""

    VERIFIED = "verified"
    OLD = "old"
    """Verified, but more than a year ago."""
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Words:
    """What an entry says. Over a shipped entry ``None`` is as shipped; in what is shown nothing is ``None``."""

    name: str | None = None
    number: str | None = None
    hours: str | None = None
    whom: str | None = None
    note: str | None = None

    def over(self, shipped: Words) -> Words:
        """These words where there are any, else the shipped ones, else nothing."""
        return Words(*((ours if ours is not None else theirs) or "" for ours, theirs in _pairs(self, shipped)))

    def but_for(self, shipped: Words) -> Words:
        """The words that differ from the shipped ones."""
        return Words(*(None if ours == (theirs or "") else ours for ours, theirs in _pairs(self, shipped)))


def _pairs(ours: Words, theirs: Words) -> list[tuple[str | None, str | None]]:
    return [(getattr(ours, one.name), getattr(theirs, one.name)) for one in fields(Words)]


@dataclass(frozen=True, slots=True)
class Shipped:
    """An entry of the list that comes with the program."""

    key: ReferralKey
    position: int
    words: Mapping[str, Words]
    """By language."""
    verified_on: date | None
    """When it was last compared with its source; ``None``: to be verified."""


@dataclass(frozen=True, slots=True)
class Referral:
    """An entry as an organisation has it."""

    key: ReferralKey
    words: Words
    position: int
    verified_on: date | None
    retired: bool = False
    version: int = 0
    """0: as shipped; nobody changed it."""
    is_shipped: bool = True

    @property
    def dialled(self) -> str:
        """For a ``tel:`` link."""
        return dialled(self.words.number or "")


@dataclass(frozen=True, slots=True)
class SocialOffice:
    """How a municipality's social services are reached."""

    municipality: MunicipalityCode
    number: str = ""
    """Of socialjouren: evenings, nights, weekends."""
    hours: str = ""
    day_number: str = ""
    """Of socialtjänsten, in the daytime."""
    note: str = ""
    verified_on: date | None = None
    version: int = 0
    """0: nobody has filled it in yet."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be shown."""
        return not (self.number or self.hours or self.day_number or self.note)


def freshness(verified_on: date | None, today: date) -> Freshness:
    """How far an entry can be relied on."""
    if verified_on is None:
        return Freshness.UNVERIFIED
    return Freshness.OLD if today - verified_on > OLD_AFTER else Freshness.VERIFIED


def dialled(number: str) -> str:
    """The number for a ``tel:`` link; empty when it has letters, or is so short that a slip of the finger rings 112."""
    digits = "".join(one for one in number if one.isascii() and one.isdigit())
    if len(digits) < _FEWEST_DIALLED or any(one.isalpha() for one in number):
        return ""
    return f"+{digits}" if number.lstrip().startswith("+") else digits
