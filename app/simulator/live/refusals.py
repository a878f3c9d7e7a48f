"""Why a button does nothing just now: each refusal has words of its own, in ``words/refusals.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_WORDS = Path(__file__).parent.parent / "words" / "refusals.toml"

WRONG, UNKNOWN, NOT_NOW, GONE = 422, 404, 409, 503


class Refused(Exception):
    """What was asked for can't be done: ``status`` for the machine, and words for whoever pressed the button."""

    def __init__(self, status: int, key: str, **fillings: str) -> None:
        self.status = status
        self.detail = _words()[key].format(**fillings)
        super().__init__(key)


@cache
def _words() -> dict[str, str]:
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))
