"""A strict reader of TwiML: what Twilio would shrug at is refused here, so that no test passes by Twilio's leniency."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from app.simulator.findings import FindingKind, InvalidAnswer
from app.simulator.twiml import Dial, Document, Gather, Hangup, Number, Pause, Play, Redirect, Reject, Say, Verb
from app.simulator.wire import what_is_wrong_with

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

MAX_BYTES = 64 * 1024
MAX_SPOKEN = 4096
_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
# The last digits of a number are what all its spellings (+46…, 0046…, 0…) share.
_TELLING_DIGITS = 7
_PLAIN_URL = re.compile(r"[!-~]+", re.ASCII)

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "Response": frozenset(),
    "Say": frozenset({"voice", "language", "loop"}),
    "Play": frozenset({"loop"}),
    "Pause": frozenset({"length"}),
    "Gather": frozenset(
        {"action", "method", "timeout", "numDigits", "finishOnKey", "actionOnEmptyResult", "input", "language"}
    ),
    "Redirect": frozenset({"method"}),
    "Dial": frozenset(
        {
            "action",
            "method",
            "timeout",
            "timeLimit",
            "answerOnBridge",
            "hangupOnStar",
            "callerId",
            "ringTone",
        }
    ),
    "Number": frozenset({"url", "method", "statusCallback", "statusCallbackMethod", "statusCallbackEvent"}),
    "Hangup": frozenset(),
    "Reject": frozenset({"reason"}),
}
_WORDLESS = frozenset({"Response", "Pause", "Gather", "Hangup", "Reject"})
_IN_GATHER = frozenset({"Say", "Play", "Pause"})
_ON_A_SCREENED_LEG = (Say, Play, Gather, Hangup)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an answer is judged against: its own URL, the origins that are ours, and numbers that no URL may hold."""

    url: str
    origins: frozenset[str]
    numbers: Collection[str] = ()


def parse(content_type: str, body: bytes, around: Surroundings) -> Document:
    """The document in an answer. Raises ``InvalidAnswer``."""
    if content_type.partition(";")[0].strip().lower() not in _TYPES:
        message = f"the content type is {content_type or 'missing'}; allowed: text/xml, application/xml, text/html"
        raise InvalidAnswer(message, code=12300)
    if len(body) > MAX_BYTES:
        message = f"the document has {len(body)} bytes; allowed: {MAX_BYTES}"
        raise InvalidAnswer(message, code=11750)
    root = _root(body)
    return Document(around.url, tuple(_verb(element, around) for element in root))


def parse_screen(content_type: str, body: bytes, around: Surroundings) -> Document:
    """The document for a leg that isn't joined with the caller yet. Raises ``InvalidAnswer``."""
    document = parse(content_type, body, around)
    for verb in document.verbs:
        if not isinstance(verb, _ON_A_SCREENED_LEG):
            message = f"<{type(verb).__name__}> on a leg that is screened; allowed: Say, Play, Gather, Hangup"
            raise InvalidAnswer(message, code=13201)
    return document


def _root(body: bytes) -> ET.Element:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        message = "the document declares a type or entities"
        raise InvalidAnswer(message, code=12100)
    try:
        root = ET.fromstring(body)  # noqa: S314 - our own service's, at most 64 KB, without entities
    except (ET.ParseError, LookupError, ValueError) as error:
        message = f"the document isn't XML: {error}"
        raise InvalidAnswer(message, code=12100) from error
    if root.tag != "Response":
        message = f"the root is <{root.tag}>; allowed: <Response>"
        raise InvalidAnswer(message, code=12100)
    _check_form(root)
    return root


def _check_form(element: ET.Element) -> None:
    allowed = ATTRIBUTES.get(element.tag)
    if allowed is None:
        message = f"<{element.tag}> is not among the verbs of this simulator: {', '.join(sorted(ATTRIBUTES))}"
        raise InvalidAnswer(message)
    for name in sorted(set(element.attrib) - allowed):
        message = f"<{element.tag} {name}>; allowed: {', '.join(sorted(allowed)) or 'no attributes'}"
        raise InvalidAnswer(message)
    stray = [child.tail for child in element]
    if element.tag in _WORDLESS:
        stray.append(element.text)
    if any((text or "").strip() for text in stray):
        message = f"words directly in <{element.tag}>"
        raise InvalidAnswer(message)


