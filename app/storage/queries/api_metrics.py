"""What the metrics ask the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.storage.models import Call

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.calls import Outcome


def calls_by_line_and_outcome(session: Session, since: datetime) -> Mapping[tuple[str, Outcome], int]:
    """How many calls began at ``since`` or later."""
    counted = select(Call.line, Call.outcome, func.count()).where(Call.started_at >= since)
    rows = session.execute(counted.group_by(Call.line, Call.outcome))
    return {(line, outcome): count for line, outcome, count in rows}
