"""Waits and talks: how many lasted how long, with the median and the ninth decile where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask_babel import gettext, lazy_gettext

from app.domain.histograms import gathered, quantile
from app.domain.tallies import Dimension, TallyUnit
from app.web.desk.number_words import DASH, number
from app.web.desk.trends.trends_calls import A_MINUTE, duration, in_minutes, in_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.numbers.trends import Counted, Trends

WAITS, TALKS = "waits", "talks"
_ASKED: Final = {WAITS: Dimension.WAIT, TALKS: Dimension.TALK}
_TITLES: Final = {
    WAITS: lazy_gettext("How long those who were answered waited"),
    TALKS: lazy_gettext("How long was talked"),
}
_BEGINS: Final = {
    WAITS: (0, 10, 20, 30, 60, 120, 180, 300, 600),
    TALKS: (0, 60, 300, 600, 900, 1200, 1800, 2700, 3600),
}
"""Where the steps that are shown begin, in seconds: each is one of those that are stored."""
_SHARES: Final = ((0.5, lazy_gettext("Median")), (0.9, lazy_gettext("Nine of ten within")))


@dataclass(frozen=True, slots=True)
class Span:
    """Times from ``begins`` to below ``ends`` seconds; ``None``: however long. ``marks``: what lies in it, in words."""

    begins: int
    ends: int | None
    label: str
    numbers: Sequence[int | None]
    """Now, before and a year before; ``None`` of a period that wasn't counted."""
    width: str
    marks: Sequence[str]

    @property
    def cells(self) -> list[str]:
        """The numbers, written."""
        return _cells(self.numbers)


@dataclass(frozen=True, slots=True)
class Times:
    """Waits or talks. ``quantiles``: each with its name, in seconds now, before and a year before."""

    key: str
    title: str
    spans: Sequence[Span]
    total: Sequence[int | None]
    quantiles: Sequence[tuple[str, Sequence[int | None]]]

    @property
    def sums(self) -> list[tuple[str, Sequence[str]]]:
        """The rows beneath the spans, written."""
        written = [(name, [duration(one) for one in seconds]) for name, seconds in self.quantiles]
        return [(gettext("All"), _cells(self.total)), *written]


def all_times(found: Trends) -> list[Times]:
    """Both, where there was any."""
    return [times_called(found, key) for key in _ASKED if found.now.of(TallyUnit.CALL, _ASKED[key])]


def times_called(found: Trends, key: str) -> Times:
    """Waits or talks, also where there were none."""
    periods = [one if _is_known(found, one) else None for one in (found.now, found.before, found.year_before)]
    begins = _BEGINS[key]
    counted = [gathered(one.of(TallyUnit.CALL, _ASKED[key]), begins) if one else None for one in periods]
    now = counted[0] or [0]
    quantiles = [
        (str(name), [quantile(one.of(TallyUnit.CALL, _ASKED[key]), share) if one else None for one in periods])
        for share, name in _SHARES
    ]
    spans = [
        Span(
            begins=first,
            ends=end,
            label=_label(first, end),
            numbers=[one[place] if one else None for one in counted],
            width=f"{100 * now[place] / max(1, *now):.1f}%",
            marks=[
                f"{name} {duration(at)}"
                for name, (at, *_) in quantiles
                if at is not None and first <= at and (end is None or at < end)
            ],
        )
        for place, (first, end) in enumerate(zip(begins, (*begins[1:], None), strict=True))
    ]
    return Times(key, str(_TITLES[key]), spans, [sum(one) if one else None for one in counted], quantiles)


def rows_of(found: Trends, key: str) -> Iterator[Sequence[str]]:
    """As a file has them: calls by step, and beneath them seconds."""
    times = times_called(found, key)
    periods = (found.now.period, found.before.period, found.year_before.period)
    head = [times.title, gettext("From, seconds"), gettext("Below, seconds"), gettext("Unit")]
    yield [*head, *(f"{period.first} {DASH} {period.last}" for period in periods)]
    for span in times.spans:
        end = "" if span.ends is None else str(span.ends)
        yield [span.label, str(span.begins), end, gettext("calls"), *_plain(span.numbers)]
    yield [gettext("All"), "", "", gettext("calls"), *_plain(times.total)]
    for name, seconds in times.quantiles:
        yield [name, "", "", gettext("seconds"), *_plain(seconds)]


def _is_known(found: Trends, counted: Counted) -> bool:
    return found.is_counted if counted is found.now else found.is_comparable(counted)


def _label(first: int, end: int | None) -> str:
    if end is None:
        return str(gettext("%(time)s or longer", time=_limit(first)))
    if not first:
        return str(gettext("Under %(time)s", time=_limit(end)))
    if end <= A_MINUTE:
        return f"{first}{DASH}{in_seconds(end)}"
    return f"{first // A_MINUTE}{DASH}{in_minutes(end // A_MINUTE)}"


def _limit(limit: int) -> str:
    return in_minutes(limit // A_MINUTE) if limit >= A_MINUTE else in_seconds(limit)


def _cells(numbers: Sequence[int | None]) -> list[str]:
    return [DASH if one is None else number(one) for one in numbers]


def _plain(numbers: Sequence[int | None]) -> list[str]:
    return ["" if one is None else str(one) for one in numbers]
