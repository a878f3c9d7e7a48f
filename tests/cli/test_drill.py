"""A drill says of a service that loses nothing that nothing was lost, and of any other what was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from flask import request as incoming
from sqlalchemy import create_engine, delete, inspect, select, text
from werkzeug.serving import make_server

from app.cli import main
from app.factory import create_app
from app.services.line import situation
from app.services.record import records
from app.storage.base import db
from app.storage.models import Attempt, Call, CallbackRequest, CallEvent, Consultation
from app.storage.types import keyring
from tests.support.signals import hearing_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask, Response

    from app.cli.drill_deployment import Deployment
    from tests.support.postgres import Server

NOTHING = {
    "missing": 0,
    "doubled": 0,
    "silent": 0,
    "unexpected_outbound": 0,
    "http5xx": 0,
    "rung_while_in_a_call": 0,
    "wrongly_answered": 0,
    "forgotten": 0,
    "still_open": 0,
    "wrongly_owned": 0,
    "too_silent_on_hold": 0,
    "too_long_on_hold": 0,
    "overtaken": 0,
    "objections": 0,
    "complaints": 0,
}


@pytest.fixture(autouse=True)
def configured(root: Path, monkeypatch: pytest.MonkeyPatch, data_keys: dict[str, bytes]) -> Iterator[None]:
    monkeypatch.setenv("RADRUM_CONFIG", str(root / "config.toml"))
    yield
    keyring.load(data_keys)


@pytest.fixture
def empty_database(postgres: Server) -> Iterator[str]:
    """The URL of a PostgreSQL database that nothing was made in."""
    name = postgres.create("radrum_drill")
    yield postgres.url_of(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """What ``--database`` takes, for each of the two kinds."""
    return "sqlite" if request.param == "sqlite" else str(request.getfixturevalue("empty_database"))


def test_a_service_that_loses_nothing_passes(database: str, tmp_path: Path) -> None:
    file = tmp_path / "report.json"

    done = CliRunner().invoke(
        main, ["drill", "--calls", "40", "--seed", "7", "--database", database, "--json", str(file)]
    )

    assert done.exit_code == 0, done.stderr + done.stdout
    assert done.stdout.endswith("Nothing was lost.\n")
    assert "\nOn hold: " in done.stdout
    assert "\nOverflow: " in done.stdout
    assert done.stderr.splitlines() == [f"{number} of 40 calls" for number in range(4, 41, 4)]
    report = json.loads(file.read_text())
    assert {name: report[name] for name in NOTHING} == NOTHING
    assert (report["calls"], report["rows"], report["seed"]) == (40, 40, 7)
    assert report["requests"] == report["acked"] > 200
    assert 0 < report["p50_ms"] <= report["p95_ms"] <= report["p99_ms"] <= report["max_ms"]
    assert {"talked", "speech", "hung_up"} <= report["endings"].keys()
    # The drill is one of waiting only if callers wait, and some of them reach somebody after that.
    assert report["on_hold"]["became"]["answered"] > 0
    assert report["on_hold"]["most_turns"] > 1
    assert {"lost", "dropped", "delayed", "held_back", "doubled", "twice_at_once"} <= report["faults"].keys()


def test_a_database_that_was_lent_is_empty_again(empty_database: str) -> None:
    done = CliRunner().invoke(main, ["drill", "--calls", "1", "--database", empty_database, "--faults", "none"])

    assert done.exit_code == 0, done.stderr
    engine = create_engine(empty_database)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_database_that_holds_anything_is_left_alone(empty_database: str) -> None:
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE dear (it integer)"))

    done = CliRunner().invoke(main, ["drill", "--database", empty_database])

    assert done.exit_code == 1
    assert "isn't empty: it holds public.dear; a drill needs one of its own" in done.stderr
    assert inspect(engine).get_table_names() == ["dear"]
    engine.dispose()


# --- planted faults ---------------------------------------------------------------------------------------------------


def loses_rows(app: Flask) -> None:
    """Forget every third call as soon as its caller has gone."""
    ends = count(1)

    @app.after_request
    def forget(response: Response) -> Response:
        if incoming.path == "/twilio/status" and next(ends) % 3 == 0:
            call = db.session.scalars(select(Call).where(Call.sid == incoming.form["CallSid"])).one()
            for part in (Consultation, CallEvent, Attempt, CallbackRequest):
                db.session.execute(delete(part).where(part.call_id == call.id))
            db.session.delete(call)
            db.session.commit()
        return response


def breaks_down(app: Flask) -> None:
    """Fail at every tenth request, whoever asks."""
    requests = count(1)

    @app.before_request
    def fail() -> tuple[str, int] | None:
        return ("no", 500) if next(requests) % 10 == 0 else None


def says_nothing(app: Flask) -> None:
    """Hang up on every caller without a word."""

    @app.before_request
    def hang_up() -> tuple[str, int, dict[str, str]] | None:
        headers = {"Content-Type": "text/xml"}
        return ("<Response><Hangup/></Response>", 200, headers) if incoming.path == "/twilio/voice" else None


def lets_callers_jump_the_queue(_: Flask) -> None:
    """Nobody who waits is ahead of anybody."""
    situation._ahead_of = lambda *_: ()  # noqa: SLF001 - a fault has to be planted somewhere


def keeps_every_record(_: Flask) -> None:
    """Whoever answers, the record stays the dialled line's."""

    def keep(_: object, call: Call, consultation: Consultation, answered: Attempt | None) -> None:
        consultation.staff_id = answered.staff_id if answered else None
        consultation.held_at = answered.accepted_at if answered else None
        consultation.organisation = call.organisation

    records._give_to_whoever_answered = keep  # type: ignore[assignment]  # noqa: SLF001 - as above


