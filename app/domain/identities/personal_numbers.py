"""Personnummer and samordningsnummer, in any spelling.

Lag (1991:481) om folkbokföring, 18 §, and Skatteverket's SKV 704: six or eight digits of a date, then four; the last
one checks the nine before it (Luhn). A samordningsnummer has 60 added to the day.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from app.domain.identities.contacts import is_dialled
from app.domain.identities.digits import BLANKS, DASH, TIGHT, Group, runs
from app.domain.identities.values import Certainty, Identity, IdentityKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHORT, _LONG, _FOUR = 10, 12, 4
_CENTURIES = range(18, 21)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ADDED_TO_DAY = 60
_TEN = 10


def personal_numbers(groups: Sequence[Group]) -> Iterator[Identity]:
    """Valid ones, and as likely ones those whose check digit is wrong; a number may be found more than once."""
    for first in range(len(groups)):
        for run in runs(groups, first, _LONG):
            digits = "".join(one.digits for one in run)
            if len(digits) in (_SHORT, _LONG) and _is_spelling(run, len(digits)) and not _goes_on(groups, first, run):
                kind = kind_of(digits)
                if kind:
                    certainty = Certainty.CERTAIN if _check_digit_is_right(digits[-_SHORT:]) else Certainty.LIKELY
                    if certainty is Certainty.CERTAIN or not _needs_check_digit(run, digits):
                        yield Identity(run[0].begin, run[-1].end, kind, certainty)


def split_numbers(groups: Sequence[Group]) -> Iterator[Identity]:
    """Valid ones of six or eight digits on end and then four, whatever stands between those: the end of a line, too.

    ``groups``: joined loosely. What could be a date and a time or a year needs the check digit to be a person's.
    """
    for first, (date, four) in enumerate(pairwise(groups)):
        digits = date.digits + four.digits
        if four.joint is None or len(four.digits) != _FOUR or len(digits) not in (_SHORT, _LONG):
            continue
        if _check_digit_is_right(digits[-_SHORT:]) and not _goes_on(groups, first, (date, four)):
            kind = kind_of(digits)
            if kind:
                # After a comma and a blank a clause begins, and a sum or a time may begin it.
                is_apart = any(sign in four.joint for sign in ".:,;") and any(sign in four.joint for sign in BLANKS)
                yield Identity(date.begin, four.end, kind, Certainty.LIKELY if is_apart else Certainty.CERTAIN)


def _is_spelling(run: Sequence[Group], digits: int) -> bool:
    """Whether somebody would write a personal identity number with gaps in these places."""
    gaps: dict[int, str] = {}
    place = 0
    for one in run:
        if place:
            gaps[place] = one.joint or ""
        place += len(one.digits)
    last_four, after_year = digits - 4, digits - 8
    if not gaps or len(gaps) == digits - 1:
        return True
    within_date = {place for place in gaps if place < last_four}
    within_four = {place for place in gaps if place > last_four}
    if last_four not in gaps:
        return digits == _LONG and set(gaps) == {2}
    date_gaps = within_date - {digits - _SHORT}
    if date_gaps not in (set(), {after_year, after_year + 2}) or within_four - {last_four + 2}:
        # One gap in the date: four digits on end must stand behind it, by a dash or after a whole year.
        is_told = digits == _LONG or DASH.search(gaps[last_four])
        return bool(is_told) and not within_four and date_gaps in ({after_year}, {after_year + 2})
    if any(sign in gaps.get(last_four + 2, "") for sign in TIGHT):
        # A date, and a time with a dot or a colon.
        return False
    dashes = {place for place, joint in gaps.items() if DASH.search(joint)}
    return not dashes or last_four in dashes or dashes == {after_year, after_year + 2}


def _needs_check_digit(run: Sequence[Group], digits: str) -> bool:
    """Whether it could as well be a phone's ten digits, or a date and a time, or figures in a row."""
    if len(run) == 1:
        return is_dialled(digits)
    joints = [one.joint or "" for one in run[1:]]
    return any(joint in (":", ",", "\u00b7", "\u2022") for joint in joints) or joints[-1] in TIGHT


def _goes_on(groups: Sequence[Group], first: int, run: Sequence[Group]) -> bool:
    """Whether the last four digits are the year of another date, as in 2026-11-20 - 2026-11-27."""
    year, after = run[-1].digits, groups[first + len(run) : first + len(run) + 2]
    if len(year) != len("2026") or year[:2] not in ("19", "20") or [len(one.digits) for one in after] != [2, 2]:
        return False
    month, day = after
    is_written_so = month.joint == day.joint and month.joint is not None and bool(month.joint.strip(BLANKS))
    return (
        is_written_so and 1 <= int(month.digits) <= len(_DAYS) and 1 <= int(day.digits) <= _DAYS[int(month.digits) - 1]
    )


def kind_of(digits: str) -> IdentityKind | None:
    """By the date, six or eight digits and then four; ``None`` when there is no such day."""
    if len(digits) == _LONG and int(digits[:2]) not in _CENTURIES:
        return None
    year, month, day = int(digits[-10:-8]), int(digits[-8:-6]), int(digits[-6:-4])
    kind = IdentityKind.PERSONNUMMER
    if day > _ADDED_TO_DAY:
        kind, day = IdentityKind.SAMORDNINGSNUMMER, day - _ADDED_TO_DAY
    if not 1 <= month <= len(_DAYS) or not 1 <= day <= _DAYS[month - 1]:
        return None
    # The century doesn't matter: 1900 is the only year of the three that would, and nobody is that old.
    return None if (month, day) == (2, 29) and year % 4 else kind


def _check_digit_is_right(ten: str) -> bool:
    """Luhn's sum over all ten."""
    total = 0
    for place, digit in enumerate(ten):
        doubled = int(digit) * (2 - place % 2)
        total += doubled // _TEN + doubled % _TEN
    return total % _TEN == 0
