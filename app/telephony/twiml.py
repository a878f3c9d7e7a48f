"""Steps as TwiML. The only place that writes it; every document passes ``assert_allowed`` before it leaves.

Each function returns a whole document. They raise ``ValueError`` (never with a phone number in it) for what must not be
said or rung; a webhook answers that with ``failure``, which itself doesn't raise for a checked policy.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from twilio.twiml.voice_response import Dial as DialVerb
from twilio.twiml.voice_response import Gather, VoiceResponse

from app.domain.callflow.values import AwaitKey, AwaitNumber, AwaitTime, HangUp, RingOne, Spoken, Wait
from app.domain.callflow.words import spoken_digits
from app.telephony.allowed import ALLOWED, MOST_SPOKEN, NotAllowed, assert_allowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.callflow.words import Words
    from app.domain.phone import PhoneNumber

__all__ = [
    "ALLOWED",
    "Dial",
    "NotAllowed",
    "Rendering",
    "acknowledge",
    "assert_allowed",
    "bridge",
    "failure",
    "hang_up",
    "render",
    "render_screen",
    "ring_back",
    "say_and_hang_up",
]

LONGEST_CALL_SECONDS = 7200
SCREEN_SECONDS = 8
BACKUP_RING_SECONDS = 60
BACK_RING_SECONDS = 40
LEG_EVENTS = "initiated ringing answered completed"


@dataclass(frozen=True, slots=True)
class Dial:
    """Whom to ring, what their phone shows, and the paths for their leg."""

    phone: PhoneNumber
    caller_id: PhoneNumber
    screen_url: str
    leg_url: str


@dataclass(frozen=True, slots=True)
class Rendering:
    """A step with all that only the request knows. URLs are paths on our own host (``/twilio/turn/3``)."""

    spoken: tuple[Spoken, ...]
    wait: Wait
    language: str
    voice: str
    turn_url: str
    number: PhoneNumber | None = None
    """Fills ``{number}``, digit by digit."""
    dial: Dial | None = None
    """Given exactly when ``wait`` is ``RingOne``."""


def render(step: Rendering) -> str:
    """The answer to one turn of a call."""
    if isinstance(step.wait, RingOne) != (step.dial is not None):
        message = "a dial is given exactly when one specialist is to be rung"
        raise ValueError(message)
    response = VoiceResponse()
    speech = _Speech(step.language, step.voice, step.number)
    match step.wait:
        case AwaitKey(timeout_seconds=seconds):
            _gather(response, step, speech, timeout=seconds, num_digits=1)
        case AwaitTime(seconds=seconds):
            speech.into(response, step.spoken)
            response.pause(length=seconds)
            response.redirect(step.turn_url, method="POST")
        case AwaitNumber(timeout_seconds=seconds, digits=digits):
            most = {} if digits is None else {"num_digits": digits}
            _gather(response, step, speech, timeout=seconds, finish_on_key="#", **most)
        case RingOne(ring_seconds=seconds):
            speech.into(response, step.spoken)
            _ring(response, step, seconds)
        case HangUp():
            speech.into(response, step.spoken)
            response.hangup()
        case _:  # pragma: no cover - the type checker proves that nothing is left
            assert_never(step.wait)
    return _document(response)


def render_screen(words: Words, spoken: Spoken, accept_url: str) -> str:
    """What a specialist hears on picking up. Only a key leads on: silence ends the leg, and a voicemail is silent."""
    response = VoiceResponse()
    gather = Gather(input="dtmf", num_digits=1, timeout=SCREEN_SECONDS, action=accept_url, method="POST")
    _Speech(words.language, words.voice).into(gather, (spoken,))
    response.append(gather)
    # Without this the leg would be bridged when the Gather times out.
    response.hangup()
    return _document(response)


def bridge() -> str:
    """The answer to an accepted call: on a specialist's leg an empty document joins the two."""
    return _document(VoiceResponse())


def acknowledge() -> str:
    """The answer to a status callback, which carries no instruction."""
    return _document(VoiceResponse())


def ring_back(number: PhoneNumber, caller_id: PhoneNumber, ended_url: str, leg_url: str) -> str:
    """Rings a caller who asked for it, from the leg of a specialist who has just said so by a key.

    Whoever answers hears the specialist at once: nothing of the caller's is asked, and nothing is left on a voicemail.
    """
    if not number.may_be_rung:
        message = "only Swedish numbers that aren't premium are rung"
        raise ValueError(message)
    response = VoiceResponse()
    dial = _dial(caller_id, BACK_RING_SECONDS, action=ended_url, method="POST")
    dial.number(number.e164, status_callback=leg_url, status_callback_event=LEG_EVENTS)
    response.append(dial)
    response.hangup()
    return _document(response)


