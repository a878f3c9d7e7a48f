"""Notes on observed gaps and good examples: written to be read by managers, gathered for a year's report.

A note belongs to no record, and says no more of where than a county: words, a gap and a municipality together could
point to one matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.domain.taxonomy import Code, GroupKey

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from app.domain.municipalities import CountyCode
    from app.domain.taxonomy import Choice, Group

GAP, SERVICE = GroupKey("gap"), GroupKey("service")
"""The groups of the taxonomy whose codes a note has."""
_NOTHING: Final = Code("INGEN")
"""Of a record it says that nothing was observed: no note is about that."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What somebody noted."""

    noted_on: date
    code: Code
    service: Code | None
    county: CountyCode | None
    text: str = field(repr=False)


def about(gaps: Group) -> Mapping[Code, Choice]:
    """What a note may be about, retired choices too, in the taxonomy's order."""
    return {code: choice for code, choice in gaps.choices.items() if code != _NOTHING}


def in_order(numbers: Mapping[Code, int], gaps: Group) -> Mapping[Code, int]:
    """How many notes there are of each code that can be chosen or was; codes that nobody knows any more come last."""
    known = {code: numbers.get(code, 0) for code, one in about(gaps).items() if code in numbers or not one.retired}
    return known | {code: numbers[code] for code in sorted(numbers.keys() - known.keys())}
