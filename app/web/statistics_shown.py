"""The yearly figures as their page shows them: a chart of the quarters, and tables with a column for each year."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext
from markupsafe import Markup

from app.domain.public_statistics import REST, Dimension, Unit
from app.web import language
from app.web.desk import number_words
from app.web.desk.charts import Given, chart
from app.web.statistics_words import HEADS, TABLES, label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.policy import Policy
    from app.services.numbers.public_statistics import OfLine, OfYear
    from app.web.desk.charts import Chart

MOST_YEARS = 5
"""In tables and charts; the files have all."""
_Key = tuple[Unit, Dimension, str]


@dataclass(frozen=True, slots=True)
class Table:
    """One table. ``anchor``: of the definition; ``unlisted``: a sentence about rows that are withheld in all years."""

    caption: str
    anchor: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    unlisted: str = ""


@dataclass(frozen=True, slots=True)
class ByQuarter:
    """One unit by quarter: bars where there are any, and their table."""

    table: Table
    bars: Chart | None
    said: str


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line."""

    line: OfLine
    sums: Sequence[tuple[str, str]]
    """Of the latest year: where each is defined, and the number with its unit."""
    quarters: Sequence[ByQuarter]
    tables: Sequence[Table]
    has_more: bool
    """Whether the files have years that aren't shown."""


def page_of(policy: Policy, one: OfLine) -> LineShown:
    """What the template shows of one line, in the language of the page."""
    years = one.years[:MOST_YEARS]
    numbers = [{(row.unit, row.dimension, row.code): row.number for row in year.rows} for year in years]
    return LineShown(
        line=one,
        sums=_sums(numbers[0]) if numbers else (),
        quarters=[
            _by_quarter(years, numbers, Unit.HELD, gettext("Held consultations by quarter"), "held"),
            _by_quarter(years, numbers, Unit.CALLS, gettext("Calls by quarter"), "calls"),
        ]
        if years
        else (),
        tables=[_table(policy, years, numbers, unit, dimension) for unit, dimension in TABLES] if years else (),
        has_more=len(one.years) > len(years),
    )


def _sums(numbers: Mapping[_Key, int | None]) -> Sequence[tuple[str, str]]:
    held, exposed, calls = (numbers.get((unit, Dimension.YEAR, "")) for unit in (Unit.HELD, Unit.EXPOSED, Unit.CALLS))
    return (
        (
            "held",
            gettext("held consultations: withheld")
            if held is None
            else ngettext(
                "%(written)s held consultation",
                "%(written)s held consultations",
                held,
                written=number_words.number(held),
            ),
        ),
        (
            "exposed",
            gettext("exposed persons: withheld")
            if exposed is None
            else ngettext(
                "%(written)s exposed person",
                "%(written)s exposed persons",
                exposed,
                written=number_words.number(exposed),
            ),
        ),
        (
            "calls",
            gettext("calls: withheld")
            if calls is None
            else ngettext("%(written)s call", "%(written)s calls", calls, written=number_words.number(calls)),
        ),
    )


def _by_quarter(
    years: Sequence[OfYear], numbers: Sequence[Mapping[_Key, int | None]], unit: Unit, caption: str, anchor: str
) -> ByQuarter:
    heads = [gettext("Year"), *(gettext("Quarter %(number)d", number=quarter) for quarter in range(1, 5))]
    rows, given = [], []
    for year, known in zip(years, numbers, strict=True):
        quarters = [known.get((unit, Dimension.QUARTER, str(quarter))) for quarter in range(1, 5)]
        rows.append([str(year.year), *map(_cell, quarters), _cell(known.get((unit, Dimension.YEAR, "")))])
        given.append([_given(year.year, place, number) for place, number in enumerate(quarters, 1) if number])
    shown = list(chain(*reversed(given)))
    return ByQuarter(
        table=Table(caption, anchor, [*heads, gettext("The whole year")], rows),
        bars=chart(shown, max(bar.number for bar in shown)) if shown else None,
        said=_said(caption, shown) if shown else "",
    )


def _given(year: int, quarter: int, number: int) -> Given:
    written = number_words.number(number)
    title = gettext("Quarter %(quarter)d of %(year)d: %(number)s", quarter=quarter, year=year, number=written)
    return Given(number=number, year=year, label=str(quarter), title=title, is_over=True, written=written)


def _said(caption: str, shown: Sequence[Given]) -> str:
    """The chart for those who don't see it."""
    most, least = (of(shown, key=lambda bar: bar.number) for of in (max, min))
    return str(gettext("%(what)s: bars. %(least)s; %(most)s.", what=caption, least=least.title, most=most.title))


def _table(
    policy: Policy,
    years: Sequence[OfYear],
    numbers: Sequence[Mapping[_Key, int | None]],
    unit: Unit,
    dimension: Dimension,
) -> Table:
    codes = dict.fromkeys(
        row.code for year in years for row in year.rows if (row.unit, row.dimension) == (unit, dimension)
    )
    found = {code: [known.get((unit, dimension, code)) for known in numbers] for code in codes}
    is_places = dimension is Dimension.MUNICIPALITY
    listed = [code for code in found if code != REST and (not is_places or any(found[code]))]
    order = [*listed, *(code for code in found if code == REST)]
    names = {code: label(policy, dimension, code, language.spoken()) for code in order}
    hidden = len([code for code in found if code != REST]) - len(listed)
    unlisted = ngettext(
        "%(num)d further municipality of the line's area is withheld.",
        "%(num)d further municipalities of the line's area are withheld.",
        hidden,
    )
    return Table(
        caption=str(TABLES[unit, dimension]),
        anchor=dimension.value,
        heads=[str(HEADS[dimension]), *(str(year.year) for year in years)],
        rows=[[names[code], *map(_cell, found[code])] for code in order],
        unlisted=unlisted if hidden else "",
    )


def _cell(number: int | None) -> str:
    return number_words.number(number) if number is not None else _withheld()


def _withheld() -> Markup:
    """One mark for all that is withheld, as Swedish official statistics have it."""
    return Markup('<span aria-hidden="true">..</span><span class="visually-hidden">{}</span>').format(
        gettext("withheld")
    )
