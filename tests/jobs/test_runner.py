"""One process of the jobs, look by look."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.due import Every, Result
from app.domain.errors import Unavailable
from app.jobs.runner import Job, Pace, Runner
from app.services.jobs import Occurrence, claim, lease, take_or_renew_lease
from app.storage.models import JobLease, JobOccurrence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

# Due once in decades, so that nothing new is due while a test runs.
SELDOM = Every(timedelta(days=10_000))
LATEST = SELDOM.latest(datetime.now(UTC))


@dataclass
class Bench:
    """A database that can be away, and effects that are counted."""

    engine: Engine
    is_away: bool = False
    effects: list[Occurrence] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[Session]:
        if self.is_away:
            message = "the database doesn't answer: call 070-174 06 40"
            raise Unavailable(message)
        with Session(self.engine) as session:
            yield session

    def effect(self, occurrence: Occurrence) -> str:
        self.effects.append(occurrence)
        return f"{len(self.effects)} effects"

    def runner(self, job: Job | None = None, pace: Pace | None = None) -> Runner:
        return Runner((job or self.job(),), self.open, pace=pace or Pace())

    def job(self) -> Job:
        return Job("sweep", SELDOM, self.effect)

    def rows(self) -> list[tuple[datetime, int, Result | None, str]]:
        rows = select(JobOccurrence).order_by(JobOccurrence.due_at)
        with Session(self.engine) as session:
            return [(row.due_at, row.fence, row.result, row.detail) for row in session.scalars(rows)]


@pytest.fixture
def bench(engine: Engine) -> Bench:
    return Bench(engine)


def test_what_is_due_runs_once_however_often_it_is_looked_at(bench: Bench) -> None:
    runner = bench.runner()
    runner.keep_lease()

    for _ in range(3):
        runner.look(runner.jobs[0])

    assert bench.effects == [Occurrence("sweep", LATEST, 1)]
    assert bench.rows() == [(LATEST, 1, Result.DONE, "1 effects")]


def test_a_process_without_the_lease_runs_nothing(bench: Bench) -> None:
    first, second = bench.runner(), bench.runner()
    first.keep_lease()
    second.keep_lease()

    second.look(second.jobs[0])

    assert bench.effects == []


def test_a_new_process_does_not_run_again_what_has_run(bench: Bench) -> None:
    for _ in range(2):
        runner = bench.runner()
        runner.keep_lease()
        runner.look(runner.jobs[0])
        runner.stop()

    assert [row[:3] for row in bench.rows()] == [(LATEST, 1, Result.DONE)]
    assert len(bench.effects) == 1


def test_a_lease_that_ran_out_runs_nothing(bench: Bench) -> None:
    runner = bench.runner(pace=Pace(lease=timedelta()))
    runner.keep_lease()

    runner.look(runner.jobs[0])

    assert bench.effects == []


def test_what_an_earlier_process_left_behind_comes_before_what_is_due(bench: Bench) -> None:
    earlier = LATEST - timedelta(days=10_000)
    with Session(bench.engine) as session:
        past = datetime.now(UTC) - timedelta(minutes=1)
        fence = take_or_renew_lease(session, "one that died", past, timedelta(seconds=20))
        claim(session, Occurrence("sweep", earlier, fence or 0), past)
        session.commit()
    runner = bench.runner()
    runner.keep_lease()

    runner.look(runner.jobs[0])

    assert [one.due_at for one in bench.effects] == [earlier, LATEST]
    assert [row[:3] for row in bench.rows()] == [(earlier, 2, Result.DONE), (LATEST, 2, Result.DONE)]


def test_a_part_that_does_not_answer_is_a_failure_without_numbers(bench: Bench) -> None:
    def fails(_: Occurrence) -> str:
        message = "the provider doesn't answer about +46701740640"
        raise Unavailable(message)

    runner = bench.runner(Job("sweep", SELDOM, fails))
    runner.keep_lease()

    runner.look(runner.jobs[0])

    assert bench.rows() == [(LATEST, 1, Result.FAILED, "the provider doesn't answer about …40")]


def test_an_error_of_ours_is_a_failure_of_which_only_the_kind_is_kept(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_: Occurrence) -> str:
        message = "Påhittad Alfa"
        raise LookupError(message)

    runner = bench.runner(Job("sweep", SELDOM, fails))
    runner.keep_lease()

    runner.look(runner.jobs[0])

    assert bench.rows() == [(LATEST, 1, Result.FAILED, "LookupError")]
    assert "sweep failed" in caplog.messages


def test_an_end_that_the_database_does_not_take_is_written_at_the_next_look(bench: Bench) -> None:
    def effect(occurrence: Occurrence) -> str:
        bench.is_away = True
        return bench.effect(occurrence)

    runner = bench.runner(Job("sweep", SELDOM, effect))
    runner.keep_lease()
    runner.look(runner.jobs[0])
    before = bench.rows()
    bench.is_away = False

    runner.look(runner.jobs[0])

    assert [row[2] for row in before] == [None]
    assert bench.rows() == [(LATEST, 1, Result.DONE, "1 effects")]
    assert len(bench.effects) == 1


def test_a_lease_that_passed_on_during_the_effect_leaves_the_end_to_the_next(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    def effect(occurrence: Occurrence) -> str:
        with Session(bench.engine) as session:
            take_or_renew_lease(session, "B", datetime.now(UTC) + timedelta(seconds=30), timedelta(seconds=20))
            session.commit()
        return bench.effect(occurrence)

    runner = bench.runner(Job("sweep", SELDOM, effect))
    runner.keep_lease()

    runner.look(runner.jobs[0])
    runner.keep_lease()

    assert [row[:3] for row in bench.rows()] == [(LATEST, 1, None)]
    assert "the lease passed on meanwhile" in caplog.text
    assert "fence 1 is over" in caplog.text


def test_a_database_that_is_away_is_said_once_and_without_numbers(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    runner = bench.runner()
    bench.is_away = True
    for _ in range(3):
        runner.keep_lease()
    bench.is_away = False

    runner.keep_lease()

    assert caplog.messages == [
        "the jobs wait: the database doesn't answer: call …40",
        "this process has the lease of the jobs, fence 1",
    ]


def test_a_process_that_stops_leaves_its_lease_to_the_next(bench: Bench) -> None:
    first, second = bench.runner(), bench.runner()
    first.keep_lease()

    first.stop()
    first.stop()
    second.keep_lease()

    with Session(bench.engine) as session:
        held = lease(session)
    assert isinstance(held, JobLease)
    assert (held.holder, held.fence) == (second.holder, 2)


def test_a_process_that_stops_without_its_database_stops(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    runner = bench.runner()
    runner.keep_lease()
    bench.is_away = True

    runner.stop()

    assert "the jobs wait" in caplog.text


def test_a_process_that_stops_within_an_effect_keeps_its_lease_until_it_runs_out(bench: Bench) -> None:
    def effect(occurrence: Occurrence) -> str:
        runner.stop()
        return bench.effect(occurrence)

    runner = bench.runner(Job("sweep", SELDOM, effect))
    runner.keep_lease()

    runner.look(runner.jobs[0])

    with Session(bench.engine) as session:
        held = lease(session)
    assert held is not None
    assert held.expires_at > datetime.now(UTC)
    assert [row[:3] for row in bench.rows()] == [(LATEST, 1, Result.DONE)]


def test_the_lease_and_each_job_are_looked_after(bench: Bench) -> None:
    looks = bench.runner().scheduler().get_jobs()

    assert [look.id for look in looks] == ["lease", "sweep"]
