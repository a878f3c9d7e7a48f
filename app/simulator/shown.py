"""Telephone numbers as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.phone import PhoneNumber, caller_number

if TYPE_CHECKING:
    from collections.abc import Iterator

# Area codes with their 0 (PTS, the Swedish numbering plan): 08, these of three digits; all others have four.
_TWO = frozenset({"08"})
_THREE = frozenset(f"0{code}" for code in (10, 11, 13, 16, 18, 19, 20, 21, 23, 26, 31, 33, 35, 36, 40, 42, 44, 46)) | {
    f"0{code}" for code in (54, 60, 63, 70, 72, 73, 76, 79, 90)
}
_GROUPS = {5: (3, 2), 6: (2, 2, 2), 7: (3, 2, 2), 8: (3, 3, 2)}
_HIDDEN = "••"


def written(number: str) -> str:
    """``040-34 98 00`` for ``+4640349800``; a number of another country, or none, stays as it is."""
    try:
        national = PhoneNumber(number).national
    except ValueError:
        return number
    if not national.startswith("0"):
        return national
    area = next((national[:size] for size in (2, 3) if national[:size] in _TWO | _THREE), national[:4])
    return f"{area}-{' '.join(_grouped(national[len(area) :]))}"


def written_caller(number: str) -> str | None:
    """A caller's number without its last two digits; ``None`` when it is withheld."""
    known = caller_number(number)
    return written(known.e164)[: -len(_HIDDEN)] + _HIDDEN if known else None


def _grouped(digits: str) -> Iterator[str]:
    for size in _GROUPS.get(len(digits), (len(digits),)):
        yield digits[:size]
        digits = digits[size:]
