"""``radrum call`` and ``radrum simulator``, as they are typed."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support.scripted import Script, serving
from tests.support.service import Deployment, deployment, running, simulating

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping
    from pathlib import Path

OPEN = "2026-11-23T10:00"


@pytest.fixture
def where(root: Path, tmp_path: Path, sqlite_url: str, data_keys: Mapping[str, bytes]) -> Deployment:
    return deployment(root, tmp_path, sqlite_url, data_keys, numbers=frozenset())


def tried_at(where: Deployment, script: Script, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of a deployment that finds its service elsewhere."""
    at = {**where.environment, "RADRUM_BIND": script.public_url.removeprefix("http://")}
    return Deployment(at, where.service, where.folder).tried(*arguments)


@contextmanager
def in_service(where: Deployment) -> Iterator[Deployment]:
    where.run("demo")
    with running(where, workers=1):
        yield where


@pytest.mark.timeout(180)
def test_a_practice_call_is_placed_told_and_recorded(where: Deployment) -> None:
    with in_service(where):
        told = where.run("call", "skane", "--press", "1", "--at", OPEN)
        voicemails = json.loads(
            where.run("call", "nationell", "--press", "1", "--at", OPEN, "--phones", "silent", "--json")
        )
        withheld = where.run("call", "skane", "--from", "withheld", "--at", OPEN, "--hang-up", "ringing")
        closed = where.run("call", "skane", "--at", "2026-12-24T10:00")

    assert "Monday 2026-11-23 10:00:00 +0100" in told
    assert "caller presses      1" in told
    assert "the caller talked to a human" in told
    assert "outcome       answered" in told
    assert ", held" in told
    assert "+4670" not in told, "numbers are masked"
    assert voicemails["record"]["outcome"] == "unanswered"
    assert {attempt["state"] for attempt in voicemails["record"]["attempts"]} == {"silent"}
    assert voicemails["transcript"]["findings"] == []
    assert "from a withheld number" in withheld
    assert "outcome       abandoned: the caller hung up (" in withheld
    assert ", not held (nobody talked)" in withheld
    assert 'bin/radrum call skane --at "2026-12-28T09:00"' in closed


@pytest.mark.timeout(180)
def test_a_call_with_a_reference_joins_its_case_and_shows_no_digit_of_it(where: Deployment) -> None:
    told_of = re.search(r"To call about a case: \S*radrum call (\w+) --press 3,(\d{7})\n", where.run("demo"))
    assert told_of
    line, reference = told_of.groups()
    with running(where, workers=1):
        pressed = ("call", line, "--press", f"3,{reference}", "--at", OPEN)
        told, as_json = where.run(*pressed), where.run(*pressed, "--json")

    assert "caller presses      •••••••" in told
    assert ", held, in the case of its reference" in told
    assert "från någon med ärendenummer" in told
    assert reference not in told + as_json


@pytest.mark.timeout(180)
def test_calls_go_through_the_simulator_where_it_runs_and_are_on_its_page(where: Deployment) -> None:
    with in_service(where), simulating(where) as simulator:
        told = where.run("call", "skane", "--press", "1", "--at", OPEN)
        page = simulator.get("/practice/calls")

    sid = told.partition("Recorded: call ")[2][:34]
    assert "outcome       answered" in told
    assert sid.startswith("CA")
    assert sid in page


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["skåne"], "radrum: there is no line skåne; the lines are nationell, skane, skaraborg, vastmanland"),
        (["skane", "--at", "soon"], "radrum: --at: found 'soon'; allowed: an instant like 2026-11-23T10:00"),
        (["skane", "--at", "0001-01-01T00:00"], "radrum: --at: found 0001-01-01 00:00:00; allowed: an instant of the"),
        (["skane", "--at", "1999-12-31T23:59"], "allowed: an instant of the years 2014 to 2099"),
        (["skane", "--at", "2099-12-31T23:30Z"], "allowed: an instant of the years 2014 to 2099"),
        (["skane", "--at", "9999-12-31T23:59-14:00"], "allowed: an instant of the years 2014 to 2099"),
        (["skane", "--from", "anna"], "radrum: --from: found no number; allowed: a number like 070-174 06 05 or"),
        (["skane", "--press", "1,x"], "--press: found 'x'; allowed: 0-9, * and #, comma between, - for silence"),
        (["skane"], "the web service doesn't answer at http://127.0.0.1:"),
    ],
)
def test_a_call_that_cannot_be_placed_fails_with_a_plain_sentence(
    where: Deployment, arguments: list[str], sentence: str
) -> None:
    done = where.tried("call", *arguments)

    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_what_answers_and_is_not_the_service_is_not_rung(where: Deployment) -> None:
    with serving(Script({"/healthz": "<Say>Something else</Say>"})) as stranger:
        done = tried_at(where, stranger, "call", "skane", "--at", OPEN)

    assert done.returncode == 1
    assert done.stderr.startswith(f"radrum: {stranger.public_url} isn't Rådrum")
    assert stranger.paths == ["/healthz"]


@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_a_call_with_objections_fails(where: Deployment, as_json: list[str]) -> None:
    where.run("db", "upgrade")

    with serving(Script({"/twilio/voice": "<Nonsense/>"})) as broken:
        done = tried_at(where, broken, "call", "skane", "--at", OPEN, *as_json)

    assert done.returncode == 1
    assert "error sentence" in done.stdout


def test_a_wall_time_that_the_clock_jumps_over_means_the_jump(where: Deployment) -> None:
    where.run("db", "upgrade")

    with serving(Script({"/twilio/voice": "<Say>Hej då.</Say>"})) as script:
        done = tried_at(where, script, "call", "skane", "--at", " 2026-03-29T02:30 ")

    assert done.stdout.splitlines()[0].endswith("Sunday 2026-03-29 03:00:00 +0200")
    assert done.stderr == "2026-03-29 02:30:00 doesn't exist that day: the clock jumps over it, to 03:00:00.\n"


@pytest.mark.parametrize("option", ["--phones", "--hang-up"])
def test_an_option_of_a_closed_set_names_what_is_allowed(where: Deployment, option: str) -> None:
    done = where.tried("call", "skane", option, "whenever")

    assert done.returncode == 2
    assert "is not one of" in done.stderr


@pytest.mark.parametrize("command", [["simulator"], ["call", "skane"]])
def test_in_live_mode_nothing_is_simulated(where: Deployment, command: list[str]) -> None:
    live = {**where.environment, "RADRUM_MODE": "live", "RADRUM_PUBLIC_URL": "https://radrum.example.se"}

    done = Deployment(live, where.service, where.folder).tried(*command)

    assert done.returncode == 1
    assert "practice" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_said_in_a_plain_sentence(where: Deployment) -> None:
    with simulating(where):
        done = where.tried("simulator")

    assert done.returncode == 1
    assert done.stderr.strip().endswith("or choose another: bind of [simulator] in config.toml")
