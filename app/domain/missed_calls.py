"""Calls that nobody took: which of them are tasks for somebody, and what can be done about one."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from app.domain.calls import Outcome

LONG_WAIT = timedelta(minutes=1)
"""Whoever hangs up sooner has mostly changed their mind, or dialled the wrong number."""
OPEN_FOR = timedelta(days=30)
"""After so long nobody is reminded of a call any more. It stays in lists and figures."""
MISSED = (Outcome.UNANSWERED, Outcome.FAILED, Outcome.ABANDONED)
"""Outcomes that can be a task, in the order in which they weigh."""


class DealtAs(StrEnum):
    """What was done about a call that nobody took. The caller's number isn't stored, so ringing back isn't among it."""

    RANG_AGAIN = "rang_again"
    """The caller rang again, and got help."""
    REACHED = "reached"
    """Somebody knew who it was, and reached them in another way."""
    DUTY_CHANGED = "duty_changed"
    """What left the line without anybody was put right."""
    FAULT_REPORTED = "fault_reported"
    """It was our fault, and whoever runs the service knows."""
    NOTHING_TO_DO = "nothing_to_do"


def is_missed(outcome: Outcome, waited: timedelta) -> bool:
    """Whether somebody has to deal with a call that ended so, after the caller had waited for so long."""
    if outcome is Outcome.ABANDONED:
        return waited >= LONG_WAIT
    return outcome in MISSED
