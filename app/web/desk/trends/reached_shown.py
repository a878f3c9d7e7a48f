"""Which municipalities turn to a line, as the page shows it: in sentences, as tiles by county, and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from flask import url_for
from flask_babel import gettext, lazy_gettext

from app.domain import calendar_periods as calendar
from app.domain.reach import SILENT_MONTHS, Often
from app.web.desk.number_words import number
from app.web.desk.places import in_order
from app.web.desk.trends.county_map import OnMap, on_map
from app.web.desk.trends.reached_words import Row, apart_of, months_words, population_words, row_of, sentences
from app.web.desk.trends.trend_address import address_of
from app.web.forms import Option

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from app.domain.trends import Period
    from app.services.numbers.equal_access import AskedReach, OfMunicipality, Reach

NO_DAY = ""
_ORDER = list(Often)
_UP, _DOWN = "ascending", "descending"


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which column the table is sorted, and whether the largest comes first."""

    column: str = "name"
    is_down: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, what it is sorted by, and which way first."""

    key: str
    label: object
    by: Callable[[OfMunicipality], tuple[object, ...]]
    begins_down: bool = True
    is_number: bool = True


COLUMNS: Final = (
    Column(
        "name",
        lazy_gettext("Municipality"),
        lambda one: (in_order(one.municipality.name),),
        begins_down=False,
        is_number=False,
    ),
    Column(
        "county",
        lazy_gettext("County"),
        lambda one: (in_order(one.municipality.county_name),),
        begins_down=False,
        is_number=False,
    ),
    Column("held", lazy_gettext("Held consultations"), lambda one: (one.held,)),
    Column(
        "rate",
        lazy_gettext("Per 10,000 inhabitants"),
        lambda one: (-1.0 if one.per_10_000 is None else one.per_10_000,),
    ),
    Column("often", lazy_gettext("How often"), lambda one: (_ORDER.index(one.often),), is_number=False),
    Column("last", lazy_gettext("Last in"), lambda one: (_month_of(one),), is_number=False),
    Column("quiet", lazy_gettext("Whole months since"), lambda one: (one.quiet_months,)),
)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column, which leads to the table sorted by it. ``sort``: as ``aria-sort`` has it, or empty."""

    key: str
    label: str
    url: str
    sort: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class County:
    """The municipalities of a county that are in the catchment."""

    code: str
    name: str
    said: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Page:
    """All that the template shows."""

    reach: Reach
    sentences: Sequence[str]
    heads: Sequence[Head]
    rows: Sequence[Row]
    counties: Sequence[County]
    map: Sequence[OnMap]
    """The same on a map; empty where there is one alone."""
    has_counties: bool
    """Whether there is more than one."""
    apart: Sequence[Sequence[str]]
    only_silent: bool
    sorting: Sorting
    population: str
    all_url: str
    silent_url: str
    file_url: str
    earlier_url: str
    later_url: str


def page_of(reach: Reach, asked: AskedReach, sorting: Sorting, *, only_silent: bool) -> Page:
    """The page in the language of the reader."""

    def address(endpoint: str = "desk.municipalities_reached", **changed: object) -> str:
        return url_for(endpoint, **address_parts(asked, sorting, only_silent=only_silent, **changed))

    shown = in_chosen_order(reach.silent if only_silent else reach.rows, sorting)
    silent = {one.municipality.code for one in reach.silent}
    by_county = _by_county(reach)
    return Page(
        reach=reach,
        sentences=sentences(reach),
        heads=[_head(column, sorting, address) for column in COLUMNS],
        rows=[row_of(one, silent) for one in shown],
        counties=[_county(some, silent) for some in by_county],
        map=on_map(by_county) if len(by_county) > 1 else (),
        has_counties=len(by_county) > 1,
        apart=apart_of(reach),
        only_silent=only_silent,
        sorting=sorting,
        population=population_words(reach),
        all_url=address(only=None),
        silent_url=address(only="silent"),
        file_url=address("desk.municipalities_reached_csv"),
        earlier_url=address(**_days(calendar.before(reach.kind, reach.period))) if _has_earlier(reach) else "",
        later_url=address(**_days(calendar.after(reach.kind, reach.period))) if _has_later(reach) else "",
    )


def silent_options(chosen: int) -> list[Option]:
    """For how many months municipalities may have been silent: those that are offered, and what an address asks for."""
    return [Option(str(one), months_words(one), one == chosen) for one in sorted({*SILENT_MONTHS, chosen})]


def address_parts(asked: AskedReach, sorting: Sorting, *, only_silent: bool, **changed: object) -> dict[str, Any]:
    """The parts of the address of this very page, with some of them changed."""
    return {
        **address_of(asked.trends),
        "silent": asked.silent_months,
        "since": asked.since.isoformat() if asked.since else None,
        "sort": sorting.column,
        "order": _DOWN if sorting.is_down else _UP,
        "only": "silent" if only_silent else None,
        **changed,
    }


def in_chosen_order(rows: Sequence[OfMunicipality], sorting: Sorting) -> list[OfMunicipality]:
    """Sorted by the column that is asked for; what is alike by name."""
    by_name = sorted(rows, key=lambda one: in_order(one.municipality.name))
    column = next(each for each in COLUMNS if each.key == sorting.column)
    return sorted(by_name, key=column.by, reverse=sorting.is_down)


def _by_county(reach: Reach) -> list[list[OfMunicipality]]:
    ordered = sorted(
        reach.rows, key=lambda one: (in_order(one.municipality.county_name), in_order(one.municipality.name))
    )
    return [list(some) for _, some in groupby(ordered, key=lambda one: one.municipality.county)]


def _county(some: Sequence[OfMunicipality], silent: Collection[str]) -> County:
    said = gettext("%(some)s of %(all)s", some=number(sum(one.held > 0 for one in some)), all=number(len(some)))
    first = some[0].municipality
    return County(first.county, first.county_name, said, [row_of(one, silent) for one in some])


def _head(column: Column, sorting: Sorting, address: Callable[..., str]) -> Head:
    is_here = column.key == sorting.column
    is_down = not sorting.is_down if is_here else column.begins_down
    now = (_DOWN if sorting.is_down else _UP) if is_here else ""
    return Head(
        column.key, str(column.label), address(sort=column.key, order=_DOWN if is_down else _UP), now, column.is_number
    )


def _has_earlier(reach: Reach) -> bool:
    return reach.counted_since is not None and reach.counted_since < reach.period.first


def _has_later(reach: Reach) -> bool:
    return calendar.after(reach.kind, reach.period).first <= reach.today


def _days(period: Period) -> Mapping[str, str]:
    return {"day": period.first.isoformat(), "last": period.last.isoformat()}


def _month_of(one: OfMunicipality) -> str:
    return one.last.isoformat()[:7] if one.last else NO_DAY
