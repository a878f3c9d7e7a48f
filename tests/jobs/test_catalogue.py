"""What the jobs do."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.calls import Source
from app.domain.coverage import Unmanned
from app.domain.lines import LineKey
from app.domain.mail import MailState
from app.domain.permissions import Role
from app.domain.retention import RecordClass
from app.jobs.catalogue import Work
from app.jobs.runner import Pace, Runner
from app.mail.post import MailServer, Post
from app.services.jobs import Occurrence, claim, last_runs, take_or_renew_lease
from app.services.mail import outbox
from app.services.mail.news import tell_of_untaken_calls
from app.services.record import records
from app.services.record.records import NewCall
from app.storage.models import Call, Consultation, JobOccurrence, OutgoingMail
from tests.services import old_records
from tests.services.line.test_reconcile import DONE, SID, Provider
from tests.services.old_records import Matter
from tests.services.written_to import account, lost_call
from tests.support.mail_server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from app.domain.policy import Policy


SKANE = LineKey("skane")
# The jobs read the host's clock.
NOW = datetime.now(UTC)
CALL = replace(DONE, started_at=NOW - timedelta(minutes=30), ended_at=NOW - timedelta(minutes=20))


@pytest.fixture
def work(engine: Engine, policy: Policy) -> Work:
    @contextmanager
    def open_database() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    return Work(policy, Provider([CALL]), "https://radrum.example.se", open_database)


def look_at_all(work: Work) -> None:
    # However long they take together: nobody renews the lease meanwhile.
    runner = Runner(work.jobs(), work.open_database, pace=Pace(lease=timedelta(hours=1)))
    runner.keep_lease()
    for job in runner.jobs:
        runner.look(job)
    runner.stop()


def test_at_the_first_start_every_job_runs_and_says_what_it_did(work: Work, policy: Policy, engine: Engine) -> None:
    with Session(engine) as session:
        began = NOW - timedelta(minutes=30)
        records.open_record(session, NewCall(SID, policy.lines[SKANE], Source.LIVE, began, arrived=True))
        session.commit()

    look_at_all(work)

    with Session(engine) as session:
        runs = last_runs(session, [job.name for job in work.jobs()], datetime.now(UTC))
        assert {name: (run.result, run.detail) for name, run in runs.items() if name != "coverage"} == {
            "heartbeat": ("done", ""),
            "sweep": ("done", "1 closed"),
            "reconcile": ("done", "1 listed, 0 reconstructed, 0 closed"),
            "reconcile-nightly": ("done", "1 listed, 0 reconstructed, 0 closed"),
            "retention": ("done", ""),
            "statistics": ("done", ""),
            "tidy": ("done", "0 old occurrences deleted"),
            "erase-callbacks": ("done", ""),
            "follow-ups": ("done", ""),
            "reports": ("done", ""),
            "tallies": ("done", "1 days counted"),
            "mail": ("done", "no mail is sent: config.toml names no mail server"),
        }
        assert runs["coverage"].result == "done"
        assert session.scalars(select(Call.ended_at).where(Call.sid == SID)).one() == CALL.ended_at


def test_a_call_that_never_reached_us_is_reconstructed(
    work: Work, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    said = work.reconcile(timedelta(days=2))

    assert said == "1 listed, 1 reconstructed, 0 closed"
    assert "reconstructed 1 calls" in caplog.text
    with Session(engine) as session:
        assert session.scalars(select(Call.sid)).all() == [SID]


def test_old_occurrences_are_deleted(work: Work, engine: Engine) -> None:
    now = datetime.now(UTC)
    with Session(engine) as session:
        fence = take_or_renew_lease(session, "A", now - timedelta(days=31), timedelta(seconds=20)) or 0
        for days in (29, 31, 32):
            claim(session, Occurrence("sweep", now - timedelta(days=days), fence), now)
        session.commit()

    said = work.tidy(Occurrence("tidy", now, fence))

    assert said == "2 old occurrences deleted"


def test_a_gap_is_warned_of_once_for_each_stage(
    work: Work, engine: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.WARNING)
    begins = datetime(2026, 11, 24, 8, tzinfo=UTC)
    gap = Unmanned(begins, begins + timedelta(hours=7))
    monkeypatch.setattr("app.jobs.catalogue.coming_gaps", lambda *_: iter([(SKANE, gap)]))
    now = begins - timedelta(hours=24)
    with Session(engine) as session:
        fence = take_or_renew_lease(session, "A", now, timedelta(seconds=20)) or 0
        session.commit()

    said = [
        work.warn_of_gaps(fence, begins - timedelta(minutes=minutes))
        for minutes in (1450, 1440, 1430, 120, 110, 0, -10)
    ]

    words = "nobody is on duty for skane from 2026-11-24T09:00+01:00 to 2026-11-24T16:00+01:00"
    assert caplog.messages == [f"{words} ({stage})" for stage in ("24h", "2h", "now")]
    assert [text.partition(", ")[2][:1] for text in said] == ["0", "1", "0", "1", "0", "1", "0"]
    with Session(engine) as session:
        assert len(session.scalars(select(JobOccurrence).where(JobOccurrence.ended_at.is_not(None))).all()) == 3


def test_without_a_mail_server_nobody_is_written_to(work: Work, engine: Engine) -> None:
    with Session(engine) as session:
        account(session, "ett", Role.MANAGER, Role.COORDINATOR)
        lost_call(session, NOW)
        fence = take_or_renew_lease(session, "A", NOW, timedelta(seconds=20)) or 0
        session.commit()

    work.warn_of_gaps(fence, NOW)
    work.mail(Occurrence("mail", NOW, fence))

    with Session(engine) as session:
        assert session.scalars(select(OutgoingMail)).all() == []


def test_managers_and_coordinators_are_written_to(work: Work, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    gap = Unmanned(NOW + timedelta(hours=1), NOW + timedelta(hours=2))
    monkeypatch.setattr("app.jobs.catalogue.coming_gaps", lambda *_: iter([(SKANE, gap)]))
    with Session(engine) as session:
        account(session, "ett", Role.MANAGER)
        account(session, "tva", Role.COORDINATOR)
        lost_call(session, NOW)
        fence = take_or_renew_lease(session, "A", NOW, timedelta(seconds=20)) or 0
        session.commit()

    with serving() as server:
        ours = MailServer("127.0.0.1", server.port, "radrum@example.se", "radrum.example.se", is_this_machine=True)
        writes = replace(work, post=Post(ours))
        for _ in range(2):
            writes.warn_of_gaps(fence, NOW)
        said = [writes.mail(Occurrence("mail", NOW, fence)) for _ in range(2)]

    assert said == ["2 sent", ""]
    assert sorted(server.readers) == ["ett@example.se", "tva@example.se"]


def test_old_mail_is_deleted(work: Work, engine: Engine, policy: Policy) -> None:
    with Session(engine) as session:
        account(session, "ett", Role.MANAGER)
        lost_call(session, NOW)
        tell_of_untaken_calls(session, policy, NOW)
        outbox.end(session, 1, MailState.SENT, NOW)
        session.commit()

    said = work.tidy(Occurrence("tidy", NOW + timedelta(days=31), 1))

    assert said == "0 old occurrences deleted, 1 old mails"


def test_what_was_decided_is_destroyed_at_night(work: Work, engine: Engine) -> None:
    with Session(engine) as session:
        old_records.put_people(session)
        old_records.put(session, [Matter(began=400), Matter(began=400), Matter(began=10)])
        old_records.decide(session, {RecordClass.CONSULTATIONS: 12, RecordClass.CALLS: 12})

    said = [work.retention(Occurrence("retention", old_records.NOW, 1)) for _ in range(2)]

    assert said == ["4 records destroyed", ""]
    with Session(engine) as session:
        assert session.scalars(select(Consultation.id)).all() == [3]


def test_without_gaps_there_is_nothing_to_say(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.jobs.catalogue.coming_gaps", lambda *_: iter([]))

    assert work.warn_of_gaps(1, datetime.now(UTC)) == ""
