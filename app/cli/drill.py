"""``radrum drill``: many disturbed calls to a real service, on a database to throw away."""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import app
from app.cli.drill_database import drilled, fill_with_staff, lent, recorded_calls
from app.cli.drill_deployment import commit_of, complaints_in, serving, throw_away
from app.cli.drill_report import DrillReport
from app.cli.simulator import practice_service
from app.domain.errors import NotFound
from app.factory import open_database, provider_of
from app.services.line.reconcile import QUIET, Report, reconcile, sweep
from app.simulator.drill.mix import FAULT_NAMES, Scenario, drilled_lines, faults_named
from app.simulator.drill.play import play
from app.simulator.drill.provider import FALLBACK_PATH, standing_in
from app.simulator.drill.verdict import judge
from app.simulator.network import Network
from app.simulator.plan import Service
from app.telephony import twiml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from types import FrameType

    from app.cli.drill_deployment import Deployment
    from app.settings import Settings
    from app.simulator.drill.figures import Drilled, Recorded
    from app.simulator.transcript import Transcript

    Serving = Callable[[Deployment, int], AbstractContextManager[Path]]

SQLITE = "sqlite"
_POSTGRESQL = ("postgresql://", "postgres://", "postgresql+psycopg://")
_A_DATABASE = "sqlite, or the URL of an empty PostgreSQL database, as postgresql://USER@HOST/DATABASE"
_ALL, _NONE = "all", "none"
_SOME_FAULTS = f"{_ALL}, {_NONE}, or with a comma between: {', '.join(FAULT_NAMES)}"
_TENTHS = 10
_MOST_CALLS = 20_000
"""The ledger of so many is half a gigabyte."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for."""

    calls: int
    rate: float | None
    at_once: int
    workers: int
    database: str
    voicemails: int
    faults: tuple[str, ...]
    seed: int


def _database(_: click.Context, __: click.Parameter, given: str) -> str:
    if given != SQLITE and not given.startswith(_POSTGRESQL):
        # Not repeated: it may hold a password.
        raise click.BadParameter(_A_DATABASE)
    return given


def _faults(_: click.Context, __: click.Parameter, given: str) -> tuple[str, ...]:
    if given in {_ALL, _NONE}:
        return FAULT_NAMES if given == _ALL else ()
    names = tuple(name.strip() for name in given.split(","))
    unknown = [name for name in names if name not in FAULT_NAMES]
    if unknown:
        message = f"{unknown[0]!r}; allowed: {_SOME_FAULTS}"
        raise click.BadParameter(message)
    return names


def _file(_: click.Context, __: click.Parameter, given: Path | None) -> Path | None:
    if given is not None and not given.absolute().parent.is_dir():
        message = f"there is no folder {given.absolute().parent}"
        raise click.BadParameter(message)
    return given


@click.command()
@click.option("--calls", type=click.IntRange(1, _MOST_CALLS), default=200, show_default=True, help="How many.")
@click.option(
    "--rate", type=click.FloatRange(0.01, 1000), help="Calls that begin in a second. Else as fast as it goes."
)
@click.option("--at-once", type=click.IntRange(1, 200), default=50, show_default=True, help="Calls under way.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes of the service.")
@click.option("--database", callback=_database, default=SQLITE, show_default=True, help=f"{_A_DATABASE}.")
@click.option(
    "--voicemails", type=click.IntRange(0, 100), default=20, show_default=True, help="Per cent of the staff's phones."
)
@click.option("--faults", callback=_faults, default=_ALL, show_default=True, help=_SOME_FAULTS)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="The same seed: the same calls. Else any.")
@click.option(
    "--json", "file", type=click.Path(dir_okay=False, path_type=Path), callback=_file, help="Write the report there."
)
@click.pass_obj
def drill(served: Serving | None, /, seed: int | None, file: Path | None, **wishes: Any) -> None:  # noqa: ANN401 - by click
    """Place many calls to this configuration, with faults, and hold its records against what was played.

    A service of its own is started for it, on a database to throw away: callers and staff phones are the simulator's,
    nobody is rung, and nothing that you have is touched. A PostgreSQL database that you name must be empty, and is
    again afterwards. Exits with 1 when anything was lost.
    """
    wish = Wish(seed=random.SystemRandom().getrandbits(32) if seed is None else seed, **wishes)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with _ended_by_a_signal():
        report = run(wish, served or serving)
    if file:
        file.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for sentence in report.sentences():
        click.echo(sentence)
    if report.has_lost_nothing:
        click.echo(report.verdict_sentence())
        return
    click.echo(f"radrum: {report.verdict_sentence()}", err=True)
    click.get_current_context().exit(1)


