"""Whole calls over real HTTP, on both databases, against two workers, with everything going wrong on the way.

The oracle is that of ``radrum drill``: the simulator's ledger, with which the database is compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.cli.drill_database import drilled, fill_with_staff, recorded_calls
from app.cli.drill_deployment import complaints_in
from app.settings import load_settings
from app.simulator.drill.figures import Losses
from app.simulator.drill.mix import FAULT_NAMES, Scenario, drilled_lines, faults_named
from app.simulator.drill.play import play
from app.simulator.drill.provider import standing_in
from app.simulator.drill.verdict import judge
from app.simulator.faults import RequestFault
from app.simulator.network import Network
from app.simulator.transcript import Ending
from app.storage.models import Attempt
from tests.support.ports import reserved_port
from tests.support.service import Deployment, deployment, running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.simulator.transcript import Transcript

CALLS = 160
AT_ONCE = 40
# Without a fallback a request that is lost for good would end the call: that is for `radrum drill`, which has one.
FAULTS = tuple(name for name in FAULT_NAMES if name != RequestFault.LOST)


@dataclass(frozen=True)
class Drill:
    """What was played, and where its traces are."""

    where: Deployment
    network: Network
    transcripts: tuple[Transcript, ...]
    log: Path


@pytest.fixture
def drill(
    root: Path, tmp_path: Path, database_url: str, data_keys: Mapping[str, bytes], policy: Policy
) -> Iterator[Drill]:
    """160 calls, in rushes; the service, and the stand-in's REST API, still run."""
    network = Network()
    numbers = frozenset(line.twilio_numbers[0].e164 for line in policy.lines.values())
    port = reserved_port()
    api_base_url = f"http://127.0.0.1:{port}"
    where = deployment(root, tmp_path, database_url, data_keys, numbers=numbers, api_base_url=api_base_url)
    now = datetime.now(UTC)
    phones = fill_with_staff(load_settings(where.environment), now)
    scenario = Scenario(drilled_lines(policy, now.date()), phones, faults_named(FAULTS), voicemail_share=0.25, seed=0)
    plans = [scenario.call(number) for number in range(CALLS)]
    with standing_in(where.service, network, port), running(where, workers=2) as log:
        transcripts = play(where.service, plans, network, at_once=AT_ONCE)
        yield Drill(where, network, transcripts, log)


def test_of_160_disturbed_calls_none_is_missing_doubled_silent_or_wrongly_recorded(
    drill: Drill, session: Session, policy: Policy
) -> None:
    before = recorded_calls(session, policy)
    session.commit()
    drill.where.run("reconcile")

    verdict = judge(
        drill.network.ledger,
        drill.transcripts,
        recorded_calls(session, policy),
        before=before,
        origin=drill.where.service.public_url,
        drilled=drilled(session, policy),
        complaints=complaints_in(drill.log),
    )

    assert (verdict.losses, verdict.findings, complaints_in(drill.log)) == (Losses(), {}, ())
    assert (verdict.calls, verdict.rows, len(drill.network.ledger.call_sids)) == (CALLS, CALLS, CALLS)
    assert session.scalar(select(func.count()).select_from(Attempt).where(Attempt.ended_at.is_(None))) == 0
    # The drill is one only if everything in it happened.
    assert set(verdict.endings) == {Ending.TALKED, Ending.SPEECH, Ending.HUNG_UP}
    assert set(verdict.faults) == set(FAULTS)
    assert verdict.waiting.became["answered"] > 0
    assert verdict.waiting.most_turns > 1
    assert verdict.overflow.records.keys() == {"nationell"}