def _verb(element: ET.Element, around: Surroundings) -> Verb:
    _check_form(element)
    reader = _READERS.get(element.tag)
    if reader is None:
        message = f"<{element.tag}> as a verb of its own"
        raise InvalidAnswer(message)
    if element.tag not in {"Gather", "Dial"} and len(element):
        message = f"<{element[0].tag}> in <{element.tag}>"
        raise InvalidAnswer(message)
    return reader(element, around)


def _say(element: ET.Element, around: Surroundings) -> Say:  # noqa: ARG001 - the form of all readers
    text = " ".join((element.text or "").split())
    if not text or len(text) >= MAX_SPOKEN:
        message = f"<Say> of {len(text)} characters; allowed: 1 to {MAX_SPOKEN - 1}"
        raise InvalidAnswer(message)
    return Say(
        text,
        loop=_whole(element, "loop", 1, 0, 1000),
        language=element.get("language", "en-US"),
        voice=element.get("voice", "man"),
    )


def _play(element: ET.Element, around: Surroundings) -> Play:
    return Play(_address(element, element.text or "", around), loop=_whole(element, "loop", 1, 0, 1000))


def _pause(element: ET.Element, around: Surroundings) -> Pause:  # noqa: ARG001 - the form of all readers
    return Pause(_whole(element, "length", 1, 0, 600))


def _gather(element: ET.Element, around: Surroundings) -> Gather:
    if element.get("input", "dtmf") != "dtmf":
        message = f"<Gather input={element.get('input')!r}>; allowed: dtmf"
        raise InvalidAnswer(message)
    finish_on_key = element.get("finishOnKey", "#")
    if not re.fullmatch(r"[0-9#*]?", finish_on_key, re.ASCII):
        message = f"<Gather finishOnKey={finish_on_key!r}>; allowed: one of 0-9 # *, or nothing"
        raise InvalidAnswer(message)
    return Gather(
        action=_address(element, element.get("action") or around.url, around),
        prompts=tuple(_prompt(child, around) for child in element),
        method=_method(element),
        timeout_seconds=_whole(element, "timeout", 5, 1, 600),
        num_digits=_whole(element, "numDigits", 1, 1, 100) if "numDigits" in element.attrib else None,
        finish_on_key=finish_on_key,
        action_on_empty_result=_truth(element, "actionOnEmptyResult"),
    )


def _prompt(element: ET.Element, around: Surroundings) -> Say | Play | Pause:
    verb = _verb(element, around)
    if not isinstance(verb, Say | Play | Pause):
        message = f"<{element.tag}> in <Gather>; allowed: {', '.join(sorted(_IN_GATHER))}"
        raise InvalidAnswer(message)
    return verb


def _redirect(element: ET.Element, around: Surroundings) -> Redirect:
    return Redirect(_address(element, element.text or "", around), _method(element))


def _dial(element: ET.Element, around: Surroundings) -> Dial:
    plain = (element.text or "").strip()
    rung = [plain, *((child.text or "").strip() for child in element)]
    around = replace(around, numbers=(*around.numbers, *rung))
    numbers = (Number(plain),) if plain else tuple(_number(child, around) for child in element)
    if not numbers or len(numbers) > 10 or (plain and len(element)):  # noqa: PLR2004 - Twilio's limit
        message = f"<Dial> of {len(numbers)} numbers; allowed: 1 to 10"
        raise InvalidAnswer(message)
    action = element.get("action")
    return Dial(
        numbers,
        action=_address(element, action, around) if action else None,
        method=_method(element),
        timeout_seconds=_whole(element, "timeout", 30, 5, 600),
        time_limit_seconds=_whole(element, "timeLimit", 14_400, 1, 14_400),
        answer_on_bridge=_truth(element, "answerOnBridge"),
        hang_up_on_star=_truth(element, "hangupOnStar"),
        caller_id=element.get("callerId"),
    )


