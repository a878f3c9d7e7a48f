"""Everything that is found in a text, none over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.identities.contacts import emails, phones
from app.domain.identities.digits import digit_groups, joined_loosely, read_as_digits
from app.domain.identities.names import names
from app.domain.identities.personal_numbers import personal_numbers, split_numbers
from app.domain.identities.reserve_numbers import reserve_numbers
from app.domain.identities.values import PERSONAL_NUMBERS, Certainty, Identity, IdentityKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def identities(text: str, no_names: Collection[str] = frozenset()) -> tuple[Identity, ...]:
    """All of them, from left to right, none over another. ``no_names``: words in small letters that are no names.

    Takes time in proportion to the text.
    """
    numbers = digit_groups(text)
    split = split_numbers(joined_loosely(text, numbers))
    found = [*personal_numbers(numbers), *split, *_misspelled(text), *reserve_numbers(text)]
    found += [*phones(text, numbers), *emails(text), *names(text, no_names)]
    # Where two overlap: what is certain, then what comes first in the list of kinds, then the longer one.
    kinds = list(IdentityKind)
    found.sort(key=lambda one: (one.certainty is not Certainty.CERTAIN, kinds.index(one.kind), one.begin - one.end))
    kept: list[Identity] = []
    taken = bytearray(len(text))
    for one in found:
        if not any(taken[one.begin : one.end]):
            kept.append(one)
            taken[one.begin : one.end] = b"\x01" * (one.end - one.begin)
    return tuple(sorted(kept, key=lambda one: one.begin))


def _misspelled(text: str) -> Iterator[Identity]:
    """Those with letters that look like digits. Only a right check digit tells that they were meant so."""
    read = read_as_digits(text)
    if read == text:
        return
    numbers = digit_groups(read)
    for one in (*personal_numbers(numbers), *split_numbers(joined_loosely(read, numbers))):
        if one.certainty is Certainty.CERTAIN:
            yield one


def holds_personal_number(found: Collection[Identity]) -> bool:
    """Whether a valid personal identity number is among them: such a note isn't stored."""
    return any(one.kind in PERSONAL_NUMBERS and one.certainty is Certainty.CERTAIN for one in found)
