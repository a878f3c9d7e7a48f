"""Who took which file out, and what for. Nothing here commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.audit import What
from app.domain.errors import NotFound, Problem, RejectedInput
from app.domain.identities import IdentityKind, identities
from app.services.keeping import audit
from app.storage.models import DataExport
from app.storage.queries import exported

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.columns import Form
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.services.export.exports import Wanted

LONGEST_PURPOSE = 200
LATEST = 20


def begin(
    session: Session, policy: Policy, actor: Actor, wanted: Wanted, form: Form, purpose: str, now: datetime
) -> int:
    """Note a file before its first row leaves; gives its number.

    Raises ``NotFound`` for a line that isn't in reach, and ``RejectedInput`` for a purpose that is empty, too long, or
    holds what says who somebody is.
    """
    if not wanted.lines or not wanted.lines <= actor.lines:
        message = "a line that isn't there, or isn't the asker's to see"
        raise NotFound(message)
    _refuse(policy, purpose)
    made = DataExport(
        organisation=actor.organisation,
        account_id=actor.account_id,
        begun_at=now,
        what=wanted.what,
        form=form,
        lines=sorted(wanted.lines),
        first_day=wanted.period.first,
        last_day=wanted.period.last,
        purpose=purpose,
    )
    session.add(made)
    session.flush()
    number = made.id
    audit.note_export(session, actor, f"data_export:{number}", wanted.lines, now)
    return number


def end(session: Session, actor: Actor, number: int, rows: int, now: datetime) -> None:
    """Its last row has left; so many they were."""
    one = exported.export_with(session, actor, number)
    if one is not None and one.ended_at is None:
        one.row_count, one.ended_at = rows, now
        audit.note(session, actor, What.EXPORTED, f"data_export:{number}", (f"rows.{rows}",), now)


def latest(session: Session, actor: Actor) -> Sequence[tuple[DataExport, str]]:
    """The last files of the organisation, the newest first, each with the alias of who took it."""
    return exported.exports(session, actor, LATEST)


def _refuse(policy: Policy, purpose: str) -> None:
    if not purpose or len(purpose) > LONGEST_PURPOSE:
        raise RejectedInput([Problem("", "purpose", f"{len(purpose)} characters", f"1 to {LONGEST_PURPOSE}")])
    # A name is guessed by its capitals, which authorities have too: the words are sealed, and go nowhere else.
    found = [one for one in identities(purpose, policy.municipalities.words) if one.kind is not IdentityKind.NAME]
    if found:
        raise RejectedInput([Problem("", "purpose", found[0].kind, "no number or address of a person")])
