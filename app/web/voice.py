"""Twilio's webhooks. Each is signed, read once, handed to a service, committed, and answered in TwiML.

No webhook calls Twilio. One that fails inside still answers with speech and the line's backup number: an error page
would be silence to a caller who may be in danger.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from flask import Blueprint, Response, abort, g, request
from sqlalchemy.exc import SQLAlchemyError

from app.domain.calls import Source
from app.services import attempts, calls, lifeboat, turns
from app.services.calls import Failure
from app.services.turns import Heard
from app.storage.base import db
from app.telephony import twiml
from app.web import metrics, voice_answer
from app.web.setup import setup
from app.web.voice_request import VoiceRequest, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.lines import Line

_log = logging.getLogger(__name__)
_Args = ParamSpec("_Args")

voice = Blueprint("voice", __name__, url_prefix="/twilio")


@voice.before_request
def only_signed_requests() -> None:
    """403 for whatever isn't Twilio's, before anything of it is read."""
    target = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI", "")
    if not setup().signature.accepts(target, request.form, request.headers):
        metrics.signature_failures.inc()
        abort(403)
    g.voice_request = read(request.form, request.headers)


def on_callers_leg(
    handler: Callable[Concatenate[VoiceRequest, datetime, _Args], Response],
) -> Callable[_Args, Response]:
    """Whatever goes wrong, the caller hears words and is put through to the line's backup number."""

    @wraps(handler)
    def answer(*args: _Args.args, **kwargs: _Args.kwargs) -> Response:
        asked: VoiceRequest = g.voice_request
        now = _now(asked)
        if not asked.is_usable:
            return _unusable(asked, now)
        try:
            return handler(asked, now, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - a caller must hear words, whatever happened
            db.session.rollback()
            _log.exception("a webhook failed (%s)", type(error).__name__)
            return _failed(asked, error, now)

    return answer


def on_specialists_leg(
    handler: Callable[Concatenate[VoiceRequest, datetime, _Args], Response],
) -> Callable[_Args, Response]:
    """Whatever goes wrong, the leg ends: an empty answer would join a stranger, or a voicemail, to the caller."""

    @wraps(handler)
    def answer(*args: _Args.args, **kwargs: _Args.kwargs) -> Response:
        asked: VoiceRequest = g.voice_request
        if not asked.is_usable:
            return voice_answer.xml(twiml.hang_up())
        try:
            return handler(asked, _now(asked), *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - a leg must end, whatever happened
            db.session.rollback()
            _log.exception("a webhook of a specialist's leg failed (%s)", type(error).__name__)
            return voice_answer.xml(twiml.hang_up())

    return answer


@voice.post("/voice")
@on_callers_leg
def arrives(asked: VoiceRequest, now: datetime) -> Response:
    """A call comes in: the Voice URL of every number."""
    heard = _heard(asked)
    if heard is None or heard.line is None:
        return voice_answer.unusable(setup().policy)
    answer = turns.arrive(db.session(), setup().policy, heard, heard.line, now)
    response = voice_answer.of_turn(setup().policy, answer)
    db.session.commit()
    return response


@voice.post("/turn/<int(max=999):turn>")
@on_callers_leg
def turn_taken(asked: VoiceRequest, now: datetime, turn: int) -> Response:
    """A call goes on: keys, silence, or the end of a Dial."""
    heard = _heard(asked)
    answer = turns.advance(db.session(), setup().policy, heard, turn, now) if heard else None
    if answer is None:
        return voice_answer.unusable(setup().policy)
    response = voice_answer.of_turn(setup().policy, answer)
    db.session.commit()
    return response


@voice.post("/status")
@on_callers_leg
def status(asked: VoiceRequest, now: datetime) -> Response:
    """The status callback of every number: the call is over."""
    if asked.sid and asked.status:
        calls.status_changed(db.session(), asked.sid, setup().policy.line_with(asked.to), asked.status, now)
        db.session.commit()
    return voice_answer.xml(twiml.acknowledge())


@voice.post("/screen/<token>")
@on_specialists_leg
def screen(asked: VoiceRequest, now: datetime, token: str) -> Response:  # noqa: ARG001 - all webhooks have one form
    """A specialist picked up: what the call is, and "press 1"."""
    words = setup().policy.words
    spoken = attempts.picked_up(db.session(), token, now)
    db.session.commit()
    if spoken is None:
        return voice_answer.xml(twiml.say_and_hang_up(words, words.no_screen))
    return voice_answer.xml(twiml.render_screen(words, spoken, f"/twilio/accept/{token}{voice_answer.DELIVERY}"))


@voice.post("/accept/<token>")
@on_specialists_leg
def accept(asked: VoiceRequest, now: datetime, token: str) -> Response:
    """A specialist pressed a key."""
    accepted = attempts.answered(db.session(), token, asked.keys, now)
    db.session.commit()
    return voice_answer.xml(twiml.bridge() if accepted else twiml.hang_up())


@voice.post("/leg/<token>")
@on_specialists_leg
def leg(asked: VoiceRequest, now: datetime, token: str) -> Response:
    """How a specialist's leg fares."""
    if asked.leg:
        attempts.log_leg(db.session(), token, asked.leg, now)
        db.session.commit()
    return voice_answer.xml(twiml.acknowledge())


def _now(asked: VoiceRequest) -> datetime:
    """The host's clock; in practice, the clock of the simulator's call."""
    practised = asked.practice_now if setup().source is Source.PRACTICE else None
    return practised or datetime.now(UTC)


def _heard(asked: VoiceRequest) -> Heard | None:
    if asked.sid is None:
        return None
    return Heard(
        sid=asked.sid,
        source=setup().source,
        line=setup().policy.line_with(asked.to),
        caller=asked.caller,
        status=asked.status,
        keys=asked.keys,
        dial=asked.dial,
        idempotency_token=asked.idempotency_token,
    )


def _unusable(asked: VoiceRequest, now: datetime) -> Response:
    _note_failure(asked, Failure("unusable_request"), now)
    return voice_answer.unusable(setup().policy)


def _failed(asked: VoiceRequest, error: Exception, now: datetime) -> Response:
    """Without the database, files alone still say whether the line is open."""
    policy = setup().policy
    line: Line | None = policy.line_with(asked.to)
    if not isinstance(error, SQLAlchemyError):
        _note_failure(asked, Failure(type(error).__name__), now)
    is_first = request.endpoint == "voice.arrives"
    closed = lifeboat.closed_answer(policy, line, now) if line and is_first else None
    try:
        return voice_answer.of_turn(policy, closed) if closed else voice_answer.failure(policy, line)
    except Exception as second:  # noqa: BLE001 - the last words
        _log.exception("the answer to a failure failed (%s)", type(second).__name__)
        return voice_answer.unusable(policy)


def _note_failure(asked: VoiceRequest, failure: Failure, now: datetime) -> None:
    """Leave a trace in the record, if the database takes it; if not, reconciliation finds the call."""
    heard = _heard(asked)
    if heard is None:
        return
    try:
        calls.failed(db.session(), heard, failure, now)
        db.session.commit()
    except Exception as error:  # noqa: BLE001 - the caller is answered all the same
        db.session.rollback()
        _log.exception("a failure could not be recorded (%s)", type(error).__name__)
