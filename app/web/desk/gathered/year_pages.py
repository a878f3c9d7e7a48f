"""What the pages of a year have in common: which year is asked for."""

from __future__ import annotations

import re

from flask import request

_YEAR = re.compile(r"20[0-9]{2}", re.ASCII)


def asked_year() -> int | None:
    """The year that the address names; anything else is as if it weren't there."""
    given = request.args.get("year", "")
    return int(given) if _YEAR.fullmatch(given) else None
