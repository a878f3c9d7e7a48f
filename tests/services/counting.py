"""Counting what has changed, as the jobs and the pages do before they show tallies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.numbers import tallies

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy


def count_changes(session: Session, policy: Policy, at_once: int = 100) -> None:
    """Every day that has changed, ``at_once`` in one step. Commits."""
    while tallies.refresh(session, policy, at_once)[1]:
        pass
    session.commit()
