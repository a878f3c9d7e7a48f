"""Screening: what a specialist hears on their own leg, before they are joined with the caller."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.simulator.caller import Moment
from app.simulator.delivery import Unfetchable
from app.simulator.findings import Finding, FindingKind
from app.simulator.phones import PhoneBehaviour, Reaction
from app.simulator.run import CallDropped, CallerGone, sounding_seconds
from app.simulator.transcript import LineKind
from app.simulator.twiml import Document, Gather, Hangup, Play, Say
from app.simulator.variants import ScreenFailure

if TYPE_CHECKING:
    from app.simulator.legs import Leg
    from app.simulator.run import Run
    from app.simulator.twiml import Number, Pause


class _PutDown(Exception):
    """The phone was put down, by whoever holds it or by a Hangup."""


@dataclass(slots=True)
class Screening:
    """The screening of one leg."""

    run: Run
    leg: Leg
    behaviour: PhoneBehaviour
    pressed: str = ""

    def passes(self, number: Number) -> bool:
        """Whether the leg is to be joined with the caller. Raises ``CallerGone``."""
        if number.screen_url is None:
            return True
        try:
            document: Document | None = self._document(number.screen_url, number.screen_method, "")
            while document is not None:
                document = self._execute(document)
        except _PutDown:
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
                    raise _PutDown
                case Gather():
                    following = self._gather(verb)
                    if following is not None:
                        return following
                case Say() | Play():
                    self._listen(verb)
        return None

    def _gather(self, verb: Gather) -> Document | None:
        for prompt in verb.prompts:
            self._listen(prompt)
        key = self.behaviour.key
        if not key:
            self.run.pass_seconds(verb.timeout_seconds)
            return self._document(verb.action, verb.method, "") if verb.action_on_empty_result else None
        self.run.pass_seconds(self.behaviour.presses_after_seconds)
        self.pressed = key
        self.run.note(LineKind.SCREEN_KEYED, key, self.leg.called)
        return self._accept(verb, key)

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
            self.run.note(LineKind.SCREEN_SAID, prompt.text, self.leg.called)
        seconds = sounding_seconds(prompt)
        if self.run.caller.hangs_up(Moment.SCREEN):
            self.run.pass_seconds(seconds / 2)
            raise CallerGone
        if self.behaviour.reaction is Reaction.HANGS_UP:
            self.run.pass_seconds(seconds / 2)
            raise _PutDown
        self.run.pass_seconds(seconds)

    def _document(self, url: str, method: str, key: str) -> Document:
        try:
            return self.run.screen_document(self.leg, url, method, {"Digits": key} if key else {})
        except Unfetchable as failure:
            match self.run.plan.variants.screen_failure:
                case ScreenFailure.BRIDGED:
                    raise _JoinedByMistake from failure
                case ScreenFailure.DROPPED:
                    raise _PutDown from failure
                case ScreenFailure.FALLBACK:
                    return self._fallback(failure)

    def _fallback(self, failure: Unfetchable) -> Document:
        try:
            return self.run.fallback_for_screen(self.leg, failure)
        except CallDropped as dropped:
            raise _PutDown from dropped


class _JoinedByMistake(Exception):
    """Twilio's worst case: no screening document, and joined all the same."""
