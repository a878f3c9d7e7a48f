"""A hand-driven Twilio for tests of single webhooks: signs forms, posts them, reads the answers.

Whole calls are driven by the simulator; this is for looking at one answer at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urldefrag
from xml.etree import ElementTree as ET

from twilio.request_validator import RequestValidator

if TYPE_CHECKING:
    from datetime import datetime

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

ACCOUNT = "AC" + "0" * 32
TOKEN = "the-token-of-the-tests"
ORIGIN = "http://127.0.0.1:8400"
CALLER = "+46701740605"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer, parsed."""

    response: TestResponse

    @property
    def document(self) -> ET.Element:
        assert self.response.status_code == 200, self.response.status
        return ET.fromstring(self.response.data)  # noqa: S314 - our own answer

    @property
    def text(self) -> str:
        """All that is said, in order."""
        return " ".join(say.text or "" for say in self.document.iter("Say"))

    @property
    def verbs(self) -> list[str]:
        return [verb.tag for verb in self.document]

    @property
    def action(self) -> str:
        """Where the answer leads: the action of its Gather or Dial, or its Redirect."""
        leads = [verb for verb in self.document if verb.tag in {"Gather", "Dial", "Redirect"}]
        return leads[0].get("action") or leads[0].text or ""

    @property
    def rings(self) -> str | None:
        """The number that is dialled."""
        number = self.document.find("Dial/Number")
        return None if number is None else number.text

    @property
    def screen_url(self) -> str:
        number = self.document.find("Dial/Number")
        assert number is not None
        return number.get("url", "")

    @property
    def leg_url(self) -> str:
        number = self.document.find("Dial/Number")
        assert number is not None
        return number.get("statusCallback", "")


@dataclass
class Twilio:
    """One caller's leg, and the legs to specialists that it dials."""

    client: FlaskClient
    to: str
    now: datetime
    sid: str
    caller: str = CALLER
    token: str = TOKEN
    sent: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def post(self, path: str, **fields: str) -> Answered:
        """A signed webhook on the caller's leg; fields win over the usual ones."""
        form = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "CallSid": self.sid,
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "From": self.caller,
            "To": self.to,
            "FromCity": "",
            "XSim": "unknown",
            "PracticeNow": self.now.isoformat(),
        } | fields
        self.sent.append((path, form))
        return self.send(path, form)

    def send(self, path: str, form: dict[str, str]) -> Answered:
        # The fragment rules how Twilio delivers; it neither travels nor is signed.
        path = urldefrag(path).url
        signature = RequestValidator(self.token).compute_signature(ORIGIN + path, form)
        return Answered(self.client.post(path, data=form, headers={"X-Twilio-Signature": signature}))

    def arrive(self) -> Answered:
        return self.post("/twilio/voice", CallStatus="ringing")

    def press(self, at: Answered, digits: str) -> Answered:
        return self.post(at.action, Digits=digits)

    def stay_silent(self, at: Answered) -> Answered:
        return self.post(at.action)

    def hang_up(self) -> Answered:
        return self.post("/twilio/status", CallStatus="completed", CallDuration="10")

    def on_leg(self, path: str, **fields: str) -> Answered:
        """A signed webhook on the specialist's leg."""
        leg = {"CallSid": "CA" + "f" * 32, "ParentCallSid": self.sid, "Direction": "outbound-dial", "From": self.to}
        return self.post(path, **(leg | fields))

    def pick_up(self, dial: Answered) -> Answered:
        return self.on_leg(dial.screen_url)

    def accept(self, dial: Answered, key: str = "1") -> Answered:
        screen = self.pick_up(dial)
        return self.on_leg(screen.action, Digits=key)

    def dial_ended(self, dial: Answered, status: str, *, bridged: bool, **fields: str) -> Answered:
        return self.post(dial.action, DialCallStatus=status, DialBridged="true" if bridged else "false", **fields)
