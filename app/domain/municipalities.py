"""Sweden's 290 municipalities and 21 counties, by the codes of Statistics Sweden (SCB)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from app.domain.lines import MunicipalityCode

CountyCode = NewType("CountyCode", str)

_COUNTY_DIGITS = 2
_PLAIN = str.maketrans("åäöéüáà", "aaoeuaa")
_SWEDISH_ORDER = str.maketrans("åäö", "{|}")
"""What comes after z: å, ä, ö."""
_LONGEST_TYPED = 60


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality; the first two digits of its code are its county's. Raises ``ValueError`` where they aren't."""

    code: MunicipalityCode
    name: str
    county: CountyCode
    county_name: str

    def __post_init__(self) -> None:
        if self.code[:_COUNTY_DIGITS] != self.county:
            message = f"municipality {self.code} can't lie in county {self.county}"
            raise ValueError(message)


class Municipalities:
    """All municipalities, looked up by code or by county."""

    def __init__(self, all_of_them: Iterable[Municipality] = ()) -> None:
        self.by_code = {one.code: one for one in all_of_them}
        self.county_names = {one.county: one.county_name for one in self.by_code.values()}
        names = (*(one.name for one in self.by_code.values()), *self.county_names.values())
        self.words = frozenset(word for name in names for word in (name.lower(), *_spelled(name).split()))
        """Of their names and the counties', in small letters: words that aren't people's names."""
        spelled = [(_spelled(one.name), one) for one in self.by_code.values()]
        spelled.sort(key=lambda pair: (pair[0].translate(_SWEDISH_ORDER), pair[1].code))
        self._spelled = [(name, name.translate(_PLAIN), one) for name, one in spelled]

    @property
    def codes(self) -> frozenset[MunicipalityCode]:
        """Every code."""
        return frozenset(self.by_code)

    def covered_by(self, code: str) -> frozenset[MunicipalityCode]:
        """The municipalities of a county code, or the one of a municipality code; empty when there is no such code."""
        return frozenset(one.code for one in self.by_code.values() if code in (one.code, one.county))

    def suggest(self, text: str, catchment: Collection[MunicipalityCode], most: int) -> tuple[Municipality, ...]:
        """At most ``most`` municipalities that ``text`` may be meant for.

        Those of the catchment come first; within each part names that begin with the text, then those with a word that
        does, then those that have it inside; then in Swedish order. Case and hyphens don't matter; a, o and e stand for
        å and ä, ö, é too. Nothing typed suggests nothing.
        """
        typed = _spelled(text[:_LONGEST_TYPED])
        if not typed:
            return ()
        plain = typed.translate(_PLAIN)
        found = []
        for name, plain_name, one in self._spelled:
            if plain in plain_name:
                rank = _rank(name, plain_name, typed, plain)
                if rank is not None:
                    found.append((one.code not in catchment, rank, one))
        # Sorting keeps the Swedish order where the rest is alike.
        found.sort(key=lambda each: each[:2])
        return tuple(one for *_, one in found[:most])


def _spelled(name: str) -> str:
    """As it is compared: small letters, one way to write å, ä and ö, words apart by one space."""
    return " ".join(unicodedata.normalize("NFC", name).lower().replace("-", " ").split())


def _rank(name: str, plain_name: str, typed: str, plain: str) -> int | None:
    """0: the name begins with it; 1: a word of it does; 2: it is inside one; ``None``: å, ä or ö stand in the way."""
    best = None
    at = plain_name.find(plain)
    while at >= 0:
        if _is_meant(name[at : at + len(typed)], typed):
            rank = 0 if at == 0 else 1 if name[at - 1] == " " else 2
            best = rank if best is None else min(best, rank)
        at = plain_name.find(plain, at + 1)
    return best


def _is_meant(part: str, typed: str) -> bool:
    """Whether each letter is the one that was typed, or its plain form was."""
    return all(letter in (one, one.translate(_PLAIN)) for one, letter in zip(part, typed, strict=True))
