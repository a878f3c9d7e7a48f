"""A report as its page shows it: the figures of the trends that a report needs, each compared twice, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext

from app.domain.comparing import Change
from app.services.numbers.report_facts import catchment, reached
from app.services.numbers.time_notes import reaches_whole
from app.web.desk.access import actor
from app.web.desk.number_words import DASH, number
from app.web.desk.reports import report_words
from app.web.desk.trends import counted_words, time_marks, trend_words, trends_words
from app.web.desk.trends.steps_shown import over_time
from app.web.desk.trends.trends_calls import times_of
from app.web.desk.trends.trends_parts import QUESTION_OF, part_of
from app.web.desk.trends.trends_shown import SECTIONS
from app.web.desk.trends.trends_words import begin
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.domain.time_notes import TimeNote
    from app.services.numbers.asked_period import Asked
    from app.services.numbers.trends import Counted, Trends
    from app.web.desk.trends.steps_shown import OverTime
    from app.web.desk.trends.time_marks import NoteShown
    from app.web.desk.trends.trends_parts import Part, Row, Section

PARTS = (
    "service",
    "municipality",
    "county",
    "type",
    "theme",
    "urgency",
    "gap",
    "person-age",
    "person-gender",
    "call-outcome",
    "follow-up-outcome",
    "continued",
)
"""The questions of a report, in its order."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One number beside an earlier one."""

    number: str
    change: str
    is_marked: bool
    """Whether the change is more than chance."""
    width: str
    """Of its bar, in percent."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One answer: now, and compared with the period before and with a year ago."""

    label: str
    now: str
    width: str
    earlier: Sequence[Compared]


