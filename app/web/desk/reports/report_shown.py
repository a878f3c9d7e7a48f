"""A report as its page shows it: the figures of the trends that a report needs, each compared twice, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext

from app.domain.tallies import TallyUnit
from app.services.numbers.changes import change, compares_days
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

    from app.domain.comparing import Change
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
    between: str
    """What it may be, where it is marked."""
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
    are_by_day: bool
    """Whether some are compared by the day."""


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A period to compare with. ``than``: its words after "than"; ``get``: the change from it in a row."""

    counted: Counted
    than: str
    head: str
    get: Callable[[Row], Change | None]


def page_of(found: Trends, asked: Asked, notes: Sequence[TimeNote]) -> ReportPage:
    """The report in the language of the page."""
    policy, earlier = setup().policy, _earlier(found)
    charts = over_time(found, asked, notes)
    sections: dict[Section, list[ReportPart]] = {}
    for key in PARTS:
        part = part_of(found, QUESTION_OF[key])
        if part.rows:
            sections.setdefault(QUESTION_OF[key].section, []).append(_part(part, earlier))
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
        are_by_day=any(compares_days(found, one.counted) for one in earlier),
    )


def _earlier(found: Trends) -> Sequence[_Earlier]:
    """The period before and the same a year ago; of a year both are one."""
    before = _Earlier(
        found.before,
        trends_words.before(found.kind, is_over=found.is_over),
        gettext("Before"),
        lambda row: row.from_before,
    )
    year_before = _Earlier(
        found.year_before,
        trends_words.year_before(found.kind, found.year_before.period, is_over=found.is_over),
        gettext("A year ago"),
        lambda row: row.change,
    )
    both = (before, year_before)
    return [year_before] if found.before.period == found.year_before.period else both


def _keys(found: Trends, earlier: Sequence[_Earlier]) -> list[Key]:
    municipalities = gettext("municipalities reached, of %(all)s", all=number(len(catchment(found))))
    return [
        _key(
            found, earlier, TallyUnit.CONSULTATION, gettext("held consultations"), "held", lambda counted: counted.held
        ),
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
        _key(found, earlier, TallyUnit.PERSON, gettext("exposed persons"), "persons", lambda counted: counted.persons),
        _key(found, earlier, TallyUnit.CALL, gettext("calls"), "calls", lambda counted: counted.calls),
    ]


def _key(
    found: Trends,
    earlier: Sequence[_Earlier],
    unit: TallyUnit,
    words: str,
    definition: str,
    count: Callable[[Counted], int],
) -> Key:
    now = count(found.now)
    changes = [(change(found, unit, now, one.counted, count(one.counted)), one.than) for one in earlier]
    says = [f"{begin(report_words.held_compared(made, than))}." for made, than in changes if made]
    return Key(number(now), words, says, definition)


def _part(part: Part, earlier: Sequence[_Earlier]) -> ReportPart:
    changes = [made for row in part.rows for one in earlier if (made := one.get(row))]
    most = max((*(row.now for row in part.rows), *(made.before for made in changes)), default=0)
    return ReportPart(
        part=part,
        rows=[_row(row, earlier, most, len(part.rows)) for row in part.rows],
        total=_row(part.total, earlier, 0, 1),
        says=_stands_out(part, earlier),
    )


def _row(row: Row, earlier: Sequence[_Earlier], most: int, comparisons: int) -> ReportRow:
    return ReportRow(
        label=row.label,
        now=number(row.now),
        width=_width(row.now, most),
        earlier=[_compared(one.get(row), most, comparisons) for one in earlier],
    )


def _compared(made: Change | None, most: int, comparisons: int) -> Compared:
    if made is None:
        return Compared(DASH, DASH, is_marked=False, between="", width="0%")
    is_marked = made.is_more_than_chance_among(comparisons)
    return Compared(
        number=number(made.before),
        change=trend_words.short(made),
        is_marked=is_marked,
        between=trend_words.short_range(made) if is_marked else "",
        width=_width(made.before, most),
    )


def _width(value: int, most: int) -> str:
    return f"{100 * value / most:.1f}%" if most else "0%"


def _stands_out(part: Part, earlier: Sequence[_Earlier]) -> str:
    """What has changed by more than chance in a year, in sentences; or that nothing has. Empty where it isn't said."""
    in_a_year = earlier[-1]
    changes = [(row.label, made) for row in part.rows if (made := row.change) and not made.unjudged]
    if not changes:
        return ""
    marked = [
        f"{label}: {trend_words.compared(made, in_a_year.than)}."
        for label, made in changes
        if made.is_more_than_chance_among(len(part.rows))
    ]
    return " ".join(marked) or str(gettext("No row differs by more than chance from %(than)s.", than=in_a_year.than))


def _times(found: Trends, earlier: Sequence[_Earlier]) -> list[list[str]]:
    is_twice = len(earlier) > 1
    return [[time.label, time.now, *([time.before] if is_twice else []), time.year_before] for time in times_of(found)]
