"""The values of the look: one table, both sheets, and contrasts that hold."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

ROW = re.compile(r"^\| `(--[\w-]+)` \| `(#[0-9a-f]{6})` \| `(#[0-9a-f]{6})` \| (.+) \|$", re.MULTILINE)
SIZE = re.compile(r"^\| `(--[\w-]+)` \| `([\w.]+)` \| .+ \|$", re.MULTILINE)
RULES = re.compile(r"(?s)^:root \{(.*?)^\}|prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", re.MULTILINE)
VALUE = re.compile(r"(--[\w-]+): ([^;]+);")
# A shadow over everything else is the same in every scheme.
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\((?!0 0 0 /)")
SHEETS = ("app/static/css/tokens.css", "app/simulator/static/practice.css")
SCHEMES = ("light", "dark")
WORDS, BORDERS = 4.5, 3.0
"""WCAG 2.1, 1.4.3 and 1.4.11."""


@pytest.fixture(scope="module")
def table(root: Path) -> str:
    return (root / "docs" / "look.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def colours(table: str) -> dict[str, dict[str, str]]:
    rows = ROW.findall(table)
    return {"light": {name: light for name, light, *_ in rows}, "dark": {name: dark for name, _, dark, _ in rows}}


def meant_for(table: str, use: str) -> list[str]:
    return [name for name, _, _, uses in ROW.findall(table) if re.search(rf"\b{use}: |{use} on", uses)]


def values(sheet: str) -> dict[str, dict[str, str]]:
    light, dark = ("".join(parts) for parts in zip(*RULES.findall(sheet)[:2], strict=True))
    return {"light": dict(VALUE.findall(light)), "dark": dict(VALUE.findall(dark))}


def written_out(colour: str) -> str:
    short = re.fullmatch(r"#(\w)(\w)(\w)", colour)
    return "#" + "".join(2 * one for one in short.groups()) if short else colour


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_sheet_says_what_the_table_says(
    root: Path, sheet: str, table: str, colours: dict[str, dict[str, str]]
) -> None:
    said = values((root / sheet).read_text(encoding="utf-8"))
    sizes = dict(SIZE.findall(table))

    assert {name: written_out(value) for name, value in said["light"].items()}.items() <= (
        colours["light"] | sizes
    ).items()
    assert {name: written_out(value) for name, value in said["dark"].items()}.items() <= colours["dark"].items()
    assert {name for name in said["light"] if name in colours["light"]} == set(said["dark"])


def test_the_services_own_sheet_holds_the_whole_table(
    root: Path, table: str, colours: dict[str, dict[str, str]]
) -> None:
    said = values((root / SHEETS[0]).read_text(encoding="utf-8"))

    assert set(said["light"]) == set(colours["light"]) | set(dict(SIZE.findall(table)))
    assert set(said["dark"]) == set(colours["dark"])


def test_no_other_sheet_names_a_colour_of_its_own(root: Path) -> None:
    sheets = [sheet for sheet in (root / "app/static/css").glob("*.css") if sheet.name != "tokens.css"]

    named = {sheet.name: COLOUR.findall(sheet.read_text(encoding="utf-8")) for sheet in sheets}

    assert len(named) >= 6
    assert not any(named.values()), named


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("use", "least"), [("words", WORDS), ("border", BORDERS)])
def test_words_and_borders_stand_out_from_every_surface(
    table: str, colours: dict[str, dict[str, str]], scheme: str, use: str, least: float
) -> None:
    known = colours[scheme]
    drawn = [name for name in meant_for(table, use) if name != "--accent-ink"]
    surfaces = meant_for(table, "surface")

    weak = {
        (name, surface): round(contrast(known[name], known[surface]), 2)
        for name, surface in product(drawn, surfaces)
        if contrast(known[name], known[surface]) < least
    }

    assert len(drawn) >= 2
    assert len(surfaces) >= 5
    assert weak == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_on_the_accent_stand_out_from_it(colours: dict[str, dict[str, str]], scheme: str) -> None:
    assert contrast(colours[scheme]["--accent-ink"], colours[scheme]["--accent"]) >= WORDS


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
