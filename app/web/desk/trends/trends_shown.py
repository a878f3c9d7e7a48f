"""The trends as their page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext, lazy_gettext

from app.services.numbers.changes import compares_days
from app.web.desk.number_words import DASH, number
from app.web.desk.trends import counted_words, time_marks, trend_words, trends_said, trends_words
from app.web.desk.trends.steps_shown import OverTime, over_time
from app.web.desk.trends.trend_address import address
from app.web.desk.trends.trends_calls import Heat, heats_of
from app.web.desk.trends.trends_file import HOURS, THEMES
from app.web.desk.trends.trends_parts import Part, Section, parts_of
from app.web.desk.trends.trends_themes import Themes, themes_of
from app.web.desk.trends.trends_times import Times, all_times
from app.web.desk.ways import address_if_there

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.time_notes import TimeNote
    from app.services.numbers.asked_period import Asked
    from app.services.numbers.trends import Trends
    from app.web.desk.trends.trends_parts import Row

SECTIONS = {
    Section.WHO: lazy_gettext("Who turned to the line"),
    Section.WHERE: lazy_gettext("Where they work"),
    Section.ABOUT: lazy_gettext("What it was about"),
    Section.PERSONS: lazy_gettext("Exposed persons"),
    Section.DONE: lazy_gettext("What was advised, and what is lacking"),
    Section.CALLS: lazy_gettext("The calls"),
    Section.PROMISES: lazy_gettext("Promises"),
}
_MOST_ROWS = 12
"""Longer tables begin with so many rows, the rest folds out."""


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row of a part. ``width``: of its bar, in percent."""

    label: str
    now: str
    before: str
    year_before: str
    change: str
    is_marked: bool
    between: str
    """What the change may be, where it is marked."""
    width: str


@dataclass(frozen=True, slots=True)
class PartShown:
    """One part, with the words and bars of its rows."""

    part: Part
    rows: Sequence[RowShown]
    more: Sequence[RowShown]
    total: RowShown
    file_url: str


@dataclass(frozen=True, slots=True)
class Page:
    """All that the template shows."""

    found: Trends
    name: str
    days: str
    counted: str
    """Of which days the numbers are, where it isn't the whole period, or why there are none."""
    sentences: Sequence[str]
    heads: Sequence[str]
    over_time: Sequence[OverTime]
    notes: Sequence[time_marks.NoteShown]
    themes: Themes | None
    sections: Sequence[tuple[Section, str, Sequence[PartShown]]]
    themes_url: str
    heats: Sequence[Heat]
    hours_url: str
    times: Sequence[tuple[Times, str]]
    """Each with the address of its file."""
    columns: str
    rounding: str
    earlier_url: str
    later_url: str
    ways: Sequence[Mapping[str, str]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted in the period."""
        return not self.found.now.numbers


def page_of(found: Trends, asked: Asked, notes: Sequence[TimeNote]) -> Page:
    """The trends in the language of the page."""
    return Page(
        found=found,
        name=trends_words.begin(trends_words.named(found.kind, found.period)),
        days=trends_words.days(found.now.period),
        counted=counted_words.said_of(found),
        sentences=trends_said.sentences(found),
        heads=_heads(),
        over_time=over_time(found, asked, notes),
        notes=time_marks.notes_shown(notes),
        themes=themes_of(found),
        sections=[
            (section, str(SECTIONS[section]), [_part(found, part, asked) for part in parts])
            for section, parts in parts_of(found)
        ],
        themes_url=address(found.kind, found.period, asked, "desk.trends_csv", THEMES),
        heats=heats_of(found),
        hours_url=address(found.kind, found.period, asked, "desk.trends_csv", HOURS),
        times=[(one, address(found.kind, found.period, asked, "desk.trends_csv", one.key)) for one in all_times(found)],
        columns=gettext(
            "In the tables: now is %(now)s, before is %(before)s, a year ago is %(year_before)s.",
            now=trends_words.named(found.kind, found.period),
            before=trends_words.before(found.kind, is_over=found.is_over),
            year_before=trends_words.year_before(found.kind, found.year_before.period, is_over=found.is_over),
        )
        + (f" {_by_day()}" if compares_days(found, found.year_before) else ""),
        rounding=trend_words.rounding(),
        earlier_url=address(found.kind, found.earlier, asked) if found.earlier else "",
        later_url=address(found.kind, found.later, asked) if found.later else "",
        ways=_ways(),
    )


def _by_day() -> str:
    return str(gettext("Where the periods aren't equally long, changes are per day."))


def _heads() -> list[str]:
    return [
        gettext("Answer"),
        gettext("Now"),
        gettext("Before"),
        gettext("A year ago"),
        gettext("Change in a year"),
    ]


def _part(found: Trends, part: Part, asked: Asked) -> PartShown:
    rows = [_row(found, row, part.most, len(part.rows)) for row in part.rows]
    return PartShown(
        part=part,
        rows=rows[:_MOST_ROWS],
        more=rows[_MOST_ROWS:],
        total=_row(found, part.total, part.most, 1),
        file_url=address(found.kind, found.period, asked, "desk.trends_csv", part=part.key),
    )


def _row(found: Trends, row: Row, most: int, comparisons: int) -> RowShown:
    change = row.change
    is_marked = bool(change and change.is_more_than_chance_among(comparisons))
    return RowShown(
        label=row.label,
        now=number(row.now),
        before=number(row.before) if found.is_comparable(found.before) else DASH,
        year_before=number(row.year_before) if change else DASH,
        change=trend_words.short(change) if change else DASH,
        is_marked=is_marked,
        between=trend_words.short_range(change) if change and is_marked else "",
        width=f"{100 * row.now / most:.1f}%" if most else "0%",
    )


def _ways() -> list[dict[str, str]]:
    """Pages that look at the same from another side, those that are there."""
    pages = [
        ("desk.municipalities_reached", gettext("Which municipalities call, and which don't")),
        ("desk.history", gettext("The long curve")),
        ("desk.reports", gettext("Reports")),
        ("desk.staffing", gettext("How many specialists it takes")),
        ("desk.figures", gettext("Week by week")),
        ("desk.exports", gettext("Take out rows")),
    ]
    return [{"url": url, "label": label} for page, label in pages if (url := address_if_there(page))]
