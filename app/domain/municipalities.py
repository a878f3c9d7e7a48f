"""Sweden's 290 municipalities and 21 counties, by the codes of Statistics Sweden (SCB)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.lines import MunicipalityCode

CountyCode = NewType("CountyCode", str)

_COUNTY_DIGITS = 2


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

    def __init__(self, all_of_them: Iterable[Municipality]) -> None:
        self.by_code = {one.code: one for one in all_of_them}
        self.county_names = {one.county: one.county_name for one in self.by_code.values()}

    @property
    def codes(self) -> frozenset[MunicipalityCode]:
        """Every code."""
        return frozenset(self.by_code)

    def covered_by(self, code: str) -> frozenset[MunicipalityCode]:
        """The municipalities of a county code, or the one of a municipality code; empty when there is no such code."""
        return frozenset(one.code for one in self.by_code.values() if code in (one.code, one.county))
