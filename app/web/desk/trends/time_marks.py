"""Notes on the time axis as a chart and the list beneath it show them: numbered in the order of their days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.time_notes import by_step
from app.web import language
from app.web.desk.number_words import DASH
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.time_notes import TimeNote
    from app.domain.trends import Period
    from app.web.desk.charts import Chart


@dataclass(frozen=True, slots=True)
class Mark:
    """The numbers of the notes of one bar, and where its middle is, in percent."""

    label: str
    middle: str


@dataclass(frozen=True, slots=True)
class NoteShown:
    """A note in words. ``line``: empty is the whole organisation."""

    day: str
    text: str
    line: str


def marks_of(chart: Chart, steps: Sequence[Period], notes: Sequence[TimeNote]) -> Sequence[Mark]:
    """One for each bar that has a note."""
    return [
        Mark(_numbers(places[0] + 1, places[-1] + 1), bar.middle)
        for bar, places in zip(chart.bars, by_step(notes, steps), strict=True)
        if places
    ]


def _numbers(first: int, last: int) -> str:
    """A bar's notes follow upon each other: their first and last number have room where a list of them hasn't."""
    return str(first) if first == last else f"{first}{DASH}{last}"


def notes_shown(notes: Sequence[TimeNote]) -> Sequence[NoteShown]:
    """All of them, in the order of their numbers."""
    names = {key: line.name for key, line in setup().policy.lines.items()}
    return [
        NoteShown(language.date_words(note.day), note.text, names.get(note.line, "") if note.line else "")
        for note in notes
    ]
