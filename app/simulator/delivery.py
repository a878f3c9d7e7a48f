"""Requests with everything that can happen to them on the way: lost, repeated, retried. All of it is in the ledger."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from urllib.parse import urldefrag
from uuid import uuid4

from app.simulator.faults import RequestFault
from app.simulator.findings import Finding, FindingKind
from app.simulator.ledger import Exchange, RequestKind
from app.simulator.legs import base_fields
from app.simulator.wire import NOT_CONNECTED, Answer, Policy, Request, send

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

    from app.simulator.clock import Clock
    from app.simulator.faults import Dice
    from app.simulator.ledger import Ledger
    from app.simulator.legs import Leg

UNREACHABLE = 11205
BAD_STATUS = 11200


class Unfetchable(Exception):
    """No document came, after all retries; ``code`` is Twilio's error number. ``played``: we lost it ourselves."""

    def __init__(self, code: int, url: str, *, played: bool = False) -> None:
        self.code = code
        self.url = url
        self.played = played
        super().__init__(f"{code} for {url}")


class Delivery:
    """Delivers the requests of one call."""

    def __init__(
        self,
        auth_token: str,
        call_sid: str,
        *,
        ledger: Ledger,
        clock: Clock,
        rng: random.Random,
        dice: Dice,
        object_to: Callable[[Finding], None],
    ) -> None:
        self._auth_token = auth_token
        self._call_sid = call_sid
        self._ledger = ledger
        self._clock = clock
        self._rng = rng
        self._dice = dice
        self._object_to = object_to

    def prepare(self, leg: Leg, url: str, method: str, extra: Mapping[str, str]) -> Request:
        """A request about a leg as it stands now."""
        fields = base_fields(leg, self._rng) | dict(extra)
        return Request(method, url, tuple(fields.items()), str(uuid4()))

    def ask(self, request: Request) -> Answer:
        """The answer of 2xx to a request for TwiML. Raises ``Unfetchable``."""
        policy = Policy.of(request.url)
        fault = self._dice.for_request()
        match fault:
            case RequestFault.LOST:
                for _ in range(policy.retries + 1):
                    self._enter(request, NOT_CONNECTED, fault=fault)
                raise Unfetchable(UNREACHABLE, request.url, played=True)
            case RequestFault.LOST_ONCE:
                self._enter(request, NOT_CONNECTED, fault=fault)
                if "ct" not in policy.reasons or not policy.retries:
                    raise Unfetchable(UNREACHABLE, request.url, played=True)
            case RequestFault.ANSWER_LOST:
                self._once(request, fault=fault)
                if "rt" not in policy.reasons or not policy.retries:
                    raise Unfetchable(UNREACHABLE, request.url, played=True)
            case RequestFault.TWICE_AT_ONCE:
                return self._beside(request)
            case _:
                pass
        answer = self.ask_undisturbed(request)
        if fault in {RequestFault.TWICE_SAME_TOKEN, RequestFault.TWICE_NEW_TOKEN}:
            self._repeat(request, answer, fault)
        return answer

    def ask_undisturbed(self, request: Request) -> Answer:
        """As ``ask``, and none of the faults is played on it."""
        policy = Policy.of(request.url)
        answer = self._once(request)
        for _ in range(policy.retries):
            if answer.trouble not in policy.reasons:
                break
            answer = self._once(request)
        if answer.trouble:
            self._object(request, answer)
            raise Unfetchable(BAD_STATUS if answer.status else UNREACHABLE, request.url)
        return answer

    def tell(self, callback: Request, fault: str | None = None) -> None:
        """Deliver a callback, as often as its URL asks for."""
        policy = Policy.of(callback.url)
        answer = self._once(callback, kind=RequestKind.CALLBACK, fault=fault)
        for _ in range(policy.retries):
            if answer.trouble not in policy.reasons:
                break
            answer = self._once(callback, kind=RequestKind.CALLBACK, fault=fault)
        if answer.trouble:
            self._object(callback, answer)

    def drop(self, callback: Request, fault: str) -> None:
        """Lose a callback, and remember it."""
        self._enter(callback, NOT_CONNECTED, kind=RequestKind.CALLBACK, fault=fault)

    def renewed(self, request: Request) -> Request:
        """The same request with an idempotency token of its own."""
        return Request(request.method, request.url, request.fields, str(uuid4()))

    def _repeat(self, request: Request, answer: Answer, fault: RequestFault) -> None:
        again = request if fault is RequestFault.TWICE_SAME_TOKEN else self.renewed(request)
        self._compare(request, answer, self._once(again, fault=fault))

    def _beside(self, request: Request) -> Answer:
        answers: list[Answer] = []

        def deliver() -> None:
            answers.append(self._once(request, fault=RequestFault.TWICE_AT_ONCE))

        threads = [threading.Thread(target=deliver) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._compare(request, *answers)
        usable = [answer for answer in answers if not answer.trouble]
        return usable[0] if usable else self.ask_undisturbed(request)

    def _compare(self, request: Request, one: Answer, other: Answer) -> None:
        if other.trouble:
            self._object(request, other)
        elif (one.status, one.body) != (other.status, other.body):
            self._object_to(Finding(FindingKind.REPEAT_DIFFERS, "a repeat got another answer", _shown(request)))

    def _once(self, request: Request, *, kind: RequestKind = RequestKind.TWIML, fault: str | None = None) -> Answer:
        practice_now = self._clock.practice_now
        told = (("PracticeNow", practice_now),) if practice_now else ()
        dated = Request(request.method, request.url, request.fields + told, request.idempotency_token)
        answer = send(dated, self._auth_token)
        self._enter(dated, answer, kind=kind, fault=fault)
        return answer

    def _enter(
        self, request: Request, answer: Answer, *, kind: RequestKind = RequestKind.TWIML, fault: str | None = None
    ) -> None:
        self._ledger.add(
            Exchange(
                call_sid=self._call_sid,
                kind=kind,
                method=request.method,
                url=_shown(request),
                fields=request.fields,
                idempotency_token=request.idempotency_token,
                at=self._clock.now.isoformat(),
                status=answer.status,
                content_type=answer.content_type,
                body=answer.body.decode(errors="replace"),
                seconds=answer.seconds,
                trouble=answer.trouble,
                played_fault=fault,
            )
        )

    def _object(self, request: Request, answer: Answer) -> None:
        kind = FindingKind.BAD_STATUS if answer.status else FindingKind.UNREACHABLE
        what = f"answered {answer.status}" if answer.status else "no answer within Twilio's time"
        self._object_to(Finding(kind, what, _shown(request)))


def _shown(request: Request) -> str:
    return urldefrag(request.url).url
