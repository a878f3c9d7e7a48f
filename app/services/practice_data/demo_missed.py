"""Practice calls that nobody took: those of the last days wait for somebody, earlier ones were dealt with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from app.domain.calls import Outcome
from app.domain.missed_calls import MISSED, DealtAs
from app.storage.models import Call, CallDealtWith

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

LEFT_FOR = timedelta(days=2)
_AFTER = timedelta(hours=1)
_BY = "practice"
"""No account: nobody in particular."""


def deal_with_old(session: Session, now: datetime) -> None:
    """As the staff would have done. Doesn't commit."""
    old = select(Call.id, Call.organisation, Call.line, Call.outcome, Call.started_at).where(
        Call.outcome.in_(MISSED), Call.started_at < now - LEFT_FOR
    )
    rows = [
        {
            "call_id": call,
            "organisation": organisation,
            "line": line,
            "dealt_as": DealtAs.NOTHING_TO_DO if outcome is Outcome.ABANDONED else DealtAs.DUTY_CHANGED,
            "dealt_at": began + _AFTER,
            "account_id": _BY,
        }
        for call, organisation, line, outcome, began in session.execute(old)
    ]
    if rows:
        session.execute(insert(CallDealtWith), rows)
