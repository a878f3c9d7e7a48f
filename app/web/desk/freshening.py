"""Numbers that are true when they are read: what has changed is counted before it is shown."""

from __future__ import annotations

from app.services.numbers import tallies
from app.storage.base import db
from app.web.setup import setup

_MOST_DAYS = 10
"""So many days are counted anew by somebody who reads, before they are shown; the jobs do the rest."""


def freshen() -> int:
    """Whoever comes first counts what has changed; gives how many days are left to the jobs."""
    with db.session.session_factory() as session:
        if not tallies.is_stale(session):
            return 0
    with db.session.session_factory() as session:
        _, left = tallies.refresh(session, setup().policy, _MOST_DAYS)
        session.commit()
    return left
