"""One holder at a time, and each occurrence once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.due import Result
from app.services.jobs import (
    HEARTBEAT,
    Ending,
    Occurrence,
    claim,
    finish,
    forget,
    give_up_lease,
    heartbeat_age_seconds,
    interrupted,
    last_runs,
    lease,
    take_or_renew_lease,
)
from app.storage.models import JobOccurrence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
TTL = timedelta(seconds=20)
DONE = Ending(Result.DONE, "", 0.5)
STEPS = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 30_000)), max_size=30)


def taken(session: Session, holder: str, at: datetime = NOON) -> int:
    """The fence of a lease that can be had."""
    fence = take_or_renew_lease(session, holder, at, TTL)
    assert fence is not None
    return fence


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_there_are_never_two_holders_and_the_fence_grows_with_every_change(
    session: Session, steps: Sequence[tuple[str, int]]
) -> None:
    now, tenures = NOON, [("nobody", 0, NOON)]

    for holder, milliseconds in steps:
        now += timedelta(milliseconds=milliseconds)
        last_holder, last_fence, until = tenures[-1]
        fence = take_or_renew_lease(session, holder, now, TTL)
        if until > now and holder != last_holder:
            assert fence is None
            continue
        assert fence == (last_fence if until > now else last_fence + 1)
        tenures.append((holder, fence, now + TTL))

    session.rollback()


def test_a_lease_that_was_given_up_is_the_next_ones_at_once(session: Session) -> None:
    first = taken(session, "A")

    give_up_lease(session, first, NOON)

    assert taken(session, "B") == first + 1


def test_nobody_gives_up_the_lease_of_another(session: Session) -> None:
    first = taken(session, "A")
    taken(session, "B", NOON + TTL)

    give_up_lease(session, first, NOON + TTL)

    assert take_or_renew_lease(session, "C", NOON + TTL, TTL) is None


def test_a_lease_of_a_clock_that_was_a_year_ahead_binds_nobody(session: Session) -> None:
    ahead = taken(session, "A", NOON + timedelta(days=365))

    assert taken(session, "B") == ahead + 1


def test_a_clock_that_is_a_minute_ahead_keeps_its_lease(session: Session) -> None:
    taken(session, "A", NOON + timedelta(minutes=1))

    assert take_or_renew_lease(session, "B", NOON, TTL) is None


def test_a_zombie_writes_nothing_and_what_it_had_begun_is_run_again(session: Session) -> None:
    old = Occurrence("sweep", NOON, taken(session, "A"))
    assert claim(session, old, NOON)
    new = Occurrence("sweep", NOON, taken(session, "B", NOON + TTL))

    assert not finish(session, old, NOON + TTL, DONE)
    assert not claim(session, Occurrence("sweep", NOON + TTL, old.fence), NOON + TTL)
    assert interrupted(session, "sweep", new.fence) == (NOON,)
    assert claim(session, new, NOON + TTL)
    assert finish(session, new, NOON + TTL, DONE)
    assert not finish(session, old, NOON + TTL, DONE)
    assert [(row.due_at, row.fence, row.result) for row in session.scalars(select(JobOccurrence))] == [
        (NOON, new.fence, Result.DONE)
    ]


def test_what_ended_is_never_run_again(session: Session) -> None:
    old = Occurrence("sweep", NOON, taken(session, "A"))
    claim(session, old, NOON)
    finish(session, old, NOON, Ending(Result.FAILED, "the simulator can't be reached", 1.5))
    fence = taken(session, "B", NOON + TTL)

    assert not claim(session, old, NOON)
    assert not claim(session, Occurrence("sweep", NOON, fence), NOON + TTL)
    assert interrupted(session, "sweep", fence) == ()


def test_a_holder_does_not_begin_twice_what_it_has_not_ended(session: Session) -> None:
    one = Occurrence("sweep", NOON, taken(session, "A"))

    assert [claim(session, one, NOON), claim(session, one, NOON)] == [True, False]


def test_without_a_lease_nothing_is_begun(session: Session) -> None:
    assert not claim(session, Occurrence("sweep", NOON, 1), NOON)


def test_of_eight_who_want_an_occurrence_at_the_same_time_one_gets_it(engine: Engine) -> None:
    with Session(engine) as session:
        fence = taken(session, "A")
        session.commit()
    start = threading.Barrier(8)

    def wins(number: int) -> bool:
        start.wait()
        with Session(engine) as session:
            won = claim(session, Occurrence("sweep", NOON + number * TTL, fence), NOON)
            session.commit()
        return won

    with ThreadPoolExecutor(8) as pool:
        won = [sum(pool.map(wins, [number] * 8)) for number in range(10)]

    assert won == [1] * 10


def test_of_eight_who_want_the_lease_at_the_same_time_one_gets_it(engine: Engine) -> None:
    start = threading.Barrier(8)

    def fence_of(holder: str, at: datetime) -> int | None:
        start.wait()
        with Session(engine) as session:
            fence = take_or_renew_lease(session, holder, at, TTL)
            session.commit()
        return fence

    with ThreadPoolExecutor(8) as pool:
        for turn in range(1, 6):
            fences = list(pool.map(fence_of, [f"{turn}{name}" for name in "ABCDEFGH"], [NOON + turn * TTL] * 8))

            assert [fence for fence in fences if fence is not None] == [turn]


def test_the_last_run_is_the_latest_that_was_due_and_a_clock_ahead_does_not_count(session: Session) -> None:
    fence = taken(session, "A")
    for job, minutes in [("sweep", 0), ("sweep", 1), ("sweep", 60), ("tidy", 0), ("another", 0)]:
        claim(session, Occurrence(job, NOON + timedelta(minutes=minutes), fence), NOON)

    runs = last_runs(session, ["sweep", "tidy", "coverage"], NOON + timedelta(minutes=2))

    assert {job: run.due_at for job, run in runs.items()} == {"sweep": NOON + timedelta(minutes=1), "tidy": NOON}


def test_a_heartbeat_has_an_age_once_it_has_ended(session: Session) -> None:
    beat = Occurrence(HEARTBEAT, NOON, taken(session, "A"))
    claim(session, beat, NOON)
    before = heartbeat_age_seconds(session, NOON)

    finish(session, beat, NOON, DONE)

    assert before is None
    assert heartbeat_age_seconds(session, NOON + timedelta(seconds=90)) == 90


def test_old_occurrences_are_forgotten(session: Session) -> None:
    fence = taken(session, "A")
    for minutes in range(3):
        claim(session, Occurrence("sweep", NOON + timedelta(minutes=minutes), fence), NOON)

    gone = forget(session, NOON + timedelta(minutes=2))

    assert gone == 2
    assert session.scalars(select(JobOccurrence.due_at)).all() == [NOON + timedelta(minutes=2)]


def test_a_detail_is_cut_to_what_a_row_holds(session: Session) -> None:
    one = Occurrence("sweep", NOON, taken(session, "A"))
    claim(session, one, NOON)

    assert finish(session, one, NOON, Ending(Result.FAILED, "x" * 1000, 0.1))
    assert len(session.scalars(select(JobOccurrence.detail)).one()) == 200


def test_the_lease_says_who_has_it(session: Session) -> None:
    before = lease(session)
    taken(session, "A")
    after = lease(session)

    assert before is None
    assert after is not None
    assert (after.holder, after.fence, after.expires_at) == ("A", 1, NOON + TTL)
