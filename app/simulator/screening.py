"""Screening: what a specialist hears on their own leg, before they are joined with the caller."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.simulator.caller import Moment
from app.simulator.delivery import Unfetchable
from app.simulator.findings import Finding, FindingKind
from app.simulator.gathering import digits_of
from app.simulator.phones import PutDown
from app.simulator.run import CallDropped, CallerGone, sounding_seconds
from app.simulator.transcript import LineKind
from app.simulator.twiml import Document, Gather, Hangup, Play, Say
from app.simulator.variants import ScreenFailure

if TYPE_CHECKING:
    from app.simulator.legs import Leg
    from app.simulator.phones import Phone
    from app.simulator.run import Run
    from app.simulator.twiml import Number, Pause


@dataclass(slots=True)
class Screening:
    """The screening of one leg."""

    run: Run
    leg: Leg
    phone: Phone
    pressed: str = ""

    def passes(self, number: Number) -> bool:
        """Whether the leg is to be joined with the caller. Raises ``CallerGone``."""
        if number.screen_url is None:
            return True
        try:
            document: Document | None = self._document(number.screen_url, number.screen_method, "")
            while document is not None:
                document = self._execute(document)
                self._mind_being_put_down()
        except PutDown:
            return False
        except _JoinedByMistake:
            return True
        if not self.pressed:
            what = "joined with a phone on which no key was pressed"
            self.run.object_to(Finding(FindingKind.BRIDGED_WITHOUT_ACCEPTANCE, what, number.screen_url))
        return True

    def _execute(self, document: Document) -> Document | None:
        """The document that follows; ``None``: this one came to its end, which joins the two."""
        for verb in document.verbs:
            match verb:
                case Hangup():
                    raise PutDown
                case Gather():
                    following = self._gather(verb)
                    if following is not None:
                        return following
                case Say() | Play():
                    self._listen(verb)
        return None

    def _gather(self, verb: Gather) -> Document | None:
        self.phone.begins_question()
        try:
            for prompt in verb.prompts:
                if self.phone.has_keyed():
                    break
                self._listen(prompt)
            keys = "".join(digits_of(verb, lambda: self.phone.next_key(self.run, verb.timeout_seconds)))
        finally:
            self.phone.ends_question()
        if not keys:
            return self._document(verb.action, verb.method, "") if verb.action_on_empty_result else None
        self.pressed = keys
        self.run.note(LineKind.SCREEN_KEYED, keys, self.leg.called)
        return self._accept(verb, keys)

    def _accept(self, verb: Gather, key: str) -> Document:
        if not self.run.caller.hangs_up(Moment.ACCEPTING):
            return self._document(verb.action, verb.method, key)
        gone = CallerGone()
        tell = partial(self.run.tell_action, self.leg, verb.action, verb.method, {"Digits": key})
        if self.run.plan.variants.accept_after_action:
            gone.afterwards = tell
        else:
            tell()
        raise gone

    def _listen(self, prompt: Say | Play | Pause) -> None:
        if isinstance(prompt, Say):
            self.run.note_words(prompt, self.leg.called)
        seconds = sounding_seconds(prompt)
        if self.run.caller.hangs_up(Moment.SCREEN):
            self.run.pass_seconds(seconds / 2)
            raise CallerGone
        self.phone.hears(self.run, seconds)

    def _mind_being_put_down(self) -> None:
        if self.phone.is_put_down():  # while the service was thinking
            raise PutDown

    def _document(self, url: str, method: str, key: str) -> Document:
        try:
            return self.run.screen_document(self.leg, url, method, {"Digits": key} if key else {})
        except Unfetchable as failure:
            match self.run.plan.variants.screen_failure:
                case ScreenFailure.BRIDGED:
                    raise _JoinedByMistake from failure
                case ScreenFailure.DROPPED:
                    raise PutDown from failure
                case ScreenFailure.FALLBACK:
                    return self._fallback(failure)

    def _fallback(self, failure: Unfetchable) -> Document:
        try:
            return self.run.fallback_for_screen(self.leg, failure)
        except CallDropped as dropped:
            raise PutDown from dropped


class _JoinedByMistake(Exception):
    """Twilio's worst case: no screening document, and joined all the same."""
