"""A request to be rung back, as its page shows it: in words, and with what the reader may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from flask_babel import gettext

from app.domain.callbacks import BackState, CallbackState, Why
from app.domain.callflow.nodes import CallerKind
from app.domain.lines import LineKey
from app.services import numbering
from app.web.desk import ages
from app.web.desk.callback import callback_words as words
from app.web.desk.callback.callback_forms import ClosingForm, ExposedForm, PassingForm
from app.web.desk.record_words import COMPETENCES
from app.web.desk.wall_clocks import zone_of
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from app.services.callback.callback_list import Colleague, Waiting
    from app.services.callback.callback_pages import Opened

_STEPS = (BackState.RINGING, BackState.DIALLING, BackState.TALKING)


class Action(StrEnum):
    """What can be done with a request."""

    RING = "ring"
    TAKE = "take"
    GIVE_BACK = "give_back"
    PASS_ON = "pass_on"  # noqa: S105 - no password
    CLOSE = "close"
    EXPOSED = "exposed"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What couldn't be done, and why not: one of the service's reasons, or words."""

    action: Action
    why: Why | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Live:
    """A try that goes on. ``step``: 0 the specialist's phone rings, 1 the caller's, 2 they talk."""

    step: int
    names: Sequence[str]
    said: str
    hint: str
    is_sure: bool
    """Whether we know that the phone rings."""
    record: int | None
    """Where to write, for whoever talks."""


@dataclass(frozen=True, slots=True)
class Page:
    """One request."""

    opened: Opened
    line: str
    number: str
    """The line's, which the caller sees."""
    zone: ZoneInfo
    state: str
    since: str
    age: str
    about: str
    caller: str
    live: Live | None
    actions: frozenset[Action]
    why_not: str
    """Why it can't be rung; empty when it can."""
    last: str
    """What to do after the last try; empty where nothing was tried, or it is over."""
    refused: Mapping[str, str]
    """By the action that was refused, or ``top`` where its button isn't there any more."""
    closed_as: str
    tries: Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a page; one that failed keeps what was typed."""

    passing: PassingForm | None = None
    closing: ClosingForm | None = None
    exposed: ExposedForm | None = None

    def filled(self, opened: Opened, colleagues: Sequence[Colleague], refusal: Refusal | None = None) -> Forms:
        """All of them, with their choices. One that was refused has now shown what stood in its way."""
        passing, closing, exposed = (
            self.passing or PassingForm(formdata=None),
            self.closing or ClosingForm(formdata=None),
            self.exposed or ExposedForm(formdata=None),
        )
        if exposed is not self.exposed or refusal:
            exposed.seen.data = opened.safe_seen
        passing.offers(colleagues)
        closing.offers(was_reached=opened.was_reached)
        return Forms(passing, closing, exposed)

    @property
    def failed(self) -> PassingForm | ClosingForm | ExposedForm | None:
        """The form that was sent and isn't right."""
        return next((one for one in (self.passing, self.closing, self.exposed) if one and one.errors), None)


def rows(waiting: Sequence[Waiting], now: datetime) -> Sequence[Mapping[str, object]]:
    """The list."""
    return [
        {
            "one": one,
            "line": setup().policy.lines[LineKey(one.line)].name,
            "zone": zone_of(LineKey(one.line)),
            "age": ages.waited(one.asked_at, now, zone_of(LineKey(one.line))),
            "caller": _caller(one),
            "about": _about(one),
            "state": words.state_in_words(one),
            "since": words.since_in_words(one, zone_of(LineKey(one.line))),
            "tried": words.TRIES[one.last] if one.last and one.state is not CallbackState.RINGING else "",
        }
        for one in waiting
    ]


