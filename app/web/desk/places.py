"""Municipalities as lists of a page show them: those of the lines first, then by county."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from flask_babel import gettext

from app.domain.consultations import OF_A_COUNTY, PlaceKind
from app.web import language
from app.web.forms import Option

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from app.domain.lines import MunicipalityCode
    from app.domain.municipalities import CountyCode, Municipalities, Municipality
    from app.domain.taxonomy import Group


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


def everywhere(
    group: Group, known: Municipalities, catchment: Collection[MunicipalityCode], chosen: Collection[str]
) -> Iterator[PlaceGroup]:
    """Every answer to a question for a place: the catchment, counties, what is neither, all other municipalities."""
    spoken = language.spoken()
    yield near(known, catchment, chosen)
    plain = []
    for code, choice in group.choices.items():
        if PlaceKind(code) in OF_A_COUNTY:
            options = [
                Option(token, name, token in chosen, hint=choice.labels[spoken], key=choice.press)
                for county, name in counties(known)
                for token in (f"{code}:{county}",)
            ]
            yield PlaceGroup(choice.labels[spoken], options)
        elif code != PlaceKind.MUNICIPALITY.value:
            plain.append(Option(code, choice.labels[spoken], code in chosen, key=choice.press))
    yield PlaceGroup(gettext("Other"), plain)
    yield from far(known, catchment, chosen)


def counties(known: Municipalities) -> list[tuple[CountyCode, str]]:
    """Codes and names, by name."""
    return sorted(known.county_names.items(), key=lambda pair: in_order(pair[1]))


def _ordered(known: Municipalities) -> list[Municipality]:
    return sorted(known.by_code.values(), key=lambda one: in_order(one.name))


def _option(one: Municipality, chosen: Collection[str]) -> Option:
    return Option(one.code, one.name, one.code in chosen, hint=one.county_name)
