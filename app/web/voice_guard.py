"""What every webhook is wrapped in: whatever goes wrong inside, each leg gets the answer that is safe for it.

Never an error: to Twilio, and so to the caller, an error page is silence.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias

from flask import Response, g, request
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from app.domain.calls import Source
from app.services.line import calls, lifeboat
from app.services.line.calls import Failure
from app.services.line.turns import Heard
from app.storage.base import db
from app.telephony import twiml
from app.web import voice_answer
from app.web.setup import setup
from app.web.voice_request import VoiceRequest

_log = logging.getLogger(__name__)
_Args = ParamSpec("_Args")
Handler: TypeAlias = Callable[Concatenate[VoiceRequest, datetime, _Args], Response]
"""A webhook: what was asked, the instant, and what its URL names."""


def on_callers_leg(handler: Handler[_Args]) -> Callable[_Args, Response]:
    """The caller hears words, and is put through to the line's backup number."""

    @wraps(handler)
    def answer(*args: _Args.args, **kwargs: _Args.kwargs) -> Response:
        asked: VoiceRequest = g.voice_request
        now = _now(asked)
        if not asked.is_usable:
            _note_failure(asked, Failure("unusable_request"), now)
            return voice_answer.unusable(setup().policy)
        try:
            return handler(asked, now, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - a caller must hear words, whatever happened
            _give_up(error)
            return _failed(asked, error, now)

    return answer


def on_specialists_leg(handler: Handler[_Args]) -> Callable[_Args, Response]:
    """The leg ends: an empty answer would join a stranger, or a voicemail, to the caller."""
    return _otherwise(handler, twiml.hang_up)


def on_callback(handler: Handler[_Args]) -> Callable[_Args, Response]:
    """Nobody hears the answer, and nobody is rung; what wasn't written is found in Twilio's list of calls."""
    return _otherwise(handler, twiml.acknowledge)


def heard(asked: VoiceRequest) -> Heard | None:
    """The request as a service takes it; ``None`` without a call."""
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


def _otherwise(handler: Handler[_Args], document: Callable[[], str]) -> Callable[_Args, Response]:
    @wraps(handler)
    def answer(*args: _Args.args, **kwargs: _Args.kwargs) -> Response:
        asked: VoiceRequest = g.voice_request
        if not asked.is_usable:
            return voice_answer.unusable(setup().policy)
        try:
            return handler(asked, _now(asked), *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the answer must be this one, whatever happened
            _give_up(error)
            return voice_answer.xml(document())

    return answer


def _now(asked: VoiceRequest) -> datetime:
    """The host's clock; in practice, the clock of the simulator's call."""
    practised = asked.practice_now if setup().source is Source.PRACTICE else None
    return practised or datetime.now(UTC)


def _give_up(error: Exception) -> None:
    db.session.rollback()
    # A database that is down fails every webhook in the same way: one line says it.
    _log.error("a webhook failed: %s", type(error).__name__, exc_info=not isinstance(error, OperationalError))


def _failed(asked: VoiceRequest, error: Exception, now: datetime) -> Response:
    """Without the database, the files alone still say whether the line is open, and Twilio whether they have talked."""
    policy = setup().policy
    line = policy.line_with(asked.to)
    if not isinstance(error, SQLAlchemyError):
        _note_failure(asked, Failure(type(error).__name__), now)
    if asked.dial and asked.dial.bridged:
        return voice_answer.xml(twiml.say_and_hang_up(policy.words, policy.words.failure_over))
    is_first = request.endpoint == "voice.arrives"
    closed = lifeboat.closed_answer(policy, line, now) if line and is_first else None
    try:
        return voice_answer.of_turn(policy, closed) if closed else voice_answer.failure(policy, line)
    except Exception as second:  # noqa: BLE001 - the last words
        _log.exception("the answer to a failure failed (%s)", type(second).__name__)
        return voice_answer.unusable(policy)


def _note_failure(asked: VoiceRequest, failure: Failure, now: datetime) -> None:
    """Leave a trace in the record, if the database takes it; if not, reconciliation finds the call."""
    told = heard(asked)
    if told is None:
        return
    try:
        calls.failed(db.session(), told, failure, now)
        db.session.commit()
    except Exception as error:  # noqa: BLE001 - the caller is answered all the same
        _give_up(error)
