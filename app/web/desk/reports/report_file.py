"""All numbers of a report as rows: one question after the other, each row with its unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext

from app.domain.histograms import quantile
from app.domain.tallies import Dimension, TallyUnit
from app.services.numbers.changes import change
from app.services.numbers.report_facts import reached
from app.web.desk.reports.report_shown import PARTS
from app.web.desk.trends.trends_parts import QUESTION_OF, part_of
from app.web.desk.trends.trends_words import step_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.domain.comparing import Change
    from app.services.numbers.trends import Counted, Trends
    from app.web.desk.trends.trends_parts import Row


@dataclass(frozen=True, slots=True)
class FileRow:
    """One number in its three periods; ``None`` where there is none: it wasn't counted then, or not whole.

    ``least`` and ``most``: the number in percent of that of a year ago, as far as both may vary by chance, with 95 %
    confidence; ``None`` where nothing is said of chance, and where there were none a year ago.
    """

    code: str
    label: str
    now: int | None
    before: int | None
    year_before: int | None
    least: int | None = None
    most: int | None = None

    @property
    def numbers(self) -> Sequence[int | None]:
        """All of them, in the order of ``heads``."""
        return (self.now, self.before, self.year_before, self.least, self.most)


@dataclass(frozen=True, slots=True)
class FileSection:
    """One table. ``key``: its name in a file, the same in each language."""

    key: str
    title: str
    unit: str
    rows: Sequence[FileRow]


def sections_of(found: Trends) -> Iterator[FileSection]:
    """All tables of the report, in its order."""
    yield _keys(found)
    yield from _over_time(found)
    for key in PARTS:
        part = part_of(found, QUESTION_OF[key])
        rows = [_row(found, row.code or "not_answered", row) for row in part.rows]
        yield FileSection(key, part.title, part.unit, [*rows, _row(found, "all", part.total)])
    yield _times(found)


def heads() -> list[str]:
    """The names of the columns of rows."""
    return [
        gettext("Code"),
        gettext("Answer"),
        gettext("Now"),
        gettext("Before"),
        gettext("A year ago"),
        gettext("Lowest, if a year ago is 100 (95 percent confidence)"),
        gettext("Highest, if a year ago is 100 (95 percent confidence)"),
    ]


def csv_rows(found: Trends) -> Iterator[Sequence[str]]:
    """The head, and all tables beneath each other."""
    yield [gettext("Section"), gettext("Unit"), *heads()]
    for section in sections_of(found):
        for row in section.rows:
            numbers = ("" if one is None else str(one) for one in row.numbers)
            yield [section.key, section.unit, row.code, row.label, *numbers]


def _periods(found: Trends) -> tuple[Counted | None, ...]:
    """The three; without now when nothing was counted, and without others that weren't counted whole."""
    others = (found.before, found.year_before)
    now = found.now if found.is_counted else None
    return (now, *(one if found.is_comparable(one) else None for one in others))


def _keys(found: Trends) -> FileSection:
    measures: Sequence[tuple[str, str, TallyUnit | None, Callable[[Counted], int]]] = (
        ("held", gettext("held consultations"), TallyUnit.CONSULTATION, lambda one: one.held),
        ("wrong", gettext("held, wrong target group"), TallyUnit.CONSULTATION, lambda one: one.wrong),
        # Municipalities are no events: nobody can say what chance would give.
        ("municipalities", gettext("municipalities reached"), None, lambda one: len(reached(found, one))),
        ("persons", gettext("exposed persons"), TallyUnit.PERSON, lambda one: one.persons),
        ("calls", gettext("calls"), TallyUnit.CALL, lambda one: one.calls),
    )
    rows = []
    for key, label, unit, count in measures:
        now, before, year_before = (None if one is None else count(one) for one in _periods(found))
        in_a_year = unit and change(found, unit, count(found.now), found.year_before, count(found.year_before))
        rows.append(FileRow(key, label, now, before, year_before, *_between(in_a_year or None)))
    return FileSection("key", gettext("Key figures"), gettext("as the row says"), rows)


def _over_time(found: Trends) -> Iterator[FileSection]:
    whole = found.now.period
    measures: Sequence[tuple[str, str, str, Callable[[Counted], int]]] = (
        ("held-over-time", gettext("Held consultations"), gettext("held consultations"), lambda one: one.held),
        ("persons-over-time", gettext("Exposed persons"), gettext("exposed persons"), lambda one: one.persons),
        ("calls-over-time", gettext("Calls"), gettext("calls"), lambda one: one.calls),
    )
    for key, title, unit, count in measures:
        rows = [
            FileRow(
                step.period.first.isoformat(),
                step_named(step.period, whole)[1],
                count(step) if found.was_counted(step) else None,
                None,
                None,
            )
            for step in found.steps
        ]
        yield FileSection(key, title, unit, rows)


def _times(found: Trends) -> FileSection:
    measures = (
        ("wait-median", Dimension.WAIT, 0.5, gettext("Wait, median")),
        ("wait-p90", Dimension.WAIT, 0.9, gettext("Wait, nine of ten within")),
        ("talk-median", Dimension.TALK, 0.5, gettext("Talk, median")),
        ("talk-p90", Dimension.TALK, 0.9, gettext("Talk, nine of ten within")),
    )
    rows = [
        FileRow(
            code,
            label,
            *(None if one is None else quantile(one.of(TallyUnit.CALL, asked), share) for one in _periods(found)),
        )
        for code, asked, share, label in measures
    ]
    return FileSection("times", gettext("Waits and talks"), gettext("seconds"), rows)


def _row(found: Trends, code: str, row: Row) -> FileRow:
    now, before, year_before = _periods(found)
    return FileRow(
        code,
        row.label,
        None if now is None else row.now,
        None if before is None else row.before,
        None if year_before is None else row.year_before,
        *_between(row.change),
    )


def _between(made: Change | None) -> tuple[int | None, int | None]:
    if made is None or made.unjudged or not made.before:
        return None, None
    low, high = made.interval
    return round(low * 100), round(high * 100)
