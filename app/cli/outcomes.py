"""A call's outcome in words: what the record's reason stands for."""

from __future__ import annotations

from app.domain.calls import Outcome

_WHY_UNANSWERED = {
    "nobody_on_duty": "nobody is on duty",
    "all_busy": "everybody on duty was busy",
    "no_answer": "nobody answered",
}
_WHY_FAILED = {
    "first_webhook_lost": "its first webhook never arrived",
    "unknown_to_provider": "the provider doesn't know it",
    "unusable_request": "its request couldn't be read",
    "unknown_node": "the callflow changed under it",
}
_MEANINGS = {
    Outcome.IN_PROGRESS: "the call isn't over",
    Outcome.ANSWERED: "somebody took the call",
    Outcome.CALLBACK: "the caller will be rung back",
    Outcome.CLOSED: "the line was closed",
    Outcome.REFERRED: "the caller was told where to turn",
    Outcome.ABANDONED: "the caller hung up",
    Outcome.UNANSWERED: "nobody was reached",
    Outcome.FAILED: "the service failed",
}


def outcome_in_words(outcome: Outcome, reason: str) -> str:
    """``unanswered: nobody answered (ring:no_answer)``; the record's own words come first and last."""
    meaning = _MEANINGS[outcome]
    if outcome is Outcome.UNANSWERED:
        meaning = _WHY_UNANSWERED.get(reason.rpartition(":")[2], meaning)
    if outcome is Outcome.FAILED:
        meaning = _WHY_FAILED.get(reason, meaning)
    return f"{outcome}: {meaning}{f' ({reason})' if reason else ''}"
