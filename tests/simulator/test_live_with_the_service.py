"""Live calls against the real service: what people do with the phones is what the record says."""

from __future__ import annotations

import json
import shutil
import socket
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.request import ProxyHandler, Request, build_opener
from zoneinfo import ZoneInfo

import pytest

from app.cli.drill_database import fill_with_staff
from app.domain.callflow.nodes import CallbackOffer
from app.settings import load_settings
from app.simulator.lines import PracticeLine
from app.simulator.network import Network
from app.simulator.server import create_server
from app.storage.types import keyring
from tests.simulator.living import Practice
from tests.support.scripted import Script
from tests.support.service import deployment, running, simulating

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.policy import Policy
    from tests.support.service import Deployment, Simulator

STOCKHOLM = ZoneInfo("Europe/Stockholm")
OPEN = "2026-11-23T10:00"
CLOSED = "2026-11-21T10:00"
SPEED = 2.0
"""Slow enough that whoever is to answer a phone or press a key comes in time on a busy machine too."""
QUICK = 60.0
"""Where nothing has to be done in time."""
KEYS = {"test": b"0123456789abcdef0123456789abcdef"}


@dataclass
class Deployed:
    """The service at work, and a practice page in front of it."""

    practice: Practice

    def rings_somebody(self, line: str = "skane", at: str | None = OPEN) -> dict[str, Any]:
        """A caller who presses 1 at every question; the phone that rings then."""
        practice = self.practice
        practice.dials(line, at)
        while True:
            call = practice.until_call(lambda call: bool(call["takes_keys"]) or is_ringing(call))
            if is_ringing(call):
                return self._phone_of(call["sid"])
            practice.presses("1")
            self._until_more_than(len(call["entries"]))

    def is_on_hold(self, line: str = "skane") -> str:
        """Everybody is in a conversation, and a caller has pressed 1 and waits."""
        practice = self.practice
        practice.does("/busy", line=line, at=OPEN)
        practice.until(lambda shown: {one["state"] for one in shown["phones"]} == {"talking"})
        sid = practice.dials(line, None)
        practice.until_it_takes_keys()
        practice.presses("1")
        self._until_more_than(2)
        return sid

    def is_recorded(self, **expected: object) -> dict[str, Any]:
        """The record of the last call, as soon as it says so."""
        call = self.practice.until_call(
            lambda call: bool(call["record"]) and expected.items() <= (call["record"] or {}).items()
        )
        record: dict[str, Any] = call["record"]
        return record

    def _phone_of(self, sid: str) -> dict[str, Any]:
        shown = self.practice.until(lambda shown: any(one["call"] == sid for one in shown["phones"]))
        found: dict[str, Any] = next(one for one in shown["phones"] if one["call"] == sid)
        return found

    def _until_more_than(self, entries: int) -> None:
        self.practice.until_call(lambda call: len(call["entries"]) > entries)


def is_ringing(call: dict[str, Any]) -> bool:
    return call["hears"] == "ringing" and any(entry["kind"] == "rang" for entry in call["entries"])


@pytest.fixture(scope="module")
def where(root: Path, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Deployment]:
    """The service at work, with staff on every line."""
    folder = tmp_path_factory.mktemp("live")
    shutil.copy(sqlite_template, folder / "radrum.sqlite3")
    where = deployment(root, folder, f"sqlite:///{folder}/radrum.sqlite3", KEYS, numbers=frozenset())
    fill_with_staff(load_settings(where.environment), datetime.now(UTC))
    keyring.load({})
    with running(where, workers=1):
        yield where


@contextmanager
def at_work(where: Deployment, policy: Policy, speed: float = SPEED) -> Iterator[Deployed]:
    lines = tuple(
        PracticeLine(key, line.name, line.caller_id.e164, STOCKHOLM, policy.flows[key])
        for key, line in policy.lines.items()
    )
    network = Network()
    app = create_server(where.service, lines, network, speed=speed)
    practice = Practice(app.test_client(), Script(), network)
    yield Deployed(practice)
    practice.does("/end-all")
    practice.until(lambda shown: all(call["state"] == "ended" for call in shown["calls"]))


@pytest.fixture
def deployed(where: Deployment, policy: Policy) -> Iterator[Deployed]:
    with at_work(where, policy) as deployed:
        yield deployed


@pytest.mark.timeout(120)
def test_whoever_answers_with_one_is_who_has_answered(deployed: Deployed) -> None:
    practice = deployed.practice

    phone = deployed.rings_somebody()
    practice.does(f"/phones/{phone['id']}/answer")
    practice.until_phone(phone["alias"], "screening")
    practice.does(f"/phones/{phone['id']}/keys", key="1")
    practice.until_phone(phone["alias"], "talking")
    practice.does(f"/phones/{phone['id']}/hang-up")
    practice.until_it_is_over()
    record = deployed.is_recorded(outcome="answered", answered_by=phone["alias"])

    call = practice.call()
    assert [one["state"] for one in record["attempts"]] == ["accepted"]
    assert record["owner"] == "Malmö stad"
    assert record["ended_at"]
    assert call["trail"][0] == "hours"
    assert call["at"] is None
    assert {one["kind"] for one in call["log"]} == {"turn", "leg", "screen", "accept", "status"}
    assert practice.network.ledger.findings == ()


