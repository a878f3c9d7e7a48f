"""The words of the first page: what people and calls do, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask_babel import gettext, lazy_gettext

from app.domain.layers import Layer
from app.domain.missed_calls import DealtAs
from app.domain.today import CallPart, Doing, PauseReason
from app.web import language
from app.web.desk.callback_words import age_in_words, state_in_words
from app.web.desk.record_words import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from app.domain.lines import LineKey

_ONE_MINUTE = timedelta(minutes=1)
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


def when(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """On the wall clock of ``zone``: 14:05, tomorrow or yesterday 14:05, else with the day."""
    clock = language.clock(instant, zone)
    days = (instant.astimezone(zone).date() - now.astimezone(zone).date()).days
    if days == 0:
        return clock
    if days == 1:
        return str(gettext("tomorrow %(time)s", time=clock))
    return str(gettext("yesterday %(time)s", time=clock)) if days == -1 else language.day_and_clock(instant, zone)


def lasted(passed: timedelta) -> str:
    """Minutes and seconds: 2:05."""
    minutes, seconds = divmod(int(passed.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"


def age_if_any(passed: timedelta) -> str:
    """For how long; empty for less than a minute."""
    return age_in_words(passed) if passed >= _ONE_MINUTE else ""


def ago(passed: timedelta) -> str:
    """How long ago, down to the minute."""
    return str(gettext("%(time)s ago", time=age_in_words(passed)) if passed >= _ONE_MINUTE else gettext("just now"))


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
    "age": age_in_words,
    "age_if_any": age_if_any,
    "ago": ago,
    "cover_command": cover_command,
    "lasted": lasted,
    "reason_in_words": reason_in_words,
    "state_in_words": state_in_words,
    "when": when,
}
"""What the templates of the page call them by."""