@pytest.fixture
def mended(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a fault changes is as it was afterwards."""
    for module, name in ((situation, "_ahead_of"), (records, "_give_to_whoever_answered")):
        monkeypatch.setattr(module, name, getattr(module, name))


def planted(fault: Callable[[Flask], None]) -> Callable[[Deployment, int], Any]:
    """The service with a fault of its own, in a thread."""

    @contextmanager
    def served(deployment: Deployment, workers: int) -> Iterator[Path]:
        del workers
        app = create_app(deployment.settings)
        fault(app)
        host, _, port = deployment.settings.bind.rpartition(":")
        server = make_server(host, int(port), app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        log = deployment.settings.root / "serve.log"
        log.touch()
        try:
            yield log
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose()

    return served


@pytest.mark.parametrize(
    ("fault", "loss"),
    [(loses_rows, "forgotten"), (breaks_down, "5xx"), (says_nothing, "silent")],
)
def test_a_service_with_a_fault_is_found_out(fault: Callable[[Flask], None], loss: str) -> None:
    wanted = ["drill", "--calls", "12", "--seed", "3", "--faults", "none"]

    done = CliRunner().invoke(main, wanted, obj=planted(fault))

    assert done.exit_code == 1, done.stdout
    verdict = done.stderr.splitlines()[-1]
    assert verdict.startswith("radrum: lost: ")
    assert loss in verdict


@pytest.mark.usefixtures("mended")
@pytest.mark.parametrize(
    ("fault", "loss"), [(lets_callers_jump_the_queue, "overtaken"), (keeps_every_record, "wrongly owned")]
)
def test_a_service_that_is_unfair_is_found_out(fault: Callable[[Flask], None], loss: str) -> None:
    done = CliRunner().invoke(main, ["drill", "--calls", "100", "--seed", "5", "--faults", "none"], obj=planted(fault))

    assert done.exit_code == 1, done.stdout
    assert loss in done.stderr.splitlines()[-1]


# --- what is asked for ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (["--faults", "dropped,rain"], "'rain'; allowed: all, none, or with a comma between: twice_same_token"),
        (["--database", "mysql://somebody:secret@here/x"], "sqlite, or the URL of an empty PostgreSQL database"),
        (["--calls", "0"], "0 is not in the range 1<=x<=20000"),
        (["--json", "/nowhere/report.json"], "there is no folder /nowhere"),
        (["--voicemails", "101"], "101 is not in the range 0<=x<=100"),
    ],
)
def test_what_cannot_be_drilled_is_said_in_a_sentence(wanted: list[str], sentence: str) -> None:
    done = CliRunner().invoke(main, ["drill", *wanted])

    assert done.exit_code == 2
    assert sentence in done.stderr
    assert "secret" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_a_configuration_there_is_nothing_to_drill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RADRUM_CONFIG", str(tmp_path / "config.toml"))

    done = CliRunner().invoke(main, ["drill"])

    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert "config.toml: the file: found nothing" in done.stderr


def test_a_database_that_does_not_answer_is_said_in_a_sentence() -> None:
    done = CliRunner().invoke(main, ["drill", "--database", "postgresql://somebody:secret@127.0.0.1:1/none"])

    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert "doesn't answer" in done.stderr
    assert "secret" not in done.stderr


def test_the_rate_is_kept() -> None:
    began = time.perf_counter()

    done = CliRunner().invoke(main, ["drill", "--calls", "5", "--rate", "2", "--faults", "none"])

    assert done.exit_code == 0, done.stderr
    assert time.perf_counter() - began > 2


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_drill_leaves_nothing_behind(how: signal.Signals, tmp_path: Path) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    command = hearing_signals("-m", "app.cli", "drill", "--calls", "1000", "--rate", "4")
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    wait_for(lambda: any(tmp_path.glob("radrum-drill-*/serve.log")) and workers_in(tmp_path))
    workers = workers_in(tmp_path)

    process.send_signal(how)
    _, said = process.communicate(timeout=180)

    assert process.returncode == 130
    assert b"Traceback" not in said
    assert list(tmp_path.iterdir()) == []
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


def workers_in(folder: Path) -> list[int]:
    """The processes that work in a folder below this one."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(folder):
                found.append(int(process.name))
        except OSError:
            continue
    return found


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