@pytest.mark.timeout(120)
def test_a_declined_call_goes_to_the_next_phone_and_a_caller_who_gives_up_is_abandoned(deployed: Deployed) -> None:
    practice = deployed.practice

    first = deployed.rings_somebody()
    practice.does(f"/phones/{first['id']}/decline")
    shown = practice.until(
        lambda shown: any(one["state"] == "ringing" and one["id"] != first["id"] for one in shown["phones"])
    )
    practice.hangs_up()
    practice.until_it_is_over()
    record = deployed.is_recorded(outcome="abandoned")

    second = next(one for one in shown["phones"] if one["state"] == "ringing")
    assert [one["specialist"] for one in record["attempts"]] == [first["alias"], second["alias"]]
    assert [one["state"] for one in record["attempts"]] == ["busy", "cancelled"]
    assert {one["state"] for one in practice.state(line="skane", at=OPEN)["phones"]} == {"idle"}
    assert practice.network.ledger.findings == ()


@pytest.mark.timeout(120)
def test_a_closed_line_rings_nobody(where: Deployment, policy: Policy) -> None:
    with at_work(where, policy, QUICK) as deployed:
        practice = deployed.practice
        practice.dials("skane", CLOSED)
        call = practice.until_it_is_over()
        record = deployed.is_recorded(outcome="closed")
        phones = practice.state(line="skane", at=CLOSED)["phones"]

    assert record["attempts"] == phones == []
    assert "måndag" in " ".join(entry["text"] for entry in call["entries"])
    assert practice.network.ledger.findings == ()


@pytest.mark.timeout(180)
def test_when_nobody_touches_a_phone_the_caller_gets_other_help(where: Deployment, policy: Policy) -> None:
    with at_work(where, policy, QUICK) as deployed:
        # Who presses nothing is connected too; no key could come too late.
        deployed.practice.dials("skane", OPEN)
        deployed.practice.until_call(
            lambda call: call["state"] == "ended" or call["at"] in offers(policy) or call["at"] == "hold"
        )
        deployed.practice.hangs_up()
        deployed.practice.until_it_is_over()
        states = [one["state"] for one in deployed.practice.call()["record"]["attempts"]]

    assert "no_answer" in states
    assert set(states) <= {"no_answer", "cancelled"}


def offers(policy: Policy) -> set[str]:
    return {
        node.id for flow in policy.flows.values() for node in flow.nodes.values() if isinstance(node, CallbackOffer)
    }


@pytest.mark.timeout(180)
def test_when_everybody_is_in_a_call_no_phone_rings_until_one_is_free(deployed: Deployed) -> None:
    practice = deployed.practice

    sid = deployed.is_on_hold()
    shown = practice.state()

    assert len(shown["phones"]) > 2
    assert {one["state"] for one in shown["phones"]} == {"talking"}
    assert not [entry for entry in practice.call()["entries"] if entry["kind"] == "rang"]
    assert sum(call["is_background"] for call in shown["calls"]) == len(shown["phones"])
    assert practice.call()["sid"] == sid
    assert practice.network.ledger.findings == ()


@pytest.mark.timeout(180)
def test_whoever_becomes_free_is_rung_for_the_caller_on_hold(deployed: Deployed) -> None:
    practice = deployed.practice

    sid = deployed.is_on_hold()
    free = practice.state()["phones"][0]
    practice.does(f"/phones/{free['id']}/hang-up")
    # By its id: whoever has just ended a call comes last in the list.
    practice.until(
        lambda shown: ("ringing", sid, free["id"]) in {(p["state"], p["call"], p["id"]) for p in shown["phones"]}
    )
    practice.does(f"/phones/{free['id']}/answer")
    practice.until_phone(free["alias"], "screening")
    practice.does(f"/phones/{free['id']}/keys", key="1")
    practice.until_phone(free["alias"], "talking")
    record = deployed.is_recorded(answered_by=free["alias"])

    assert record["reason"] is None
    assert "hold" in practice.call()["trail"]
    assert practice.network.ledger.findings == ()


# --- the simulator as a process ---------------------------------------------------------------------------------------


def asked(simulator: Simulator, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
    request = Request(  # noqa: S310 - our own process
        f"{simulator.url}/practice/api{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with build_opener(ProxyHandler({})).open(request, timeout=10) as answer:
        read = answer.read()
    return json.loads(read) if read else None


@pytest.mark.timeout(120)
def test_many_who_wait_starve_nobody_and_a_live_call_keeps_no_process_alive(where: Deployment) -> None:
    with ExitStack() as open_connections:
        with simulating(where) as simulator:
            version = asked(simulator, "/state")["version"]
            for _ in range(40):
                open_connections.enter_context(waiting_for_a_change(simulator, version))
            began = time.monotonic()
            asked(simulator, "/end-all", {})
            shown = asked(simulator, "/state")
            took = time.monotonic() - began
            asked(simulator, "/calls", {"line": "skane", "at": OPEN})
            stopping = time.monotonic()
        stopped = time.monotonic() - stopping

    assert shown["version"] == version
    assert took < 9, "a poll takes ten seconds"
    assert stopped < 10


def waiting_for_a_change(simulator: Simulator, version: int) -> socket.socket:
    """Somebody who waits for a change, and never reads the answer."""
    host, _, port = simulator.url.removeprefix("http://").partition(":")
    connection = socket.create_connection((host, int(port)), timeout=10)
    line = f"GET /practice/api/state?wait=1&since={version} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n"
    connection.sendall(line.encode())
    return connection
