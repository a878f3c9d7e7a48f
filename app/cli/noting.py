"""What commands tell the read and change log. Whoever has a terminal has no account: who it was, the host knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.audit import What
from app.services.account import tokens
from app.services.keeping import audit
from app.services.rota.rota_changes import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey

_TABLES = {
    Kind.TEMPORARY: "temporary_schedule",
    Kind.COVER: "cover",
    Kind.ABSENCE: "absence",
    Kind.PAUSE: "pause",
}


def note_agreed(session: Session, kind: Kind, number: int, done: str, now: datetime) -> None:
    """Something was agreed that lies over a rota, or taken back."""
    audit.note(session, None, What.CHANGED_ROTA, f"{_TABLES[kind]}:{number}", (done,), now)


def note_pause(session: Session, staff: str, now: datetime) -> None:
    """Somebody pauses or takes calls again; the same as where they do it at the desk."""
    audit.note(session, None, What.CHANGED_ROTA, f"staff:{staff}", ("pause",), now)


def note_hours(session: Session, line: LineKey, now: datetime) -> None:
    """A day of a line has other hours than before."""
    audit.note(session, None, What.CHANGED_ROTA, f"line:{line}", ("hours",), now)


def note_staff(session: Session, changed: Mapping[str, Collection[str]], now: datetime) -> None:
    """These people were added or changed, or came into rotas or out of them: by id, the names of the fields."""
    for staff, fields in changed.items():
        audit.note(session, None, What.CHANGED_STAFF, f"staff:{staff}", fields, now)


def note_token(session: Session, name: str, done: str, now: datetime) -> None:
    """A token of the API was made or ended: an account for a program."""
    number = next(one.id for one in tokens.listed(session) if one.name == name)
    audit.note(session, None, What.CHANGED_ACCOUNT, f"api_token:{number}", (done,), now)