def run(wish: Wish, served: Serving) -> DrillReport:
    """The whole drill; ``served`` runs the service."""
    now = datetime.now(UTC)
    network = Network()
    with ExitStack() as stack:
        deployment = stack.enter_context(throw_away(os.environ, None if wish.database == SQLITE else wish.database))
        settings = deployment.settings
        stack.enter_context(lent(settings))
        scenario = _scenario(wish, settings, fill_with_staff(settings, now), now)
        service = _service(deployment)
        stack.enter_context(standing_in(service, network, deployment.provider_port, _fallbacks(settings)))
        log = stack.enter_context(served(deployment, wish.workers))
        began = time.perf_counter()
        transcripts, before, swept = _played(wish, settings, service, scenario, network)
        seconds = time.perf_counter() - began
        reconciled, recorded, known = _reconciled(settings, transcripts)
        complaints = complaints_in(log)
    verdict = judge(
        network.ledger,
        transcripts,
        recorded,
        before=before,
        origin=service.public_url,
        drilled=known,
        complaints=complaints,
    )
    return DrillReport(verdict, swept + reconciled, _how(wish, settings), seconds, complaints)


def _scenario(wish: Wish, settings: Settings, phones: tuple[str, ...], now: datetime) -> Scenario:
    lines = drilled_lines(settings.policy, now.date())
    if not lines:
        message = "no line opens within the next weeks: there is nothing to drill"
        raise NotFound(message)
    return Scenario(lines, phones, faults_named(wish.faults), wish.voicemails / 100, wish.seed)


def _service(deployment: Deployment) -> Service:
    known = practice_service(deployment.settings)
    fallback = f"http://127.0.0.1:{deployment.provider_port}{FALLBACK_PATH}"
    return Service(known.public_url, known.account_sid, known.auth_token, numbers=known.numbers, fallback_url=fallback)


def _fallbacks(settings: Settings) -> dict[str, str]:
    """What stands outside our own stack for the time when it is down: the line's words, and its backup number."""
    return {
        number.e164: twiml.failure(settings.policy.words, line.name, line.backup_number, line.caller_id)
        for line in settings.policy.lines.values()
        for number in line.twilio_numbers
    }


def _played(
    wish: Wish, settings: Settings, service: Service, scenario: Scenario, network: Network
) -> tuple[tuple[Transcript, ...], tuple[Recorded, ...], Report]:
    """All calls, their records as the service left them, and what the sweeper mended in the quiet after each rush."""
    transcripts: list[Transcript] = []
    before: list[Recorded] = []
    mended = Report()
    with _progress(wish.calls) as ended:
        for plans in scenario.rushes(wish.calls):
            rush = play(service, plans, network, at_once=wish.at_once, rate=wish.rate, ended=ended)
            transcripts += rush
            sids = {one.call_sid for one in rush}
            with open_database(settings) as session:
                before += [one for one in recorded_calls(session, settings.policy) if one.call_sid in sids]
                session.commit()
                mended += sweep(session, provider_of(settings), _quiet_after(rush))
    return tuple(transcripts), tuple(before), mended


def _quiet_after(transcripts: Sequence[Transcript]) -> datetime:
    """In the calls' own time: when the last of them has been silent for long enough to be asked about."""
    return max(one.ended_at for one in transcripts) + 2 * QUIET


@contextmanager
def _progress(calls: int) -> Iterator[Callable[[], None]]:
    """Gives what is to be called after each call."""
    if sys.stderr.isatty():
        with click.progressbar(length=calls, label="Calls", file=sys.stderr) as bar:
            yield lambda: bar.update(1)
        return
    ended = 0

    def one_more() -> None:
        nonlocal ended
        ended += 1
        if ended * _TENTHS // calls > (ended - 1) * _TENTHS // calls:
            click.echo(f"{ended} of {calls} calls", err=True)

    yield one_more


def _reconciled(settings: Settings, transcripts: Sequence[Transcript]) -> tuple[Report, tuple[Recorded, ...], Drilled]:
    """What was mended, all records as they are then, and what they are judged by."""
    since = min(one.began_at for one in transcripts) - _ONE_DAY
    with open_database(settings) as session:
        report = reconcile(session, settings.policy, provider_of(settings), since, _quiet_after(transcripts))
        return report, recorded_calls(session, settings.policy), drilled(session, settings.policy)


def _how(wish: Wish, settings: Settings) -> dict[str, Any]:
    return {
        "seed": wish.seed,
        "commit": commit_of(Path(app.__file__).parent),
        "engine": settings.database_url.partition(":")[0].partition("+")[0],
        "workers": wish.workers,
        "at_once": wish.at_once,
        "rate": wish.rate,
        "voicemails": wish.voicemails,
    }


@contextmanager
def _ended_by_a_signal() -> Iterator[None]:
    """SIGTERM and SIGHUP as Ctrl-C: what was started is stopped before we go."""

    def go(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, go) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
