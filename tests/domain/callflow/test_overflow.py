"""Whom another line's staff are rung for, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.callflow import step
from app.domain.callflow.values import Candidate, NotReached, RingOne
from app.domain.lines import Audience, LineKey, StaffId
from app.domain.rotas import Tier
from tests.domain.callflow.cast import AINA, CLEO, FLOWS, WORDS, busy, facts, free, said, small_flow, walk

if TYPE_CHECKING:
    from app.domain.callflow.nodes import Flow
    from app.domain.callflow.values import Facts

FLOW = small_flow()
NATIONAL = LineKey("nationell")
DORA, EMIL = StaffId("dora"), StaffId("emil")
PROFESSIONALS, EVERYBODY = frozenset({Audience.PROFESSIONAL}), frozenset(Audience)


def of_the_other_line(staff: StaffId, tier: Tier = Tier.PRIMARY, *, is_free: bool = True) -> Candidate:
    return Candidate(staff, tier, is_free=is_free, overflow=NATIONAL)


def everyone_rung(flow: Flow, world: Facts, *keys: str) -> list[str]:
    answer, staff = walk(flow, world, *keys), []
    while isinstance(answer.wait, RingOne):
        staff.append(str(answer.wait.staff))
        answer = step(flow, WORDS, answer.position, NotReached(), world)
    return staff


def test_the_other_line_is_rung_after_the_own_tiers_in_its_own_order() -> None:
    world = facts(
        free(AINA),
        free(CLEO, Tier.BACKUP),
        of_the_other_line(DORA),
        of_the_other_line(EMIL, Tier.BACKUP),
        serves=PROFESSIONALS,
        overflow_serves=PROFESSIONALS,
    )

    assert everyone_rung(FLOW, world, "1") == [AINA, CLEO, DORA, EMIL]


def test_the_other_line_is_rung_at_once_while_all_of_the_own_are_in_calls_or_nobody_is_on_duty() -> None:
    for own in ((busy(AINA),), ()):
        world = facts(*own, of_the_other_line(DORA), serves=PROFESSIONALS, overflow_serves=PROFESSIONALS)

        assert everyone_rung(FLOW, world, "1") == [DORA]


@pytest.mark.parametrize(
    ("keys", "serves", "other_serves", "overflows"),
    [
        (("1",), PROFESSIONALS, PROFESSIONALS, True),
        (("1",), EVERYBODY, PROFESSIONALS, True),
        (("1",), EVERYBODY, frozenset({Audience.EXPOSED}), False),
        (("1",), PROFESSIONALS, frozenset(), False),
        (("2",), EVERYBODY, PROFESSIONALS, False),
        (("2",), EVERYBODY, EVERYBODY, True),
        (("", ""), PROFESSIONALS, PROFESSIONALS, True),
        (("", ""), EVERYBODY, PROFESSIONALS, False),
        (("", ""), EVERYBODY, EVERYBODY, True),
    ],
)
def test_only_callers_whom_the_other_line_serves_go_there(
    keys: tuple[str, ...], serves: frozenset[Audience], other_serves: frozenset[Audience], *, overflows: bool
) -> None:
    world = facts(of_the_other_line(DORA), serves=serves, overflow_serves=other_serves)

    assert everyone_rung(FLOWS["regional-utsatta"], world, *keys) == ([DORA] if overflows else [])


def test_a_caller_whom_the_other_line_does_not_serve_is_not_held_for_its_staff() -> None:
    world = facts(of_the_other_line(DORA, is_free=False), serves=EVERYBODY, overflow_serves=PROFESSIONALS)

    answer = walk(FLOWS["regional-utsatta"], world, "2")

    assert answer.position.node == "end"
    assert said(answer)
