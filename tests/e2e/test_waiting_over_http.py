"""Scripted calls through hold, overflow and English, over real HTTP: what must never be isn't, whatever goes wrong.

Two specialists, one of Skåne and one of the national line, and eight callers in one virtual time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.cli.drill_database import drilled, recorded_calls
from app.cli.drill_deployment import complaints_in
from app.domain.calls import Outcome
from app.simulator.caller import CallerScript, Moment
from app.simulator.drill.figures import Losses
from app.simulator.drill.hold import LONGEST_SILENCE_SECONDS
from app.simulator.drill.mix import FAULT_NAMES, drilled_lines, faults_named
from app.simulator.drill.play import play
from app.simulator.drill.provider import standing_in
from app.simulator.drill.verdict import judge
from app.simulator.faults import NO_FAULTS, RequestFault
from app.simulator.network import Network
from app.simulator.phones import PhoneBehaviour, Reaction
from app.simulator.plan import CallPlan
from app.simulator.transcript import LineKind
from app.storage.models import Call, Consultation
from tests.support.ports import reserved_port
from tests.support.service import deployment, running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.simulator.drill.figures import Verdict
    from app.simulator.faults import FaultPlan
    from app.simulator.transcript import Transcript

SKANE, NATIONELL, SKARABORG = "+4640349800", "+46102235760", "+46500498000"
ETT, NIO = "+46701740698", "+46701740699"
STAFF = """name,alias,phone,competences,languages,rota,from
Övning Ett,Ett,070-174 06 98,law,sv,skane,2026-01-01
Övning Nio,Nio,070-174 06 99,law,sv;en,nationell,2026-01-01
"""
DISTURBED = faults_named([name for name in FAULT_NAMES if name != RequestFault.LOST])


def talks(seconds: float) -> PhoneBehaviour:
    return PhoneBehaviour(talk_seconds=seconds)


def call(line: str, after: float, script: CallerScript, **phones: PhoneBehaviour) -> CallPlan:
    """A call so many seconds after the first; every phone that isn't named talks for a minute."""
    named = {{"ett": ETT, "nio": NIO}[name]: behaviour for name, behaviour in phones.items()}
    opened = datetime(2026, 1, 1, tzinfo=UTC)  # set when the day is known
    return CallPlan(line, script=script, phones=named, starts_at=opened + timedelta(seconds=after), seed=int(after))


PLANS = {
    "occupies nio": call(NATIONELL, 0, CallerScript(("1",)), nio=talks(360)),
    "occupies ett": call(SKANE, 1, CallerScript(("1",)), ett=talks(180)),
    "waits in english": call(SKANE, 20, CallerScript(("9", "1"))),
    "waits after that": call(SKANE, 80, CallerScript(("1",))),
    "asks to be rung back": call(SKANE, 85, CallerScript(("1", "", "1", "1"))),
    "hangs up on hold": call(SKANE, 90, CallerScript(("1",), hangs_up=Moment.GATHER, hangs_up_the_nth_time=3)),
    "is passed on": call(SKANE, 500, CallerScript(("1",)), ett=PhoneBehaviour(Reaction.SILENT)),
    "is not theirs to be passed on": call(SKARABORG, 700, CallerScript()),
}


@dataclass(frozen=True)
class Played:
    """Eight calls by what becomes of them, and what they left behind."""

    transcripts: Mapping[str, Transcript]
    verdict: Verdict

    def one(self, name: str) -> Transcript:
        return self.transcripts[name]

    def joined_at(self, name: str) -> datetime:
        [at] = [line.at for line in self.one(name).lines if line.kind is LineKind.BRIDGED]
        return at


@pytest.fixture(params=[NO_FAULTS, DISTURBED], ids=["undisturbed", "disturbed"])
def played(
    request: pytest.FixtureRequest,
    root: Path,
    tmp_path: Path,
    database_url: str,
    data_keys: Mapping[str, bytes],
    policy: Policy,
    session: Session,
) -> Iterator[Played]:
    """The calls, once as they are and once with everything going wrong on the way."""
    network, port, faults = Network(), reserved_port(), request.param
    numbers = frozenset(line.twilio_numbers[0].e164 for line in policy.lines.values())
    api_base_url = f"http://127.0.0.1:{port}"
    where = deployment(root, tmp_path, database_url, data_keys, numbers=numbers, api_base_url=api_base_url)
    staff = tmp_path / "staff.csv"
    staff.write_text(STAFF, encoding="utf-8")
    where.run("staff", "import", str(staff))
    with standing_in(where.service, network, port), running(where, workers=2) as log:
        transcripts = play(where.service, _on_an_open_day(policy, faults), network, at_once=len(PLANS))
        before = recorded_calls(session, policy)
        session.commit()
        where.run("reconcile")
        verdict = judge(
            network.ledger,
            transcripts,
            recorded_calls(session, policy),
            before=before,
            origin=where.service.public_url,
            drilled=drilled(session, policy),
            complaints=complaints_in(log),
        )
        yield Played(dict(zip(PLANS, transcripts, strict=True)), verdict)


def _on_an_open_day(policy: Policy, faults: FaultPlan) -> list[CallPlan]:
    opens = drilled_lines(policy, datetime.now(UTC).date())[0].spans[0].opens + timedelta(hours=1)
    first = PLANS["occupies nio"].starts_at
    return [
        replace(plan, starts_at=opens + (plan.starts_at - first), faults=faults)
        for plan in PLANS.values()
        if plan.starts_at and first
    ]


def test_callers_who_wait_overflow_and_speak_english_are_served_as_they_should_and_lose_nothing(
    played: Played, session: Session
) -> None:
    verdict = played.verdict

    assert (verdict.losses, verdict.findings) == (Losses(), {})
    assert verdict.waiting.became == {"answered": 2, "pressed 1 to be rung back": 1, "hung up on hold": 1}
    assert verdict.waiting.longest_silence_seconds <= LONGEST_SILENCE_SECONDS
    assert all(sum(leg.joined for leg in one.legs) <= 1 for one in played.transcripts.values())

    assert played.joined_at("waits in english") < played.joined_at("waits after that")
    _, *english = [line for line in played.one("waits in english").lines if line.kind is LineKind.SAID][1:]
    assert {line.language.partition("-")[0] for line in english} == {"en"}
    screened = [line for line in played.one("waits in english").lines if line.kind is LineKind.SCREEN_SAID]
    assert {line.language for line in screened} == {"sv-SE"}

    became = {one.call_sid: name for name, one in played.transcripts.items()}
    rows = session.execute(select(Call, Consultation).join(Consultation, Consultation.call_id == Call.id))
    found = {became[row.sid]: (row.outcome, record.line) for row, record in rows}
    assert found == {
        "occupies nio": (Outcome.ANSWERED, "nationell"),
        "occupies ett": (Outcome.ANSWERED, "skane"),
        "waits in english": (Outcome.ANSWERED, "skane"),
        "waits after that": (Outcome.ANSWERED, "skane"),
        "asks to be rung back": (Outcome.CALLBACK, "skane"),
        "hangs up on hold": (Outcome.ABANDONED, "skane"),
        "is passed on": (Outcome.ANSWERED, "nationell"),
        "is not theirs to be passed on": (Outcome.UNANSWERED, "skaraborg"),
    }
    assert verdict.overflow.records == {"nationell": 1}
    assert played.one("is not theirs to be passed on").legs == ()
