"""Is it alive, is it ready, how does it fare."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.calls import Outcome, Source
from app.domain.due import Result
from app.domain.lines import OrganisationKey
from app.domain.mail import MailState
from app.domain.permissions import Role
from app.domain.phone import PhoneNumber
from app.services import jobs
from app.services.account import tokens
from app.services.mail import outbox
from app.services.mail.news import tell_of_untaken_calls
from app.storage.base import db
from app.storage.engine import COMMAND
from app.storage.models import Call, Staff
from app.storage.types import keyring
from app.web.setup import EXTENSION
from tests.services.written_to import account, lost_call

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

    from app.domain.policy import Policy

STRANGER = {"REMOTE_ADDR": "192.0.2.7"}


def database_of(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


def token_for(app: Flask, organisation: str | None = None) -> dict[str, str]:
    """The headers of somebody with a token."""
    key = OrganisationKey(organisation) if organisation else None
    with Session(database_of(app)) as session:
        token = tokens.add(session, f"token {organisation}", key, datetime.now(UTC))
        session.commit()
    return {"Authorization": f"Bearer {token}"}


def test_a_process_that_answers_is_alive(client: FlaskClient) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.json) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


def test_with_its_database_at_its_own_schema_it_is_ready(client: FlaskClient) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json) == (200, {"status": "ready"})


def test_with_another_schema_it_is_not_ready_and_says_what_to_do(app: Flask, client: FlaskClient) -> None:
    with Session(database_of(app)) as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'another'"))
        session.commit()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json == {
        "status": "not ready",
        "not_ready": {"schema": "isn't the one of this version; run: radrum db upgrade"},
    }


def test_without_the_key_of_the_phones_it_is_not_ready_and_names_it(app: Flask, client: FlaskClient) -> None:
    with Session(database_of(app)) as session:
        session.add(
            Staff(
                id="alfa",
                organisation="skane",
                alias="Övning Alfa",
                name="Påhittad Alfa",
                phone=PhoneNumber("+46701740640"),
                competences=[],
                languages=[],
                created_at=datetime.now(UTC),
            )
        )
        session.commit()
    assert client.get("/readyz").status_code == 200
    keyring.load({"another": b"a" * 32})

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json == {
        "status": "not ready",
        "not_ready": {
            "data keys": "the data key test, which sealed a value of staff.phone, is not configured: "
            "add it to RADRUM_DATA_KEYS"
        },
    }


NO_DATABASE = {"status": "not ready", "not_ready": {"database": "doesn't answer within 2 seconds"}}


def test_a_database_that_refuses_is_named(unreachable: FlaskClient) -> None:
    response = unreachable.get("/readyz")

    assert (response.status_code, response.json) == (503, NO_DATABASE)


def test_a_database_that_says_nothing_is_given_up_after_two_seconds(unanswered: FlaskClient) -> None:
    began = time.perf_counter()

    response = unanswered.get("/readyz")

    assert (response.status_code, response.json) == (503, NO_DATABASE)
    assert time.perf_counter() - began < COMMAND.lock / 1_000


def test_without_its_database_a_process_is_alive(unanswered: FlaskClient) -> None:
    assert unanswered.get("/healthz").status_code == 200


def test_without_a_line_it_is_not_ready(app: Flask, client: FlaskClient) -> None:
    shipped = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(shipped, policy=replace(shipped.policy, lines={}))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert "no line is configured" in response.text


def test_metrics_count_requests_and_calls(app: Flask, client: FlaskClient) -> None:
    now = datetime.now(UTC)
    with Session(database_of(app)) as session:
        for number, (outcome, age) in enumerate([(Outcome.ANSWERED, 1), (Outcome.ANSWERED, 2), (Outcome.CLOSED, 25)]):
            began = now - timedelta(hours=age)
            session.add(
                Call(
                    sid=f"CA{number:032x}",
                    line="skane",
                    organisation="skane",
                    source=Source.LIVE,
                    started_at=began,
                    last_heard_at=began,
                    ended_at=began,
                    arrived=True,
                    outcome=outcome,
                )
            )
        session.commit()
    client.get("/healthz")
    client.get("/a/path/of/a/strangers/own")

    response = client.get("/metrics")

    assert response.status_code == 200
    assert response.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert 'radrum_calls_last_day{line="skane",outcome="answered"} 2.0' in response.text
    assert 'outcome="closed"' not in response.text
    assert "radrum_database_up 1.0" in response.text
    assert 'radrum_request_seconds_count{route="health.healthz",status="200"}' in response.text
    assert 'radrum_request_seconds_count{route="none",status="404"}' in response.text
    assert "strangers" not in response.text


def test_the_age_of_the_last_heartbeat_of_the_jobs_is_among_the_metrics(app: Flask, client: FlaskClient) -> None:
    name = "radrum_jobs_heartbeat_age_seconds "
    before = client.get("/metrics").text
    now = datetime.now(UTC)
    with Session(database_of(app)) as session:
        for minutes in (5, 2):
            fence = jobs.take_or_renew_lease(session, "the tests", now, timedelta(seconds=20))
            beat = jobs.Occurrence(jobs.HEARTBEAT, now - timedelta(minutes=minutes), fence or 0)
            jobs.claim(session, beat, beat.due_at)
            jobs.finish(session, beat, beat.due_at, jobs.Ending(Result.DONE, "", 0.0))
        session.commit()

    after = client.get("/metrics").text

    assert name not in before
    age = next(float(line.removeprefix(name)) for line in after.splitlines() if line.startswith(name))
    assert 120 <= age < 150


def test_mail_that_waits_and_that_was_given_up_is_among_the_metrics(
    app: Flask, client: FlaskClient, policy: Policy
) -> None:
    def counted() -> list[float]:
        lines = client.get("/metrics").text.splitlines()
        names = ("waiting", "oldest_waiting_seconds", "given_up_last_day")
        return [
            float(line.rpartition(" ")[2])
            for name in names
            for line in lines
            if line.startswith(f"radrum_mail_{name} ")
        ]

    before, now = counted(), datetime.now(UTC)
    with Session(database_of(app)) as session:
        for name in ("ett", "tva", "tre"):
            account(session, name, Role.MANAGER)
        lost_call(session, now - timedelta(minutes=5))
        tell_of_untaken_calls(session, policy, now - timedelta(minutes=4))
        outbox.end(session, 1, MailState.GIVEN_UP, now, "refused")
        session.commit()
    after = counted()

    assert before == [0, 0, 0]
    assert (after[0], after[2]) == (2, 1)
    assert 240 <= after[1] < 270


def test_a_request_is_counted_once(client: FlaskClient) -> None:
    def count() -> float:
        line = 'radrum_request_seconds_count{route="health.healthz",status="200"} '
        found = [text for text in client.get("/metrics").text.splitlines() if text.startswith(line)]
        return float(found[0].removeprefix(line))

    client.get("/healthz")
    before = count()
    client.get("/healthz")

    assert count() == before + 1


def test_webhooks_that_are_not_twilios_are_counted(client: FlaskClient) -> None:
    def failures() -> float:
        lines = client.get("/metrics").text.splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith("radrum_signature_failures_total ")))

    before = failures()
    client.post("/twilio/voice", data={"CallSid": "CA" + "1" * 32})

    assert failures() == before + 1


def test_metrics_come_without_the_database_too(unreachable: FlaskClient) -> None:
    response = unreachable.get("/metrics")

    assert response.status_code == 200
    assert "radrum_database_up 0.0" in response.text
    assert "radrum_calls_last_day" not in response.text


def test_no_token_is_believed_without_the_database(unreachable: FlaskClient) -> None:
    response = unreachable.get("/metrics", headers={"Authorization": "Bearer x"}, environ_base=STRANGER)

    assert response.status_code == 503


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Forwarded-Host", "X-Real-IP", "Via"])
def test_metrics_are_not_for_those_behind_a_proxy_on_this_machine(client: FlaskClient, header: str) -> None:
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 401


def test_metrics_are_not_for_strangers(client: FlaskClient) -> None:
    response = client.get("/metrics", environ_base=STRANGER)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer realm=radrum"
    assert "radrum_" not in response.text


def test_metrics_are_for_those_who_may_read_all(app: Flask, client: FlaskClient) -> None:
    everything = client.get("/metrics", headers=token_for(app), environ_base=STRANGER)
    of_one = client.get("/metrics", headers=token_for(app, "skane"), environ_base=STRANGER)
    of_none = client.get("/metrics", headers={"Authorization": "Bearer x"}, environ_base=STRANGER)

    assert (everything.status_code, of_one.status_code, of_none.status_code) == (200, 403, 401)


def test_the_counting_package_is_not_imported_before_the_server_has_named_its_folder(root: Path) -> None:
    """It would count in each process alone, and nothing would say so."""
    look = "import sys, app.cli.serve; print('prometheus_client' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", look], cwd=root, check=True, capture_output=True, text=True)

    assert done.stdout == "False\n"


def test_processes_count_together(tmp_path: Path, root: Path) -> None:
    """The package decides when it is imported, so each process of this test is a new one."""
    count = "from app.web import metrics; metrics.signature_failures.inc()"
    show = "from app.web import metrics; print(metrics.exposition(None).decode())"
    environ = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    def run(script: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", script], env=environ, cwd=root, check=True, capture_output=True, text=True
        )
        return done.stdout

    run(count)
    run(count)

    assert "radrum_signature_failures_total 2.0" in run(show)
