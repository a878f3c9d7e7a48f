"""The long curve as its page shows it: in sentences, as charts, and as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import url_for
from flask_babel import gettext, lazy_gettext, ngettext

from app.domain import comparing
from app.domain.history import SeriesUnit
from app.web import language
from app.web.desk.number_words import number
from app.web.desk.trends import trend_words
from app.web.desk.trends.history_chart import YearChart, YearGiven, year_chart
from app.web.desk.trends.trend_address import line_options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from app.domain.history import ImportedYear
    from app.services.numbers.history import History, PublishedFacts, Series, YearBeside
    from app.web.forms import Option

UNITS: Final = {
    SeriesUnit.CASES: lazy_gettext("Cases"),
    SeriesUnit.PERSONS: lazy_gettext("Exposed persons"),
    SeriesUnit.CONSULTATIONS: lazy_gettext("Held consultations"),
    SeriesUnit.CALLS: lazy_gettext("Calls"),
}
_IN_BUNCHES = frozenset({SeriesUnit.PERSONS})
"""Several come with one case, so what chance gives isn't known of them."""
_NONE = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class SeriesShown:
    """One unit."""

    unit: SeriesUnit
    title: str
    chart: YearChart
    said: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[int]
    has_imported: bool
    has_own: bool
    taken_in: int
    """How many figures were taken in."""


@dataclass(frozen=True, slots=True)
class PublishedShown:
    """What a report says of a published series: the sums, then year by year."""

    title: str
    whole: str
    years: Sequence[str]


@dataclass(frozen=True, slots=True)
class Page:
    """All that the template shows."""

    history: History
    lines: Sequence[Option]
    published: Sequence[PublishedShown]
    series: Sequence[SeriesShown]
    rounding: str
    file_url: str


def page_of(history: History) -> Page:
    """The page in the language of the reader."""
    published = {one.unit: one for one in history.published}
    return Page(
        history=history,
        lines=line_options(history.in_reach, {history.line.key}),
        published=[
            PublishedShown(str(UNITS[one.unit]), (said := sentences(one))[0], said[1:]) for one in history.published
        ],
        series=[_series(one, published.get(one.unit), history) for one in history.series],
        rounding=trend_words.rounding() if history.published else "",
        file_url=url_for("desk.history_csv", line=history.line.key),
    )


def sentences(facts: PublishedFacts) -> list[str]:
    """What a long report says of a published series: its sums and their source, then year beside year."""
    return [whole_sentence(facts), *(change_sentence(facts, place) for place in range(len(facts.changes)))]


def whole_sentence(facts: PublishedFacts) -> str:
    """The sum of the days without a gap, from when to when, and whose figures they are; where there are gaps, each."""
    *earlier, last = (
        f"{counted(facts.unit, run.number)} {_days(run.period.first, run.period.last)}" for run in facts.runs
    )
    source = "; ".join(facts.sources)
    if not earlier:
        return str(gettext("%(sum)s, as published (%(source)s).", sum=last, source=source))
    return str(
        gettext(
            "%(sums)s and %(sum)s, as published (%(source)s). Nothing was published of the time between.",
            sums=", ".join(earlier),
            sum=last,
            source=source,
        )
    )


def change_sentence(facts: PublishedFacts, place: int) -> str:
    """One year: how many, how many a month, and the change from the year before where both are whole."""
    year = facts.changes[place].year
    said = gettext(
        "%(year)s: %(count)s, %(mean)s a month",
        year=_year_words(year),
        count=counted(facts.unit, year.number),
        mean=number(year.mean_a_month),
    )
    change = change_words(facts, place, trend_words.said)
    return f"{said}; {change}." if change else f"{said}."


def change_words(facts: PublishedFacts, place: int, say: Callable[[comparing.Change, str], str]) -> str:
    """The change from the year before, as ``say`` says it where chance may be spoken of.

    Empty where there is none, or one of the two isn't whole.
    """
    one = facts.changes[place]
    if one.percent is None or not place:
        return ""
    earlier = facts.changes[place - 1].year
    change = comparing.Change(one.year.number, earlier.number)
    return (trend_words.compared if facts.unit in _IN_BUNCHES else say)(change, str(earlier.year))