def page_of(opened: Opened, now: datetime, *, refusal: Refusal | None = None) -> Page:
    """One request's page."""
    one = opened.waiting
    line, zone = setup().policy.lines[LineKey(one.line)], zone_of(LineKey(one.line))
    actions = _actions(opened)
    last = opened.tries[-1] if opened.tries and not opened.closed and not opened.live else None
    return Page(
        opened=opened,
        line=line.name,
        number=numbering.written(line.public_number),
        zone=zone,
        state=words.state_in_words(one),
        since=words.since_in_words(one, zone),
        age=ages.ago(one.asked_at, now, zone),
        about=_about(one),
        caller=_caller(one),
        live=live(opened),
        actions=actions,
        why_not=words.why_not(opened.why_not, opened, zone) if opened.why_not else "",
        last=str(words.NEXT[last.state]) if last else "",
        refused=_refused(refusal, opened, actions, zone),
        closed_as=str(words.CLOSINGS[opened.closed.closing]) if opened.closed else "",
        tries=[
            {"one": tried, "state": words.TRIES[tried.state], "talked": _talked(tried.talk_seconds)}
            for tried in opened.tries
            if tried.is_over
        ],
    )


def live(opened: Opened) -> Live | None:
    """The try that goes on, in words."""
    trying = opened.live
    if trying is None:
        return None
    step, is_sure = _STEPS.index(trying.state), trying.is_heard_of
    names = _steps_of(opened, trying.alias)
    if not is_sure:
        names = (gettext("It isn't sure that the phone rings"), *names[1:])
    return Live(
        step=step,
        names=names,
        said=names[step],
        hint=_hint(opened, step) if is_sure else _unsure(opened),
        is_sure=is_sure,
        record=opened.record if opened.rings_me and trying.state is BackState.TALKING else None,
    )


def _steps_of(opened: Opened, alias: str) -> Sequence[str]:
    if opened.rings_me:
        return (gettext("Your phone rings"), gettext("The caller's phone rings"), gettext("You talk"))
    return (gettext("%(who)s's phone rings", who=alias), gettext("The caller's phone rings"), gettext("They talk"))


def _hint(opened: Opened, step: int) -> str:
    hints = (
        gettext("Answer, listen to what it is about, and press 1. Then the caller's phone rings."),
        gettext("Stay on the line. The caller sees the line's number, not yours."),
        gettext("What you write goes into the record of the call."),
    )
    return hints[step] if opened.rings_me else ""


def _unsure(opened: Opened) -> str:
    if not opened.rings_me:
        return str(gettext("The call is ordered; we don't know yet whether it rings."))
    return str(
        gettext(
            "We have ordered the call, and don't know yet whether it rings. Your phone may ring all the same: answer"
            " it, and don't press again. If nothing rings within two minutes, this ends by itself and you can try anew."
        )
    )


def _actions(opened: Opened) -> frozenset[Action]:
    if opened.closed or opened.live:
        return frozenset()
    one = opened.waiting
    if not (one.is_mine or one.is_anybodys):
        return frozenset({Action.EXPOSED})
    own = Action.GIVE_BACK if one.is_mine else Action.TAKE
    accepts = {Action.TAKE} if one.is_mine and one.passed_by else set()
    ring = set() if opened.why_not else {Action.RING}
    return frozenset({own, Action.PASS_ON, Action.CLOSE, Action.EXPOSED} | accepts | ring)


def _refused(refusal: Refusal | None, opened: Opened, actions: frozenset[Action], zone: ZoneInfo) -> Mapping[str, str]:
    if refusal is None:
        return {}
    where = str(refusal.action) if refusal.action in actions else "top"
    said = words.why_not(refusal.why, opened, zone) if refusal.why else refusal.words
    return {where: said}


def _caller(one: Waiting) -> str:
    if one.is_exposed:
        return str(words.CALLERS[CallerKind.EXPOSED])
    return str(words.CALLERS[one.caller_kind])


def _about(one: Waiting) -> str:
    return str(COMPETENCES[one.about]) if one.about else ""


def _talked(seconds: int | None) -> str:
    if not seconds:
        return ""
    return str(gettext("%(time)s min", time=f"{seconds // 60}:{seconds % 60:02}"))
