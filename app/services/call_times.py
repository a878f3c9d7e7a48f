"""How long a call waited and was talked: the one place that says which clock counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from app.domain.calls import AttemptState, Outcome
from app.storage.models import Attempt
from app.storage.queries.counted_rows import TakenRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from app.storage.models import Call
    from app.storage.queries.counted_rows import CallRow

_Taken = TypeVar("_Taken", Attempt, TakenRow)


def conversation_of(attempts: Iterable[_Taken]) -> _Taken | None:
    """The attempt in which a specialist took the call, and Twilio didn't say that the two were never joined."""
    return next((one for one in attempts if is_conversation(one)), None)


def wait_seconds(call: Call | CallRow, conversation: Attempt | TakenRow | None) -> int | None:
    """From the first webhook until somebody took it, or it ended; ``None`` while neither has happened."""
    until = conversation.accepted_at if conversation else call.ended_at
    return None if until is None else _seconds(call.started_at, until)


def talk_seconds(call: Call | CallRow, conversation: Attempt | TakenRow | None) -> int | None:
    """How long the two were joined. Twilio's word goes before our clock's, as the bridged leg is Twilio's.

    ``None`` unless it was answered, and while they talk.
    """
    if call.outcome is not Outcome.ANSWERED or conversation is None or conversation.accepted_at is None:
        return None
    for twilio_says in (conversation.dial_seconds, conversation.leg_seconds):
        if twilio_says is not None:
            return twilio_says
    until = conversation.ended_at or call.ended_at
    return None if until is None else _seconds(conversation.accepted_at, until)


def _seconds(begins: datetime, ends: datetime) -> int:
    return max(0, int((ends - begins).total_seconds()))


def is_conversation(attempt: Attempt | TakenRow) -> bool:
    """Whether a specialist took the call, and Twilio didn't say that the two were never joined."""
    return attempt.state is AttemptState.ACCEPTED and attempt.bridged is not False
