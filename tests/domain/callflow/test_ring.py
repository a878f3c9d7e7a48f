"""Whom a ring node rings, in which order, and when it stops."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.callflow import step
from app.domain.callflow.nodes import Ring
from app.domain.callflow.values import Arrived, Keys, NotReached, RingOne, Silence, Step
from app.domain.calls import Outcome, Verdict
from app.domain.lines import StaffId
from app.domain.rotas import Tier
from tests.domain.callflow.cast import AINA, BO, CLEO, WORDS, busy, facts, free, later, node_id, said, small_flow, walk

FLOW = small_flow()


def rung(answer: Step) -> str | None:
    return answer.wait.staff if isinstance(answer.wait, RingOne) else None


def test_those_on_duty_are_rung_one_by_one_and_the_backup_tier_last() -> None:
    world = facts(free(CLEO, Tier.BACKUP), free(AINA), free(BO))

    order = [rung(walk(FLOW, world, "1", *[NotReached()] * times)) for times in range(4)]

    assert order == [AINA, BO, CLEO, None]


def test_when_nobody_answered_a_callback_is_offered_and_silence_ends_the_call() -> None:
    offered = walk(FLOW, facts(free(AINA)), "1", NotReached())
    ended = walk(FLOW, facts(free(AINA)), "1", NotReached(), "")

    assert said(offered) == ["Ring back?"]
    assert said(ended) == ["Sorry."]
    assert ended.verdict == Verdict(Outcome.UNANSWERED, "ring:no_answer")


@pytest.mark.parametrize(
    ("candidates", "cause"),
    [((), "nobody_on_duty"), ((busy(AINA), busy(CLEO, Tier.BACKUP)), "all_busy")],
)
def test_when_there_is_nobody_to_ring_nobody_is_rung_and_the_reason_is_kept(candidates: tuple, cause: str) -> None:  # type: ignore[type-arg]
    answer = walk(FLOW, facts(*candidates), "1", "")

    assert answer.position.rung == ()
    assert answer.verdict == Verdict(Outcome.UNANSWERED, f"ring:{cause}")


def test_someone_who_is_busy_is_skipped_and_rung_when_they_are_free_again() -> None:
    first = walk(FLOW, facts(busy(AINA), free(BO)), "1")

    second = step(FLOW, WORDS, first.position, NotReached(), facts(free(AINA), free(BO)))

    assert (rung(first), rung(second)) == (BO, AINA)


@pytest.mark.parametrize("event", [Arrived(), Keys("1"), Silence()])
def test_any_other_event_while_it_rings_goes_on_to_the_next(event: Keys | Silence) -> None:
    assert rung(walk(FLOW, facts(free(AINA), free(BO)), "1", event)) == BO


def ring(**changes: object) -> Ring:
    node = FLOW.nodes[node_id("ring")]
    assert isinstance(node, Ring)
    return replace(node, **changes)  # type: ignore[arg-type]


def test_two_rounds_ring_everyone_of_a_tier_before_anyone_twice() -> None:
    flow = small_flow(ring(rounds=2))
    world = facts(free(AINA), free(BO), free(CLEO, Tier.BACKUP))

    order = [rung(walk(flow, world, "1", *[NotReached()] * times)) for times in range(7)]

    assert order == [AINA, BO, AINA, BO, CLEO, CLEO, None]


def test_nobody_is_rung_more_than_twice_whatever_the_file_says() -> None:
    flow = small_flow(ring(rounds=9))

    answer = walk(flow, facts(free(AINA)), "1", NotReached(), NotReached())

    assert answer.position.rung == (AINA, AINA)
    assert said(answer) == ["Ring back?"]


def test_a_call_rings_twelve_times_at_most() -> None:
    crowd = [free(StaffId(f"staff{number}")) for number in range(20)]

    answer = walk(FLOW, facts(*crowd), "1", *[NotReached()] * 12)

    assert len(answer.position.rung) == 12
    assert said(answer) == ["Ring back?"]


@pytest.mark.parametrize(("seconds", "expected"), [(65, BO), (66, CLEO)])
def test_an_attempt_that_would_pass_the_end_of_its_tier_goes_to_the_next_tier(seconds: int, expected: str) -> None:
    world = facts(free(AINA), free(BO), free(CLEO, Tier.BACKUP))
    first = walk(FLOW, world, "1")

    second = step(FLOW, WORDS, first.position, NotReached(), replace(world, now=later(seconds)))

    assert rung(second) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(75, CLEO), (76, None)])
def test_an_attempt_that_would_pass_the_end_of_the_chain_is_not_made(seconds: int, expected: str | None) -> None:
    flow = small_flow(ring(total_seconds=100))
    world = facts(free(AINA), free(CLEO, Tier.BACKUP))
    first = walk(flow, world, "1")

    second = step(flow, WORDS, first.position, NotReached(), replace(world, now=later(seconds)))

    assert rung(second) == expected


def test_the_time_of_the_chain_and_the_rings_of_each_person_count_on_at_a_second_ring_node() -> None:
    flow = small_flow(ring(nobody=node_id("second")), ring(id=node_id("second"), rounds=2))
    world = facts(free(AINA))
    first = walk(flow, world, "1")

    second = step(flow, WORDS, first.position, NotReached(), replace(world, now=later(30)))
    third = step(flow, WORDS, second.position, NotReached(), replace(world, now=later(60)))

    assert rung(second) == AINA
    assert second.position.ring_node == "second"
    assert second.position.ring_began == first.position.ring_began
    assert second.position.stage_began == later(30)
    assert rung(third) is None


def test_the_caller_hears_ringing_alone_from_one_attempt_to_the_next() -> None:
    world = facts(free(AINA), free(BO))

    assert said(walk(FLOW, world, "1")) == []
    assert said(walk(FLOW, world, "1", NotReached())) == []


def test_a_position_without_its_times_still_rings() -> None:
    answer = walk(FLOW, facts(free(AINA), free(BO)), "1")
    bare = replace(answer.position, stage=None, stage_began=None, ring_began=None)

    assert rung(step(FLOW, WORDS, bare, NotReached(), facts(free(AINA), free(BO)))) == BO
