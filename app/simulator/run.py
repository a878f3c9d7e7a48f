"""A call under way: its state, and the few things that can be done to it. The verbs have modules of their own."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.domain.calls import CallStatus
from app.simulator.callbacks import CallbackQueue
from app.simulator.caller import Moment
from app.simulator.clock import never
from app.simulator.delivery import Delivery, Unfetchable
from app.simulator.faults import Dice
from app.simulator.findings import Finding, FindingKind, InvalidAnswer
from app.simulator.legs import Leg, new_sid
from app.simulator.parse import Surroundings, parse, parse_screen
from app.simulator.people import People, scripted
from app.simulator.transcript import Line, LineKind
from app.simulator.twiml import Dial, Document, Pause, Play, Say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from app.simulator.clock import Clock
    from app.simulator.legs import Instead
    from app.simulator.network import Network
    from app.simulator.plan import CallPlan, Service

MOST_DOCUMENTS = 30
LONGEST_SILENCE_SECONDS = 30
_CHARACTERS_A_SECOND = 15
_PLAY_SECONDS = 5.0


class CallerGone(Exception):
    """The caller put the phone down. ``action`` still is to be told, ``afterwards`` comes later than that."""

    def __init__(self) -> None:
        self.action: Callable[[], None] | None = None
        self.afterwards: Callable[[], None] | None = None
        super().__init__()


class CallDropped(Exception):
    """Neither we nor the fallback answered: the caller hears Twilio's error sentence."""


class Redirected(Exception):
    """The current verb is abandoned: another document was set through the REST API."""

    def __init__(self, instead: Instead) -> None:
        self.instead = instead
        super().__init__()


