"""Reserve numbers: a date and four signs, letters among them, for whoever has no personal identity number (yet).

Regions, universities (T001) and schools (TF12) each have a way of their own, and none has a check digit: they are
marked for the writer to judge, and stop no note.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.domain.identities.digits import BLANKS, DASHES
from app.domain.identities.personal_numbers import kind_of
from app.domain.identities.values import Certainty, Identity, IdentityKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_GAP = rf"[{BLANKS}]"
_DASH = rf"{_GAP}?[{re.escape(DASHES)}]{_GAP}?"
_ANY_FOUR = r"(?=\d{0,3}[^\W\d_])(?=[^\W\d_]{0,3}\d)[^\W_]{4}"
"""Behind a dash: at least one letter and one digit."""
_CAPITAL_FIRST = r"[A-ZÅÄÖ]{1,2}\d{2,3}"
"""Right behind the date, or after a blank."""
_PATTERN = re.compile(
    rf"(?<!\d)(?P<date>(?:\d\d)?\d\d(?P<sign>[-./ ]?)\d\d(?P=sign)\d\d)"
    rf"(?:{_DASH}{_ANY_FOUR}|{_GAP}?(?=[^\W_]{{4}}(?![^\W_])){_CAPITAL_FIRST})(?![^\W_])"
)


def reserve_numbers(text: str) -> Iterator[Identity]:
    """All of them, as likely ones."""
    for match in _PATTERN.finditer(text):
        digits = "".join(str(int(sign)) for sign in match["date"] if sign.isdecimal())
        if kind_of(f"{digits}0000"):
            yield Identity(match.start(), match.end(), IdentityKind.RESERVE, Certainty.LIKELY)
