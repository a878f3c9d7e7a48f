"""One record for whoever asks for it as a public document (begäran om allmän handling). Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.audit import What
from app.domain.register import SWEDEN, RecordKind, serial
from app.domain.release import SPECIALIST, TIME
from app.domain.taxonomy import NOTE
from app.services.keeping import audit
from app.services.record import consultations
from app.storage.queries.callbacks import aliases
from app.storage.queries.register import entry_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.services.record.consultations import Record


@dataclass(frozen=True, slots=True)
class Asked:
    """A record that somebody asks for."""

    record: Record
    serial: str
    """Empty for one that nobody held: it isn't registered."""
    on: date
    """The day on which it was registered, else on which it began."""
    kind: RecordKind
    alias: str
    """Who held the consultation; empty when nobody did."""

    @property
    def fields(self) -> frozenset[str]:
        """Everything that is either shown or masked."""
        return frozenset({TIME, SPECIALIST, NOTE, *self.record.form.taxonomy.groups})

    @property
    def may_show(self) -> frozenset[str]:
        """Less what the actor may not read themselves."""
        return self.fields - (frozenset({NOTE}) if self.record.note is None else frozenset())


def asked_for(session: Session, policy: Policy, actor: Actor, record: int, now: datetime) -> Asked:
    """The record, and that it was read. The caller commits before showing it. Raises ``NotFound``."""
    opened = consultations.open_for(session, policy, actor, record, now)
    one = opened.consultation
    entry = entry_of(session, one)
    staff = {one.staff_id} if one.staff_id else set()
    at = entry.registered_at if entry else one.opened_at
    return Asked(
        record=opened,
        serial=serial(entry.year, entry.number) if entry else "",
        on=at.astimezone(SWEDEN).date(),
        kind=entry.kind if entry else RecordKind.CALL,
        alias=aliases(session, staff).get(one.staff_id or "", ""),
    )


def note_release(session: Session, actor: Actor, record: int, masked: Collection[str], now: datetime) -> None:
    """Somebody handed a record out, with these fields masked: their names, and nothing of what they say."""
    audit.note(session, actor, What.EXPORTED, f"consultation:{record}", masked, now)
