"""Calls that the service has placed through the REST API: one phone rings, and its holder hears the service's words.

They wait in a queue, one each second (https://www.twilio.com/docs/voice/api/call-resource).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.domain.calls import CallStatus
from app.domain.phone import PhoneNumber
from app.simulator.clock import VirtualClock
from app.simulator.engine import converse
from app.simulator.findings import Finding, FindingKind
from app.simulator.legs import Leg, new_sid
from app.simulator.people import People
from app.simulator.phones import ANSWERS, PutDown, ScriptedPhone
from app.simulator.plan import CallPlan
from app.simulator.run import CallDropped, CallerGone, Run
from app.simulator.transcript import LineKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.simulator.caller import Moment
    from app.simulator.network import Network
    from app.simulator.phones import Phone, PhoneBehaviour
    from app.simulator.plan import Service

_TIMEOUT_SURPLUS_SECONDS = 5
_A_CALL_EACH = timedelta(seconds=1)


class NotRung(ValueError):
    """An order that Twilio refuses, with its number of the error."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Order:
    """What the service wants."""

    to: str
    caller_id: str
    url: str
    method: str = "POST"
    status_url: str | None = None
    status_events: frozenset[str] = frozenset({"completed"})
    ring_seconds: int = 60

    def check(self, service: Service, numbers: frozenset[str]) -> None:
        """Raise ``NotRung`` unless Twilio would ring: ``numbers`` are those of the account."""
        if self.caller_id not in numbers:
            raise NotRung(21210, "From: not a number of this account")
        if not _can_be_rung(self.to):
            raise NotRung(21215, "To: not a number that may be rung")
        for url in filter(None, (self.url, self.status_url)):
            parts = urlsplit(url)
            if f"{parts.scheme}://{parts.netloc}" not in service.origins:
                raise NotRung(21205, "Url, StatusCallback: not an address of the service")

    def leg(self, service: Service, now: datetime) -> Leg:
        """Its leg, in the queue."""
        return Leg(
            new_sid("CA"), service.account_sid, "outbound-api", self.caller_id, self.to, now, status=CallStatus.QUEUED
        )


class Holder:
    """Whoever holds the phone that was rung: to the run they are who hears words and presses keys."""

    presses_star = False

    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    def is_gone(self) -> bool:
        """Whether they hung up while the service was thinking."""
        return self.phone.is_put_down()

    def hangs_up(self, moment: Moment) -> bool:  # noqa: ARG002 - a Caller's form
        """Their phone tells."""
        return False

    def begins_question(self) -> None:
        """From now on keys count."""
        self.phone.begins_question()

    def ends_question(self) -> None:
        """No longer."""
        self.phone.ends_question()

    def has_keyed(self) -> bool:
        """Whether a key waits."""
        return self.phone.has_keyed()

    def hears(self, run: Run, seconds: float) -> None:
        """Words."""
        try:
            self.phone.hears(run, seconds)
        except PutDown as down:
            raise CallerGone from down

    def hears_nothing(self, run: Run, seconds: float) -> None:
        """A pause."""
        run.wait_in_silence(seconds, self.phone.is_put_down)

    def next_key(self, run: Run, seconds: float) -> str:
        """The next key within that time."""
        try:
            return self.phone.next_key(run, seconds)
        except PutDown as down:
            raise CallerGone from down

    def hears_ringing(self) -> None:
        """Nothing comes of it."""

    def talks(self, run: Run, seconds: float, phone: Phone, *, star_ends: bool) -> None:  # noqa: ARG002 - a Caller's form
        """Until one of the two hangs up."""
        self.phone.is_joined()
        mine = self.phone.talk_seconds
        run.pass_seconds(min(seconds, mine), lambda: phone.is_put_down() or self.phone.is_put_down())
        if self.phone.is_put_down() or mine < seconds:
            raise CallerGone


