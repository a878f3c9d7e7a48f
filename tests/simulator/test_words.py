"""The words of the practice pages: both languages say the same, and nobody asks for a word that isn't there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import app.simulator.words
from app.domain.callflow import draw_svg
from app.domain.callflow.ring import Cause
from app.simulator.words import LANGUAGES, page_words, unstyled
from tests.domain.callflow.cast import FLOWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HOME = Path(app.simulator.words.__file__).parent
SCRIPTS = sorted((HOME / "static").glob("*.js"))
# What callflows name themselves: a name without a word is shown as it is.
NAMED_ELSEWHERE = ("nodes", "picture")


def texts(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        match value:
            case str():
                yield f"{path}{name}", value
            case dict():
                yield from texts(value, f"{path}{name}.")
            case list():
                for place, one in enumerate(value):
                    yield from texts(one, f"{path}{name}[{place}].")
            case _:
                pass


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", text))


def of_the_page(language: str) -> dict[str, str]:
    return {path: text for path, text in texts(page_words(language)) if not path.startswith(NAMED_ELSEWHERE)}


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    swedish, english = (of_the_page(language) for language in LANGUAGES)

    assert swedish.keys() == english.keys()
    assert {path: placeholders(text) for path, text in swedish.items()} == {
        path: placeholders(text) for path, text in english.items()
    }


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_script_asks_for_words_that_exist(script: Path, language: str) -> None:
    known = dict(texts(page_words(language)))

    asked = re.findall(r'\bwords\("([\w.-]+)"', script.read_text(encoding="utf-8"))

    assert [path for path in asked if path not in known] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_says_nothing_of_its_own(script: Path) -> None:
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", script.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert re.findall(r"[åäöÅÄÖ]", code) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_nobody_was_reached_has_words(language: str) -> None:
    assert page_words(language)["record"]["causes"].keys() == {*Cause}


@pytest.mark.parametrize("name", FLOWS)
def test_every_step_of_a_callflow_has_a_name_that_people_understand(name: str) -> None:
    steps = FLOWS[name].nodes

    unnamed = {language: sorted(steps.keys() - page_words(language)["nodes"].keys()) for language in LANGUAGES}

    assert unnamed == {"sv": [], "en": []}


def test_a_picture_in_the_page_brings_no_style_of_its_own() -> None:
    picture = draw_svg(FLOWS["regional"], ())

    shown = unstyled(picture)

    assert "<style>" in picture
    assert "<style" not in shown
    assert 'data-node="greeting"' in shown
