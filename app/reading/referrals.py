"""referrals.toml, which comes with the package, as values or problems."""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING

from app.domain.referrals import EMERGENCY, FOREIGN_MINISTRY, LONGEST, POLICE, ReferralKey, Shipped, Words
from app.domain.taxonomy import LANGUAGES
from app.reading.files import parse_toml
from app.reading.tables import Table, one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.errors import Problem

REFERRALS = "referrals.toml"

_KEY = re.compile(r"[a-z][a-z0-9-]{0,31}")
_A_KEY = "small letters a to z, digits and -, at most 32 characters, a letter first"
_NUMBER = re.compile(r"\+?[0-9][0-9 -]*")
_A_NUMBER = "digits, spaces and hyphens, perhaps after a +"
_APART = 10
"""Between the places of two entries, so that an organisation's own fit in."""


def read_referrals(problems: list[Problem]) -> Mapping[ReferralKey, Shipped] | None:
    """The shipped list."""
    text = resources.files("app.domain").joinpath(REFERRALS).read_text(encoding="utf-8")
    return parse_referrals(text, problems)


def parse_referrals(text: str, problems: list[Problem], where: str = REFERRALS) -> Mapping[ReferralKey, Shipped] | None:
    """The list, by key and in its order; ``None``, with every problem noted, when something in it is wrong."""
    before = len(problems)
    content = parse_toml(text, where, problems)
    if content is None:
        return None
    table = Table(where, content, problems)
    found: dict[ReferralKey, Shipped] = {}
    for place, one in enumerate(table.listed_tables("referral", "key") or (), start=1):
        shipped = _shipped(one, place * _APART)
        if shipped and shipped.key in found:
            one.problem("key", f'"{shipped.key}" twice', "each key once")
        elif shipped:
            found[shipped.key] = shipped
    table.close()
    missing = [key for key in (EMERGENCY, POLICE, FOREIGN_MINISTRY) if key not in found]
    if missing and len(problems) == before:
        table.problem("referral", f"nothing for {one_of(missing)}", "the numbers that are said when there is danger")
    return found if len(problems) == before else None


def _shipped(table: Table, position: int) -> Shipped | None:
    key = table.text("key", allowed=_A_KEY, form=_KEY)
    number = table.text("number", allowed=_A_NUMBER, form=_NUMBER, longest=LONGEST["number"])
    verified_on = table.day("verified") if table.has("verified") else None
    words = {language: _words(table.table(language), number or "") for language in LANGUAGES}
    table.close()
    if key is None or number is None:
        return None
    return Shipped(ReferralKey(key), position, {of: said for of, said in words.items() if said}, verified_on)


def _words(table: Table | None, number: str) -> Words | None:
    if table is None:
        return None
    name = table.text("name", longest=LONGEST["name"])
    hours, whom, note = (table.text(key, longest=LONGEST[key], optional=True) for key in ("hours", "whom", "note"))
    table.close()
    return Words(name, number, hours or "", whom or "", note or "")
