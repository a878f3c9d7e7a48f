"""Outcomes in words."""

from __future__ import annotations

import pytest

from app.cli.outcomes import outcome_in_words
from app.domain.callflow.ring import Cause
from app.domain.calls import Outcome


@pytest.mark.parametrize(
    ("outcome", "reason", "words"),
    [
        (Outcome.UNANSWERED, "ring:no_answer", "unanswered: nobody answered (ring:no_answer)"),
        (Outcome.UNANSWERED, "sorry", "unanswered: nobody was reached (sorry)"),
        (Outcome.CLOSED, "julafton", "closed: the line was closed (julafton)"),
        (Outcome.ABANDONED, "who", "abandoned: the caller hung up (who)"),
        (Outcome.FAILED, "first_webhook_lost", "failed: its first webhook never arrived (first_webhook_lost)"),
        (Outcome.FAILED, "KeyError", "failed: the service failed (KeyError)"),
        (Outcome.ANSWERED, "", "answered: somebody took the call"),
    ],
)
def test_an_outcome_explains_its_reason(outcome: Outcome, reason: str, words: str) -> None:
    assert outcome_in_words(outcome, reason) == words


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_of_not_being_reached_has_words(cause: Cause) -> None:
    assert "nobody was reached" not in outcome_in_words(Outcome.UNANSWERED, f"ring:{cause}")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_words(outcome: Outcome) -> None:
    assert outcome_in_words(outcome, "").startswith(f"{outcome}: ")