def counted(unit: SeriesUnit, count: int) -> str:
    """A number with its unit."""
    written = number(count)
    match unit:
        case SeriesUnit.CASES:
            return str(ngettext("%(count)s case", "%(count)s cases", count, count=written))
        case SeriesUnit.PERSONS:
            return str(ngettext("%(count)s exposed person", "%(count)s exposed persons", count, count=written))
        case SeriesUnit.CONSULTATIONS:
            return str(ngettext("%(count)s held consultation", "%(count)s held consultations", count, count=written))
        case SeriesUnit.CALLS:
            return str(ngettext("%(count)s call", "%(count)s calls", count, count=written))


def _series(series: Series, facts: PublishedFacts | None, history: History) -> SeriesShown:
    places = {one.year.year: place for place, one in enumerate(facts.changes)} if facts else {}
    title = str(UNITS[series.unit])
    return SeriesShown(
        unit=series.unit,
        title=title,
        chart=year_chart([_given(series.unit, one) for one in series.years]),
        said=gettext(
            "%(unit)s by year: bars from %(first)d to %(last)d. Hatched bars were published elsewhere, plain ones were"
            " counted here.",
            unit=title,
            first=series.years[0].year,
            last=series.years[-1].year,
        ),
        heads=[
            gettext("Year"),
            gettext("Published"),
            gettext("A month"),
            gettext("Beside the year before"),
            gettext("Counted here"),
            gettext("Note"),
        ],
        rows=[_row(one, facts, places.get(one.year), history) for one in series.years],
        numeric=(1, 2, 4),
        has_imported=bool(series.figures),
        has_own=any(one.own for one in series.years),
        taken_in=len(series.figures),
    )


def _row(one: YearBeside, facts: PublishedFacts | None, place: int | None, history: History) -> list[str]:
    imported, own = one.imported, one.own
    change = change_words(facts, place, trend_words.said_briefly) if facts and place is not None else ""
    return [
        str(one.year),
        number(imported.number) if imported else _NONE,
        number(imported.mean_a_month) if imported else _NONE,
        change or _NONE,
        number(own.number) if own else _NONE,
        note_of(one, history) or _NONE,
    ]


def note_of(one: YearBeside, history: History) -> str:
    """What has to be known of a year: which days the numbers are of, and that both stand there."""
    said = []
    if one.imported and not one.imported.is_whole:
        days = _days(one.imported.first, one.imported.last)
        said.append(
            gettext("published %(days)s, with gaps", days=days)
            if one.imported.has_gap
            else gettext("published %(days)s", days=days)
        )
    if one.own and not one.own.is_whole:
        is_so_far = one.own.period.last == history.today
        days = _days(one.own.period.first, one.own.period.last)
        said.append(
            gettext("counted here so far, %(days)s", days=days)
            if is_so_far
            else gettext("counted here %(days)s", days=days)
        )
    if one.is_both:
        said.append(gettext("part published, part counted here: never added up"))
    return "; ".join(map(str, said))


def _given(unit: SeriesUnit, one: YearBeside) -> YearGiven:
    imported, own = one.imported, one.own
    return YearGiven(
        one.year,
        _bar(f"{one.year}, {gettext('published')}", unit, imported.number) if imported else None,
        _bar(f"{one.year}, {gettext('counted here')}", unit, own.number) if own else None,
        is_own_whole=own is not None and own.is_whole,
    )


def _bar(named: str, unit: SeriesUnit, count: int) -> tuple[int, str, str]:
    return count, number(count), f"{named}: {counted(unit, count)}"


def _year_words(year: ImportedYear) -> str:
    if year.is_whole:
        return str(year.year)
    days = _days(year.first, year.last)
    if year.has_gap:
        return str(gettext("%(year)d (%(days)s, with gaps)", year=year.year, days=days))
    return str(gettext("%(year)d (%(days)s)", year=year.year, days=days))


def _days(first: date, last: date) -> str:
    return str(gettext("from %(first)s to %(last)s", first=language.date_words(first), last=language.date_words(last)))
