"""Themes over time: a small row of bars for each, all to one scale, and the same numbers as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext

from app.domain.tallies import TallyUnit
from app.web.desk.charts import Chart, Given, bars_path, chart
from app.web.desk.number_words import DASH, number
from app.web.desk.trends import trends_words
from app.web.desk.trends.trends_parts import QUESTION_OF, part_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.numbers.trends import Trends


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme, step by step. ``path``, ``path_so_far``: its bars, of steps that are over, and of one that isn't."""

    label: str
    total: str
    says: str
    path: str
    path_so_far: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Themes:
    """All of them, the most frequent first. ``top``: the number that the full height of a row stands for."""

    rows: Sequence[Theme]
    top: int
    first: int
    """The place of the first step that was counted: the rows have no ground before it."""
    scale: str
    axis: Chart
    """Of its bars only the words beneath are shown."""
    heads: Sequence[str]


def themes_of(found: Trends) -> Themes | None:
    """``None`` where no theme was counted, now or in what it is compared with."""
    part = part_of(found, QUESTION_OF["theme"])
    if not part.rows:
        return None
    names = [trends_words.step_named(step.period, found.now.period) for step in found.steps]
    full = [trends_words.begin(name) for _, name in names]
    numbers = {
        row.code: [step.of(TallyUnit.CONSULTATION, part.key).get(row.code, 0) for step in found.steps]
        for row in part.rows
    }
    top = max(1, *(max(one) for one in numbers.values()))
    over = sum(step.period.last < found.today for step in found.steps)
    rows = [
        Theme(
            label=row.label,
            total=number(row.now),
            says=_says(numbers[row.code], full),
            path=bars_path(numbers[row.code][:over], top),
            path_so_far=bars_path(numbers[row.code][over:], top, first=over),
            cells=[
                number(many) if found.was_counted(step) else DASH
                for many, step in zip(numbers[row.code], found.steps, strict=True)
            ],
        )
        for row in part.rows
    ]
    scale = gettext(
        "All rows have one scale: a row's full height is %(top)s. Beside it stands the number of the whole period.",
        top=number(top),
    )
    first = next(place for place, step in enumerate(found.steps) if found.was_counted(step) or step is found.steps[-1])
    heads = [gettext("Theme"), *(short for short, _ in names)]
    return Themes(rows, top, first, str(scale), _axis(found, names), heads)


def _says(numbers: Sequence[int], names: Sequence[str]) -> str:
    most = max(numbers)
    if not most:
        return str(gettext("None"))
    return str(gettext("At most %(most)s: %(when)s", most=number(most), when=names[numbers.index(most)]))


def _axis(found: Trends, names: Sequence[tuple[str, str]]) -> Chart:
    words = trends_words.beneath(names)
    given = [
        Given(number=0, year=step.period.last.year, label=label, title="", is_over=step.period.last < found.today)
        for step, label in zip(found.steps, words, strict=True)
    ]
    return chart(given, 1)
