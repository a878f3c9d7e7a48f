"""Counties as a map: each of them in its place on a grid of Sweden, north at the top, with what was counted in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask_babel import gettext, lazy_gettext

from app.web.desk.number_words import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.numbers.equal_access import OfMunicipality

_NORTH_TO_SOUTH: Final = ("25", "24", "23", "22", "20", "21", *("17", "18", "19", "03"))
_SOUTH: Final = ("14", "05", "04", "01", "13", "06", "08", "09", "12", "07", "10")
ORDER: Final = (*_NORTH_TO_SOUTH, *_SOUTH)
"""Codes of counties (SCB) as the map is read, from north to south and from west to east; where each lies is in CSS."""
SHARES: Final = (
    ("○", lazy_gettext("none of the municipalities")),
    ("◔", lazy_gettext("fewer than half")),
    ("◑", lazy_gettext("half or more")),
    ("●", lazy_gettext("all of them")),
)
"""How many of a county's municipalities had a consultation: a sign and its words."""
_WORD_JOINT = re.compile(r"(?<=\w{3})(?=norrland|manland|götland|botten|köping|land|borg|holm|berg)")
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"


@dataclass(frozen=True, slots=True)
class OnMap:
    """One county."""

    code: str
    name: str
    """Without "län", and with places where it may be divided."""
    held: str
    reached: str
    level: int
    """Which of ``SHARES`` it is."""

    @property
    def sign(self) -> str:
        """The sign of its share."""
        return SHARES[self.level][0]

    @property
    def share(self) -> str:
        """The words of its share."""
        return str(SHARES[self.level][1])


def on_map(counties: Sequence[Sequence[OfMunicipality]]) -> list[OnMap]:
    """The counties of a catchment, each given by its municipalities in it, as the map is read."""
    return sorted(map(_county, counties), key=lambda one: ORDER.index(one.code))


def short_name(county_name: str) -> str:
    """``Västra Götaland`` of ``Västra Götalands län``. No name of a county ends with an s of its own."""
    return county_name.removesuffix(" län").removesuffix("s")


def _county(some: Sequence[OfMunicipality]) -> OnMap:
    reached = sum(one.held > 0 for one in some)
    first = some[0].municipality
    return OnMap(
        code=first.county,
        name=_WORD_JOINT.sub(_SOFT_HYPHEN, short_name(first.county_name), count=1),
        held=number(sum(one.held for one in some)),
        reached=gettext("%(some)s of %(all)s", some=number(reached), all=number(len(some))),
        level=_level(reached, len(some)),
    )


def _level(reached: int, all_of_them: int) -> int:
    if reached in (0, all_of_them):
        return 3 if reached else 0
    return 2 if 2 * reached >= all_of_them else 1