@dataclass(frozen=True, slots=True)
class ReportPart:
    """One question: its rows, and what stands out in them."""

    part: Part
    rows: Sequence[ReportRow]
    total: ReportRow
    says: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key figure, and how it compares, in sentences."""

    number: str
    unit: str
    says: Sequence[str]
    definition: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """All that the template shows."""

    found: Trends
    name: str
    days: str
    who: str
    """Whose report it is: the organisation."""
    lines: Sequence[str]
    is_whole: bool
    counted: str
    """Of which days the numbers are, where it isn't the whole period, or why there are none."""
    keys: Sequence[Key]
    texts: Mapping[str, str]
    over_time: Sequence[OverTime]
    steps: Sequence[Sequence[str]]
    notes: Sequence[NoteShown]
    sections: Sequence[tuple[Section, str, Sequence[ReportPart]]]
    earlier_heads: Sequence[str]
    times: Sequence[Sequence[str]]
    caveat: str
    rounding: str


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A period to compare with. ``than``: its words after "than"; ``get``: its number in a row."""

    counted: Counted
    than: str
    head: str
    get: Callable[[Row], int]


def page_of(found: Trends, asked: Asked, notes: Sequence[TimeNote]) -> ReportPage:
    """The report in the language of the page."""
    policy, earlier = setup().policy, _earlier(found)
    charts = over_time(found, asked, notes)
    sections: dict[Section, list[ReportPart]] = {}
    for key in PARTS:
        part = part_of(found, QUESTION_OF[key])
        if part.rows:
            sections.setdefault(QUESTION_OF[key].section, []).append(_part(found, part, earlier))
    return ReportPage(
        found=found,
        name=begin(trends_words.named(found.kind, found.period)),
        days=trends_words.days(found.now.period),
        who=policy.organisations[found.lines[0].organisation].name,
        lines=[line.name for line in found.lines],
        is_whole=not asked.lines and reaches_whole(policy, actor()),
        counted=counted_words.said_of(found),
        keys=_keys(found, earlier),
        texts=report_words.in_each_language(found),
        over_time=charts,
        steps=[[row[0], *(chart.rows[place][1] for chart in charts)] for place, row in enumerate(charts[0].rows)],
        notes=time_marks.notes_shown(notes),
        sections=[(section, str(SECTIONS[section]), parts) for section, parts in sections.items()],
        earlier_heads=[one.head for one in earlier],
        times=_times(found, earlier),
        caveat=report_words.caveat(),
        rounding=trend_words.rounding(),
    )


def _earlier(found: Trends) -> Sequence[_Earlier]:
    """The period before and the same a year ago; of a year both are one."""
    before = _Earlier(
        found.before,
        trends_words.before(found.kind, is_over=found.is_over),
        gettext("Before"),
        lambda row: row.before,
    )
    year_before = _Earlier(
        found.year_before,
        trends_words.year_before(found.kind, found.year_before.period, is_over=found.is_over),
        gettext("A year ago"),
        lambda row: row.year_before,
    )
    both = (before, year_before)
    return [year_before] if found.before.period == found.year_before.period else both


def _keys(found: Trends, earlier: Sequence[_Earlier]) -> list[Key]:
    municipalities = gettext("municipalities reached, of %(all)s", all=number(len(catchment(found))))
    return [
        _key(found, earlier, gettext("held consultations"), "held", lambda counted: counted.held),
        Key(
            number=number(len(reached(found, found.now))),
            unit=municipalities,
            says=[
                # Municipalities are no events: nobody can say what chance would give.
                f"{begin(one.than)}: {number(len(reached(found, one.counted)))}."
                for one in earlier
                if found.is_comparable(one.counted)
            ],
            definition="held",
        ),
        _key(found, earlier, gettext("exposed persons"), "persons", lambda counted: counted.persons),
        _key(found, earlier, gettext("calls"), "calls", lambda counted: counted.calls),
    ]


def _key(
    found: Trends, earlier: Sequence[_Earlier], unit: str, definition: str, count: Callable[[Counted], int]
) -> Key:
    says = [
        f"{begin(report_words.held_compared(Change(count(found.now), count(one.counted)), one.than))}."
        for one in earlier
        if found.is_comparable(one.counted)
    ]
    return Key(number(count(found.now)), unit, says, definition)


def _part(found: Trends, part: Part, earlier: Sequence[_Earlier]) -> ReportPart:
    numbers = [number for row in part.rows for number in (row.now, *(one.get(row) for one in earlier))]
    most = max(numbers, default=0)
    return ReportPart(
        part=part,
        rows=[_row(found, row, earlier, most, len(part.rows)) for row in part.rows],
        total=_row(found, part.total, earlier, 0, 1),
        says=_stands_out(found, part, earlier),
    )


def _row(found: Trends, row: Row, earlier: Sequence[_Earlier], most: int, comparisons: int) -> ReportRow:
    return ReportRow(
        label=row.label,
        now=number(row.now),
        width=_width(row.now, most),
        earlier=[
            _compared(Change(row.now, one.get(row)) if found.is_comparable(one.counted) else None, most, comparisons)
            for one in earlier
        ],
    )


def _compared(change: Change | None, most: int, comparisons: int) -> Compared:
    if change is None:
        return Compared(DASH, DASH, is_marked=False, width="0%")
    return Compared(
        number=number(change.before),
        change=trend_words.short(change),
        is_marked=change.is_more_than_chance_among(comparisons),
        width=_width(change.before, most),
    )


def _width(value: int, most: int) -> str:
    return f"{100 * value / most:.1f}%" if most else "0%"


def _stands_out(found: Trends, part: Part, earlier: Sequence[_Earlier]) -> str:
    """What has changed by more than chance, in sentences; or that nothing has."""
    said, silent = [], []
    for one in earlier:
        if not found.is_comparable(one.counted):
            continue
        changes = [(row, Change(row.now, one.get(row))) for row in part.rows]
        marked = [
            f"{row.label}: {trend_words.compared(change, one.than)}."
            for row, change in changes
            if change.is_more_than_chance_among(len(changes))
        ]
        said += marked
        silent += [] if marked else [one.than]
    if silent:
        than = gettext("%(first)s and %(last)s", first=silent[0], last=silent[1]) if len(silent) > 1 else silent[0]
        said.append(gettext("No row differs by more than chance from %(than)s.", than=than))
    return " ".join(said)


def _times(found: Trends, earlier: Sequence[_Earlier]) -> list[list[str]]:
    is_twice = len(earlier) > 1
    return [[time.label, time.now, *([time.before] if is_twice else []), time.year_before] for time in times_of(found)]
