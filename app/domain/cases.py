"""Cases: one matter over several consultations, known by a reference that is spoken and keyed in, never by a name.

A reference is six digits and a check digit. It says nothing: it is drawn, not counted, and a wrong one isn't told apart
from one of somebody else's case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

CaseId = NewType("CaseId", int)

DRAWN_FROM = range(100_000, 1_000_000)
"""The six digits; without a zero in front, which people drop when they read a number out."""
REFERENCE_DIGITS = 7
_KEYED = re.compile(r"[1-9][0-9]{6}", re.ASCII)
_BETWEEN = re.compile(r"[\s.-]+")
_LONGEST_TYPED = 40
# The quasigroup of order 10 by H. Michael Damm, "Total anti-symmetrische Quasigruppen" (Marburg, 2004), page 111.
# Unlike Luhn's sum it notices every pair of neighbours that change places, as well as every single wrong digit.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


class HandOver(StrEnum):
    """Why the responsibility for a case changed hands."""

    SICKNESS = "sickness"
    HOLIDAY = "holiday"
    LEFT = "left"
    """Whoever had it doesn't work here any more."""
    COMPETENCE = "competence"
    """A colleague knows this better."""
    WORKLOAD = "workload"
    OTHER = "other"


class CaseEnd(StrEnum):
    """Why a case is over."""

    FINISHED = "finished"
    PASSED_ON = "passed_on"
    """The caller turns elsewhere from now on."""


class Reopening(StrEnum):
    """Why a case that was over isn't."""

    CAME_BACK = "came_back"
    """The caller turned to the line again in the same matter."""
    BY_MISTAKE = "by_mistake"
    """It shouldn't have been ended."""
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """Six digits and their check digit. Raises ``ValueError`` for anything else."""

    digits: str

    def __post_init__(self) -> None:
        if not _KEYED.fullmatch(self.digits) or _check(self.digits) != 0:
            message = "a case reference is six digits and a check digit that fits them"
            raise ValueError(message)

    def __str__(self) -> str:
        """As it is written and read out: 412 537 9."""
        return f"{self.digits[:3]} {self.digits[3:6]} {self.digits[6:]}"


CHECK_TABLE = _DAMM
"""For a page that says at once that a digit is wrong: from row 0 each digit leads to a row, and the last one to 0."""


def reference_of(six: int) -> Reference:
    """The reference that begins with these six digits. Raises ``ValueError`` for a number out of ``DRAWN_FROM``."""
    if six not in DRAWN_FROM:
        message = f"a case reference begins with six digits, not with {six}"
        raise ValueError(message)
    return Reference(f"{six}{_check(str(six))}")


def typed_reference(typed: str) -> Reference | None:
    """Read what somebody keyed in or wrote, with or without blanks and hyphens; ``None`` if it can't be one."""
    digits = _BETWEEN.sub("", typed[:_LONGEST_TYPED].strip())
    try:
        return Reference(digits)
    except ValueError:
        return None


def _check(digits: str) -> int:
    """The digit that fits behind these; 0 for digits whose last one fits the others."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim
