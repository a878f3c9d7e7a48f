"""What a period's figures carry to be said in a few sentences: what was most frequent, and what can't be said.

Each number here is one that was counted. What is too few, unknown or equal is told as that, so that whoever makes
sentences of it has nothing to decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from app.domain.calls import Outcome
from app.domain.leaving import ADULT, UNDER_18, age_of
from app.domain.lines import MunicipalityCode
from app.domain.tallies import Continued, Dimension, Promise, TallyUnit
from app.services.numbers.changes import change

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from app.domain.comparing import Change
    from app.services.numbers.trends import Counted, Trends

SMALL: Final = 20
"""Of fewer no percentage is given: one more or less would be five percent."""
FEWEST: Final = 5
"""Of fewer nothing is called the most frequent."""
MOST_EQUAL: Final = 3
"""So many that are equally frequent are named; more say that nothing stands out."""
UNKNOWN: Final = "OKAND"
_NO_GAP: Final = frozenset({"INGEN", "GOTT"})


@dataclass(frozen=True, slots=True)
class Part:
    """So many of so many."""

    count: int
    of: int

    @property
    def is_of_few(self) -> bool:
        """Whether it is told by its numbers, not as a share."""
        return self.of < SMALL

    @property
    def share(self) -> float:
        """From 0 to 1; 0 of none."""
        return self.count / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """Those that are equally frequent, in a fixed order, and how often each was counted."""

    codes: tuple[str, ...]
    each: Part


@dataclass(frozen=True, slots=True)
class Ranked:
    """The answers to one question by how frequent they are."""

    of: int
    """How many could have had an answer."""
    unknown: int
    """How many had none, or one that says that it isn't known."""
    places: tuple[Place, ...]
    """The most frequent, and then the next; none where nothing is known."""

    @property
    def is_of_too_few(self) -> bool:
        """Whether there were so few that an order says nothing."""
        return self.of < FEWEST

    @property
    def is_mostly_unknown(self) -> bool:
        """Whether less is known than isn't."""
        return 2 * self.unknown > self.of


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be said of a period."""

    held: int
    wrong: int
    reached: int
    """Municipalities of the catchment with a held consultation."""
    catchment: int
    held_before: Change | None
    """From the period before; ``None`` where that wasn't counted whole, or is the one of a year ago."""
    held_year_before: Change | None
    service: Ranked
    type: Ranked
    theme: Ranked
    gap: Ranked
    good: Part
    persons: int
    minors: Part
    adults: Part
    persons_unknown: Part
    calls: int
    answered: Part
    kept: Part
    still_open: int
    continued: Part


def facts_of(found: Trends) -> Facts:
    """What the figures carry."""
    now, before, year_before = found.now, found.before, found.year_before
    is_twice = before.period == year_before.period
    ages = now.of(TallyUnit.PERSON, Dimension.AGE)
    minors, adults = (sum(number for code, number in ages.items() if age_of(code) == age) for age in (UNDER_18, ADULT))
    promises = now.of(TallyUnit.FOLLOW_UP, Dimension.OUTCOME)
    later = now.of(TallyUnit.CONSULTATION, Dimension.CONTINUED)
    answered = now.of(TallyUnit.CALL, Dimension.OUTCOME).get(Outcome.ANSWERED, 0)
    gaps = now.of(TallyUnit.CONSULTATION, "gap")
    return Facts(
        held=now.held,
        wrong=now.wrong,
        reached=len(reached(found, now)),
        catchment=len(catchment(found)),
        held_before=None if is_twice else change(found, TallyUnit.CONSULTATION, now.held, before, before.held),
        held_year_before=change(found, TallyUnit.CONSULTATION, now.held, year_before, year_before.held),
        service=ranked(now.of(TallyUnit.CONSULTATION, "service"), now.held),
        type=ranked(now.of(TallyUnit.CONSULTATION, "type"), now.held, {"FEL"}),
        theme=ranked_of_many(now.of(TallyUnit.CONSULTATION, "theme"), now.held),
        gap=ranked_of_many(gaps, now.held, _NO_GAP),
        good=Part(gaps.get("GOTT", 0), now.held),
        persons=now.persons,
        minors=Part(minors, now.persons),
        adults=Part(adults, now.persons),
        persons_unknown=Part(now.persons - minors - adults, now.persons),
        calls=now.calls,
        answered=Part(answered, now.calls),
        kept=Part(promises.get(Promise.KEPT, 0), sum(promises.values())),
        still_open=promises.get(Promise.OPEN, 0),
        continued=Part(later.get(Continued.SAME, 0), sum(later.values())),
    )


def catchment(found: Trends) -> Collection[MunicipalityCode]:
    """All municipalities that the lines serve."""
    return frozenset().union(*(line.catchment for line in found.lines))


def reached(found: Trends, counted: Counted) -> Collection[MunicipalityCode]:
    """Those of them that a consultation was held for."""
    codes = {MunicipalityCode(code) for code in counted.of(TallyUnit.CONSULTATION, Dimension.MUNICIPALITY)}
    return frozenset(catchment(found)) & codes


def ranked(numbers: Mapping[str, int], of: int, leave_out: Collection[str] = ()) -> Ranked:
    """Of a question with one answer: whoever has none is unknown, too."""
    known = _known(numbers, leave_out)
    return Ranked(of, of - sum(known.values()), _places(known, of))


def ranked_of_many(numbers: Mapping[str, int], of: int, leave_out: Collection[str] = ()) -> Ranked:
    """Of a question with several answers: who has none can't be told from them."""
    return Ranked(of, numbers.get(UNKNOWN, 0), _places(_known(numbers, leave_out), of))


def _known(numbers: Mapping[str, int], leave_out: Collection[str]) -> dict[str, int]:
    return {code: many for code, many in numbers.items() if many > 0 and code != UNKNOWN and code not in leave_out}


def _places(known: Mapping[str, int], of: int) -> tuple[Place, ...]:
    """The first, and the second where the first is one alone."""
    order: Sequence[tuple[str, int]] = sorted(known.items(), key=lambda item: (-item[1], item[0]))
    found = [
        Place(tuple(code for code, _ in same), Part(many, of))
        for many, same in groupby(order, key=lambda item: item[1])
    ]
    return tuple(found[: 1 if found and len(found[0].codes) > 1 else 2])
