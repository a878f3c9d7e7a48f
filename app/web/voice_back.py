"""Twilio's webhooks about ringing back: the specialist's leg comes first, and the caller's hangs on it.

Whatever goes wrong inside, the specialist's leg ends: an empty answer would leave them in silence, and nobody is rung.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from app.domain.callbacks import BackState
from app.services.callback import back_calls
from app.storage.base import db
from app.telephony import twiml
from app.telephony.delivery import CALLBACK_DELIVERY, DELIVERY
from app.web import voice_answer
from app.web.setup import setup
from app.web.voice import only_signed_requests
from app.web.voice_guard import on_callback, on_specialists_leg

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Response

    from app.web.voice_request import VoiceRequest

voice_back = Blueprint("voice_back", __name__, url_prefix="/twilio/back")
voice_back.before_request(only_signed_requests)


@voice_back.post("/<token>")
@on_specialists_leg
def picked_up(asked: VoiceRequest, now: datetime, token: str) -> Response:
    """The specialist picked up: whom they are to ring, and "press 1"."""
    policy = setup().policy
    spoken = back_calls.picked_up(db.session(), policy, token, asked.sid, now)
    db.session.commit()
    if spoken is None:
        return voice_answer.xml(twiml.say_and_hang_up(policy.words, policy.words.no_screen))
    return voice_answer.xml(twiml.render_screen(policy.words, spoken, f"/twilio/back/{token}/key{DELIVERY}"))


@voice_back.post("/<token>/key")
@on_specialists_leg
def pressed(asked: VoiceRequest, now: datetime, token: str) -> Response:
    """The specialist pressed a key: 1 rings the caller, with the line's number on the display."""
    through = back_calls.pressed(db.session(), setup().policy, token, asked.sid, asked.keys, asked.status, now)
    db.session.commit()
    if through is None:
        return voice_answer.xml(twiml.hang_up())
    path = f"/twilio/back/{token}"
    document = twiml.ring_back(
        through.number, through.caller_id, f"{path}/end{DELIVERY}", f"{path}/leg{CALLBACK_DELIVERY}"
    )
    return voice_answer.xml(document)


@voice_back.post("/<token>/end")
@on_specialists_leg
def ended(asked: VoiceRequest, now: datetime, token: str) -> Response:
    """The caller's leg is over: the specialist hears why, where nobody answered."""
    words = setup().policy.words
    state = None
    if asked.dial:
        state = back_calls.dial_ended(db.session(), token, asked.sid, asked.dial, asked.status, now)
        db.session.commit()
    said = {
        BackState.CALLER_BUSY: words.back_busy,
        BackState.CALLER_NO_ANSWER: words.back_no_answer,
        BackState.CALLER_FAILED: words.back_failed,
    }
    return voice_answer.xml(twiml.say_and_hang_up(words, said[state]) if state in said else twiml.hang_up())


@voice_back.post("/<token>/leg")
@on_callback
def callers_leg(asked: VoiceRequest, now: datetime, token: str) -> Response:
    """How the caller's leg fares."""
    if asked.leg:
        back_calls.caller_leg(db.session(), token, asked.leg, now)
        db.session.commit()
    return voice_answer.xml(twiml.acknowledge())


@voice_back.post("/<token>/status")
@on_callback
def specialists_leg(asked: VoiceRequest, now: datetime, token: str) -> Response:
    """How the specialist's leg fares."""
    if asked.leg:
        back_calls.staff_leg(db.session(), token, asked.sid, asked.leg, now)
        db.session.commit()
    return voice_answer.xml(twiml.acknowledge())
