"""Calls against canned answers: how the simulator's tests are written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.simulator.caller import CallerScript
from app.simulator.engine import place_call
from app.simulator.plan import CallPlan
from tests.support.scripted import ANNA, LINE, Script, serving

if TYPE_CHECKING:
    from app.simulator.findings import FindingKind
    from app.simulator.network import Network
    from app.simulator.transcript import Transcript
    from tests.support.scripted import Received

DIAL = f'<Dial action="/after" timeout="20" callerId="{LINE}"><Number>{ANNA}</Number></Dial>'
SCREENED = f'<Dial action="/after" timeout="20" callerId="{LINE}"><Number url="/screen">{ANNA}</Number></Dial>'
SCREEN = '<Gather numDigits="1" timeout="8" action="/accept"><Say>Tryck ett.</Say></Gather><Hangup/>'
GOODBYE = "<Say>Hej då.</Say>"


@dataclass(frozen=True)
class Played:
    """A call that was played, and what the service got."""

    transcript: Transcript
    script: Script

    def to(self, path: str) -> list[Received]:
        return self.script.to(path)

    def one(self, path: str) -> Received:
        return self.script.one(path)

    @property
    def paths(self) -> list[str]:
        return self.script.paths

    @property
    def findings(self) -> list[FindingKind]:
        return [finding.kind for finding in self.transcript.findings]


def play(
    answers: dict[str, Any],
    *,
    keys: tuple[str, ...] = (),
    network: Network | None = None,
    caller_script: CallerScript | None = None,
    service: dict[str, str] | None = None,
    numbers: frozenset[str] = frozenset(),
    **plan: Any,  # noqa: ANN401 - the fields of a CallPlan
) -> Played:
    """Place one call against a service with these answers. ``service``: other fields of the Service."""
    plan.setdefault("script", caller_script or CallerScript(keys))
    with serving(Script(answers)) as script:
        changed = {name: value.replace("ORIGIN", script.public_url) for name, value in (service or {}).items()}
        transcript = place_call(replace(script.service, numbers=numbers, **changed), CallPlan(LINE, **plan), network)
    assert not script.badly_signed
    return Played(transcript, script)
