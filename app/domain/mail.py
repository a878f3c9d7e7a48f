"""What staff are written to about, who reads it, and how long we go on trying."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain.due import Every
from app.domain.permissions import Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class MailKind(StrEnum):
    """What a mail is about."""

    UNTAKEN = "untaken"
    """Calls that ended and that nobody took."""
    UNMANNED = "unmanned"
    """Open hours with nobody on duty."""
    FOLLOW_UPS = "follow_ups"
    """The reader's own that are due on the next open day, or have become overdue."""
    ABSENT_FOLLOW_UPS = "absent_follow_ups"
    """Those of colleagues who aren't there."""
    REPORT = "report"
    """A quarter, half-year or year is over: its report is there."""


class MailState(StrEnum):
    """How far a mail has come."""

    WAITING = "waiting"
    SENT = "sent"
    """The mail server took it."""
    GIVEN_UP = "given_up"
    """The mail server refused it for good, or took it at no time."""
    WITHDRAWN = "withdrawn"
    """Its reader isn't one any more."""


READERS: Mapping[MailKind, Role] = MappingProxyType(
    {
        MailKind.UNTAKEN: Role.MANAGER,
        MailKind.UNMANNED: Role.COORDINATOR,
        MailKind.FOLLOW_UPS: Role.SPECIALIST,
        MailKind.ABSENT_FOLLOW_UPS: Role.COORDINATOR,
        MailKind.REPORT: Role.MANAGER,
    }
)
"""Who is written to: those of a line's organisation with this role, whose reach includes the line."""

GATHERING = timedelta(minutes=15)
"""Between two mails about the calls of one line that nobody took."""
NEWS = timedelta(hours=24)
"""What is older is told to nobody."""
PATIENCE = timedelta(hours=24)
"""For so long a mail is tried, unless it is about something that is over sooner."""
ONE_TRY = timedelta(minutes=5)
"""No try lasts so long: whoever began one and didn't say how it ended is gone."""
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)
_DOUBLINGS = 6
_ID_LENGTH = 32


def gathered_at(now: datetime) -> datetime:
    """The quarter of an hour that ``now`` lies in, by its beginning: the same for every process."""
    return Every(GATHERING).latest(now)


def wait_after(tries: int) -> timedelta:
    """How long to wait when so many tries have failed: a minute, then twice as long each time, an hour at most."""
    doubled: int = 2 ** min(tries - 1, _DOUBLINGS)
    return min(_FIRST_WAIT * doubled, _LONGEST_WAIT)


def message_id(key: str, host: str) -> str:
    """The same for a mail however often it is sent, so that a repeat is recognised; it tells nobody the key."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:_ID_LENGTH]}@{host}>"
