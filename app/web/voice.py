"""Twilio's webhooks. Each is signed, read once, handed to a service, committed, and answered in TwiML.

No webhook calls Twilio. What is answered when one fails inside is in ``voice_guard``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, g, request
from werkzeug.exceptions import HTTPException

from app.services.line import attempts, calls, turns
from app.storage.base import db
from app.telephony import twiml
from app.telephony.delivery import DELIVERY
from app.web import metrics, voice_answer
from app.web.setup import setup
from app.web.voice_guard import heard, on_callback, on_callers_leg, on_specialists_leg
from app.web.voice_request import read

if TYPE_CHECKING:
    from datetime import datetime

    from app.web.voice_request import VoiceRequest

voice = Blueprint("voice", __name__, url_prefix="/twilio")


@voice.before_request
def only_signed_requests() -> None:
    """403 for whatever isn't Twilio's, before anything of it is read."""
    target = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI", "")
    try:
        is_ours = setup().signature.accepts(target, request.form, request.headers)
    except HTTPException:  # a form that is too large to be read
        is_ours = False
    if not is_ours:
        metrics.signature_failures.inc()
        abort(403)
    g.voice_request = read(request.form, request.headers)


@voice.post("/voice")
@on_callers_leg
def arrives(asked: VoiceRequest, now: datetime) -> Response:
    """A call comes in: the Voice URL of every number."""
    told = heard(asked)
    if told is None or told.line is None:
        return voice_answer.unusable(setup().policy)
    answer = turns.arrive(db.session(), setup().policy, told, told.line, now)
    response = voice_answer.of_turn(setup().policy, answer)
    db.session.commit()
    return response


@voice.post("/turn/<int(max=999):turn>")
@on_callers_leg
def turn_taken(asked: VoiceRequest, now: datetime, turn: int) -> Response:
    """A call goes on: keys, silence, or the end of a Dial."""
    told = heard(asked)
    answer = turns.advance(db.session(), setup().policy, told, turn, now) if told else None
    if answer is None:
        return voice_answer.unusable(setup().policy)
    response = voice_answer.of_turn(setup().policy, answer)
    db.session.commit()
    return response


@voice.post("/fetched/<int(max=999):turn>")
@on_callers_leg
def fetched(asked: VoiceRequest, now: datetime, turn: int) -> Response:
    """A caller was led here from hold: somebody is free."""
    told = heard(asked)
    answer = turns.fetched(db.session(), setup().policy, told, turn, now) if told else None
    if answer is None:
        return voice_answer.unusable(setup().policy)
    response = voice_answer.of_turn(setup().policy, answer)
    db.session.commit()
    return response


@voice.post("/status")
@on_callback
def status(asked: VoiceRequest, now: datetime) -> Response:
    """The status callback of every number: the call is over."""
    if asked.sid and asked.leg:
        calls.status_changed(db.session(), asked.sid, setup().policy.line_with(asked.to), asked.leg, now)
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
    return voice_answer.xml(twiml.render_screen(words, spoken, f"/twilio/accept/{token}{DELIVERY}"))


@voice.post("/accept/<token>")
@on_specialists_leg
def accept(asked: VoiceRequest, now: datetime, token: str) -> Response:
    """A specialist pressed a key."""
    accepted = attempts.answered(db.session(), token, asked.keys, asked.status, now)
    db.session.commit()
    return voice_answer.xml(twiml.bridge() if accepted else twiml.hang_up())


@voice.post("/leg/<token>")
@on_callback
def leg(asked: VoiceRequest, now: datetime, token: str) -> Response:
    """How a specialist's leg fares."""
    if asked.leg:
        attempts.log_leg(db.session(), token, asked.leg, now)
        db.session.commit()
    return voice_answer.xml(twiml.acknowledge())
