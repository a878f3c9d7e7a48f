"""Live calls against canned answers, through the addresses that the practice page uses."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import Response

from app.simulator.lines import PracticeLine
from app.simulator.network import Network
from app.simulator.server import create_server
from tests.support.scripted import ANNA, BO, LINE, Script, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

STOCKHOLM = ZoneInfo("Europe/Stockholm")
AT = "2026-11-23T10:00"
QUICK = 25.0
"""Seconds of practice in each real one, where nothing has to be done in time."""
_PATIENCE_SECONDS = 60
_NATIONAL = "+46102235760"
CLARA = "+46701740643"

LINES = (
    PracticeLine("skane", "Skånes stödlinje", LINE, STOCKHOLM),
    PracticeLine("nationell", "Nationella stödlinjen", _NATIONAL, STOCKHOLM),
)


def on_duty(*phones: tuple[str, str, str]) -> dict[str, Any]:
    """The service's answer: alias, number and line of each phone."""
    return {
        "phones": [
            {"line": line, "alias": alias, "phone": number, "tier": "primary", "place": place, "is_free": True}
            for place, (alias, number, line) in enumerate(phones, 1)
        ]
    }


TWO = on_duty(("Övning Anna", ANNA, "skane"), ("Övning Bo", BO, "skane"))


@dataclass
class Practice:
    """Whoever uses the practice page."""

    client: FlaskClient
    script: Script
    network: Network
    api: str = "/practice/api"
    sids: list[str] = field(default_factory=list)

    def state(self, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever goes into an address
        answer = self.client.get(f"{self.api}/state", query_string=query)
        assert answer.status_code == 200, answer.status
        found: dict[str, Any] = answer.json or {}
        return found

    def post(self, path: str, **body: Any) -> TestResponse:  # noqa: ANN401 - anything may be sent
        return self.client.post(self.api + path, json=body)

    def does(self, path: str, **body: Any) -> None:  # noqa: ANN401 - anything may be sent
        answer = self.post(path, **body)
        assert answer.status_code in {202, 204}, answer.text

    def dials(self, line: str = "skane", at: str | None = AT, **more: Any) -> str:  # noqa: ANN401 - anything may be sent
        answer = self.post("/calls", line=line, at=at, **more)
        assert answer.status_code == 201, answer.text
        sid: str = (answer.json or {})["sid"]
        self.sids.append(sid)
        return sid

    def until(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first state of which that holds. Waits for changes, and for nothing else."""
        shown = self.state()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not holds(shown):
            assert time.monotonic() < deadline, json.dumps(shown, indent=1, ensure_ascii=False)
            answer = self.client.get(f"{self.api}/state", query_string={"since": shown["version"], "wait": 1})
            shown = answer.json or shown
        return shown

    def call(self) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in self.state()["calls"] if one["sid"] == self.sids[-1])
        return found

    def until_call(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The call that was dialled last, as soon as that holds of it."""
        sid = self.sids[-1]
        self.until(lambda shown: any(holds(one) for one in shown["calls"] if one["sid"] == sid))
        return self.call()

    def until_it_takes_keys(self) -> None:
        self.until_call(lambda call: bool(call["takes_keys"]))

    def until_it_is_over(self) -> dict[str, Any]:
        return self.until_call(lambda call: call["state"] == "ended")

    def until_phone(self, alias: str, state: str) -> dict[str, Any]:
        shown = self.until(lambda shown: any((one["alias"], one["state"]) == (alias, state) for one in shown["phones"]))
        found: dict[str, Any] = next(one for one in shown["phones"] if one["alias"] == alias)
        return found

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.does(f"/calls/{self.sids[-1]}/keys", key=key)

    def hangs_up(self) -> None:
        self.does(f"/calls/{self.sids[-1]}/hang-up")

    def kinds(self) -> list[str]:
        return [entry["kind"] for entry in self.call()["entries"]]


@contextmanager
def practising(answers: dict[str, Any], *, speed: float = 1.0, duty: dict[str, Any] = TWO) -> Iterator[Practice]:
    """A practice page before a service with these answers. Whatever is still under way is ended with the block."""

    def tell_duty(_: int) -> Response:
        return Response(json.dumps(duty), content_type="application/json")

    network = Network()
    with serving(Script({"/twilio/practice/duty": tell_duty} | answers)) as script:
        app = create_server(script.service, LINES, network, speed=speed)
        practice = Practice(app.test_client(), script, network)
        yield practice
        practice.does("/end-all")
        practice.until(lambda shown: all(call["state"] == "ended" for call in shown["calls"]))
    assert set(script.badly_signed) <= {"/healthz"}
