"""Counties on a grid: each in its place, with what was counted in it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from app.domain.municipalities import CountyCode
from app.web.desk.trends.county_map import ORDER, short_name

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.policy import Policy

SOUTH_OF = {
    "Västerbotten": "Norrbotten",
    "Dalarna": "Jämtland",
    "Stockholm": "Uppsala",
    "Kalmar": "Östergötland",
    "Skåne": "Halland",
}
EAST_OF = {"Gävleborg": "Dalarna", "Stockholm": "Södermanland", "Gotland": "Kalmar", "Blekinge": "Kronoberg"}


@pytest.fixture(scope="module")
def names(policy: Policy) -> dict[str, str]:
    return {short_name(name): code for code, name in policy.municipalities.county_names.items()}


@pytest.fixture(scope="module")
def places(root: Path) -> dict[str, tuple[int, int]]:
    """Row and column of each county."""
    css = (root / "app/static/css/reached.css").read_text(encoding="utf-8")
    return {
        code: (int(row), int(column)) for code, row, column in re.findall(r"\.at-(\d\d) \{ grid-area: (\d) / (\d)", css)
    }


def test_every_county_has_a_place_of_its_own(policy: Policy, places: dict[str, tuple[int, int]]) -> None:
    assert set(places) == set(policy.municipalities.county_names)
    assert len(set(places.values())) == len(places)


def test_the_map_is_read_from_north_to_south_and_from_west_to_east(places: dict[str, tuple[int, int]]) -> None:
    assert len(ORDER) == len(places)
    assert all(places[before] < places[after] for before, after in pairwise(ORDER))


def test_neighbours_lie_as_they_do(names: dict[str, str], places: dict[str, tuple[int, int]]) -> None:
    for south, north in SOUTH_OF.items():
        assert places[names[south]][0] > places[names[north]][0], south
    for east, west in EAST_OF.items():
        assert places[names[east]][1] > places[names[west]][1], east


@pytest.mark.parametrize(
    ("code", "name"),
    [("01", "Stockholm"), ("12", "Skåne"), ("14", "Västra Götaland"), ("18", "Örebro"), ("20", "Dalarna")],
)
def test_counties_are_called_as_people_call_them(policy: Policy, code: str, name: str) -> None:
    assert short_name(policy.municipalities.county_names[CountyCode(code)]) == name
