"""What is found in a text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class IdentityKind(StrEnum):
    """What it is."""

    PERSONNUMMER = "personnummer"
    SAMORDNINGSNUMMER = "samordningsnummer"
    RESERVE = "reservnummer"
    """A date and four signs with letters among them, as hospitals and schools give whoever has no number yet."""
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"


class Certainty(StrEnum):
    """How sure that is."""

    CERTAIN = "certain"
    """Of a number: its date exists and its check digit is right."""
    LIKELY = "likely"


@dataclass(frozen=True, slots=True)
class Identity:
    """Found in ``text[begin:end]``."""

    begin: int
    end: int
    kind: IdentityKind
    certainty: Certainty


PERSONAL_NUMBERS = frozenset({IdentityKind.PERSONNUMMER, IdentityKind.SAMORDNINGSNUMMER})
