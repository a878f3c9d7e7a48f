"""TOML files as plain tables, or as problems."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from app.domain.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

_PLACE = re.compile(r" \(at (?P<place>line \d+, column \d+|end of document)\)")
_WHOLE_FILE = "the file"
_TOML = "a TOML file in UTF-8"


def read_toml(root: Path, where: str, problems: list[Problem]) -> dict[str, object] | None:
    """The file ``where`` below ``root``; ``None``, with the problem noted, when it can't be read."""
    try:
        text = (root / where).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        problems.append(Problem(where, _WHOLE_FILE, "no such file", f"{_TOML}, here: {root / where}"))
    except OSError as error:
        problems.append(Problem(where, _WHOLE_FILE, f"a file that can't be read ({error.strerror})", _TOML))
    except UnicodeDecodeError as error:
        problems.append(Problem(where, _WHOLE_FILE, f"a byte that isn't UTF-8, the {error.start + 1}th", _TOML))
    else:
        return parse_toml(text, where, problems)
    return None


def parse_toml(text: str, where: str, problems: list[Problem]) -> dict[str, object] | None:
    """The text of the file ``where``; ``None``, with the problem noted, when it isn't TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        what = _PLACE.sub("", str(error))
        problems.append(
            Problem(where, place["place"] if place else _WHOLE_FILE, f"{what[:1].lower()}{what[1:]}", _TOML)
        )
    except (RecursionError, ValueError):  # ValueError: a whole number of more than 4300 digits
        problems.append(Problem(where, _WHOLE_FILE, "lists nested too deeply, or a number too large", _TOML))
    return None
