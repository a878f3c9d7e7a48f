"""The words of the practice pages, in Swedish and English, and the pages' way to them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import request
from markupsafe import Markup

from app.simulator.shown import written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

LANGUAGES = ("sv", "en")
"""The first is spoken to whoever asks for nothing else."""

_FOLDER = Path(__file__).parent / "words"
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


def page_words(language: str) -> Mapping[str, Any]:
    """Every word of the pages in one of ``LANGUAGES``."""
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def give_words(app: Flask) -> None:
    """Every template of ``app`` gets ``words`` and ``language``, by ``?lang=`` of the page's address."""
    catalogue = {language: page_words(language) for language in LANGUAGES}

    def spoken() -> dict[str, Any]:
        asked = request.args.get("lang", "")
        language = asked if asked in catalogue else LANGUAGES[0]
        return {"language": language, "words": catalogue[language]}

    app.context_processor(spoken)
    app.jinja_env.filters.update(unstyled=unstyled, written=written)


def unstyled(picture: str) -> Markup:
    """One of our own SVG pictures without its style sheet: a page without inline style brings the rules itself."""
    return Markup(_STYLE.sub("", picture))  # noqa: S704 - drawn and escaped by the domain, from reviewed files