def hang_up() -> str:
    """Ends the leg without a word."""
    response = VoiceResponse()
    response.hangup()
    return _document(response)


def say_and_hang_up(words: Words, *texts: str) -> str:
    """Ends the leg after these words."""
    response = VoiceResponse()
    _Speech(words.language, words.voice).into(response, tuple(map(Spoken, texts)))
    response.hangup()
    return _document(response)


def failure(words: Words, line_name: str, backup: PhoneNumber, caller_id: PhoneNumber) -> str:
    """What a caller hears when we fail: words with the backup number digit by digit, then that number is rung.

    A backup number that may not be rung is read out alone.
    """
    text = words.failure.replace("{line}", line_name).replace("{backup_number}", spoken_digits(backup.national))
    response = VoiceResponse()
    _Speech(words.language, words.voice).into(response, (Spoken(text),))
    if backup.may_be_rung:
        dial = _dial(caller_id, BACKUP_RING_SECONDS)
        dial.number(backup.e164)
        response.append(dial)
        _Speech(words.language, words.voice).into(response, (Spoken(words.failure_over),))
    response.hangup()
    return _document(response)


def _document(response: VoiceResponse) -> str:
    xml = str(response)
    assert_allowed(xml)
    return xml


def _gather(response: VoiceResponse, step: Rendering, speech: _Speech, **how: int | str) -> None:
    gather = Gather(input="dtmf", action=step.turn_url, method="POST", action_on_empty_result=True, **how)
    speech.into(gather, step.spoken)
    response.append(gather)
    # A Gather that falls through all the same is the same event: silence.
    response.redirect(step.turn_url, method="POST")


def _ring(response: VoiceResponse, step: Rendering, ring_seconds: int) -> None:
    if step.dial is None or not step.dial.phone.may_be_rung:
        message = "only Swedish numbers that aren't premium are rung"
        raise ValueError(message)
    dial = _dial(step.dial.caller_id, ring_seconds, action=step.turn_url, method="POST")
    dial.number(
        step.dial.phone.e164,
        url=step.dial.screen_url,
        status_callback=step.dial.leg_url,
        status_callback_event=LEG_EVENTS,
    )
    response.append(dial)


def _dial(caller_id: PhoneNumber, ring_seconds: int, **how: str) -> DialVerb:
    return DialVerb(
        answer_on_bridge=True,
        timeout=ring_seconds,
        time_limit=LONGEST_CALL_SECONDS,
        caller_id=caller_id.e164,
        ring_tone="se",
        **how,
    )


@dataclass(frozen=True, slots=True)
class _Speech:
    language: str
    voice: str
    number: PhoneNumber | None = None

    def into(self, verb: VoiceResponse | Gather, spoken: tuple[Spoken, ...]) -> None:
        for one in spoken:
            if one.play is not None:
                verb.play(f"/prompts/{one.play}")
                continue
            for text in _pieces(_clean(self._filled(one.text))):
                verb.say(text, language=self.language, voice=self.voice)

    def _filled(self, text: str) -> str:
        if "{number}" not in text:
            return text
        if self.number is None:
            message = "words with {number} need a number to read out"
            raise ValueError(message)
        return text.replace("{number}", spoken_digits(self.number.national))


def _clean(text: str) -> str:
    """Without what can't be spoken or written in XML: control, format and private characters, halves of pairs."""
    return " ".join("".join(map(_speakable, text)).split())


def _speakable(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # a soft hyphen or a mark of direction stands inside a word
        return ""
    return " " if category[0] in "CZ" else character


def _pieces(text: str) -> Iterator[str]:
    """The text in parts that one Say takes, cut after a sentence, else between words, else anywhere."""
    while len(text) >= MOST_SPOKEN:
        window = text[: MOST_SPOKEN - 1]
        sentence = max(window.rfind(end) for end in (". ", "? ", "! ")) + 1
        cut = sentence or max(window.rfind(" "), 0) or len(window)
        yield text[:cut]
        text = text[cut:].lstrip()
    if text:
        yield text
