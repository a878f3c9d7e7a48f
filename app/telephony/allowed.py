"""What our TwiML may hold: the verbs, their nesting and their attributes. Everything else is refused.

The table is an allow-list on purpose. A verb or an attribute that stores what is said isn't on it, so no change of a
callflow, no hostile field and no slip in the renderer can make one leave the house.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES = 64 * 1024
"""Twilio refuses larger documents (error 11750)."""
MOST_SPOKEN = 3000
"""Characters in one Say; Twilio's own limit is 4,096."""

_PATH = r"(?:/[A-Za-z0-9_-]+)+"
# Twilio's connection overrides (#rc=2&rp=ct,5xx) ride on the fragment, which is neither sent nor signed.
_HOOK = rf"{_PATH}(?:#[a-z0-9=&,]+)?"
_PROMPT = r"/prompts/[A-Za-z0-9][A-Za-z0-9_-]*(?:\.wav)?"
_PHONE = r"\+[1-9][0-9]{6,14}"
# Swedish, and not premium (domain.phone.may_be_rung says the same of a value).
_MAY_BE_RUNG = r"\+46(?!900|939|944|99)[1-9][0-9]{6,8}"
_SECONDS = r"[1-9][0-9]{0,3}"
_POST = "POST"


class NotAllowed(ValueError):
    """A document holds something that isn't on the list. Names the verb or the attribute, never its content."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: where it may stand, the attributes it may have and must have, and whether it holds text."""

    parents: frozenset[str]
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Name and pattern of the whole value."""
    required: frozenset[str] = frozenset()
    text: str | None = None
    """Pattern of the whole text; ``None``: it holds none."""


_TOP = frozenset({"Response"})
_SPOKEN_IN = frozenset({"Response", "Gather"})

ALLOWED: Mapping[str, Verb] = {
    "Response": Verb(parents=frozenset()),
    "Say": Verb(
        parents=_SPOKEN_IN,
        attributes={"language": r"[a-z]{2}-[A-Z]{2}", "voice": r"[A-Za-z0-9._-]{1,64}"},
        required=frozenset({"language", "voice"}),
        text=rf"(?s:.{{1,{MOST_SPOKEN - 1}}})",
    ),
    "Play": Verb(parents=_SPOKEN_IN, text=_PROMPT),
    "Pause": Verb(parents=_SPOKEN_IN, attributes={"length": _SECONDS}),
    "Gather": Verb(
        parents=_TOP,
        attributes={
            "input": "dtmf",
            "numDigits": "1|7",
            "finishOnKey": "#",
            "timeout": _SECONDS,
            "action": _HOOK,
            "method": _POST,
            "actionOnEmptyResult": "true",
        },
        required=frozenset({"input", "timeout", "action", "method"}),
    ),
    "Redirect": Verb(parents=_TOP, attributes={"method": _POST}, required=frozenset({"method"}), text=_HOOK),
    "Dial": Verb(
        parents=_TOP,
        attributes={
            "action": _HOOK,
            "method": _POST,
            "answerOnBridge": "true",
            "timeout": _SECONDS,
            "timeLimit": _SECONDS,
            "callerId": _PHONE,
            "ringTone": "se",
        },
        required=frozenset({"timeout", "timeLimit", "callerId"}),
    ),
    "Number": Verb(
        parents=frozenset({"Dial"}),
        attributes={
            "url": _HOOK,
            "method": _POST,
            "statusCallback": _HOOK,
            "statusCallbackMethod": _POST,
            "statusCallbackEvent": "initiated ringing answered completed",
        },
        text=_MAY_BE_RUNG,
    ),
    "Hangup": Verb(parents=_TOP),
}


def assert_allowed(xml: str) -> None:
    """Raise ``NotAllowed`` unless the document holds nothing but what ``ALLOWED`` lists, and is small enough."""
    if len(xml.encode()) > MOST_BYTES:
        message = f"a TwiML document has more than {MOST_BYTES} bytes"
        raise NotAllowed(message)
    if "<!" in xml:  # a doctype, a comment or a CDATA section: we never write any of them
        message = "a TwiML document has a declaration or a comment"
        raise NotAllowed(message)
    try:
        root = ET.fromstring(xml)  # noqa: S314 - our own output, and no declaration got past the line above
    except ET.ParseError:
        message = "a TwiML document isn't well-formed XML"
        raise NotAllowed(message) from None
    if root.tag != "Response":
        message = "a TwiML document has another root than Response"
        raise NotAllowed(message)
    _assert_verb(root)
    for child in root:
        _assert_tree(child, root.tag)


def _assert_tree(element: ET.Element, parent: str) -> None:
    if element.tag not in ALLOWED or parent not in ALLOWED[element.tag].parents:
        message = f"TwiML verb {element.tag[:40]} isn't allowed in {parent}"
        raise NotAllowed(message)
    _assert_verb(element)
    for child in element:
        _assert_tree(child, element.tag)


def _assert_verb(element: ET.Element) -> None:
    verb = ALLOWED[element.tag]
    _assert_attributes(element, verb)
    _assert_text(element, verb)
    if element.tag == "Dial" and len(element) != 1:
        # Of two numbers the first to answer wins, and that may be a voicemail.
        message = "TwiML verb Dial rings exactly one Number"
        raise NotAllowed(message)


def _assert_attributes(element: ET.Element, verb: Verb) -> None:
    for name, value in element.attrib.items():
        if name not in verb.attributes or not re.fullmatch(verb.attributes[name], value, re.ASCII):
            message = f"TwiML attribute {name[:40]} of {element.tag} isn't allowed, or not with this value"
            raise NotAllowed(message)
    missing = sorted(verb.required - element.attrib.keys())
    if missing:
        message = f"TwiML verb {element.tag} lacks {', '.join(missing)}"
        raise NotAllowed(message)


def _assert_text(element: ET.Element, verb: Verb) -> None:
    text = element.text or ""
    wanted = verb.text if verb.text is not None else ""
    if not re.fullmatch(wanted, text) or any((child.tail or "") for child in element):
        message = f"TwiML verb {element.tag} holds a text that isn't allowed"
        raise NotAllowed(message)
