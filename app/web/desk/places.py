"""Municipalities as lists of a page show them: those of the lines first, then by county."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from flask_babel import gettext

from app.web.forms import Option

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from app.domain.lines import MunicipalityCode
    from app.domain.municipalities import Municipalities, Municipality


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """Places under one heading."""

    label: str
    options: list[Option]


def in_order(name: str) -> str:
    """As Swedish dictionaries have it: å, ä and ö come after z."""
    return name.lower().translate(str.maketrans("åäö", "{|}"))


def near(known: Municipalities, catchment: Collection[MunicipalityCode], chosen: Collection[str]) -> PlaceGroup:
    """The municipalities of the catchment."""
    found = [one for one in _ordered(known) if one.code in catchment]
    return PlaceGroup(gettext("The line's own area"), [_option(one, chosen) for one in found])


def far(
    known: Municipalities, catchment: Collection[MunicipalityCode], chosen: Collection[str]
) -> Iterator[PlaceGroup]:
    """All others, by county."""
    others = [one for one in _ordered(known) if one.code not in catchment]
    for name, of_county in groupby(sorted(others, key=lambda one: one.county_name), key=lambda one: one.county_name):
        yield PlaceGroup(name, [_option(one, chosen) for one in of_county])


def _ordered(known: Municipalities) -> list[Municipality]:
    return sorted(known.by_code.values(), key=lambda one: in_order(one.name))


def _option(one: Municipality, chosen: Collection[str]) -> Option:
    return Option(one.code, one.name, one.code in chosen, hint=one.county_name)
