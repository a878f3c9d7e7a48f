"""Whole calls over real HTTP, on both databases, against two workers, with everything going wrong on the way.

The oracle is the simulator's ledger: what was sent and answered. The database is compared with it.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from werkzeug.serving import make_server

from app.domain.calls import Outcome
from app.simulator.caller import WITHHELD_FORMS, CallerScript, Moment
from app.simulator.engine import place_call
from app.simulator.faults import CallbackFault, FaultPlan, RequestFault
from app.simulator.network import Network
from app.simulator.phones import PhoneBehaviour, Reaction, some_voicemails
from app.simulator.plan import CallPlan
from app.simulator.server import create_server
from app.simulator.transcript import Ending, Transcript
from app.simulator.variants import any_variants
from app.storage.models import Attempt, Call, Consultation
from tests.support.service import Deployment, deployment, free_port, running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

CALLS = 160
AT_ONCE = 12
# Mondays to Fridays within the hours of every line, none of them a holiday.
OPEN_DAYS = [datetime(2026, 11, day, 8, 5, tzinfo=UTC) for day in (23, 24, 25, 26, 27)]
MENUS = ((), ("1",), ("2",), ("", "1"), ("1", "1"), ("1", "2"), ("1", "2", "0701740612#", "1"), ("9", "#"))
FAULTS = FaultPlan(
    requests=(
        (RequestFault.TWICE_SAME_TOKEN, 0.10),
        (RequestFault.TWICE_NEW_TOKEN, 0.10),
        (RequestFault.TWICE_AT_ONCE, 0.10),
        (RequestFault.LOST_ONCE, 0.05),
        (RequestFault.ANSWER_LOST, 0.05),
    ),
    callbacks=(
        (CallbackFault.DROPPED, 0.10),
        (CallbackFault.DOUBLED, 0.10),
        (CallbackFault.DELAYED, 0.10),
        (CallbackFault.HELD_BACK, 0.10),
        (CallbackFault.AT_ONCE, 0.10),
    ),
)


@dataclass(frozen=True)
class Drill:
    """What was played, and where its traces are."""

    where: Deployment
    network: Network
    transcripts: tuple[Transcript, ...]
    log: Path


@dataclass(frozen=True)
class Verdict:
    """What the ledger and the database say of each other: how many of what must never be."""

    missing: int
    doubled: int
    without_one_consultation: int
    silent: int
    server_errors: int
    wrongly_answered: int
    """Recorded as answered although nobody talked, or the other way round."""
    findings: Counter[str]
    complaints: tuple[str, ...]
    """Of the service, in its log."""


FLAWLESS = Verdict(0, 0, 0, 0, 0, 0, Counter(), ())


@pytest.fixture
def drill(
    root: Path, tmp_path: Path, database_url: str, data_keys: Mapping[str, bytes], policy: Policy
) -> Iterator[Drill]:
    """160 calls, four at a time; the service, and the stand-in's REST API, still run."""
    network = Network()
    numbers = [line.twilio_numbers[0].e164 for line in policy.lines.values()]
    port = free_port()
    where = deployment(
        root,
        tmp_path,
        database_url,
        data_keys,
        numbers=frozenset(numbers),
        api_base_url=f"http://127.0.0.1:{port}",
    )
    where.run("demo")
    plans = [any_call(random.Random(seed), seed, numbers) for seed in range(CALLS)]
    with rest_stand_in(where, network, port), running(where, workers=2) as log, ThreadPoolExecutor(AT_ONCE) as pool:
        transcripts = tuple(pool.map(lambda plan: place_call(where.service, plan, network), plans))
        yield Drill(where, network, transcripts, log)


@contextmanager
def rest_stand_in(where: Deployment, network: Network, port: int) -> Iterator[None]:
    """Twilio's list of calls, for reconciliation."""
    server = make_server("127.0.0.1", port, create_server(where.service, (), network), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def any_call(rng: random.Random, seed: int, numbers: list[str]) -> CallPlan:
    """A call as they come: one in five withheld, one phone in five a voicemail, half hang up somewhere."""
    hangs_up = rng.choice([None, *Moment]) if rng.random() < 0.6 else None
    return CallPlan(
        line_number=rng.choice(numbers),
        caller=rng.choice(WITHHELD_FORMS) if rng.random() < 0.2 else f"+467017406{rng.randint(5, 19):02d}",
        script=CallerScript(rng.choice(MENUS), hangs_up=hangs_up, hangs_up_the_nth_time=rng.choice((1, 1, 2))),
        phones={f"+467017406{number}": any_phone(rng) for number in range(40, 100)},
        starts_at=rng.choice(OPEN_DAYS) + timedelta(minutes=rng.randint(0, 330)),
        faults=FAULTS,
        variants=any_variants(rng),
        seed=seed,
    )


def any_phone(rng: random.Random) -> PhoneBehaviour:
    if rng.random() < 0.25:
        return PhoneBehaviour(rng.choice([Reaction.BUSY, Reaction.NO_ANSWER, Reaction.DECLINES, Reaction.HANGS_UP]))
    return some_voicemails(0.25, rng)


def verdict_on(drill: Drill, session: Session) -> Verdict:
    """Hold the database against the ledger."""
    sids = drill.network.ledger.call_sids
    rows = Counter(session.scalars(select(Call.sid).where(Call.sid.in_(sids))))
    number_of = func.count(Consultation.id)
    consultations = session.execute(
        select(Call.sid, number_of)
        .outerjoin(Consultation, Consultation.call_id == Call.id)
        .where(Call.sid.in_(sids))
        .group_by(Call.sid)
        .having(number_of != 1)
    ).all()
    answered = set(session.scalars(select(Call.sid).where(Call.outcome == Outcome.ANSWERED, Call.sid.in_(sids))))
    joined = {one.call_sid for one in drill.transcripts if any(leg.joined for leg in one.legs)}
    complaints = [line for line in drill.log.read_text().splitlines() if "ERROR" in line or "Error" in line]
    return Verdict(
        missing=len(sids - set(rows)),
        doubled=sum(1 for number in rows.values() if number > 1),
        without_one_consultation=len(consultations),
        silent=sum(one.ending in {Ending.SILENT, Ending.DROPPED} for one in drill.transcripts),
        server_errors=sum(one.status >= 500 for one in drill.network.ledger),
        wrongly_answered=len(answered ^ joined),
        findings=Counter(f"{finding.kind.value}: {finding.what}" for _, finding in drill.network.ledger.findings),
        complaints=tuple(complaints[:10]),
    )


def test_of_160_disturbed_calls_none_is_missing_doubled_silent_or_wrongly_recorded(
    drill: Drill, session: Session
) -> None:
    drill.where.run("reconcile", "--since", "2026-11-20")

    verdict = verdict_on(drill, session)

    assert verdict == FLAWLESS
    assert len(drill.network.ledger.call_sids) == CALLS
    assert session.scalar(select(func.count()).select_from(Call).where(Call.ended_at.is_(None))) == 0
    assert session.scalar(select(func.count()).select_from(Attempt).where(Attempt.ended_at.is_(None))) == 0
    # The drill is one only if everything in it happened.
    assert {one.ending for one in drill.transcripts} == {Ending.TALKED, Ending.SPEECH, Ending.HUNG_UP}
    played = {exchange.played_fault for exchange in drill.network.ledger}
    assert played == {None, *(fault.value for fault, _ in (*FAULTS.requests, *FAULTS.callbacks))}
