"""The chronological register: every record that was held has a serial number of its organisation and year."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.storage.models import RegisterEntry
from app.storage.queries.register import entries_of, is_registered, next_number

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.storage.models import Consultation

_SWEDEN = ZoneInfo("Europe/Stockholm")
"""Registers go by Swedish years, whatever wall clock a line has."""


def enter(session: Session, record: Consultation, at: datetime) -> None:
    """Give a record its number, once for each organisation that it belongs to. ``at``: when it was held.

    The number is taken in the transaction that makes the record held: if that fails no number is used up. A record that
    goes to another organisation afterwards gets one there; the first one stays in its register.
    """
    if is_registered(session, record):
        return
    year = at.astimezone(_SWEDEN).year
    entry = RegisterEntry(
        organisation=record.organisation,
        year=year,
        number=next_number(session, record.organisation, year),
        line=record.line,
        consultation_id=record.id,
        registered_at=at,
    )
    session.add(entry)
    session.flush()


def withdraw(session: Session, record: Consultation, at: datetime) -> None:
    """A record that was opened by mistake is taken back: its number stays in the register, and stands for nothing."""
    for entry in entries_of(session, record):
        entry.consultation_id, entry.withdrawn_at = None, at
    session.flush()
