"""What people read in the place of the codes of tallies, in the language that somebody asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import force_locale, lazy_gettext

from app.domain.leaving import ADULT, AGE, BANDS, UNDER_18
from app.domain.lines import MunicipalityCode
from app.domain.municipalities import CountyCode
from app.domain.tallies import Continued, Dimension, Promise, TallyUnit
from app.domain.taxonomy import Code, GroupKey
from app.web.desk.record_words import CHANNELS, OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask_babel.speaklater import LazyString

    from app.domain.policy import Policy
    from app.domain.tallies import Cell

PROMISES: Final = {
    Promise.KEPT: lazy_gettext("Kept within 14 days"),
    Promise.LATE: lazy_gettext("Done later"),
    Promise.DROPPED: lazy_gettext("Dropped without a conversation"),
    Promise.OPEN: lazy_gettext("Still open"),
}
CONTINUED: Final = {
    Continued.SAME: lazy_gettext("The same specialist as before"),
    Continued.OTHER: lazy_gettext("Another specialist than before"),
}
_BANDS: Final = dict(zip(BANDS, ("0", "1", "2–3", "4+"), strict=True))  # noqa: RUF001 - a spreadsheet takes 2-3 for a day
_AGES: Final = {UNDER_18: "<18", ADULT: "18+"}
_WORDS: Final[Mapping[tuple[TallyUnit, str], Mapping[str, LazyString]]] = {
    (TallyUnit.CONSULTATION, Dimension.CHANNEL): {one.value: words for one, words in CHANNELS.items()},
    (TallyUnit.CONSULTATION, Dimension.CONTINUED): {one.value: words for one, words in CONTINUED.items()},
    (TallyUnit.CALL, Dimension.OUTCOME): {one.value: words for one, words in OUTCOMES.items()},
    (TallyUnit.FOLLOW_UP, Dimension.OUTCOME): {one.value: words for one, words in PROMISES.items()},
}


def labels(policy: Policy, language: str) -> Callable[[Cell], str]:
    """What a code is called; one that has no other name is called by itself. ``language``: one of our own."""
    with force_locale(language):
        words = {(*of, code): str(said) for of, by_code in _WORDS.items() for code, said in by_code.items()}

    def label_of(cell: Cell) -> str:
        found = words.get((cell.unit, cell.dimension, cell.code))
        return found or _short(cell) or _name(policy, cell, language)

    return label_of


def _short(cell: Cell) -> str | None:
    if cell.dimension == Dimension.EXPOSED:
        return _BANDS.get(cell.code)
    return _AGES.get(Code(cell.code)) if cell.dimension == AGE else None


def _name(policy: Policy, cell: Cell, language: str) -> str:
    if cell.dimension == Dimension.MUNICIPALITY:
        known = policy.municipalities.by_code.get(MunicipalityCode(cell.code))
        return known.name if known else cell.code
    if cell.dimension == Dimension.COUNTY:
        return policy.municipalities.county_names.get(CountyCode(cell.code), cell.code)
    group = policy.taxonomy.groups.get(GroupKey(cell.dimension))
    return group.label_of(Code(cell.code), language) if group else cell.code