def _number(element: ET.Element, around: Surroundings) -> Number:
    _check_form(element)
    if element.tag != "Number":
        message = f"<{element.tag}> in <Dial>; allowed: Number"
        raise InvalidAnswer(message)
    events = tuple(element.get("statusCallbackEvent", "completed").split())
    if not events or set(events) - _EVENTS:
        message = f"<Number statusCallbackEvent>; allowed: {', '.join(sorted(_EVENTS))}"
        raise InvalidAnswer(message)
    screen, callback = element.get("url"), element.get("statusCallback")
    return Number(
        (element.text or "").strip(),
        screen_url=_address(element, screen, around) if screen else None,
        screen_method=_method(element),
        callback_url=_address(element, callback, around) if callback else None,
        callback_method=_method(element, "statusCallbackMethod"),
        callback_events=events,
    )


def _hangup(element: ET.Element, around: Surroundings) -> Hangup:  # noqa: ARG001 - the form of all readers
    return Hangup()


def _reject(element: ET.Element, around: Surroundings) -> Reject:  # noqa: ARG001 - the form of all readers
    reason = element.get("reason", "rejected")
    if reason not in {"rejected", "busy"}:
        message = f"<Reject reason={reason!r}>; allowed: rejected, busy"
        raise InvalidAnswer(message)
    return Reject(reason)


_READERS: Mapping[str, Callable[[ET.Element, Surroundings], Verb]] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
    "Gather": _gather,
    "Redirect": _redirect,
    "Dial": _dial,
    "Hangup": _hangup,
    "Reject": _reject,
}


def _whole(element: ET.Element, name: str, default: int, least: int, most: int) -> int:
    text = element.get(name, str(default))
    if re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) and least <= int(text) <= most:
        return int(text)
    message = f"<{element.tag} {name}={text!r}>; allowed: a whole number from {least} to {most}"
    raise InvalidAnswer(message)


def _truth(element: ET.Element, name: str) -> bool:
    text = element.get(name, "false")
    if text in {"true", "false"}:
        return text == "true"
    message = f"<{element.tag} {name}={text!r}>; allowed: true, false"
    raise InvalidAnswer(message)


def _method(element: ET.Element, name: str = "method") -> str:
    text = element.get(name, "POST").upper()
    if text in {"GET", "POST"}:
        return text
    message = f"<{element.tag} {name}={text!r}>; allowed: GET, POST"
    raise InvalidAnswer(message)


def _address(element: ET.Element, given: str, around: Surroundings) -> str:
    if not given.strip():
        message = f"<{element.tag}> without a URL"
        raise InvalidAnswer(message, code=11100)
    try:
        url = urljoin(around.url, given.strip())
        parts = urlsplit(url)
        delivery_problem = what_is_wrong_with(url)
    except ValueError as error:
        message = f"<{element.tag}> has a URL that isn't one"
        raise InvalidAnswer(message, code=11100) from error
    if not _PLAIN_URL.fullmatch(url) or delivery_problem:
        message = f"<{element.tag}> has a URL with {delivery_problem or 'spaces or letters that must be escaped'}"
        raise InvalidAnswer(message, code=11100)
    if f"{parts.scheme}://{parts.netloc}" not in around.origins:
        message = f"<{element.tag}> leads to {parts.scheme}://{parts.netloc}, which isn't ours"
        raise InvalidAnswer(message, kind=FindingKind.FOREIGN_URL, code=11100)
    shown = re.sub(r"[^0-9A-Za-z/?&=]", "", unquote(f"{parts.path}?{parts.query}"))
    for number in around.numbers:
        digits = re.sub(r"[^0-9]", "", number)[-_TELLING_DIGITS:]
        if len(digits) == _TELLING_DIGITS and digits in shown:
            message = f"<{element.tag}> has a phone number in its URL"
            raise InvalidAnswer(message, kind=FindingKind.NUMBER_IN_URL)
    return url
