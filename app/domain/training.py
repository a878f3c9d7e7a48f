"""Training occasions: a unit of its own, which no figure mixes with consultations."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.domain.consultations import Place
    from app.domain.taxonomy import Code

EARLIEST = date(2014, 1, 1)
"""The first year of which anything is published."""
MOST_PARTICIPANTS = 5000
LEAST_MINUTES, MOST_MINUTES = 15, 40 * 60
"""From a quarter of an hour to a week of working days."""


class TrainingKind(StrEnum):
    """What it was."""

    LECTURE = "lecture"
    WORKSHOP = "workshop"
    WEBINAR = "webinar"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One occasion that took place. Raises ``ValueError`` for a number out of bounds, or for nobody in particular."""

    held_on: date
    participants: int
    minutes: int
    kind: TrainingKind
    services: tuple[Code, ...]
    """For whom: codes of the taxonomy's services, in its order."""
    place: Place

    def __post_init__(self) -> None:
        if not 1 <= self.participants <= MOST_PARTICIPANTS:
            message = f"{self.participants} participants; allowed: 1 to {MOST_PARTICIPANTS}"
            raise ValueError(message)
        if not LEAST_MINUTES <= self.minutes <= MOST_MINUTES:
            message = f"{self.minutes} minutes; allowed: {LEAST_MINUTES} to {MOST_MINUTES}"
            raise ValueError(message)
        if not self.services or len(set(self.services)) < len(self.services):
            message = "an occasion is for at least one service, and for none twice"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Sum:
    """How many occasions, and how many took part in them."""

    occasions: int = 0
    participants: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.occasions + other.occasions, self.participants + other.participants)


@dataclass(frozen=True, slots=True)
class Sums:
    """Of a year. An occasion for two services counts for each, so ``by_service`` may come to more than ``total``."""

    total: Sum = Sum()
    minutes: int = 0
    by_service: Mapping[Code, Sum] = field(default_factory=dict)


def summed(occasions: Iterable[Occasion]) -> Sums:
    """All of them together, and by whom they were for."""
    total, minutes = Sum(), 0
    by_service: dict[Code, Sum] = defaultdict(Sum)
    for one in occasions:
        this = Sum(1, one.participants)
        total, minutes = total + this, minutes + one.minutes
        for service in one.services:
            by_service[service] += this
    return Sums(total, minutes, dict(by_service))
