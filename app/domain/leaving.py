"""What of a consultation, and of what was counted, leaves the team: in the API's answers and in files.

Nothing here says who somebody was. Exposed persons go in bands and ages in two parts (DOMAIN.md F). The theme OMV
(attempt at conversion) tells of somebody's sexuality, so it never stands where a municipality does: a record has it as
ANNAT (other), and numbers by theme leave both out, or the difference would say which record it was
(docs/decisions/0041-what-leaves-the-team.md).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from app.domain.tallies import Cell, Dimension, Grain, TallyUnit, pieces_of
from app.domain.taxonomy import Code, GroupKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.consultations import Answers, PlaceKind
    from app.domain.trends import Period

AGE, THEME = GroupKey("age"), GroupKey("theme")
UNDER_18, ADULT, UNKNOWN_AGE = Code("0_17"), Code("18_"), Code("OKAND")
BANDS: Final = ("0", "1", "2_3", "4_")
"""How many persons a consultation concerned: none, one, two or three, four or more."""
_UNDER_18: Final = frozenset({"0_11", "12_14", "15_17", UNDER_18})
_ADULT: Final = frozenset({"18_24", "25_", ADULT})
_CONVERSION, _OTHER = Code("OMV"), Code("ANNAT")
_MANY, _SEVERAL = 4, 2

Left = dict[GroupKey, tuple[Code, ...]]


def band_of(persons: int) -> str:
    """The band that a number of persons is in. Raises ``ValueError`` for fewer than none."""
    if persons < 0:
        message = f"{persons} persons"
        raise ValueError(message)
    if persons >= _MANY:
        return BANDS[3]
    return BANDS[2] if persons >= _SEVERAL else BANDS[persons]


def age_of(code: str) -> Code:
    """Under 18, from 18 on, or unknown: what a code that nobody knows is, too."""
    if code in _UNDER_18:
        return UNDER_18
    return ADULT if code in _ADULT else UNKNOWN_AGE


def chosen_of(answers: Answers) -> Left:
    """The answers of the taxonomy's groups that are chosen from a list, as they leave the team."""
    left = {GroupKey(group): codes for group, codes in answers.chosen.items()}
    if AGE in left:
        left[AGE] = tuple(dict.fromkeys(age_of(code) for code in left[AGE]))
    if THEME in left:
        left[THEME] = tuple(dict.fromkeys(_OTHER if code == _CONVERSION else code for code in left[THEME]))
    return left


def place_of(answers: Answers) -> tuple[PlaceKind | None, str | None, str | None]:
    """How exactly the place is known, its municipality and its county. No theme that comes with it says more."""
    place = answers.place
    return (None, None, None) if place is None else (place.kind, place.municipality, place.county)


def exposed_of(answers: Answers) -> str | None:
    """How many persons it concerned, as a band; ``None`` where nobody said."""
    return None if answers.exposed is None else band_of(answers.exposed)


def numbers_of(period: Period, numbers: Mapping[Cell, int]) -> Counter[Cell]:
    """What was counted in a period, as it leaves the team.

    Persons are given for whole months and what is made of them alone: of a day with one consultation their number would
    be the record's, and no band.
    """
    has_persons = all(piece.grain is not Grain.DAY for piece in pieces_of(period))
    left: Counter[Cell] = Counter()
    for cell, number in numbers.items():
        found = _cell(cell)
        if found is not None and (has_persons or found.unit is not TallyUnit.PERSON):
            left[found] += number
    return left


def _cell(cell: Cell) -> Cell | None:
    if cell.dimension == THEME and cell.code in {_CONVERSION, _OTHER}:
        return None
    if cell.dimension == AGE:
        return cell._replace(code=age_of(cell.code))
    if cell.dimension == Dimension.EXPOSED:
        return cell._replace(code=band_of(int(cell.code)))
    return cell
