"""What every page has around it: its language, the ways to other pages, and whose time it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import IntEnum
from typing import TYPE_CHECKING

from flask import g, request
from flask_babel import lazy_gettext

from app.web import assets, forms, language
from app.web.setup import setup

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from flask import Flask
    from flask_babel.speaklater import LazyString


class Rank(IntEnum):
    """Where the way to a page stands."""

    FIRST = 1
    """In the row at every width."""
    SECOND = 2
    """In the row where it is wide enough, else under "More"."""
    THIRD = 3
    """Under "More" at every width."""


@dataclass(frozen=True, slots=True)
class Way:
    """A page that the top of every page leads to."""

    path: str
    label: LazyString
    press: str = ""
    """The key that leads there, after a full stop: of its Swedish name, as the keys of a record are."""
    rank: Rank = Rank.THIRD
    also: tuple[str, ...] = ()
    """Other pages that it leads to."""

    @property
    def is_current(self) -> bool:
        """Whether the reader is there, or at something beneath it."""
        beneath = "/today/" if self.path == "/" else f"{self.path}/"
        there = (beneath, *(f"{path}/" for path in self.also))
        return request.path in {self.path, *self.also} or request.path.startswith(there)


_MOST_IN_ROW = 6
"""So many have room in the row, with everything else that stands there."""
WAYS = (
    Way("/", lazy_gettext("Today"), "i", Rank.FIRST),
    Way("/records", lazy_gettext("Records"), "k", Rank.FIRST),
    Way("/cases", lazy_gettext("Cases"), "ä", Rank.SECOND),
    Way("/follow-ups", lazy_gettext("Follow-ups"), "u", Rank.SECOND),
    Way("/callbacks", lazy_gettext("Call-backs"), "å", Rank.SECOND),
    Way("/referrals", lazy_gettext("Referrals"), "h", Rank.SECOND),
    Way("/calls", lazy_gettext("Calls"), "m"),
    Way("/hand-over", lazy_gettext("Hand over"), "l"),
    Way("/trends", lazy_gettext("Trends"), "t", Rank.SECOND, also=("/reports",)),
    Way("/figures", lazy_gettext("Figures"), "s", also=("/training", "/observations")),
    Way("/exports", lazy_gettext("Exports"), "e"),
    Way("/register", lazy_gettext("Register"), "r"),
    Way("/account", lazy_gettext("Account"), "o"),
)


def install(app: Flask) -> None:
    """Give the templates of ``app`` their words, their looks, and what stands around a page."""
    assets.install(app)
    language.install(app)
    forms.install(app)
    app.context_processor(_frame)


def _frame() -> dict[str, object]:
    """Asks nothing of the database: pages that say that it doesn't answer have it around them too."""
    return {
        "is_practice": setup().is_practice,
        "language": language.spoken(),
        "languages": language.switches(),
        "navigation": (ways := _navigation()),
        "ways_first": [way for way in ways if way.rank < Rank.THIRD],
        "ways_more": [way for way in ways if way.rank > Rank.FIRST],
        "takes_calls": g.get("takes_calls", False),
        "zones": (zones := _zones()),
        "made": language.moment(datetime.now(UTC), zones[0] if zones else UTC),
    }


def _navigation() -> list[Way]:
    """Whoever knows the asker puts the paths that are open to them into ``g.ways``; without it there are none."""
    is_open = g.get("ways", frozenset())
    ways = [way for way in WAYS if way.path in is_open]
    row = [way for way in ways if way.rank < Rank.THIRD][:_MOST_IN_ROW]
    return [way if way in row else replace(way, rank=Rank.THIRD) for way in ways]


def _zones() -> list[ZoneInfo]:
    zones = {schedule.hours.zone.key: schedule.hours.zone for schedule in setup().policy.schedules.values()}
    return [zones[key] for key in sorted(zones)]
