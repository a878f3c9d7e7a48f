"""``radrum call``: one practice call, from the first word to the record."""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
import requests

from app.cli.call_shown import record_as_json, recorded, told
from app.cli.simulator import practice_service
from app.domain.calls import CallSid
from app.domain.errors import NotFound, Problem, RejectedInput, Unavailable
from app.domain.lines import LineKey
from app.factory import open_database
from app.settings import load_settings
from app.simulator.caller import Moment
from app.simulator.network import Network
from app.simulator.orders import FICTIVE_CALLER, REACTIONS, WITHHELD, Order, carry_out
from app.simulator.transcript import Transcript
from app.storage.queries.api_pages import call_with

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from app.domain.policy import Policy
    from app.settings import Settings
    from app.simulator.plan import Service

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
    staff's phones, and talks take no time.
    """
    settings = load_settings(os.environ)
    service = practice_service(settings)
    key = _line_key(settings.policy, line)
    zone = settings.policy.schedules[key].hours.zone
    order = Order(
        line_number=settings.policy.lines[key].twilio_numbers[0].e164,
        caller=caller if caller == WITHHELD else _international(caller),
        keys=tuple("" if one == "-" else one for one in press.replace(" ", "").split(",")) if press.strip() else (),
        phones=phones,
        hang_up=hang_up,
        starts_at=_instant(at, zone),
    )
    order.plan()
    transcript = _placed(settings, service, order)
    with open_database(settings) as session:
        record = call_with(session, CallSid(transcript.call_sid))
        if as_json:
            shown = {"transcript": transcript.as_json(), "record": record_as_json(record)}
            click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
            return
        for sentence in (*told(settings.policy, key, transcript), "", *recorded(session, settings.policy, key, record)):
            click.echo(sentence)


def _line_key(policy: Policy, name: str) -> LineKey:
    if name not in policy.lines:
        message = f"there is no line {name}; the lines are {', '.join(policy.lines)}"
        raise NotFound(message)
    return LineKey(name)


def _international(number: str) -> str:
    plain = number.replace(" ", "").replace("-", "")
    return f"+46{plain[1:]}" if plain.startswith("0") and not plain.startswith("00") else plain


def _instant(given: str | None, zone: ZoneInfo) -> str | None:
    if given is None:
        return None
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        allowed = "an instant like 2026-11-23T10:00, or 2026-11-23T09:00+00:00"
        raise RejectedInput([Problem("call", "--at", repr(given), allowed)]) from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).isoformat()


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
