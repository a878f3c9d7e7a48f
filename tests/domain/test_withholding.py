"""Which counts are withheld: small ones, and further ones where a sum would give them away."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING

import pytest

from app.domain.withholding import POSSIBLE, Count, all_parts, alone, each, overlapping_parts, some_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence


def named(*numbers: int) -> dict[str, Count]:
    return {letter: each(number) for letter, number in zip("abcdef", numbers, strict=False)}


@pytest.mark.parametrize(("number", "shown"), [(0, None), (1, None), (4, None), (5, 5), (193, 193)])
def test_fewer_than_five_are_withheld_none_included(number: int, shown: int | None) -> None:
    assert alone(each(number)) == shown


def test_many_persons_of_few_consultations_are_withheld() -> None:
    assert alone(Count(24, 4)) is None
    assert alone(Count(24, 5)) == 24


@pytest.mark.parametrize(
    ("total", "parts", "shown", "rest"),
    [
        (30, (10, 12), (10, 12), 8),
        (22, (10, 12), (10, 12), 0),
        (24, (10, 12), (10, None), 14),
        (30, (10, 4, 9), (10, None, 9), 11),
        (22, (10, 2, 9), (10, None, None), 12),
        (13, (10, 3), (None, None), 13),
        (5, (4, 1), (None, None), 5),
        (4, (4, 0), (None, None), None),
        (0, (0, 0), (None, None), None),
        (9, (), (), 9),
    ],
)
def test_the_rest_of_a_total_is_no_small_count(
    total: int, parts: Sequence[int], shown: Sequence[int | None], rest: int | None
) -> None:
    found = some_parts(each(total), named(*parts))

    assert (tuple(found.parts.values()), found.rest) == (tuple(shown), rest)


def test_which_further_part_goes_is_the_last_of_the_list_however_large() -> None:
    assert some_parts(each(1010), named(3, 7, 1000)).parts == {"a": None, "b": 7, "c": None}


def test_a_rest_of_many_persons_of_few_consultations_takes_a_part_with_it() -> None:
    parts = {"a": Count(30, 25), "b": Count(20, 15)}

    assert some_parts(Count(60, 42), parts).parts == {"a": 30, "b": None}


@pytest.mark.parametrize(
    ("quarters", "shown"),
    [
        ((5, 6, 7, 8), (5, 6, 7, 8)),
        ((5, 6, 7, 4), (None,) * 4),
        ((0, 0, 0, 90), (None,) * 4),
        ((1, 1, 1, 1), (None,) * 4),
    ],
)
def test_all_quarters_are_shown_or_none(quarters: Sequence[int], shown: Sequence[int | None]) -> None:
    assert all_parts(each(sum(quarters)), [each(one) for one in quarters]) == tuple(shown)


@pytest.mark.parametrize(
    ("total", "parts", "most", "shown"),
    [
        (6, (6, 6, 6, 6, 3), 5, (6, 6, 6, 6, None)),
        (6, (6, 6, 6, 6, 5), 5, (6, 6, 6, 6, None)),
        (10, (6, 6, 6, 6, 5), 5, (6, 6, 6, 6, 5)),
        (4, (4, 4), 5, (None, None)),
    ],
)
def test_of_overlapping_parts_there_is_room_for_a_withheld_one(
    total: int, parts: Sequence[int], most: int, shown: Sequence[int | None]
) -> None:
    assert tuple(overlapping_parts(each(total), named(*parts), most).values()) == tuple(shown)


def _rest(numbers: Sequence[int]) -> Hashable:
    found = some_parts(each(sum(numbers)), named(*numbers[1:]))
    return alone(each(sum(numbers))), tuple(found.parts.items()), found.rest


def _quarters(numbers: Sequence[int]) -> Hashable:
    total = each(sum(numbers))
    return alone(total), tuple(enumerate(all_parts(total, [each(one) for one in numbers])))


def _themes(numbers: Sequence[int]) -> Hashable:
    total, *themes = numbers
    found = overlapping_parts(each(total), named(*themes), 2)
    return alone(each(total)), tuple(found.items())


def _sums(most: int, length: int) -> Iterable[tuple[int, ...]]:
    """Every table of so many numbers whose sum is at most so much."""
    if length == 0:
        return [()]
    return ((first, *rest) for first in range(most + 1) for rest in _sums(most - first, length - 1))


def _overlaps(most: int, length: int) -> Iterable[tuple[int, ...]]:
    """Every total, and parts of it of which one consultation may have two."""
    tables = product(range(most + 1), repeat=length + 1)
    return (one for one in tables if max(one[1:]) <= one[0] and sum(one[1:]) <= 2 * one[0])


@pytest.mark.parametrize(
    ("publish", "tables", "first"),
    [
        pytest.param(_rest, list(_sums(24, 4)), 1, id="the first is never shown"),
        pytest.param(_quarters, list(_sums(22, 4)), 0, id="quarters"),
        pytest.param(_themes, list(_overlaps(8, 4)), 1, id="at most two of each"),
    ],
)
def test_whoever_tries_every_table_that_there_can_be_finds_out_no_withheld_count(
    publish: Callable[[Sequence[int]], Hashable], tables: Sequence[tuple[int, ...]], first: int
) -> None:
    """The attacker knows the rule itself, runs it on all tables, and keeps those that look like the published one."""
    alike: dict[Hashable, list[tuple[int, ...]]] = defaultdict(list)
    for table in tables:
        alike[publish(table)].append(table)

    for looks, them in alike.items():
        parts = looks[1] if isinstance(looks, tuple) else ()
        for place, (_, number) in enumerate(parts):
            if number is None:
                assert {table[place + first] for table in them} >= {*POSSIBLE}, looks
