"""What somebody writes in words: made fit to be stored, and looked through for what could say who somebody is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.consultations import LONGEST_NOTE
from app.domain.identities import Identity, holds_personal_number, identities

if TYPE_CHECKING:
    from collections.abc import Collection


class NoteRefusal(StrEnum):
    """Why a note isn't stored."""

    PERSONAL_NUMBER = "personal_number"
    """A valid personal identity number stands in it."""
    TOO_LONG = "too_long"
    NOT_ASKED = "not_asked"
    """It is about somebody whom the line doesn't serve: no details are kept."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A note as it would be stored."""

    text: str
    refused: NoteRefusal | None
    """Why it isn't."""
    marks: tuple[Identity, ...]
    """What in it could say who somebody is; nothing is looked for in a note that is too long."""


def judged(note: str, no_names: Collection[str]) -> Judged:
    """Look a note through. ``no_names``: words in small letters that are no names."""
    text = _tidy(note)
    if len(text) > LONGEST_NOTE:
        return Judged(text, NoteRefusal.TOO_LONG, ())
    marks = identities(text, no_names)
    return Judged(text, NoteRefusal.PERSONAL_NUMBER if holds_personal_number(marks) else None, marks)


def _tidy(note: str) -> str:
    """With one kind of line end, and nothing that no keyboard writes."""
    lines = note.replace("\r\n", "\n").replace("\r", "\n")
    # Half of a sign outside Unicode's first plane, as a script may send one, can't be stored.
    return "".join(one for one in lines if one in "\n\t" or (one >= " " and not "\ud800" <= one <= "\udfff")).rstrip()
