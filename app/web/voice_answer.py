"""Answers to a caller's webhooks as TwiML responses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from app.telephony import twiml
from app.telephony.delivery import CALLBACK_DELIVERY, DELIVERY, turn_path

if TYPE_CHECKING:
    from app.domain.lines import Line
    from app.domain.policy import Policy
    from app.services.line.turns import Answer


def xml(document: str) -> Response:
    """A TwiML document, never kept by anybody on the way."""
    response = Response(document, content_type="text/xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def of_turn(policy: Policy, answer: Answer) -> Response:
    """The step in TwiML; without one, words for whoever hears them though we believe the call to be over."""
    step = answer.step
    if step is None:
        return unusable(policy)
    dial = None
    if answer.dialled:
        token = answer.dialled.token
        dial = twiml.Dial(
            phone=answer.dialled.phone,
            caller_id=answer.line.caller_id,
            screen_url=f"/twilio/screen/{token}{DELIVERY}",
            leg_url=f"/twilio/leg/{token}{CALLBACK_DELIVERY}",
        )
    words = policy.words.in_language(step.position.language)
    rendering = twiml.Rendering(
        spoken=step.spoken,
        wait=step.wait,
        language=words.language,
        voice=words.voice,
        turn_url=turn_path(answer.next_turn),
        number=answer.number,
        dial=dial,
    )
    return xml(twiml.render(rendering))


def failure(policy: Policy, line: Line | None) -> Response:
    """Words and the line's backup number; for a request that names no line of ours, words alone."""
    if line is None:
        return unusable(policy)
    return xml(twiml.failure(policy.words, line.name, line.backup_number, line.caller_id))


def unusable(policy: Policy) -> Response:
    """Words for a request that we can't make sense of; nobody is rung."""
    return xml(twiml.say_and_hang_up(policy.words, policy.words.unusable))
