"""A practice call as it is ordered: by the command, or by JSON over HTTP."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.domain.errors import Problem, RejectedInput, Unavailable
from app.domain.phone import PhoneNumber
from app.simulator.caller import CallerScript, Moment
from app.simulator.engine import place_call
from app.simulator.phones import PhoneBehaviour, Reaction
from app.simulator.plan import CallPlan, Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.simulator.network import Network
    from app.simulator.transcript import Transcript

FICTIVE_CALLER = "+46701740605"
WITHHELD = "withheld"
# How a withheld number most often arrives.
WITHHELD_ON_THE_WIRE = "anonymous"
_KNOCK_SECONDS = 5.0
_TEXT_LIMIT = 200
# The service knows the days off of fewer years, and the command says of which; these are what a clock can do with.
_FIRST_YEAR = 1970
_LAST_YEAR = 2999
_INSTANT = "an instant with offset (2026-11-23T10:00:00+01:00)"
_HEALTHY = {"status": "ok"}
_LARGEST_HEALTH_BYTES = 1000

REACTIONS = {
    "answer": Reaction.ACCEPTS,
    "silent": Reaction.SILENT,
    "busy": Reaction.BUSY,
    "no-answer": Reaction.NO_ANSWER,
    "decline": Reaction.DECLINES,
}


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants to try. The fields are as they travel; ``plan`` says whether they can be meant."""

    line_number: str
    caller: str = FICTIVE_CALLER
    keys: tuple[str, ...] = ()
    phones: str = "answer"
    hang_up: str | None = None
    starts_at: str | None = None

    def plan(self) -> CallPlan:
        """The call. Raises ``RejectedInput`` with everything that is wrong."""
        wrong: list[Problem] = []

        def read(key: str, found: object, allowed: str, parse: Callable[[], Any]) -> Any:  # noqa: ANN401 - by its caller
            try:
                return parse()
            except (KeyError, ValueError, OverflowError):
                wrong.append(Problem("the order", key, str(found)[:_TEXT_LIMIT], allowed))

        line = read("line_number", "something else", "a number as +4640349800", lambda: _number(self.line_number))
        caller = read("caller", "something else", f"a number as {FICTIVE_CALLER}, or {WITHHELD}", self._caller)
        moments = ", ".join(moment.value for moment in Moment)
        moment = read("hang_up", self.hang_up, moments, lambda: Moment(self.hang_up) if self.hang_up else None)
        script = read("keys", self.keys, "keys of 0-9, * and #", lambda: CallerScript(self.keys))
        phones = read("phones", self.phones, ", ".join(REACTIONS), lambda: PhoneBehaviour(REACTIONS[self.phones]))
        at = read("starts_at", self.starts_at, _INSTANT, self._instant)
        if wrong:
            raise RejectedInput(wrong)
        script = replace(script, hangs_up=moment)
        return CallPlan(line, caller, script, other_phones=phones, starts_at=at)

    def as_json(self) -> dict[str, Any]:
        """For the wire."""
        return {
            "line_number": self.line_number,
            "caller": self.caller,
            "keys": list(self.keys),
            "phones": self.phones,
            "hang_up": self.hang_up,
            "starts_at": self.starts_at,
        }

    @staticmethod
    def from_json(given: object) -> Order:
        """The order in a body. Raises ``RejectedInput``."""
        names = {"line_number", "caller", "keys", "phones", "hang_up", "starts_at"}
        if not isinstance(given, dict) or set(given) - names or "line_number" not in given:
            raise RejectedInput([Problem("the order", "body", "something else", f"an object of {sorted(names)}")])
        keys = given.get("keys", [])
        texts = {name: value for name, value in given.items() if name != "keys" and value is not None}
        if not isinstance(keys, list) or not all(isinstance(text, str) for text in [*keys, *texts.values()]):
            raise RejectedInput([Problem("the order", "body", "another type", "texts, and keys as a list of texts")])
        return Order(**texts, keys=tuple(keys))

    def _caller(self) -> str:
        return WITHHELD_ON_THE_WIRE if self.caller == WITHHELD else _number(self.caller)

    def _instant(self) -> datetime | None:
        if self.starts_at is None:
            return None
        at = datetime.fromisoformat(self.starts_at)
        if at.tzinfo is None or not _FIRST_YEAR <= at.year <= _LAST_YEAR:
            raise ValueError
        return at.astimezone(UTC)


def carry_out(order: Order, service: Service, network: Network) -> Transcript:
    """Place the ordered call. Without a start of its own it begins now, by the service's clock.

    Raises ``RejectedInput``, and ``Unavailable`` when the service doesn't answer at all.
    """
    plan = order.plan()
    service_now = ask_the_time(service)
    return place_call(service, replace(plan, starts_at=plan.starts_at or service_now), network)


def ask_the_time(service: Service) -> datetime:
    """The service's own idea of now: its clock may have been moved. Raises ``Unavailable``, also for a stranger."""
    address = urlsplit(service.public_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=_KNOCK_SECONDS)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        said, is_ours = answer.headers.get("Date", ""), _is_ours(answer)
    except http.client.HTTPException as error:
        raise Unavailable(_not_ours(service)) from error
    except OSError as error:
        message = f"the web service doesn't answer at {service.public_url}; start it with: make run"
        raise Unavailable(message) from error
    finally:
        connection.close()
    if not is_ours:
        raise Unavailable(_not_ours(service))
    try:
        return parsedate_to_datetime(said)
    except ValueError:
        return datetime.now(UTC)


def _is_ours(answer: http.client.HTTPResponse) -> bool:
    try:
        return answer.status == http.client.OK and bool(json.loads(answer.read(_LARGEST_HEALTH_BYTES)) == _HEALTHY)
    except ValueError:
        return False


def _not_ours(service: Service) -> str:
    return f"{service.public_url} isn't Rådrum: another program answers there; is RADRUM_BIND that of the service?"


def _number(text: str) -> str:
    return PhoneNumber(text).e164
