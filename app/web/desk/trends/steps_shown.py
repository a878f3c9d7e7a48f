"""The parts of a period one after the other: as charts with their tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext

from app.web.desk.charts import Chart, Given, chart
from app.web.desk.number_words import DASH, number
from app.web.desk.trends import time_marks, trends_words
from app.web.desk.trends.trend_address import address
from app.web.desk.trends.trends_file import OVER_TIME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.time_notes import TimeNote
    from app.services.numbers.asked_period import Asked
    from app.services.numbers.trends import Counted, Trends


@dataclass(frozen=True, slots=True)
class OverTime:
    """One unit, step by step."""

    key: str
    title: str
    says: str
    chart: Chart
    rows: Sequence[Sequence[str]]
    file_url: str
    marks: Sequence[time_marks.Mark]
    """Where the notes on the time axis stand."""


def over_time(found: Trends, asked: Asked, notes: Sequence[TimeNote]) -> list[OverTime]:
    """Held consultations, exposed persons and calls, step by step; no number where no line was counted."""
    whole, not_counted = found.now.period, gettext("not counted")

    def one(key: str, title: str, count: Callable[[Counted], int]) -> OverTime:
        numbers = [count(step) for step in found.steps]
        written = [number(count(step)) if found.was_counted(step) else "" for step in found.steps]
        names = [trends_words.step_named(step.period, whole) for step in found.steps]
        given = [
            Given(
                number=value,
                year=step.period.last.year,
                label=label,
                written=said,
                title=f"{trends_words.begin(full)}: {said or not_counted}",
                is_over=step.period.last < found.today,
            )
            for value, said, step, label, (_, full) in zip(
                numbers, written, found.steps, trends_words.beneath(names), names, strict=True
            )
        ]
        known = [place for place, said in enumerate(written) if said] or [0]
        least, most = (number(end(numbers[place] for place in known)) for end in (min, max))
        says = gettext(
            "%(what)s, from %(first)s to %(last)s: at least %(least)s, at most %(most)s.",
            what=title, first=names[known[0]][1], last=names[known[-1]][1], least=least, most=most,
        )  # fmt: skip
        rows = [[trends_words.begin(full), said or DASH] for said, (_, full) in zip(written, names, strict=True)]
        file_url = address(found.kind, found.period, asked, "desk.trends_csv", part=OVER_TIME)
        drawn = chart(given, max(numbers))
        marks = time_marks.marks_of(drawn, [step.period for step in found.steps], notes)
        return OverTime(key, title, says, drawn, rows, file_url, marks)

    return [
        one("held", gettext("Held consultations"), lambda step: step.held),
        one("persons", gettext("Exposed persons"), lambda step: step.persons),
        one("calls", gettext("Calls"), lambda step: step.calls),
    ]
