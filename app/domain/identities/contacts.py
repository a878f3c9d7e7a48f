"""Phone numbers and e-mail addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.domain.identities.digits import BLANKS, DASH, Group, joined_wider, runs
from app.domain.identities.values import Certainty, Identity, IdentityKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LEAST_NATIONAL, _MOST_NATIONAL = 8, 10
"""With the 0 before it (PTS, numbering plan for telephony, E.164)."""
_MOST_ABROAD = 15
_LEAST_ABROAD = 9
_FREE_OF_PERSONS = ("020", "077", "0900", "0939", "0944", "099")
"""Free, shared-cost and premium numbers: services have them, people don't."""
_MOBILE = ("070", "072", "073", "076", "079")
_AREA_CODES_OF_THREE = frozenset(
    f"0{code}" for code in (10, 11, 13, 16, 18, 19, 21, 23, 26, 31, 33, 35, 36, 40, 42, 44, 46, 54, 60, 63, 90)
)
_STOCKHOLM = "08"

# Each part begins where no part can go on, so that no text is read twice.
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+ ?(?:@|\(at\)|\[at\]) ?[\w-]+(?:\.[\w-]+)+")


def is_dialled(digits: str) -> bool:
    """Whether so many digits, beginning so, can be dialled within Sweden."""
    return digits.startswith("0") and _LEAST_NATIONAL <= len(digits) <= _MOST_NATIONAL


def phones(text: str, groups: Sequence[Group]) -> Iterator[Identity]:
    """Swedish numbers in any spelling, and those with another country's code. Not those of services."""
    wide = joined_wider(text, groups)
    for first, group in enumerate(wide):
        before = text[group.begin - 1 : group.begin]
        found: Identity | None = None
        if before == "+":
            found = _abroad(wide, first, group.begin - 1, "")
        elif group.digits.startswith("00"):
            found = _abroad(wide, first, group.begin, "00")
        elif group.digits.startswith("0") and (group.joint is None or group.joint.strip(BLANKS) != "-"):
            found = _national(wide, first)
        if found:
            yield found


def _national(groups: Sequence[Group], first: int) -> Identity | None:
    longest: Sequence[Group] | None = None
    for run in runs(groups, first, _MOST_NATIONAL):
        if sum(len(one.digits) for one in run) >= _LEAST_NATIONAL and _has_area_code(run):
            longest = run
    if longest is None:
        return None
    digits = "".join(one.digits for one in longest)
    if digits.startswith(_FREE_OF_PERSONS):
        return None
    is_mobile = digits.startswith(_MOBILE) and len(digits) == _MOST_NATIONAL
    certainty = Certainty.CERTAIN if is_mobile else Certainty.LIKELY
    return Identity(longest[0].begin, longest[-1].end, IdentityKind.PHONE, certainty)


def _has_area_code(run: Sequence[Group]) -> bool:
    """Whether the first gap comes after an area code, and a dash nowhere else: opening hours have more dashes."""
    if len(run) == 1:
        return True
    first = run[0].digits
    of_three = first in _AREA_CODES_OF_THREE or first in _MOBILE or first in _FREE_OF_PERSONS
    of_four = len(first) == len("0500") and first[:3] not in _AREA_CODES_OF_THREE
    has_code = first == _STOCKHOLM or of_three or of_four
    return has_code and not any(DASH.search(one.joint or "") for one in run[2:])


def _abroad(groups: Sequence[Group], first: int, begin: int, prefix: str) -> Identity | None:
    """With a country code; Sweden's own by the rules above."""
    longest: Sequence[Group] | None = None
    for run in runs(groups, first, _MOST_ABROAD + len(prefix) + 1):
        if sum(len(one.digits) for one in run) - len(prefix) >= _LEAST_ABROAD:
            longest = run
    if longest is None:
        return None
    digits = "".join(one.digits for one in longest).removeprefix(prefix)
    if digits.startswith("0"):
        return None
    if digits.startswith("46") and ("0" + digits[2:].lstrip("0")).startswith(_FREE_OF_PERSONS):
        return None
    return Identity(begin, longest[-1].end, IdentityKind.PHONE, Certainty.CERTAIN)


def emails(text: str) -> Iterator[Identity]:
    """E-mail addresses."""
    for match in _EMAIL.finditer(text):
        yield Identity(match.start(), match.end(), IdentityKind.EMAIL, Certainty.CERTAIN)
