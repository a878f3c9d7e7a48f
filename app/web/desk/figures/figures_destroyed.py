"""What the page of figures says of weeks whose records were destroyed: since when, and how many there were by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext

from app.web.language import month_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.numbers.figures import Destroyed, Figures, OfLine


@dataclass(frozen=True, slots=True)
class Gone:
    """A sentence for each line, and a row for each of its months that meet the weeks shown."""

    sentences: Sequence[str]
    rows: Sequence[Sequence[str]]


def gone_of(figures: Figures) -> Gone | None:
    """``None`` where nothing of the weeks shown was destroyed."""
    months = [(one, one.destroyed_of(figures.period)) for one in figures.lines]
    rows = [_row(one.line.name, month) for one, found in months for month in found]
    if not rows:
        return None
    sentences = [_sentence(one) for one, found in months if found]
    return Gone(sentences, rows)


def _sentence(one: OfLine) -> str:
    months = {
        "line": one.line.name,
        "first": month_words(one.destroyed[0].month.first),
        "last": month_words(one.destroyed[-1].month.first),
    }
    if len(one.destroyed) == 1:
        return str(gettext("%(line)s: records of %(first)s were destroyed by decision.", **months))
    return str(gettext("%(line)s: records from %(first)s to %(last)s were destroyed by decision.", **months))


def _row(name: str, one: Destroyed) -> Sequence[str]:
    counted = (one.tally.calls, one.tally.held, one.tally.wrong_target)
    return [name, month_words(one.month.first), *map(str, counted)]
