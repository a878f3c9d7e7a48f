"""Years with many small numbers, and what somebody who reads what was published of them can set up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.public_statistics import REST, AgeGroup, Counted, Dimension, Row, Rows, Unit
from app.domain.withholding import FEWEST_SHOWN, POSSIBLE, Count
from tests.support.attacker import Attacker

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from random import Random

ROWS = Rows(
    of={
        Dimension.SERVICE: [f"service-{number}" for number in range(6)],
        Dimension.TYPE: [f"type-{number}" for number in range(4)],
        Dimension.MUNICIPALITY: [f"{1200 + number}" for number in range(9)],
        Dimension.THEME: [f"theme-{number}" for number in range(6)],
        Dimension.AGE: list(AgeGroup),
        Dimension.OUTCOME: [f"outcome-{number}" for number in range(4)],
    },
    most_themes=5,
    most_exposed=20,
    types_with_exposed=frozenset({"type-0", "type-1"}),
)
_PARTS = (Dimension.SERVICE, Dimension.TYPE, Dimension.MUNICIPALITY)
_SIZES = (3, 7, 12, 25, 60, 150)


def some_year(chance: Random) -> Counted:
    """A year of a small line or a larger one; its parts are uneven, so that many are small and some are nothing."""
    held, calls = (chance.randrange(chance.choice(_SIZES)) for _ in range(2))
    by = {dimension: _split(chance, held, ROWS.of[dimension]) for dimension in _PARTS}
    themes = _split(chance, min(held * 5, chance.randrange(held * 5 + 1)), ROWS.of[Dimension.THEME], most=held)
    ages = {code: _persons(chance, by[Dimension.TYPE]) for code in (*AgeGroup, "unknown")}
    return Counted(
        held=[*_split(chance, held, "1234", some_left=False).values()],
        calls=[*_split(chance, calls, "1234", some_left=False).values()],
        held_by={**by, Dimension.THEME: themes},
        exposed=sum(ages.values(), Count()),
        exposed_by_age={code: ages[code] for code in AgeGroup},
        outcomes=_split(chance, calls, ROWS.of[Dimension.OUTCOME]),
    )


def as_if(truth: Counted, shown: Sequence[Row], row: Row, number: int) -> Counted:
    """Another year that looks the same, in which the withheld count of ``row`` is ``number``."""
    totals = {one.unit: one.number for one in shown if one.dimension is Dimension.YEAR}
    parts = {one.code: one.number or 0 for one in shown if (one.unit, one.dimension) == (row.unit, row.dimension)}
    parts = {code: known for code, known in parts.items() if code != REST} | {row.code: number}
    match row.unit, totals[row.unit]:
        case Unit.CALLS, None:
            return replace(truth, calls=_quarters(row, number), outcomes={row.code: number})
        case Unit.CALLS, total:
            changed = _quarters(row, number, total) if row.dimension is Dimension.QUARTER else truth.calls
            outcomes = parts if row.dimension is Dimension.OUTCOME else truth.outcomes
            return replace(truth, calls=changed, outcomes=outcomes)
        case Unit.HELD, None:
            return replace(
                truth,
                held=_quarters(row, number),
                held_by={row.dimension: {row.code: number}},
                exposed=Count(),
                exposed_by_age={},
            )
        case Unit.HELD, total:
            return _as_if_held(truth, shown, row, parts)
        case _, None:
            return _as_if_few_exposed(truth, shown, row, number)
    return _as_if_exposed(truth, parts)


def attacked(shown: Sequence[Row]) -> dict[Hashable, tuple[int, int]]:
    """From what to what each withheld count may be, for whoever knows all sums and the bounds of what overlaps."""
    attacker = Attacker()
    known: dict[Hashable, int] = {
        (one.unit, one.dimension, one.code): one.number for one in shown if one.number is not None
    }
    tables: dict[tuple[Unit, Dimension], list[str]] = {}
    for one in shown:
        tables.setdefault((one.unit, one.dimension), []).append(one.code)
    for (unit, dimension), codes in tables.items():
        names: list[Hashable] = [(unit, dimension, code) for code in codes if code != REST]
        total, never = (unit, Dimension.YEAR, ""), (unit, dimension, "never shown")
        if REST in codes:
            withheld = [name for name in names if name not in known]
            attacker.knows([*names, never], total, known)
            attacker.knows([*withheld, never], (unit, dimension, REST), known)
        elif dimension is Dimension.QUARTER:
            attacker.knows(names, total, known)
        elif dimension is Dimension.THEME and total in known:
            attacker.knows([*names, "room beneath the bound"], ROWS.most_themes * known[total], known)
    return attacker.found()


def is_possible(year: Counted) -> bool:
    """Whether there can have been such a year."""
    held, calls = sum(year.held), sum(year.calls)
    themes = year.held_by.get(Dimension.THEME, {}).values()
    ages = year.exposed_by_age.values()
    asked = sum(year.held_by.get(Dimension.TYPE, {}).get(code, 0) for code in ROWS.types_with_exposed)
    unknown = year.exposed - sum(ages, Count())
    return (
        min(*year.held, *year.calls) >= 0
        and all(sum(year.held_by.get(dimension, {}).values()) <= held for dimension in _PARTS)
        and max(themes, default=0) <= held
        and sum(themes) <= held * ROWS.most_themes
        and sum(year.outcomes.values()) <= calls
        and all(one.records <= one.number <= ROWS.most_exposed * one.records for one in (*ages, unknown))
        and year.exposed.records <= asked
    )


def _as_if_held(truth: Counted, shown: Sequence[Row], row: Row, parts: Mapping[str, int]) -> Counted:
    if row.dimension is Dimension.QUARTER:
        return replace(truth, held=_quarters(row, parts[row.code], sum(truth.held)))
    changed = replace(truth, held_by={**truth.held_by, row.dimension: parts})
    if row.dimension is not Dimension.TYPE:
        return changed
    # The types that are shown are those that had the exposed persons.
    exposed = {one.code: one.number or 0 for one in shown if one.unit is Unit.EXPOSED and one.code != REST}
    if not exposed.pop(""):
        return replace(changed, exposed=Count(), exposed_by_age={})
    return _as_if_exposed(changed, exposed)


def _as_if_few_exposed(truth: Counted, shown: Sequence[Row], row: Row, number: int) -> Counted:
    """One consultation with so many exposed persons, and no other with any."""
    one = Count(number, min(number, 1))
    changed = replace(truth, exposed=one, exposed_by_age={row.code: one})
    types = {
        other.code: other.number or 0 for other in shown if other.dimension is Dimension.TYPE and other.code != REST
    }
    if next(other.number for other in shown if other.dimension is Dimension.YEAR) is None:
        return replace(changed, held=[1, 0, 0, 0], held_by={Dimension.TYPE: {"type-0": 1}})
    return replace(changed, held_by={**truth.held_by, Dimension.TYPE: {**types, "type-0": types["type-0"] or 1}})


def _as_if_exposed(truth: Counted, parts: Mapping[str, int]) -> Counted:
    """As few consultations as there can be for what is shown, and for the rest of it; withheld persons one to each."""
    withheld = {code: Count(number, number) for code, number in parts.items() if number <= max(POSSIBLE)}
    shown = {code: _of_few(number, FEWEST_SHOWN) for code, number in parts.items() if code not in withheld}
    known = sum((*withheld.values(), *shown.values()), Count())
    left = truth.exposed.number - known.number
    rest = _of_few(left, FEWEST_SHOWN - sum(one.number for one in withheld.values()) if left else 0)
    return replace(truth, exposed=known + rest, exposed_by_age=shown | withheld)


def _of_few(number: int, fewest: int) -> Count:
    return Count(number, max(fewest, -(-number // ROWS.most_exposed)))


def _quarters(row: Row, number: int, total: int | None = None) -> list[int]:
    place = int(row.code) - 1 if row.dimension is Dimension.QUARTER else 0
    quarters = [0, 0, 0, 0]
    quarters[place] = number
    quarters[(place + 1) % 4] += (number if total is None else total) - number
    return quarters


def _split(
    chance: Random, number: int, codes: Sequence[str], *, some_left: bool = True, most: int | None = None
) -> dict[str, int]:
    """``number`` shared out unevenly; some of it may be in no part, and no part has more than ``most``."""
    weights = [chance.choice((0, 1, 1, 2, 9)) for _ in codes]
    left = chance.choice((0, 0, 1, 5)) if some_left else 0
    if not any((*weights, left)):
        weights[0] = 1
    drawn = Counter(chance.choices([*codes, REST], [*weights, left], k=number))
    return {code: drawn[code] if most is None else min(drawn[code], most) for code in codes}


def _persons(chance: Random, types: Mapping[str, int]) -> Count:
    asked = sum(types[code] for code in ROWS.types_with_exposed)
    records = chance.randrange(asked // 3 + 1)
    return Count(sum(chance.choice((1, 1, 1, 2, 3, 7)) for _ in range(records)), records)
