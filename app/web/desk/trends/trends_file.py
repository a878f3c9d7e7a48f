"""The numbers of the trends as files: one question each, with its unit in the names of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from app.domain.tallies import TallyUnit
from app.web.desk.number_words import DASH
from app.web.desk.trends import trends_times
from app.web.desk.trends.trends_calls import heats_of
from app.web.desk.trends.trends_parts import QUESTION_OF, part_of
from app.web.desk.trends.trends_times import TALKS, WAITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.numbers.trends import Trends

OVER_TIME, THEMES, HOURS = "over-time", "themes-over-time", "hours"
PARTS = frozenset({*QUESTION_OF, OVER_TIME, THEMES, HOURS, WAITS, TALKS})
"""What there is a file of."""


def rows_of(found: Trends, part: str) -> Iterator[Sequence[str]]:
    """The head, and a row for each number that the page shows."""
    if part == OVER_TIME:
        return _over_time(found)
    if part == THEMES:
        return _themes(found)
    if part == HOURS:
        return _hours(found)
    if part in {WAITS, TALKS}:
        return trends_times.rows_of(found, part)
    return _answers(found, part)


def _answers(found: Trends, part: str) -> Iterator[Sequence[str]]:
    """Of a period that wasn't counted whole, and of now when nothing was, cells are empty: 0 would be a number."""
    made = part_of(found, QUESTION_OF[part])
    periods = (found.now.period, found.before.period, found.year_before.period)
    known = (found.is_counted, found.is_comparable(found.before), found.is_comparable(found.year_before))
    yield [gettext("Code"), made.title, *(f"{made.unit}, {period.first} {DASH} {period.last}" for period in periods)]
    for row in (*made.rows, made.total):
        numbers = zip((row.now, row.before, row.year_before), known, strict=True)
        yield [row.code, row.label, *(str(number) if is_known else "" for number, is_known in numbers)]


def _over_time(found: Trends) -> Iterator[Sequence[str]]:
    units = [
        gettext("held consultations"),
        gettext("held, wrong target group"),
        gettext("exposed persons"),
        gettext("calls"),
    ]
    yield [gettext("From"), gettext("To"), *units]
    for step in found.steps:
        numbers = map(str, (step.held, step.wrong, step.persons, step.calls))
        known = numbers if found.was_counted(step) else [""] * len(units)
        yield [step.period.first.isoformat(), step.period.last.isoformat(), *known]


def _themes(found: Trends) -> Iterator[Sequence[str]]:
    themes = part_of(found, QUESTION_OF["theme"])
    yield [gettext("Code"), themes.title, gettext("From"), gettext("To"), themes.unit]
    for row in themes.rows:
        for step in found.steps:
            many = str(step.of(TallyUnit.CONSULTATION, "theme").get(row.code, 0)) if found.was_counted(step) else ""
            yield [row.code, row.label, step.period.first.isoformat(), step.period.last.isoformat(), many]


def _hours(found: Trends) -> Iterator[Sequence[str]]:
    yield [gettext("Kind"), gettext("Weekday"), gettext("Hour"), gettext("calls")]
    for heat in heats_of(found):
        for weekday, cells in heat.rows:
            for hour, cell in zip(heat.hours, cells, strict=True):
                yield [heat.title, weekday, hour, str(cell.many)]
