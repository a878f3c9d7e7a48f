"""Which parts of a record are masked unless somebody decides otherwise, when it is asked for as a public document.

What the register's own extract tells of every record is never masked. Of everything else only what says nothing of
anybody is shown at first: a part that this list doesn't know is masked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

TIME, SPECIALIST = "time", "specialist"
"""The time of day, and who held the consultation: fields beside the taxonomy's groups and the note."""
SHOWN_AT_FIRST: Final = frozenset({"service", "level", "type"})
LONGEST_GROUND = 200


def masked(fields: AbstractSet[str], shown: AbstractSet[str]) -> tuple[str, ...]:
    """Everything that wasn't chosen to be shown, by name."""
    return tuple(sorted(fields - shown))
