"""``radrum call``: one practice call, from the first word to the record."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import click
import requests

from app.cli.call_shown import record_as_json, recorded, told
from app.cli.simulator import practice_service
from app.cli.typed import SILENCE, instant, keys, line_key
from app.domain.calls import CallSid
from app.domain.errors import Problem, RejectedInput, Unavailable
from app.domain.phone import PhoneNumber
from app.factory import open_database
from app.settings import load_settings
from app.simulator.caller import Moment
from app.simulator.network import Network
from app.simulator.orders import FICTIVE_CALLER, REACTIONS, WITHHELD, Order, carry_out
from app.simulator.transcript import Ending, Transcript
from app.storage.queries.api_pages import call_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey
    from app.domain.policy import Policy
    from app.settings import Settings
    from app.simulator.plan import Service
    from app.storage.queries.api_pages import CallRecord

_KNOCK_SECONDS = 2
_CALL_SECONDS = 120
_CREATED = 201


@click.command()
@click.argument("line")
@click.option("--press", metavar="1,2,…", default="", help="Keys, one for each question; - is silence. Then silence.")
@click.option("--from", "caller", metavar="N", default=FICTIVE_CALLER, help="The caller's number, or: withheld.")
@click.option("--at", metavar="T", help="When: 2026-11-23T10:00 on the line's wall clock, or with an offset. Else now.")
@click.option("--phones", type=click.Choice(list(REACTIONS)), default="answer", help="What the staff's phones do.")
@click.option("--hang-up", type=click.Choice([one.value for one in Moment]), help="Where the caller hangs up.")
@click.option("--json", "as_json", is_flag=True, help="Print the transcript and the record as JSON.")
def call(
    line: str, press: str, caller: str, at: str | None, phones: str, hang_up: str | None, *, as_json: bool
) -> None:
    """Place one practice call to LINE; print what was said, who was rung and what was recorded.

    It goes to the running service over HTTP, in practice mode. Nobody is rung: the simulator plays the caller and the
    staff's phones, and talks take no time. Exits with 1 when the call broke off or there are objections.
    """
    settings = load_settings(os.environ)
    service = practice_service(settings)
    key = line_key(settings.policy, line)
    order = Order(
        line_number=settings.policy.lines[key].twilio_numbers[0].e164,
        caller=_caller(caller),
        keys=tuple("" if one == SILENCE else one for one in keys("--press", press)),
        phones=phones,
        hang_up=hang_up,
        starts_at=instant("--at", at, settings.policy.schedules[key].hours).isoformat() if at is not None else None,
    )
    order.plan()
    transcript = _placed(settings, service, order)
    with open_database(settings) as session:
        record = call_with(session, CallSid(transcript.call_sid))
        for sentence in _shown(session, settings.policy, key, transcript, record, as_json=as_json):
            click.echo(sentence)
    if transcript.ending is Ending.DROPPED or transcript.findings or record is None:
        click.get_current_context().exit(1)


def _shown(
    session: Session,
    policy: Policy,
    key: LineKey,
    transcript: Transcript,
    record: CallRecord | None,
    *,
    as_json: bool,
) -> Iterator[str]:
    if as_json:
        shown = {"transcript": transcript.as_json(), "record": record_as_json(record)}
        yield json.dumps(shown, ensure_ascii=False, indent=2)
        return
    yield from told(policy, key, transcript)
    yield ""
    yield from recorded(session, policy, key, record)


def _caller(given: str) -> str:
    plain = given.replace(" ", "").replace("-", "")
    if plain == WITHHELD:
        return plain
    national = plain.startswith("0") and not plain.startswith("00")
    try:
        return PhoneNumber(f"+46{plain[1:]}" if national else plain).e164
    except ValueError:
        allowed = f"a number like 070-174 06 05 or {FICTIVE_CALLER}, or {WITHHELD}"
        raise RejectedInput([Problem("", "--from", "no number", allowed)]) from None


def _placed(settings: Settings, service: Service, order: Order) -> Transcript:
    """By the simulator process where it runs, so that its page shows the call; else from here, with the same engine."""
    with requests.Session() as session:
        # Both ends are this computer: no proxy.
        session.trust_env = False
        simulator = f"http://{settings.simulator_bind}"
        if not _is_ours(session, simulator, service):
            return carry_out(order, service, Network())
        try:
            answer = session.post(f"{simulator}/practice/calls", json=order.as_json(), timeout=_CALL_SECONDS)
            said: dict[str, Any] = answer.json()
        except requests.RequestException as error:
            message = f"the simulator at {simulator} broke off the call"
            raise Unavailable(message) from error
    if answer.status_code != _CREATED:
        raise Unavailable(str(said.get("detail", answer.status_code)))
    return Transcript.from_json(said)


def _is_ours(session: requests.Session, simulator: str, service: Service) -> bool:
    """Whether a simulator runs there, and rings the same service."""
    try:
        said = session.get(f"{simulator}/practice/service", timeout=_KNOCK_SECONDS).json()
    except requests.RequestException:
        return False
    return bool(said == {"public_url": service.public_url, "account_sid": service.account_sid})
