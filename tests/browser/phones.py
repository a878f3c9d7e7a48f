"""The simulator's phones by its interface: for tests whose subject is another page."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from requests import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.browser.deployments import Practice

_WAIT_SECONDS = 60


@dataclass
class Phones:
    """A caller and the specialists of one line, while somebody else looks at the desk."""

    practice: Practice
    line: str = "skane"

    def on_duty(self, at: datetime) -> list[str]:
        """Whose phones ring at that time, in order. Ends all calls: while one is under way, the time is that call's."""
        self.practice.end_all()
        listed = self._state(at)["phones"]
        return [phone["alias"] for phone in listed if phone["tier"] == "primary"]

    def call(self, at: datetime, alias: str) -> str:
        """Somebody rings in their work and is put through to one specialist, who presses 1; the call's sid."""
        sid = self._dial(at)
        self._keys(sid, "1")
        while (phone := self._until(self._ringing))["alias"] != alias:
            self._does(phone["id"], "decline", then="idle")
        self._takes(phone["id"])
        return sid

    def call_again(self, at: datetime, reference: str) -> str:
        """Somebody rings about a case, and whoever is rung first takes the call; their alias."""
        sid = self._dial(at)
        self._keys(sid, "3")
        self._keys(sid, reference)
        phone = self._until(self._ringing)
        self._takes(phone["id"])
        alias: str = phone["alias"]
        return alias

    def hang_up(self, sid: str) -> None:
        """The caller's."""
        self._post(f"/calls/{sid}/hang-up")

    def _dial(self, at: datetime) -> str:
        self.practice.end_all()
        wall = at.replace(tzinfo=None).isoformat(timespec="minutes")
        sid: str = self._post("/calls", line=self.line, at=wall)["sid"]
        return sid

    def _keys(self, sid: str, keys: str) -> None:
        """The answer to one question, from when it is heard until it is taken: keys in between belong to none."""
        asked = self._until(lambda: _asks(self._call(sid)))
        for key in keys:
            self._post(f"/calls/{sid}/keys", key=key)
        self._until(lambda: _answers(self._call(sid)) > _answers(asked))

    def _takes(self, phone: str) -> None:
        self._does(phone, "answer", then="screening")
        self._does(phone, "keys", then="talking", key="1")

    def _does(self, phone: str, what: str, *, then: str, **body: str) -> None:
        self._post(f"/phones/{phone}/{what}", **body)
        self._until(lambda: self._phone(phone)["state"] == then)

    def _ringing(self) -> Any:  # noqa: ANN401 - JSON
        return next((phone for phone in self._state()["phones"] if phone["state"] == "ringing"), None)

    def _phone(self, known: str) -> Any:  # noqa: ANN401 - JSON
        return next(phone for phone in self._state()["phones"] if phone["id"] == known)

    def _call(self, sid: str) -> Any:  # noqa: ANN401 - JSON
        return next(call for call in self._state()["calls"] if call["sid"] == sid)

    def _until(self, there: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever there is
        deadline = time.monotonic() + _WAIT_SECONDS
        while not (found := there()):
            assert time.monotonic() < deadline, "the phones don't get there"
            time.sleep(0.05)
        return found

    def _state(self, at: datetime | None = None) -> Any:  # noqa: ANN401 - JSON
        moment = {"at": at.replace(tzinfo=None).isoformat(timespec="minutes")} if at else {}
        return self._ask("GET", "/state", params={"line": self.line, **moment})

    def _post(self, path: str, **body: Any) -> Any:  # noqa: ANN401 - JSON
        return self._ask("POST", path, json=body)

    def _ask(self, method: str, path: str, **how: Any) -> Any:  # noqa: ANN401 - JSON
        with Session() as http:
            http.trust_env = False
            answer = http.request(
                method, f"{self.practice.simulator_url}/practice/api{path}", timeout=_WAIT_SECONDS, **how
            )
            answer.raise_for_status()
            return answer.json() if answer.content else None


def _asks(call: Any) -> Any:  # noqa: ANN401 - JSON
    """The call as it stands, while it hears a question; nothing, while it goes on from the answer to the last one."""
    return call if call["takes_keys"] and call["entries"] and call["entries"][-1]["kind"] != "keyed" else None


def _answers(call: Any) -> int:  # noqa: ANN401 - JSON
    return sum(entry["kind"] == "keyed" for entry in call["entries"])
