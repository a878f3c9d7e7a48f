"""``radrum jobs status``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.domain.due import Result
from app.services.jobs import Ending, Occurrence, claim, finish, give_up_lease, take_or_renew_lease

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.cli.conftest import Run

TTL = timedelta(minutes=2)


def test_before_the_first_start_nothing_has_run(run: Run) -> None:
    code, out, err = run("jobs", "status")

    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == "No jobs process has run on this database yet; start one with: radrum jobs"
    assert lines[1] == "Last heartbeat: never"
    assert [line.split()[0] for line in lines[4:]] == [
        "heartbeat",
        "sweep",
        "reconcile",
        "coverage",
        "reconcile-nightly",
        "retention",
        "statistics",
        "tidy",
        "erase-callbacks",
        "follow-ups",
        "reports",
        "tallies",
        "mail",
    ]
    assert {line.split()[1] for line in lines[4:]} == {"never"}


def test_each_job_is_shown_with_its_last_run_its_result_and_its_next(run: Run, engine: Engine) -> None:
    now = datetime.now(UTC)
    with Session(engine) as session:
        old = take_or_renew_lease(session, "the host pid 1 a", now - 2 * TTL, TTL) or 0
        claim(session, Occurrence("coverage", now - 2 * TTL, old), now - 2 * TTL)
        fence = take_or_renew_lease(session, "the host pid 2 b", now, TTL) or 0
        for job, ending in [
            ("heartbeat", Ending(Result.DONE, "", 0.001)),
            ("reconcile", Ending(Result.FAILED, "the simulator can't be reached", 1.25)),
        ]:
            one = Occurrence(job, now - timedelta(seconds=30), fence)
            claim(session, one, now)
            finish(session, one, now, ending)
        claim(session, Occurrence("sweep", now - timedelta(seconds=30), fence), now)
        session.commit()

    code, out, err = run("jobs", "status")

    lines = {line.split()[0]: line for line in out.splitlines()}
    assert (code, err) == (0, "")
    assert out.startswith("The jobs are run by the host pid 2 b (fence 2)\nLast heartbeat: ")
    assert " 0.00 s  done " in lines["heartbeat"]
    assert " 1.25 s  failed " in lines["reconcile"]
    assert lines["reconcile"].endswith("the simulator can't be reached")
    assert " running " in lines["sweep"]
    assert " interrupted " in lines["coverage"]
    assert " 03:30:00" in lines["reconcile-nightly"]


def test_without_a_process_it_is_said_until_when_there_was_one(run: Run, engine: Engine) -> None:
    now = datetime.now(UTC)
    with Session(engine) as session:
        fence = take_or_renew_lease(session, "the host pid 1 a", now, TTL) or 0
        give_up_lease(session, fence, now)
        session.commit()

    _, out, _ = run("jobs", "status")

    assert out.startswith("No jobs process is running; the last was the host pid 1 a, until ")
