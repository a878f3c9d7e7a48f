"""The figures as their page shows them: in words, as charts, and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext, lazy_gettext, ngettext

from app.domain.trends import Period, Span
from app.web.desk.charts import Chart, Given, chart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.services.numbers.figures import Asked, Figures, OfLine, Week

SPANS = {
    Span.WEEKS_13: lazy_gettext("13 weeks"),
    Span.WEEKS_26: lazy_gettext("26 weeks"),
    Span.WEEKS_52: lazy_gettext("52 weeks"),
    Span.YEAR: lazy_gettext("A year by weeks"),
}

GONE = "\N{EN DASH}"
"""Instead of a number that nobody knows any more."""


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line: its own words, two charts, one table."""

    figures: OfLine
    calls: Chart
    calls_said: str
    held: Chart
    held_said: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Page:
    """All that the template shows."""

    figures: Figures
    spans: Sequence[Mapping[str, object]]
    choices: Sequence[Mapping[str, object]]
    """The lines, where there is a choice."""
    until: str
    lines: Sequence[LineShown]
    within: str
    before: str
    running: str
    earlier_url: str
    later_url: str
    file_url: str


def page_of(figures: Figures, asked: Asked) -> Page:
    """The figures in the language of the page."""
    highest_calls = max(week.tally.calls for one in figures.lines for week in one.weeks)
    highest_held = max(week.tally.held for one in figures.lines for week in one.weeks)
    shown = {one.line.key for one in figures.lines}
    running = next((week for week in figures.lines[0].weeks if not week.is_over), None)

    def address(endpoint: str, period: Period | None) -> str:
        until = week_token(period) if period else None
        return url_for(endpoint, span=figures.span.value, until=until, line=sorted(asked.lines))

    return Page(
        figures=figures,
        spans=[
            {"value": span.value, "label": label, "is_chosen": span is figures.span} for span, label in SPANS.items()
        ],
        choices=[
            {"value": line.key, "label": line.name, "is_chosen": line.key in shown}
            for line in figures.in_reach
            if len(figures.in_reach) > 1
        ],
        until="" if running else week_token(figures.period),
        lines=[_line(one, highest_calls, highest_held) for one in figures.lines],
        within=_within(figures),
        before=_before(figures),
        running=_begin(week_words(running.period)) if running else "",
        earlier_url=address("desk.figures", figures.earlier) if figures.earlier else "",
        later_url=address("desk.figures", figures.later) if figures.later else "",
        file_url=address("desk.figures_csv", None if running else figures.period),
    )


def week_token(period: Period) -> str:
    """The last week of a period, as addresses name it: 2026-W48."""
    year, week, _ = period.last.isocalendar()
    return f"{year}-W{week:02d}"


def week_words(period: Period) -> str:
    """The number of a week, with its year."""
    year, week, _ = period.first.isocalendar()
    return str(gettext("week %(week)d of %(year)d", week=week, year=year))


def _begin(words: str) -> str:
    """A sentence that begins so."""
    return words[:1].upper() + words[1:]


def _within(figures: Figures) -> str:
    weeks = figures.period.day_count // 7
    if figures.span is not Span.YEAR:
        return str(ngettext("in %(num)d week", "in %(num)d weeks", weeks))
    year = figures.period.last.isocalendar().year
    return str(ngettext("in %(num)d week of %(year)d", "in %(num)d weeks of %(year)d", weeks, year=year))


def _before(figures: Figures) -> str:
    weeks = figures.compared_period.day_count // 7
    if figures.span is not Span.YEAR:
        return str(ngettext("in the week before", "in the %(num)d weeks before", weeks))
    year = figures.compared_period.last.isocalendar().year
    return str(ngettext("in the first week of %(year)d", "in the first %(num)d weeks of %(year)d", weeks, year=year))


def _line(one: OfLine, highest_calls: int, highest_held: int) -> LineShown:
    calls = [_given(week, week.calls) for week in one.weeks]
    held = [_given(week, week.held) for week in one.weeks]
    return LineShown(
        figures=one,
        calls=chart(calls, highest_calls),
        calls_said=_said(gettext("Calls by week"), [(week, week.calls) for week in one.weeks]),
        held=chart(held, highest_held),
        held_said=_said(gettext("Held consultations by week"), [(week, week.held) for week in one.weeks]),
        rows=[_row(week) for week in one.weeks],
    )


def _given(week: Week, number: int | None) -> Given:
    year, at, _ = week.period.first.isocalendar()
    words = _begin(week_words(week.period))
    if number is None:
        title = gettext("%(week)s: destroyed by decision", week=words)
        return Given(number=0, year=year, label=str(at), title=title, is_over=week.is_over, written=GONE)
    title = (
        f"{words}: {number}"
        if week.is_over
        else gettext("%(week)s, not over yet: %(number)d", week=words, number=number)
    )
    return Given(number=number, year=year, label=str(at), title=title, is_over=week.is_over)


def _said(what: str, weeks: Sequence[tuple[Week, int | None]]) -> str:
    """The chart for those who don't see it."""
    over = [week for week, _ in weeks if week.is_over]
    ends = {"first": week_words(over[0].period), "last": week_words(over[-1].period)}
    counted = [(number, week) for week, number in weeks if week.is_over and number is not None]
    if not counted:
        return str(gettext("%(what)s: from %(first)s to %(last)s all was destroyed by decision.", what=what, **ends))
    most, when = max(counted, key=itemgetter(0))
    return str(
        gettext(
            "%(what)s: bars from %(first)s to %(last)s. Fewest in a whole week: %(least)d; most: %(most)d (%(when)s).",
            what=what,
            **ends,
            least=min(number for number, _ in counted),
            most=most,
            when=week_words(when.period),
        )
    )


def _row(week: Week) -> Sequence[str]:
    words = _begin(week_words(week.period))
    name = words if week.is_over else gettext("%(week)s (not over yet)", week=words)
    counted = (GONE if number is None else str(number) for number in (week.calls, week.held, week.wrong_target))
    days = gettext("%(first)s to %(last)s", first=week.period.first.isoformat(), last=week.period.last.isoformat())
    return [name, days, *counted]