@dataclass(slots=True)
class Queue:
    """Lets one call begin each second."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _free_at: datetime | None = None

    def seconds(self, now: datetime) -> float:
        """How long a call that comes now has to wait."""
        with self._lock:
            # A clock that was set back begins anew.
            is_far = self._free_at is None or abs(self._free_at - now) > timedelta(minutes=1)
            begins = now if is_far or self._free_at is None else max(now, self._free_at)
            self._free_at = begins + _A_CALL_EACH
            return (begins - now).total_seconds()


class ScriptedOutgoing:
    """Rings phones that behave as they were told, each call in virtual time and a thread of its own."""

    def __init__(
        self,
        service: Service,
        network: Network,
        phones: Mapping[str, PhoneBehaviour] | None = None,
        other_phones: PhoneBehaviour = ANSWERS,
    ) -> None:
        self._service = service
        self._network = network
        self._phones = phones or {}
        self._others = other_phones
        self._queue = Queue()
        self.threads: list[threading.Thread] = []

    def ring_out(self, order: Order) -> Leg:
        """Begin. Raises ``NotRung``."""
        order.check(self._service, self._service.numbers)
        clock = VirtualClock(datetime.now(UTC))
        leg = order.leg(self._service, clock.now)
        plan = CallPlan(order.caller_id, order.to, phones=self._phones, other_phones=self._others)
        phone = ScriptedPhone(plan.behaviour_of(order.to))
        people = People(Holder(phone), lambda number, _: ScriptedPhone(plan.behaviour_of(number.phone)))
        run = Run(self._service, plan, self._network, clock, people, leg=leg)
        waits = self._queue.seconds(clock.now)
        thread = threading.Thread(target=see_through, args=(run, order, phone, waits), name=f"call {leg.sid}")
        self.threads.append(thread)
        thread.start()
        return leg


def see_through(run: Run, order: Order, phone: Phone, waits_seconds: float = 0.0) -> None:
    """Ring, and let the service speak with whoever picks up. Never raises for what the service does."""
    progress = _Progress(run, order)
    try:
        run.clock.pass_seconds(waits_seconds)
        status = CallStatus.CANCELED if run.leg.end_requested else _ring(run, order, phone, progress)
        if status is CallStatus.IN_PROGRESS:
            _speak(run, order, phone, progress)
            status = CallStatus.COMPLETED
    finally:
        phone.is_over()
        run.network.release(order.to, run.leg.sid)
    run.leg.end(status, run.clock.now)
    run.note(LineKind.LEG_ENDED, status.value, order.to)
    progress.tell("completed", status)
    run.callbacks.close()


def _ring(run: Run, order: Order, phone: Phone, progress: _Progress) -> CallStatus:
    """What it comes to."""
    progress.tell("initiated", CallStatus.INITIATED)
    if not run.network.take(order.to, run.leg.sid):
        run.object_to(Finding(FindingKind.RUNG_WHILE_IN_A_CALL, "a phone that is in a call was rung"))
        return CallStatus.BUSY
    progress.tell("ringing", CallStatus.RINGING)
    run.note(LineKind.RANG, "", order.to)
    seconds, comes_to = phone.rings(float(order.ring_seconds + _TIMEOUT_SURPLUS_SECONDS))
    try:
        run.pass_seconds(seconds, lambda: phone.reaction() is not None)
    except CallerGone:
        return CallStatus.CANCELED
    return phone.reaction() or comes_to


def _speak(run: Run, order: Order, phone: Phone, progress: _Progress) -> None:
    run.answer()
    phone.is_picked_up()
    run.note(LineKind.PICKED_UP, "", order.to)
    progress.tell("answered", CallStatus.IN_PROGRESS)
    try:
        converse(run, partial(run.next_document, order.url, order.method, {}))
    except CallerGone as gone:
        run.note(LineKind.CALLER_HUNG_UP)
        run.leg.end(CallStatus.COMPLETED, run.clock.now)
        if gone.action:
            gone.action()
    except CallDropped:
        run.note(LineKind.DROPPED)
    else:
        run.note(LineKind.SERVICE_HUNG_UP)


class _Progress:
    """The status callbacks of the call, numbered."""

    def __init__(self, run: Run, order: Order) -> None:
        self._run = run
        self._order = order
        self._fired = 0

    def tell(self, event: str, status: CallStatus) -> None:
        """Something happened on the leg."""
        run, order = self._run, self._order
        if not run.leg.status.is_terminal:
            run.leg.status = status
        if order.status_url is None or event not in order.status_events:
            return
        extra = {
            "Timestamp": format_datetime(run.clock.now.astimezone(UTC)),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(self._fired),
        }
        if status.is_terminal:
            minutes = -(-run.leg.seconds // 60)
            extra |= {"CallDuration": str(run.leg.seconds), "Duration": str(minutes), "SipResponseCode": "200"}
        self._fired += 1
        run.call_back(run.leg, order.status_url, "POST", extra)


def _can_be_rung(phone: str) -> bool:
    try:
        return PhoneNumber(phone).may_be_rung
    except ValueError:
        return False