class Run:
    """The state of one call."""

    def __init__(
        self,
        service: Service,
        plan: CallPlan,
        network: Network,
        clock: Clock,
        people: People | None = None,
        leg: Leg | None = None,
    ) -> None:
        """``leg``: that of a call which the service has placed; left out, it is a caller's."""
        self.service = service
        self.plan = plan
        self.network = network
        self.clock = clock
        self.rng = random.Random(plan.seed)
        self.leg = leg or Leg(
            sid=new_sid("CA"),
            account_sid=service.account_sid,
            direction="inbound",
            caller=plan.caller,
            called=plan.line_number,
            created_at=clock.now,
        )
        network.add(self.leg)
        self.people = people or scripted(plan)
        self.caller = self.people.caller
        self.lines: list[Line] = []
        self.findings: list[Finding] = []
        self.children: list[Leg] = []
        self.numbers = {plan.caller, plan.line_number}
        self.has_talked = False
        self.has_last_word = False
        """Whether words came after the last thing that the caller or a phone did."""
        self._documents = 0
        self._quiet_seconds = 0.0
        dice = Dice(plan.faults, random.Random(plan.seed))
        self.delivery = Delivery(
            service.auth_token,
            self.leg.sid,
            ledger=network.ledger,
            clock=clock,
            rng=self.rng,
            dice=dice,
            object_to=self.object_to,
        )
        self.callbacks = CallbackQueue(self.delivery, dice)

    # --- what is noted ------------------------------------------------------------------------------------------------

    def note(self, kind: LineKind, text: str = "", phone: str = "", *, at: datetime | None = None) -> None:
        """A line of the transcript."""
        self._note(Line(at or self.clock.now, kind, text, phone))

    def note_words(self, words: Say, phone: str = "") -> None:
        """Words, to the caller or into the phone that is screened."""
        kind = LineKind.SCREEN_SAID if phone else LineKind.SAID
        self._note(Line(self.clock.now, kind, words.text, phone, words.language, sounding_seconds(words)))

    def _note(self, line: Line) -> None:
        self.lines.append(line)
        self.people.watch(line)

    def object_to(self, finding: Finding) -> None:
        """The service did something wrong."""
        self.findings.append(finding)
        self.network.ledger.object_to(self.leg.sid, finding)

    # --- what the caller hears and does -------------------------------------------------------------------------------

    def answer(self) -> None:
        """Twilio picks up."""
        self.leg.answer(self.clock.now)

    def hear(self, prompt: Say | Play | Pause) -> None:
        """The caller hears a prompt, or its beginning."""
        seconds = sounding_seconds(prompt)
        if isinstance(prompt, Pause):
            self.caller.hears_nothing(self, seconds)
            return
        self.has_last_word = True
        self.end_of_silence()
        if isinstance(prompt, Say):
            self.note_words(prompt)
        else:
            self.note(LineKind.PLAYED, prompt.url)
        if self.caller.hangs_up(Moment.GREETING):
            self.pass_seconds(seconds / 2)
            raise CallerGone
        self.caller.hears(self, seconds)

    def wait_in_silence(self, seconds: float, until: Callable[[], bool] = never) -> None:
        """The caller hears nothing for a while."""
        began = self.clock.now
        try:
            self.pass_seconds(seconds, until)
        finally:
            self._was_quiet(min(seconds, (self.clock.now - began).total_seconds()))

    def _was_quiet(self, seconds: float) -> None:
        self._quiet_seconds += seconds
        if self._quiet_seconds > LONGEST_SILENCE_SECONDS >= self._quiet_seconds - seconds:
            self.object_to(Finding(FindingKind.LONG_SILENCE, f"{self._quiet_seconds:.0f} s without words or ringing"))

    def end_of_silence(self) -> None:
        """Something can be heard."""
        self._quiet_seconds = 0.0

    def had_input(self) -> None:
        """The caller keyed something: documents are counted anew."""
        self._documents = 0

    def pass_seconds(self, seconds: float, until: Callable[[], bool] = never) -> None:
        """Time goes by. Raises ``CallerGone`` when the caller hung up meanwhile, or the REST API ended the call.

        Raises ``Redirected`` when the REST API set another document.
        """
        self.callbacks.pump()
        self.clock.pass_seconds(seconds, until)
        if self.leg.end_requested:
            raise CallerGone
        self.heed_new_document()

    def heed_new_document(self) -> None:
        """Raises ``Redirected`` when the REST API has set another document."""
        instead, self.leg.instead = self.leg.instead, None
        if instead is not None:
            self.has_last_word = False
            raise Redirected(instead)

    # --- what is asked and told ---------------------------------------------------------------------------------------

    def next_document(self, url: str, method: str, extra: Mapping[str, str]) -> Document:
        """The next document of the main flow, at worst the fallback's. Raises ``CallDropped``."""
        self._documents += 1
        if self._documents > MOST_DOCUMENTS:
            self.object_to(Finding(FindingKind.LOOP, f"{self._documents} documents without input", url))
            raise CallDropped
        try:
            document = self._fetch(self.leg, url, method, extra, parse)
        except Unfetchable as failure:
            document = self._fallback(self.leg, failure, parse)
        if self.caller.is_gone():
            raise CallerGone
        return document

    def document_instead(self, instead: Instead) -> Document:
        """The document that the REST API has set. Raises ``CallDropped``."""
        if instead.twiml is not None:
            try:
                return self._read("text/xml", instead.twiml.encode(), "", parse)
            except Unfetchable as failure:
                return self._fallback(self.leg, failure, parse)
        parts = urlsplit(instead.url)
        if f"{parts.scheme}://{parts.netloc}" not in self.service.origins:
            self.object_to(Finding(FindingKind.FOREIGN_URL, "the REST API sends a call to a stranger", instead.url))
            raise CallDropped
        return self.next_document(instead.url, instead.method, {})

    def screen_document(self, leg: Leg, url: str, method: str, extra: Mapping[str, str]) -> Document:
        """A document for a leg that isn't joined yet. Raises ``Unfetchable``, and ``CallerGone``."""
        document = self._fetch(leg, url, method, extra, parse_screen)
        if self.caller.is_gone():
            raise CallerGone
        return document

    def fallback_for_screen(self, leg: Leg, failure: Unfetchable) -> Document:
        """What the fallback says for a leg that isn't joined yet. Raises ``CallDropped``."""
        return self._fallback(leg, failure, parse_screen)

    def tell_action(self, leg: Leg, url: str, method: str, extra: Mapping[str, str]) -> None:
        """Ask for a document that nobody will hear: the caller is gone."""
        try:
            document = self._fetch(leg, url, method, extra, parse)
        except Unfetchable:
            return
        if any(isinstance(verb, Dial) for verb in document.verbs):
            self.object_to(Finding(FindingKind.DIALLED_AFTER_HANG_UP, "rings on although the caller is gone", url))

    def call_back(self, leg: Leg, url: str, method: str, extra: Mapping[str, str]) -> None:
        """Queue a status callback."""
        self.callbacks.put(self.delivery.prepare(leg, url, method, extra))

    def _fetch(
        self,
        leg: Leg,
        url: str,
        method: str,
        extra: Mapping[str, str],
        read: Callable[[str, bytes, Surroundings], Document],
    ) -> Document:
        self.callbacks.pump()
        # No fault strikes the fallback: it stands outside, and no service can answer for it.
        ask = self.delivery.ask_undisturbed if url == self.service.fallback_url else self.delivery.ask
        answer = ask(self.delivery.prepare(leg, url, method, extra))
        return self._read(answer.content_type, answer.body, url, read)

    def _read(
        self, content_type: str, body: bytes, url: str, read: Callable[[str, bytes, Surroundings], Document]
    ) -> Document:
        try:
            return read(content_type, body, Surroundings(url, self.service.origins, self.numbers))
        except InvalidAnswer as wrong:
            self.object_to(Finding(wrong.kind, str(wrong), url))
            raise Unfetchable(wrong.code, url) from wrong

    def _fallback(
        self, leg: Leg, failure: Unfetchable, read: Callable[[str, bytes, Surroundings], Document]
    ) -> Document:
        fallback = self.service.fallback_url
        if fallback is not None and failure.url != fallback:
            extra = {"ErrorCode": str(failure.code), "ErrorUrl": failure.url}
            try:
                return self._fetch(leg, fallback, "POST", extra, read)
            except Unfetchable:
                pass
        what = f"the caller heard Twilio's error sentence ({failure.code})"
        self.object_to(Finding(FindingKind.CALL_DROPPED, what, failure.url))
        raise CallDropped

    def abandoned_status(self) -> CallStatus:
        """The caller's status when they have just hung up."""
        return CallStatus.COMPLETED if self.leg.answered_at else self.plan.variants.abandoned_call_status


def sounding_seconds(prompt: Say | Play | Pause) -> float:
    """How long a prompt takes."""
    match prompt:
        case Say():
            return max(1.0, len(prompt.text) / _CHARACTERS_A_SECOND) * max(1, prompt.loop)
        case Play():
            return _PLAY_SECONDS * max(1, prompt.loop)
        case Pause():
            return float(prompt.seconds)
