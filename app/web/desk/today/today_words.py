"""The words of the first page: what people and calls do, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext

from app.domain.layers import Layer
from app.domain.missed_calls import DealtAs
from app.domain.today import CallPart, Doing, PauseReason
from app.web.desk import ages
from app.web.desk.callback.callback_words import state_in_words
from app.web.desk.record_words import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta, tzinfo

    from app.domain.lines import LineKey

DOING: Final = {
    Doing.IN_CALL: lazy_gettext("In a call"),
    Doing.RINGING: lazy_gettext("The phone rings"),
    Doing.PAUSED: lazy_gettext("Paused"),
    Doing.WRAPPING_UP: lazy_gettext("Finishing up"),
    Doing.FREE: lazy_gettext("Available"),
    Doing.OFF_DUTY: lazy_gettext("Not on duty"),
}
LOOKS: Final = {
    Doing.IN_CALL: "busy",
    Doing.RINGING: "waiting",
    Doing.PAUSED: "closed",
    Doing.WRAPPING_UP: "waiting",
    Doing.FREE: "open",
    Doing.OFF_DUTY: "quiet",
}
"""Which look of ``.state`` says it."""
REASONS: Final = {
    PauseReason.LUNCH: lazy_gettext("Lunch"),
    PauseReason.MEETING: lazy_gettext("Meeting"),
    PauseReason.BREAK: lazy_gettext("Break"),
    PauseReason.ERRAND: lazy_gettext("Other errand"),
}
LAYERS: Final = {
    Layer.ROTA: lazy_gettext("by the rota"),
    Layer.COVER: lazy_gettext("by agreement"),
    Layer.TEMPORARY: lazy_gettext("by a temporary schedule"),
}
PARTS: Final = {
    CallPart.RINGING: lazy_gettext("Rings"),
    CallPart.ON_HOLD: lazy_gettext("On hold"),
    CallPart.TALKING: lazy_gettext("Talking"),
    CallPart.ENDED: lazy_gettext("Ended"),
}
DEALT: Final = {
    DealtAs.RANG_AGAIN: lazy_gettext("The caller rang again and got help"),
    DealtAs.REACHED: lazy_gettext("The caller was reached in another way"),
    DealtAs.DUTY_CHANGED: lazy_gettext("The staffing was put right"),
    DealtAs.FAULT_REPORTED: lazy_gettext("The fault was reported"),
    DealtAs.NOTHING_TO_DO: lazy_gettext("Nothing can be done"),
}


def reason_in_words(reason: str) -> str:
    """Why somebody pauses; empty for a code of others, or none."""
    known = next((one for one in PauseReason if one == reason), None)
    return str(REASONS[known]) if known else ""


def lasted(passed: timedelta) -> str:
    """Minutes and seconds: 2:05."""
    minutes, seconds = divmod(int(passed.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"


def cover_command(line: LineKey, begins: datetime, ends: datetime | None, zone: tzinfo) -> str:
    """What a coordinator has run for somebody to stand in, as `radrum rota cover --help` says it."""
    since, to = (f"{at.astimezone(zone):%Y-%m-%dT%H:%M}" if at else "T" for at in (begins, ends))
    return f"radrum rota cover {line} --stands-in ALIAS --from {since} --to {to}"


WORDS: Final[Mapping[str, object]] = {
    "DOING": DOING,
    "LOOKS": LOOKS,
    "LAYERS": LAYERS,
    "PARTS": PARTS,
    "DEALT": DEALT,
    "OUTCOMES": OUTCOMES,
    "ago_beside": ages.ago_beside,
    "cover_command": cover_command,
    "lasted": lasted,
    "lasts": ages.lasts,
    "reason_in_words": reason_in_words,
    "state_in_words": state_in_words,
    "since": ages.since,
    "waiting": ages.waiting,
    "when": ages.when,
    "when_and_ago": ages.when_and_ago,
}
"""What the templates of the page call them by."""
